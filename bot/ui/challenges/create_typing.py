"""What Discord shows while a moderator types a time of a new challenge. Nobody's time zone is known: it is all UTC."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.challenges.creation import CannotCreate, Plan, TypedTimes, plan
from bot.challenges.errors import BadTimes
from bot.challenges.time_offers import (
    HERE_FOR,
    LASTS,
    STARTS_IN,
    VOTING_LASTS,
    Lengths,
    ends_like,
    lengths_like,
    start_like,
)
from bot.challenges.times import NOW, length_text, moment_text
from bot.ui.text.challenges import creating as text
from bot.ui.text.challenges.lengths import length
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
Choices = list[app_commands.Choice[str]]
Offer = tuple[str, str]
"""What is shown, and what it stands for."""


async def starts(interaction: Interaction, typed: str) -> Choices:
    say, now = words_of(interaction), interaction.client.services.clock.now()
    offers = [(text.now_choice(say), NOW)] if not typed.strip() or NOW.startswith(typed.strip().casefold()) else []
    meant = lengths_like(typed.strip().removeprefix("in "), STARTS_IN)
    offers += [(text.start_choice(seconds, now + seconds, say), f"in {length_text(seconds)}") for seconds in meant]
    if not meant and (at := start_like(typed, now)) is not None:
        offers.append((text.moment_choice(at, say), moment_text(at)))
    return _shown(offers)


async def lasts(interaction: Interaction, typed: str) -> Choices:
    planned, say = _planned(interaction, lasts="", ends=""), words_of(interaction)
    return _shown(_until(typed, LASTS, planned.opens_at, say))


async def ends(interaction: Interaction, typed: str) -> Choices:
    now, say = interaction.client.services.clock.now(), words_of(interaction)
    opens_at = _planned(interaction, lasts="", ends="").opens_at
    meant = ends_like(typed, opens_at, now)
    return _shown((text.end_choice(at - opens_at, at, say), moment_text(at)) for at in meant)


async def voting(interaction: Interaction, typed: str) -> Choices:
    planned = _planned(interaction)
    return _shown(_until(typed, VOTING_LASTS, planned.end.at, words_of(interaction)))


async def member_for(interaction: Interaction, typed: str) -> Choices:
    say = words_of(interaction)
    meant = lengths_like(typed, HERE_FOR)
    return _shown((length(seconds, say), length_text(seconds)) for seconds in meant if seconds)


def _until(typed: str, lengths: Lengths, begins_at: float, say: Words) -> list[Offer]:
    """Of `3 h` that is hours alone, in the words of whoever types."""
    offers = [
        (text.end_choice(seconds, begins_at + seconds, say), length_text(seconds))
        for seconds in lengths_like(typed, lengths)
    ]
    return [offer for offer in offers if offer[0].casefold().startswith(typed.strip().casefold())] or offers


def _planned(interaction: Interaction, **instead: str) -> Plan:
    """As far as it is typed by now; what makes no sense yet is as usual."""
    now, namespace = interaction.client.services.clock.now(), interaction.namespace
    typed = {name: str(getattr(namespace, name, None) or "") for name in ("starts", "lasts", "ends")} | instead
    for times in (TypedTimes(**typed), TypedTimes(starts=typed["starts"])):
        try:
            return plan(times, now, is_weekly=False)
        except (BadTimes, CannotCreate):
            continue
    return plan(TypedTimes(), now, is_weekly=False)


def _shown(offers: Iterable[Offer]) -> Choices:
    return [app_commands.Choice(name=name, value=value) for name, value in offers]
