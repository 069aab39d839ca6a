"""The last word about a job: the finished picture, or why there is none."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.config import MIB
from bot.jobs.encode import Fitting, Made
from bot.jobs.picture_names import PictureNames
from bot.ui.text.chosen import chosen, in_small_print, size
from bot.ui.text.durations import duration
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, pair, plain, plain_pair
from bot.ui.words import Words, later
from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.params import StylizeParams

LONGEST_DETAIL = 600

_FAILURES: Mapping[FailureReason, str] = MappingProxyType(
    {
        FailureReason.BAD_PICTURE: later("One of the pictures cannot be used."),
        FailureReason.OUT_OF_MEMORY: later("The engine has not enough memory for this picture. Try a smaller size."),
        FailureReason.NOT_FINITE: later("The painting went astray. Try a lower strength or another preset."),
        FailureReason.TIMED_OUT: later(
            "The engine took too long for this picture and was stopped. Try a smaller size."
        ),
        FailureReason.ENGINE_LOST: later(
            "The engine stopped in the middle of this picture every time it tried. Please tell the people who run "
            "this bot."
        ),
        FailureReason.ENGINE_ERROR: later(
            "The engine met a fault and could not paint this picture. Please tell the people who run this bot."
        ),
    }
)

_POSTED: Mapping[Made, str] = MappingProxyType(
    {
        Made.LOSSLESS_WEBP: later(
            "Posted as lossless WebP, because the {original} is larger than Discord allows here ({limit})."
        ),
        Made.JPEG: later("Posted as JPEG, because the {original} is larger than Discord allows here ({limit})."),
        Made.SMALLER_JPEG: later(
            "Posted as JPEG and smaller ({width} × {height} pixels), because the {original} is larger than Discord "
            "allows here ({limit})."
        ),
        Made.LESS_DETAIL: later(
            "Posted with less detail, because the {original} is larger than Discord allows here ({limit})."
        ),
        Made.SMALLER_ANIMATION: later(
            "Posted with less detail and smaller ({width} × {height} pixels), because the {original} is larger than "
            "Discord allows here ({limit})."
        ),
    }
)


def starter(names: PictureNames, say: Words, remark: str = "") -> str:
    """The public answer to a request, which a thread is opened from."""
    return f"🎨 {pair(names, say)}" + (f"\n{remark}" if remark else "")


def result(
    *,
    user_id: int,
    names: PictureNames,
    params: StylizeParams,
    summary: Summary | None,
    fitting: Fitting | None,
    say: Words,
) -> str:
    """The message that carries the finished picture."""
    done = work_done(summary, say) if summary else size(params, say)
    remark = f"\n{posted(fitting, say)}" if fitting else ""
    return f"<@{user_id}> {pair(names, say)}{remark}\n{in_small_print([done, *chosen(params, say)])}"


def posted(fitting: Fitting, say: Words) -> str:
    """What was done to a picture so that it could be posted."""
    width, height = fitting.size
    limit = _file_size(fitting.limit_bytes, say)
    return say(_POSTED[fitting.made], original=fitting.original, limit=limit, width=width, height=height)


def _file_size(size: int, say: Words) -> str:
    if size >= MIB:
        return say("{size} MiB", size=say.number(size / MIB))
    return say("{size} KiB", size=say.number(size / 1024))


def result_alt_text(names: PictureNames, say: Words) -> str:
    return cut(plain_pair(names, say), LONGEST_ALT_TEXT)


def failed(*, user_id: int, names: PictureNames, sentence: str, job_id: str, say: Words) -> str:
    """The message that says that there will be no picture."""
    said = say("{pair} was not painted. {why}", pair=pair(names, say), why=sentence)
    return f"<@{user_id}> {said}\n{reference(job_id, say)}"


def not_posted(*, user_id: int, names: PictureNames, job_id: str, say: Words) -> str:
    """The message that stands for a finished picture that could not be posted."""
    said = say(
        "{pair} was painted, but I could not post it. Please tell the people who run this bot.",
        pair=pair(names, say),
    )
    return f"<@{user_id}> {said}\n{reference(job_id, say)}"


def cancelled(*, user_id: int, names: PictureNames, job_id: str, say: Words) -> str:
    said = say("{pair} was cancelled.", pair=pair(names, say))
    return f"<@{user_id}> {said}\n{reference(job_id, say)}"


def failure(reason: FailureReason, detail: str, say: Words) -> str:
    """One sentence for each reason; a picture's own fault is told in the engine's words."""
    if reason is FailureReason.BAD_PICTURE and detail:
        return cut(plain(detail), LONGEST_DETAIL)
    return say(_FAILURES[reason])


def work_done(summary: Summary, say: Words) -> str:
    return say(
        "{width} × {height} pixels, {steps} steps in {duration}",
        width=summary.width,
        height=summary.height,
        steps=summary.steps,
        duration=duration(summary.seconds, say),
    )


def reference(job_id: str, say: Words) -> str:
    """By which the people who run the bot find it in the log, and the bot its own last word."""
    return "-# " + say("Reference: {id}", id=job_id)
