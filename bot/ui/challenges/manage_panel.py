"""The panel of `/challenge manage` as a value: where a challenge stands, and what can be done with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.challenges.values import Challenge, EntryState, Phase
from bot.ui.challenges.visitor import find_judged
from bot.ui.text.challenges.managing import Tally
from bot.ui.visit import may_run_challenges

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


class Act(StrEnum):
    """What a button of the panel does, as its id says it."""

    ENTRIES = "entries"
    EXTEND = "extend"
    END = "end"
    """Asks first."""
    END_NOW = "end-now"
    CANCEL = "cancel"
    REPOST = "repost"
    EXPORT = "export"
    PICTURES = "pictures"
    STOP = "stop"
    """Asks first."""
    STOP_NOW = "stop-now"
    BACK = "back"
    """To the panel as it is now."""


FOR_JUDGES = frozenset({Act.ENTRIES, Act.BACK})
"""The others are for those who run challenges."""
_BEGUN = frozenset({Phase.OPEN, Phase.VOTING})
_COMING = _BEGUN | {Phase.DRAFT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    challenge: Challenge
    tally: Tally
    series_goes_on: bool
    may_run: bool
    """Whoever looks runs challenges; else they judge entries only."""

    def acts(self) -> Iterator[tuple[Act, ...]]:
        """What is possible now, in rows."""
        phase = self.challenge.phase
        has_begun = phase is not Phase.DRAFT
        rows = (
            ((Act.ENTRIES, has_begun), (Act.EXTEND, phase in _BEGUN), (Act.END, phase in _BEGUN)),
            ((Act.REPOST, phase is not Phase.CANCELLED), (Act.EXPORT, has_begun), (Act.PICTURES, has_begun)),
            ((Act.STOP, self.series_goes_on), (Act.CANCEL, phase in _COMING)),
        )
        for row in rows:
            possible = tuple(act for act, there in row if there and (self.may_run or act in FOR_JUDGES))
            if possible:
                yield possible


async def load_panel(interaction: Interaction, challenge_id: int) -> Panel:
    """For whoever looks. Raises Refused, NoSuchChallenge and QueueUnavailable."""
    desk = interaction.client.services.challenges
    challenge = await find_judged(interaction, challenge_id)
    counts = await desk.challenges.counts(challenge_id)
    entries: Counter[EntryState] = Counter(entry.state for entry in await desk.entries.all(challenge_id))
    going_on = await desk.series.listed(challenge.tenant_id) if challenge.series_id is not None else []
    return Panel(
        challenge=challenge,
        tally=Tally(entries=entries, voters=counts.voters),
        series_goes_on=any(series.id == challenge.series_id for series in going_on),
        may_run=may_run_challenges(interaction),
    )
