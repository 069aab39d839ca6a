"""The buttons under a job's last word. Their ids carry the job, so they work after any restart, and after months."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem, Item, View

from bot.jobs.address import address_of
from bot.ui.challenges.enter_result import EnterPictureButton
from bot.ui.delete_result import delete_result
from bot.ui.go_on import again, larger, less_style, more_style, other_colours, try_again
from bot.ui.keepsakes import compare, timelapse
from bot.ui.pressing import carry_out
from bot.ui.text import result_buttons as text
from bot.ui.tweak import open_tweak
from bot.ui.words import Words, words_of
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import KeepColours
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)


class Verb(StrEnum):
    """What a button does, as its id says it."""

    AGAIN = "again"
    MORE_STYLE = "more"
    LESS_STYLE = "less"
    COLOURS = "colours"
    LARGER = "larger"
    TWEAK = "tweak"
    TIMELAPSE = "timelapse"
    COMPARE = "compare"
    DELETE = "delete"
    TRY_AGAIN = "retry"


Handler = Callable[[discord.Interaction[Any], str], Awaitable[None]]

_HANDLERS: Mapping[Verb, Handler] = MappingProxyType(
    {
        Verb.AGAIN: again,
        Verb.MORE_STYLE: more_style,
        Verb.LESS_STYLE: less_style,
        Verb.COLOURS: other_colours,
        Verb.LARGER: larger,
        Verb.TWEAK: open_tweak,
        Verb.TIMELAPSE: timelapse,
        Verb.COMPARE: compare,
        Verb.DELETE: delete_result,
        Verb.TRY_AGAIN: try_again,
    }
)
_LABELS: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.AGAIN: text.AGAIN,
        Verb.MORE_STYLE: text.MORE_STYLE,
        Verb.LESS_STYLE: text.LESS_STYLE,
        Verb.COLOURS: text.KEEP_COLOURS,
        Verb.LARGER: text.LARGER,
        Verb.TWEAK: text.TWEAK,
        Verb.TIMELAPSE: text.TIMELAPSE,
        Verb.COMPARE: text.COMPARE,
        Verb.DELETE: text.DELETE,
        Verb.TRY_AGAIN: text.TRY_AGAIN,
    }
)
_ROWS = (
    (Verb.AGAIN, Verb.MORE_STYLE, Verb.LESS_STYLE, Verb.COLOURS, Verb.LARGER),
    (Verb.TWEAK, Verb.TIMELAPSE, Verb.COMPARE, Verb.DELETE),
)
_INSTEAD: Mapping[FailureReason | None, tuple[Verb, ...]] = MappingProxyType(
    {
        FailureReason.OUT_OF_MEMORY: (Verb.TWEAK,),
        FailureReason.NOT_FINITE: (Verb.TWEAK,),
        FailureReason.TIMED_OUT: (Verb.TRY_AGAIN, Verb.TWEAK),
        FailureReason.ENGINE_LOST: (Verb.TRY_AGAIN,),
        FailureReason.ENGINE_ERROR: (Verb.TRY_AGAIN,),
        None: (Verb.TRY_AGAIN,),
    }
)
"""After a failure the same once more, or something else where the same would fail again."""


class ResultButton(DynamicItem[Button[Any]], template=rf"job:(?P<job_id>\d{{1,20}}):(?P<verb>{'|'.join(Verb)})"):
    """Usable by anybody who may use the bot there; what it asks for is then theirs."""

    def __init__(self, job_id: str, verb: Verb, label: str, row: int | None = None) -> None:
        button: Button[Any] = Button(
            style=discord.ButtonStyle.secondary, label=label, custom_id=f"job:{job_id}:{verb}", row=row
        )
        super().__init__(button)
        self.job_id = job_id
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        verb = Verb(match["verb"])
        return cls(match["job_id"], verb, words_of(interaction)(_LABELS[verb]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        log.info("pressed job=%s verb=%s user=%s", self.job_id, self.verb, interaction.user.id)
        await carry_out(interaction, self.custom_id, partial(_HANDLERS[self.verb], interaction, self.job_id))


def result_view(job: Job, say: Words) -> View:
    """A fresh view for the message with the finished picture; one for a challenge can be entered first of all."""
    challenge_id = None if (address := address_of(job)) is None else address.challenge_id
    if challenge_id is None:
        return _view(job, _ROWS, say)
    view = _view(job, ((), *_ROWS), say)
    view.add_item(EnterPictureButton(challenge_id, job.id, say))
    return view


def view_without_picture(job: Job, say: Words) -> View | None:
    """A fresh view for the message that says that there is no picture: what may help. None where nothing would."""
    verbs = _INSTEAD.get(job.failure, ()) if job.state is JobState.FAILED else (Verb.TRY_AGAIN,)
    return _view(job, (verbs,), say) if verbs else None


def _view(job: Job, rows: Sequence[Sequence[Verb]], say: Words) -> View:
    view = View(timeout=None)
    for row, verbs in enumerate(rows):
        for verb in verbs:
            view.add_item(ResultButton(job.id, verb, say(_label(verb, job)), row))
    return view


def _label(verb: Verb, job: Job) -> str:
    keeps_colours = job.params.keep_colours is not KeepColours.NO
    return text.STYLES_COLOURS if verb is Verb.COLOURS and keeps_colours else _LABELS[verb]
