"""Votes in the database: one heart to an entry, one choice to a pair, changeable until the end, and secret."""

import math
import random
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from bot.challenges.entries import Guard
from bot.challenges.errors import NoHeartsLeft, NoSuchEntry, OwnEntry, WrongPhase
from bot.challenges.pairing import choose_duel
from bot.challenges.phases import is_due, phase_by
from bot.challenges.rows import entries_in, entry_at, locked_challenge
from bot.challenges.tally import duels_of, hearts_by
from bot.challenges.values import Duel, Entry, EntryState, Phase, Terms, VotingMode
from bot.store.schema import challenge_duels, challenge_hearts, challenges
from nst_engine.queue.database import Database

MOST_SKIPPED = 50
"""Duels that a member can pass over in a row."""
SECONDS_BETWEEN_CHOICES = 0.001


class Votes:
    """Every method may raise QueueUnavailable. Votes for oneself, for what is not shown, or out of time are refused."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give_heart(
        self, challenge_id: int, voter_id: str, entry_id: int, *, given: bool, now: float, guard: Guard
    ) -> frozenset[int]:
        """Give a heart, or take it back; doing it twice is doing it once. The entries that have the member's hearts.

        Raises NoSuchChallenge, WrongPhase, NoSuchEntry, OwnEntry and NoHeartsLeft, and what `guard` raises.
        """

        def save(connection: Connection) -> frozenset[int]:
            terms = _ballot(connection, challenge_id, VotingMode.APPROVAL, now, guard)
            _check_candidate(connection, challenge_id, voter_id, entry_id)
            if given:
                _give(connection, challenge_id, voter_id, entry_id, limit=terms.hearts, now=now)
            else:
                connection.execute(delete(challenge_hearts).where(_heart(challenge_id, voter_id, entry_id)))
            return hearts_by(connection, challenge_id, voter_id)

        return await self._database.write(save)

    async def hearts_of(self, challenge_id: int, voter_id: str) -> frozenset[int]:
        """The entries that have the member's hearts."""
        return await self._database.read(lambda connection: hearts_by(connection, challenge_id, voter_id))

    async def judge(
        self, challenge_id: int, voter_id: str, *, winner_id: int, loser_id: int, now: float, guard: Guard
    ) -> None:
        """The member's choice between two entries, instead of an earlier one between the same.

        Raises NoSuchChallenge, WrongPhase, NoSuchEntry and OwnEntry, and what `guard` raises.
        """

        def save(connection: Connection) -> None:
            _ballot(connection, challenge_id, VotingMode.DUELS, now, guard)
            for entry_id in (winner_id, loser_id):
                _check_candidate(connection, challenge_id, voter_id, entry_id)
            if winner_id == loser_id:
                raise NoSuchEntry
            _judge(connection, challenge_id, voter_id, _Choice(winner_id, loser_id), now)

        await self._database.write(save)

    async def judged(self, challenge_id: int, voter_id: str) -> list[tuple[int, int]]:
        """The member's choices as (winner, loser), newest first."""
        duels = await self._database.read(lambda connection: duels_of(connection, challenge_id, voter_id))
        return [(duel.winner_id, duel.loser_id) for duel in duels]

    async def next_duel(self, challenge_id: int, voter_id: str, *, skipped: int = 0) -> Duel | None:
        """Two entries that the member has not judged, those seen least first; None where there are none left.

        `skipped`: so many of those that come next are passed over; after the last of them, or `MOST_SKIPPED`, the first
        comes again. None also where nothing is voted on now.
        """
        pool = await self._database.read(lambda connection: _pool(connection, challenge_id, voter_id))
        return None if pool is None else _duel(pool, f"{challenge_id} {voter_id} {len(pool.judged)}", skipped)

    async def possible_duels(self, challenge_id: int, voter_id: str) -> int:
        """How many pairs the member may judge in all: their own entries are left out."""
        candidates = await self._database.read(lambda connection: _candidates(connection, challenge_id, voter_id))
        return math.comb(len(candidates), 2)


@dataclass(frozen=True, slots=True)
class _Choice:
    winner_id: int
    loser_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """What a member's next duel is chosen from."""

    candidates: list[Entry]
    judged: set[frozenset[int]]
    seen: Counter[int]
    """In how many duels of all members an entry was."""


def _ballot(connection: Connection, challenge_id: int, mode: VotingMode, now: float, guard: Guard) -> Terms:
    """The terms of a challenge that is voted on in this mode now; it is locked. Raises NoSuchChallenge, WrongPhase."""
    challenge = locked_challenge(connection, challenge_id)
    guard(connection)
    is_open = challenge.phase is Phase.VOTING and not is_due(challenge.schedule, now)
    if not is_open or challenge.terms.mode is not mode:
        raise WrongPhase(phase_by(challenge.schedule, now))
    return challenge.terms


def _check_candidate(connection: Connection, challenge_id: int, voter_id: str, entry_id: int) -> None:
    """Raises NoSuchEntry and OwnEntry."""
    entry = entry_at(connection, entry_id)
    if entry.challenge_id != challenge_id or entry.state is not EntryState.SHOWN:
        raise NoSuchEntry
    if entry.author.user_id == voter_id:
        raise OwnEntry


def _give(
    connection: Connection, challenge_id: int, voter_id: str, entry_id: int, *, limit: int | None, now: float
) -> None:
    """Once. Raises NoHeartsLeft."""
    given = hearts_by(connection, challenge_id, voter_id)
    if entry_id in given:
        return
    if limit is not None and len(given) >= limit:
        raise NoHeartsLeft(limit)
    row = {"challenge_id": challenge_id, "voter_id": voter_id, "entry_id": entry_id, "given_at": now}
    connection.execute(insert(challenge_hearts).values(**row))


def _heart(challenge_id: int, voter_id: str, entry_id: int) -> ColumnElement[bool]:
    return (
        (challenge_hearts.c.challenge_id == challenge_id)
        & (challenge_hearts.c.voter_id == voter_id)
        & (challenge_hearts.c.entry_id == entry_id)
    )


def _judge(connection: Connection, challenge_id: int, voter_id: str, choice: _Choice, now: float) -> None:
    """Instead of an earlier choice; after all of the member's others, should the clock stand still."""
    theirs = (challenge_duels.c.challenge_id == challenge_id) & (challenge_duels.c.voter_id == voter_id)
    first, second = sorted((choice.winner_id, choice.loser_id))
    this_one = theirs & (challenge_duels.c.first_id == first) & (challenge_duels.c.second_id == second)
    last = connection.execute(select(func.max(challenge_duels.c.judged_at)).where(theirs)).scalar()
    judged_at = now if last is None else max(now, last + SECONDS_BETWEEN_CHOICES)
    connection.execute(delete(challenge_duels).where(this_one))
    row = {"challenge_id": challenge_id, "voter_id": voter_id, "first_id": first, "second_id": second}
    connection.execute(insert(challenge_duels).values(**row, winner_id=choice.winner_id, judged_at=judged_at))


def _candidates(connection: Connection, challenge_id: int, voter_id: str) -> list[Entry]:
    shown = entries_in(connection, challenge_id, EntryState.SHOWN)
    return [entry for entry in shown if entry.author.user_id != voter_id]


def _pool(connection: Connection, challenge_id: int, voter_id: str) -> _Pool | None:
    phase = select(challenges.c.phase).where(challenges.c.id == challenge_id)
    if connection.execute(phase).scalar() != Phase.VOTING:
        return None
    duels = duels_of(connection, challenge_id)
    return _Pool(
        candidates=_candidates(connection, challenge_id, voter_id),
        judged={duel.pair for duel in duels if duel.voter_id == voter_id},
        seen=Counter(entry_id for duel in duels for entry_id in duel.pair),
    )


def _duel(pool: _Pool, seed: str, skipped: int) -> Duel | None:
    """The same for the same seed while nothing else changes."""
    left = math.comb(len(pool.candidates), 2) - len(pool.judged)
    if left <= 0:
        return None
    chance = random.Random(seed)
    passed_over = set(pool.judged)
    for _ in range(skipped % min(left, MOST_SKIPPED + 1)):
        pair = choose_duel(pool.candidates, passed_over, pool.seen, chance)
        passed_over.add(frozenset(entry.id for entry in pair or ()))
    pair = choose_duel(pool.candidates, passed_over, pool.seen, chance)
    return None if pair is None else Duel(left=pair[0], right=pair[1])
