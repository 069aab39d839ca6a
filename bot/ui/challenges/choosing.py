"""An option of a command that names a challenge: titles are offered, and whoever types one by hand is understood."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.challenges.errors import NoSuchChallenge
from bot.challenges.values import Challenge, Phase
from bot.ui.challenges.visitor import find_challenge
from bot.ui.defaults import in_time
from bot.ui.text.challenges.managing import choice
from bot.ui.text.names import cut, plain
from bot.ui.visit import may_judge_entries, tenant_of
from bot.ui.words import words_of
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
Choices = list[app_commands.Choice[str]]
Suggest: TypeAlias = "Callable[[Interaction, str], Coroutine[Any, Any, Choices]]"

MOST_CHOICES = 25
LONGEST_CHOICE = 100
LONGEST_ID = 18


def suggest_to_judges(*phases: Phase) -> Suggest:
    """Challenges of the server in these phases, those of the first phase first; offered to who judges entries only."""

    async def suggested(interaction: Interaction, typed: str) -> Choices:
        return await _suggested(interaction, typed, phases) if may_judge_entries(interaction) else []

    return suggested


async def chosen(interaction: Interaction, typed: str, *phases: Phase) -> Challenge | None:
    """What was chosen or typed: an id, a title, or what only one title has in it. Raises QueueUnavailable."""
    if (found := await _by_id(interaction, typed.strip())) is not None and found.phase in phases:
        return found
    return _meant(await _listed(interaction, phases), typed)


def _meant(listed: Sequence[Challenge], typed: str) -> Challenge | None:
    """Of several with the same title the first."""
    wanted = _key(typed)
    if exact := [challenge for challenge in listed if _key(challenge.title) == wanted]:
        return exact[0]
    having = [challenge for challenge in listed if wanted and wanted in _key(challenge.title)]
    return having[0] if len(having) == 1 else None


async def _by_id(interaction: Interaction, typed: str) -> Challenge | None:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_ID):
        return None
    try:
        found = await in_time(find_challenge(interaction, int(typed)))
    except NoSuchChallenge:
        return None
    return None if found.phase is Phase.DRAFT and not found.schedule.confirmed else found


async def _suggested(interaction: Interaction, typed: str, phases: Sequence[Phase]) -> Choices:
    say, wanted = words_of(interaction), _key(typed)
    try:
        listed = await _listed(interaction, phases)
    except QueueUnavailable:
        return []
    theirs = [challenge for challenge in listed if may_judge_entries(interaction, challenge.channel_id)]
    having = [challenge for challenge in theirs if wanted in _key(challenge.title)]
    first = sorted(having, key=lambda challenge: not _key(challenge.title).startswith(wanted))
    return [
        app_commands.Choice(name=cut(choice(challenge, say), LONGEST_CHOICE), value=str(challenge.id))
        for challenge in first[:MOST_CHOICES]
    ]


async def _listed(interaction: Interaction, phases: Sequence[Phase]) -> list[Challenge]:
    """Newest first within each phase."""
    store = interaction.client.services.challenges.challenges
    listed = await in_time(store.listed(tenant_of(interaction), *phases))
    return sorted(listed, key=lambda challenge: phases.index(challenge.phase))


def _key(words: str) -> str:
    return plain(words).casefold()
