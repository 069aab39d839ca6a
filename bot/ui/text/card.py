"""What the live card of a job says."""

from typing import assert_never

from bot.jobs.card import Cancelled, Card, CardState, Failed, Finished, Painting, Waiting
from bot.jobs.picture_names import PictureNames
from bot.ui.text.durations import duration, time_left
from bot.ui.text.last_word import failure
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, pair, plain_pair
from bot.ui.words import Words
from nst_engine.queue.jobs import ProgressReport

LONGEST_THREAD_NAME = 100
BAR_CELLS = 20


def thread_name(names: PictureNames, say: Words) -> str:
    return cut(plain_pair(names, say), LONGEST_THREAD_NAME)


def card_title(card: Card, say: Words) -> str:
    return f"### {pair(card.names, say)}"


def card_state(card: Card, say: Words) -> str:
    """The state line of the card, and the bar under it."""
    return state_lines(card.state, say)


def state_lines(state: CardState, say: Words) -> str:
    """The same, wherever it is said how far a picture is."""
    match state:
        case Waiting() as waiting:
            return _waiting(waiting, say)
        case Painting(stopping=True):
            return _bold(say("Stopping"))
        case Painting(report=report):
            return _painting(report, say) if report else _starting(say)
        case Finished(summary=summary):
            if summary is None:
                return _bold(say("Finished"))
            return say("**Finished** in {duration}", duration=duration(summary.seconds, say))
        case Failed(reason=reason, detail=detail):
            return f"{_bold(say('Failed'))}\n{failure(reason, detail, say)}"
        case Cancelled():
            return f"{_bold(say('Cancelled'))}\n{say('Nothing more will be painted.')}"
        case _:
            assert_never(state)


def card_settings(card: Card, say: Words) -> str:
    """What was chosen and by whom, in small print."""
    chosen = card.params
    parts = [
        say("{preset} preset", preset=chosen.preset),
        say("strength {strength}", strength=chosen.strength),
        say("{size} px", size=chosen.size),
    ]
    if chosen.frames > 1:
        parts.append(say.count("{n} frame", "{n} frames", chosen.frames))
    if card.requester_id is not None:
        parts.append(say("for {member}", member=f"<@{card.requester_id}>"))
    return f"-# {' · '.join(parts)}"


def preview_alt_text(card: Card, say: Words) -> str:
    so_far = say("The painting so far: {pair}", pair=plain_pair(card.names, say))
    return cut(so_far, LONGEST_ALT_TEXT)


def _starting(say: Words) -> str:
    return f"{_bold(say('Starting'))}\n{say('An engine has taken your picture and is getting ready.')}"


def _waiting(waiting: Waiting, say: Words) -> str:
    place = say("next in the queue") if waiting.place <= 1 else say("number {n} in the queue", n=waiting.place)
    line = f"{_bold(say('Waiting'))} · {place}"
    if not waiting.engine_running:
        away = say("No engine is running at the moment; your picture waits and starts when one is back.")
        return f"{line}\n{away}"
    again = "\n" + say("The engine stopped in the middle of it, so it starts anew.") if waiting.again else ""
    return f"{line} · {_start(waiting, say)}{again}"


def _start(waiting: Waiting, say: Words) -> str:
    if waiting.soon:
        return say("starts in a moment")
    if waiting.starts_at is not None:
        return say("starts {when}", when=f"<t:{waiting.starts_at}:R>")
    return say("starts when an engine is free") if waiting.place <= 1 else say("its start cannot be foreseen yet")


def _painting(report: ProgressReport, say: Words) -> str:
    share = min(1.0, report.step / report.steps) if report.steps else 0.0
    full = round(share * BAR_CELLS)
    bar = "▰" * full + "▱" * (BAR_CELLS - full)
    step = say("step {step} of {steps}", step=report.step, steps=report.steps)
    return (
        f"{_bold(say('Painting'))} · {time_left(report.seconds_left, say)}\n"
        f"{bar} {say('{percent} %', percent=round(100 * share))}\n{step} · {_speed(report.steps_per_second, say)}"
    )


def _speed(steps_per_second: float, say: Words) -> str:
    if steps_per_second >= 1 or steps_per_second <= 0:
        return say("{number} steps per second", number=say.number(steps_per_second, 1))
    return say("{number} s per step", number=say.number(1 / steps_per_second, 1))


def _bold(words: str) -> str:
    return f"**{words}**"
