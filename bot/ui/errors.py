"""The one place that turns errors into what a member sees."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, assert_never

import aiohttp
import discord
from discord import app_commands

from bot.challenges.errors import ChallengeRefused
from bot.jobs.admission import CoolingDown, DayUsedUp, Refused, TooManyOpenJobs
from bot.jobs.choices import WrongChoice
from bot.jobs.errors import BotError, CheckUnavailable, NotAnswered, PictureGone
from bot.jobs.whereabouts import NoWay
from bot.store.errors import LibraryFull, NameTaken, NameUnusable, NoSuchStyle, StyleRefused
from bot.ui import public_line
from bot.ui.first_answer import surely
from bot.ui.text import library, refusals
from bot.ui.text.challenges.refusals import refused as challenge_refused
from bot.ui.text.choices import mistake
from bot.ui.text.places import no_way
from bot.ui.words import Words, words_of
from nst_engine.errors import BadPicture, QueueFull, QueueUnavailable, QuotaUsed, TooSoon

log = logging.getLogger(__name__)

SILENCE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What an answer may meet."""

_TOO_MUCH = (QueueFull, QuotaUsed, TooSoon)
_PLAIN: Mapping[type[Exception], str] = MappingProxyType(
    {
        QueueUnavailable: refusals.QUEUE_UNAVAILABLE,
        CheckUnavailable: refusals.CHECK_UNAVAILABLE,
        PictureGone: refusals.PICTURE_GONE,
        NotAnswered: refusals.FILES_UNAVAILABLE,
    }
)
EXPECTED: tuple[type[Exception], ...] = (
    *(Refused, NoWay, WrongChoice, StyleRefused, BadPicture, ChallengeRefused),
    *_TOO_MUCH,
    *_PLAIN,
)
"""What a request may meet without anything being wrong with the program."""


def sentence(error: BaseException, say: Words) -> str:
    """What to tell the member."""
    match error:
        case Refused(refusal=why):
            return refusals.refusal(why, say)
        case NoWay(obstacle=why):
            return no_way(why, say)
        case WrongChoice(mistake=why):
            return mistake(why, say)
        case BadPicture():
            return refusals.bad_picture(error, say)
        case NameUnusable() | NameTaken() | LibraryFull() | NoSuchStyle():
            return library.refused(error, say)
        case ChallengeRefused():
            return challenge_refused(error, say)
        case QueueFull() | QuotaUsed() | TooSoon():
            return refusals.refusal(_refusal_of(error), say)
        case _:
            known = (plain for kind, plain in _PLAIN.items() if isinstance(error, kind))
            return say(next(known, refusals.FAULT))


def _refusal_of(error: QueueFull | QuotaUsed | TooSoon) -> TooManyOpenJobs | DayUsedUp | CoolingDown:
    match error:
        case QueueFull(limit=limit, of_owner=of_owner):
            return TooManyOpenJobs(limit, of_member=of_owner)
        case QuotaUsed(limit=limit, next_at=next_at):
            return DayUsedUp(limit, next_at)
        case TooSoon(seconds=seconds):
            return CoolingDown(seconds)
        case _:
            assert_never(error)


@asynccontextmanager
async def mistakes_answered(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Whatever a request may meet is told to the member; anything else is a fault and goes on."""
    try:
        yield
    except EXPECTED as error:
        await answer_error(interaction, error)


@asynccontextmanager
async def always_answered(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """For a button or a form, whose faults the library would only log: whatever is raised, the member is told."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # the one place where a press of a button ends
        await answer_error(interaction, error)


async def answer_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the member in private, taking back a public answer. Never raises: it may be called for anything."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    _log(interaction, cause)
    try:
        await _tell(interaction, sentence(cause, words_of(interaction)))
    except (BotError, *SILENCE) as silence:
        log.warning("nobody could be told interaction=%s why=%r", interaction.id, silence)


def _log(interaction: discord.Interaction[Any], cause: BaseException) -> None:
    facts = f"interaction={interaction.id} guild={interaction.guild_id} user={interaction.user.id}"
    if isinstance(cause, EXPECTED):
        log.info("refused %s why=%r", facts, cause)
    else:
        log.error("fault %s", facts, exc_info=cause)


async def _tell(interaction: discord.Interaction[Any], answer: str) -> None:
    """In private; where that fails after a public answer, in its place."""
    if not interaction.response.is_done():
        tell = partial(interaction.response.send_message, answer, ephemeral=True)
        if await surely(interaction, tell) is not None:
            return
    try:
        await interaction.followup.send(answer, ephemeral=True)
    except SILENCE as silence:
        if not public_line.has_one(interaction):
            raise
        log.warning("not told in private interaction=%s why=%r", interaction.id, silence)
        await public_line.say_instead(interaction, answer)
        return
    if public_line.has_one(interaction):
        await public_line.withdraw(interaction)
