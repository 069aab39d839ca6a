"""Every sentence that people read on Discord. Nothing here decides anything."""

from pathlib import PurePosixPath
from typing import assert_never

from bot.config import MIB
from bot.jobs.admission import (
    EmptyFile,
    MissingPermissions,
    NotAPicture,
    Refusal,
    SizeTooLarge,
    TooManyOpenJobs,
    UploadTooLarge,
)
from bot.jobs.card import Cancelled, Card, Failed, Finished, Painting, Waiting
from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.params import PresetName, StylizeParams
from nst_engine.queue.jobs import ProgressReport

LONGEST_NAME = 48
LONGEST_THREAD_NAME = 100
LONGEST_ALT_TEXT = 1024
LONGEST_DETAIL = 600
BAR_CELLS = 20

STYLIZE_DESCRIPTION = "Paint one picture in the style of another"
CONTENT_OPTION = "The picture to paint: a photo, for example"
STYLE_OPTION = "The picture whose style to use: a painting, for example"
STRENGTH_OPTION = "How much of the style, from 0 to 100; 50 if you leave it out"
SIZE_OPTION = "Longer side of the result in pixels"
PRESET_OPTION = "The recipe to paint by"
PRESET_NAMES = {
    PresetName.DEFAULT: "default: the best for most pictures",
    PresetName.PAPER: "paper: as Gatys, Ecker and Bethge published it",
    PresetName.SEED: "seed: many small steps, slow",
}

CANCEL_LABEL = "Cancel"
CANCELLING = "Stopping. A picture that was finished just before is still posted."
CANCELLED_IN_QUEUE = "Cancelled. It had not been started."
TOO_LATE_TO_CANCEL = "This has ended already."
JOB_UNKNOWN = "I no longer know this picture."
NOT_YOURS_TO_CANCEL = "Only the person who asked for this picture, or a moderator, can cancel it."
FAULT = "Something went wrong on my side, and it has been noted. Please try again in a minute."
QUEUE_UNAVAILABLE = "I cannot reach my queue at the moment. Please try again in a minute."
FILES_UNAVAILABLE = "I could not fetch your files from Discord. Please attach them again."
CHECK_UNAVAILABLE = "I cannot look at pictures at the moment. Please try again in a minute."
RESTARTED = "I was restarted before I had read your pictures. Please send them again."

PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}

_FAILURES = {
    FailureReason.BAD_PICTURE: "One of the pictures cannot be used.",
    FailureReason.OUT_OF_MEMORY: "The engine has not enough memory for this picture. Try a smaller size.",
    FailureReason.NOT_FINITE: "The painting went astray. Try a lower strength or another preset.",
    FailureReason.TIMED_OUT: "The engine took too long for this picture and was stopped. Try a smaller size.",
    FailureReason.ENGINE_LOST: "The engine stopped in the middle of this picture every time it tried. Please tell the "
    "people who run this bot.",
    FailureReason.ENGINE_ERROR: "The engine met a fault and could not paint this picture. Please tell the people who "
    "run this bot.",
}

_STARTING = "**Starting**\nAn engine has taken your picture and is getting ready."


def refusal(why: Refusal) -> str:
    """Why a request is not accepted, and what to do."""
    match why:
        case MissingPermissions(names=names):
            permissions = _listed([f"**{PERMISSION_NAMES[name]}**" for name in names])
            noun = "permission" if len(names) == 1 else "permissions"
            return f"I need the {noun} {permissions} in this channel. Please ask a server admin to grant it."
        case EmptyFile(role=role):
            return f"The {role} picture is an empty file (0 bytes)."
        case NotAPicture(role=role, content_type=kind):
            said = f" ({kind})" if kind and kind != "application/octet-stream" else ""
            return f"The {role} file is not a picture{said}. Use PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC."
        case UploadTooLarge(role=role, size_bytes=size, limit_bytes=limit):
            return f"The {role} picture is {size / MIB:.1f} MiB large; I read files of up to {limit // MIB} MiB."
        case SizeTooLarge(size_px=size, limit_px=limit):
            return f"{size} pixels is more than I paint here; the largest size is {limit}."
        case TooManyOpenJobs(limit=limit, of_member=True):
            count = "a picture" if limit == 1 else f"{limit} pictures"
            return (
                f"You have {count} waiting or being painted, which is the most at a time. Wait for one, or cancel one."
            )
        case TooManyOpenJobs(limit=limit):
            return f"My queue is full: no more than {limit} at a time. Please try again later."
        case _:
            assert_never(why)


def starter(content_name: str, style_name: str) -> str:
    """The public answer to `/stylize`, which a thread is opened from."""
    return f"🎨 {_pair(content_name, style_name)}"


def thread_name(content_name: str, style_name: str) -> str:
    return _cut(f"{_title(content_name)} in the style of {_title(style_name)}", LONGEST_THREAD_NAME)


def card_title(card: Card) -> str:
    return f"### {_pair(card.content_name, card.style_name)}"


def card_state(card: Card) -> str:
    """The state line of the card, and the bar under it."""
    match card.state:
        case Waiting() as waiting:
            return _waiting(waiting)
        case Painting(stopping=True):
            return "**Stopping**"
        case Painting(report=report):
            return _painting(report) if report else _STARTING
        case Finished(summary=summary):
            return f"**Finished** in {duration(summary.seconds)}" if summary else "**Finished**"
        case Failed(reason=reason, detail=detail):
            return f"**Failed**\n{failure(reason, detail)}"
        case Cancelled():
            return "**Cancelled**\nNothing more will be painted."
        case _:
            assert_never(card.state)


def card_settings(card: Card) -> str:
    """What was chosen and by whom, in small print."""
    chosen = card.params
    requester = f" · for <@{card.requester_id}>" if card.requester_id is not None else ""
    frames = f" · {chosen.frames} frames" if chosen.frames > 1 else ""
    return f"-# {chosen.preset} preset · strength {chosen.strength} · {chosen.size} px{frames}{requester}"


def preview_alt_text(card: Card) -> str:
    return _cut(f"The painting so far: {_plain_pair(card.content_name, card.style_name)}", LONGEST_ALT_TEXT)


def result_alt_text(content_name: str, style_name: str) -> str:
    return _cut(_plain_pair(content_name, style_name), LONGEST_ALT_TEXT)


def result(
    *,
    user_id: int,
    content_name: str,
    style_name: str,
    params: StylizeParams,
    summary: Summary | None,
    note: str | None,
) -> str:
    """The message that carries the finished picture."""
    done = f"{work_done(summary)} · " if summary else ""
    remark = f"\nPosted {note}." if note else ""
    chosen = f"{params.preset} preset · strength {params.strength}"
    return f"<@{user_id}> {_pair(content_name, style_name)}{remark}\n-# {done}{chosen}"


def failed(*, user_id: int, content_name: str, style_name: str, sentence: str, job_id: str) -> str:
    """The message that says that there will be no picture."""
    return f"<@{user_id}> {_pair(content_name, style_name)} was not painted. {sentence}\n-# Reference: {job_id}"


def not_posted(*, user_id: int, content_name: str, style_name: str, job_id: str) -> str:
    """The message that stands for a finished picture that could not be posted."""
    return (
        f"<@{user_id}> {_pair(content_name, style_name)} was painted, but I could not post it. Please tell the people "
        f"who run this bot.\n-# Reference: {job_id}"
    )


def cancelled(*, user_id: int, content_name: str, style_name: str, job_id: str) -> str:
    return f"<@{user_id}> {_pair(content_name, style_name)} was cancelled.\n-# Reference: {job_id}"


def failure(reason: FailureReason, detail: str) -> str:
    """One sentence for each reason; a picture's own fault is told in the engine's words."""
    if reason is FailureReason.BAD_PICTURE and detail:
        return _cut(_plain(detail), LONGEST_DETAIL)
    return _FAILURES[reason]


def work_done(summary: Summary) -> str:
    return f"{summary.width} × {summary.height} pixels, {summary.steps} steps in {duration(summary.seconds)}"


def duration(seconds: float) -> str:
    """A time that has passed: `41 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def time_left(seconds: float) -> str:
    """A time that is a guess, no finer than a guess should be."""
    if seconds < 8:
        return "a few seconds left"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} s left"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min left"
    return f"about {seconds / 3600:.1f} h left"


def _waiting(waiting: Waiting) -> str:
    line = (
        "**Waiting** · next in the queue"
        if waiting.place <= 1
        else f"**Waiting** · number {waiting.place} in the queue"
    )
    if not waiting.engine_running:
        return f"{line}\nNo engine is running at the moment; your picture waits and starts when one is back."
    when = _start(waiting)
    again = "\nThe engine stopped in the middle of it, so it starts anew." if waiting.again else ""
    return f"{line} · {when}{again}"


def _start(waiting: Waiting) -> str:
    if waiting.soon:
        return "starts in a moment"
    if waiting.starts_at is not None:
        return f"starts <t:{waiting.starts_at}:R>"
    return "starts when an engine is free" if waiting.place <= 1 else "its start cannot be foreseen yet"


def _painting(report: ProgressReport) -> str:
    share = min(1.0, report.step / report.steps) if report.steps else 0.0
    full = round(share * BAR_CELLS)
    bar = "▰" * full + "▱" * (BAR_CELLS - full)
    pace = report.steps_per_second
    speed = f"{pace:.1f} steps per second" if pace >= 1 or pace <= 0 else f"{1 / pace:.1f} s per step"
    return (
        f"**Painting** · {time_left(report.seconds_left)}\n{bar} {round(100 * share)} %\n"
        f"step {report.step} of {report.steps} · {speed}"
    )


def _pair(content_name: str, style_name: str) -> str:
    return f"**{_safe(content_name)}** in the style of **{_safe(style_name)}**"


def _plain_pair(content_name: str, style_name: str) -> str:
    return f"{_title(content_name)} painted in the style of {_title(style_name)}"


def _title(name: str) -> str:
    """A file's name as the title of a picture: without its ending, on one line, not too long."""
    stem = PurePosixPath(_plain(name)).stem.replace("_", " ")
    return _cut(_plain(stem) or "picture", LONGEST_NAME)


def _plain(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def _safe(name: str) -> str:
    """A title that cannot format, mention or link anything."""
    return "".join(f"\\{letter}" if letter in r"\*_`~|<>@#[]():" else letter for letter in _title(name))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
