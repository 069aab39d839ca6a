"""What hangs in a challenge's gallery for one viewer: which entries, in which order, and what may be said of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord
from discord.ui import Item

from bot.challenges.errors import NotEligible, VoterBlocked, WrongPhase
from bot.challenges.values import Challenge, Entry, Phase, Placed, VotingMode
from bot.ui.challenges.ballot_rights import check_voter
from bot.ui.challenges.gallery_view import Exhibit
from bot.ui.errors import sentence
from bot.ui.paging import Part
from bot.ui.text.challenges import gallery as text
from bot.ui.text.challenges import voting
from bot.ui.text.challenges.card import how_to_vote
from bot.ui.text.challenges.scores import score
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """`placed` is the result by entry, after the end. `hearts` are the viewer's own; None where they give none."""

    challenge: Challenge
    viewer_id: str
    entries: tuple[Entry, ...]
    placed: Mapping[int, Placed] = field(default_factory=dict)
    hearts: frozenset[int] | None = None
    remark: str = ""
    """How the viewer votes, or why they may not."""


async def find_hall(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> Hall:
    """Raises QueueUnavailable."""
    desk, viewer_id = interaction.client.services.challenges, str(interaction.user.id)
    if challenge.phase is Phase.CLOSED:
        ranking = await desk.archive.ranking(challenge.id)
        return Hall(
            challenge=challenge,
            viewer_id=viewer_id,
            entries=tuple(placed.entry for placed in ranking),
            placed={placed.entry.id: placed for placed in ranking},
        )
    hearts, remark = await _hearts(interaction, challenge)
    entries = tuple(await desk.entries.shown_to(challenge.id, viewer_id))
    return Hall(challenge=challenge, viewer_id=viewer_id, entries=entries, hearts=hearts, remark=remark)


def heading(hall: Hall, part: Part, say: Words) -> str:
    lines = [text.heading(hall.challenge, len(hall.entries), part.number, part.pages, say), hall.remark]
    if not hall.entries:
        lines.append(text.nothing_here(hall.challenge, say))
    return "\n".join(line for line in lines if line)


def footing(hall: Hall, say: Words) -> str:
    lines = []
    if hall.hearts is not None and hall.entries:
        given = len(hall.hearts & {entry.id for entry in hall.entries})
        lines.append(f"**{voting.hearts(given, hall.challenge.terms.hearts, say)}**")
    if hall.challenge.phase is not Phase.CLOSED and len(hall.entries) > 1:
        lines.append(text.order(say))
    return "\n".join(lines)


def exhibit(hall: Hall, entry: Entry, button: Item[Any] | None, say: Words) -> Exhibit:
    """An entry on a page: nothing of its author or its votes before the end, and all of it after."""
    placed = hall.placed.get(entry.id)
    if placed is None:
        number = hall.entries.index(entry) + 1
        alt_text = text.alt_text(number, len(hall.entries), say)
        return Exhibit(entry=entry, alt_text=alt_text, caption=text.caption(entry, hall.viewer_id, say), button=button)
    sharing = Counter(other.place for other in hall.placed.values())[placed.place]
    title = text.placed_caption(placed, hall.viewer_id, say, is_shared=sharing > 1)
    votes = score(placed, hall.challenge.terms.mode, say)
    return Exhibit(
        entry=entry, alt_text=text.placed_alt_text(placed, say), caption=f"{title}\n-# {votes}", button=button
    )


async def _hearts(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge
) -> tuple[frozenset[int] | None, str]:
    if challenge.phase is not Phase.VOTING or challenge.terms.mode is VotingMode.DUELS:
        return None, ""
    say = words_of(interaction)
    try:
        await check_voter(interaction, challenge)
    except WrongPhase:
        return None, voting.no_vote_now(challenge, say)
    except (NotEligible, VoterBlocked) as why:
        return None, sentence(why, say)
    votes = interaction.client.services.challenges.votes
    return await votes.hearts_of(challenge.id, str(interaction.user.id)), how_to_vote(challenge.terms, say)
