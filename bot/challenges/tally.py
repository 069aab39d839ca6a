"""The votes that count: those for entries that are shown. A duel counts while both of its entries are."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, select

from bot.challenges.values import Counts, EntryState
from bot.store.schema import challenge_duels, challenge_entries, challenge_hearts


@dataclass(frozen=True, slots=True)
class Judgement:
    """One member's choice between two entries."""

    voter_id: str
    winner_id: int
    loser_id: int

    @property
    def pair(self) -> frozenset[int]:
        return frozenset((self.winner_id, self.loser_id))


def hearts_per_entry(connection: Connection, challenge_id: int) -> dict[int, int]:
    query = (
        select(challenge_hearts.c.entry_id, func.count())
        .join(challenge_entries, challenge_entries.c.id == challenge_hearts.c.entry_id)
        .where(challenge_hearts.c.challenge_id == challenge_id, challenge_entries.c.state == EntryState.SHOWN)
        .group_by(challenge_hearts.c.entry_id)
    )
    return {entry_id: int(hearts) for entry_id, hearts in connection.execute(query)}


def hearts_by(connection: Connection, challenge_id: int, voter_id: str) -> frozenset[int]:
    """The entries that have this member's hearts."""
    query = (
        select(challenge_hearts.c.entry_id)
        .join(challenge_entries, challenge_entries.c.id == challenge_hearts.c.entry_id)
        .where(
            challenge_hearts.c.challenge_id == challenge_id,
            challenge_hearts.c.voter_id == voter_id,
            challenge_entries.c.state == EntryState.SHOWN,
        )
    )
    return frozenset(connection.execute(query).scalars())


def duels_of(connection: Connection, challenge_id: int, voter_id: str | None = None) -> list[Judgement]:
    """Everybody's or one member's, the newest first."""
    whose = [] if voter_id is None else [challenge_duels.c.voter_id == voter_id]
    query = (
        select(
            challenge_duels.c.voter_id,
            challenge_duels.c.first_id,
            challenge_duels.c.second_id,
            challenge_duels.c.winner_id,
        )
        .where(
            challenge_duels.c.challenge_id == challenge_id,
            _is_shown(challenge_duels.c.first_id, challenge_id),
            _is_shown(challenge_duels.c.second_id, challenge_id),
            *whose,
        )
        .order_by(challenge_duels.c.judged_at.desc(), challenge_duels.c.first_id, challenge_duels.c.second_id)
    )
    return [
        Judgement(voter, winner, second if winner == first else first)
        for voter, first, second, winner in connection.execute(query)
    ]


def counts_of(connection: Connection, challenge_ids: Collection[int]) -> dict[int, Counts]:
    """Of each, by its id."""
    states = {state: challenge_entries.c.state == state for state in (EntryState.SHOWN, EntryState.WAITING)}
    shown = states[EntryState.SHOWN]
    query = (
        select(
            challenge_entries.c.challenge_id,
            *(func.sum(case((is_so, 1), else_=0)) for is_so in states.values()),
            func.count(case((shown, challenge_entries.c.owner_id)).distinct()),
        )
        .where(challenge_entries.c.challenge_id.in_(challenge_ids), challenge_entries.c.state.in_(tuple(states)))
        .group_by(challenge_entries.c.challenge_id)
    )
    found = {challenge_id: tuple(map(int, numbers)) for challenge_id, *numbers in connection.execute(query)}
    voters = _voter_counts(connection, challenge_ids)
    counted: dict[int, Counts] = {}
    for challenge_id in challenge_ids:
        entries, waiting, authors = found.get(challenge_id, (0, 0, 0))
        counted[challenge_id] = Counts(
            entries=entries, waiting=waiting, authors=authors, voters=voters.get(challenge_id, 0)
        )
    return counted


def _voter_counts(connection: Connection, challenge_ids: Collection[int]) -> dict[int, int]:
    """Members who have voted, whatever became of the entries that they voted for; who has none is left out."""
    hearts, duels = (
        select(votes.c.challenge_id, votes.c.voter_id).where(votes.c.challenge_id.in_(challenge_ids))
        for votes in (challenge_hearts, challenge_duels)
    )
    voters = hearts.union(duels).subquery()
    query = select(voters.c.challenge_id, func.count()).group_by(voters.c.challenge_id)
    return {challenge_id: int(number) for challenge_id, number in connection.execute(query)}


def _is_shown(entry_id: ColumnElement[int], challenge_id: int) -> ColumnElement[bool]:
    shown = select(challenge_entries.c.id).where(
        challenge_entries.c.challenge_id == challenge_id, challenge_entries.c.state == EntryState.SHOWN
    )
    return entry_id.in_(shown)
