"""The last word about a job: the finished picture, or why there is none."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.jobs.picture_names import PictureNames
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


def starter(names: PictureNames, say: Words) -> str:
    """The public answer to `/stylize`, which a thread is opened from."""
    return f"🎨 {pair(names, say)}"


def result(
    *,
    user_id: int,
    names: PictureNames,
    params: StylizeParams,
    summary: Summary | None,
    note: str | None,
    say: Words,
) -> str:
    """The message that carries the finished picture."""
    done = f"{work_done(summary, say)} · " if summary else ""
    remark = "\n" + say("Posted {how}.", how=note) if note else ""
    chosen = say("{preset} preset · strength {strength}", preset=params.preset, strength=params.strength)
    return f"<@{user_id}> {pair(names, say)}{remark}\n-# {done}{chosen}"


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
