"""How long a large challenge takes in the database: 100 entries and 5,000 votes, in a server with a year of others.

For `tests.measure`. On a file, so that what is saved waits for the disk as it does for the bot.
"""

import random
import time
from collections.abc import Awaitable, Sequence
from itertools import combinations
from pathlib import Path

from sqlalchemy import Table, insert

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.values import Challenge, Entry, VotingMode
from bot.store.schema import challenge_duels, challenge_hearts
from nst_engine.queue.database import Database, open_database
from tests.challenge_rig import DAY, HERE, HOUR, NOW, closed, entered, heart, judge, opened

ENTRIES = 100
VOTES_EACH = 50
"""Of as many voters as there are entries."""
EARLIER = 52
SAMPLES = 20
Row = tuple[str, str, Sequence[float]]


async def challenge_rows(folder: Path) -> list[Row]:
    """Everything that a command about one waits for, one way of voting after the other."""
    async with open_database(f"sqlite:///{folder}/challenges.db") as database:
        desk = challenge_desk(database)
        await _earlier_ones(desk, database)
        return [row for mode in VotingMode for row in await _rows(desk, database, mode)]


async def _rows(desk: ChallengeDesk, database: Database, mode: VotingMode) -> list[Row]:
    challenge, entries = await _full(desk, database, mode)
    viewers = [f"viewer {number}" for number in range(SAMPLES)]
    votes = await _vote_rows(desk, challenge, entries, viewers)
    took: dict[str, list[float]] = {
        "numbers of the live card": [await _ms(desk.challenges.counts(challenge.id)) for _ in viewers],
        "all entries in a viewer's order": [
            await _ms(desk.entries.shown_to(challenge.id, viewer)) for viewer in viewers
        ],
        **votes,
        "closing with the ranking": [await _ms(closed(desk, challenge))],
        "the ranking": [await _ms(desk.archive.ranking(challenge.id)) for _ in viewers],
        f"standings over {EARLIER} challenges and more": [
            await _ms(desk.archive.standings(HERE, 1, per_page=10)) for _ in viewers
        ],
    }
    size = f"{ENTRIES} entries, {ENTRIES * VOTES_EACH} votes by {mode.value}"
    return [(f"{what}, {size}", "ms", values) for what, values in took.items()]


async def _vote_rows(
    desk: ChallengeDesk, challenge: Challenge, entries: list[Entry], viewers: list[str]
) -> dict[str, list[float]]:
    now = challenge.schedule.entries_end_at + HOUR
    if challenge.terms.mode is VotingMode.APPROVAL:
        gifts = zip(viewers, entries, strict=False)
        return {"a heart": [await _ms(heart(desk, challenge, who, entry, now=now)) for who, entry in gifts]}
    pairs = zip(viewers, entries, entries[1:], strict=False)
    return {
        "the next duel": [await _ms(desk.votes.next_duel(challenge.id, viewer)) for viewer in viewers],
        "the next duel after fifty skipped": [
            await _ms(desk.votes.next_duel(challenge.id, viewer, skipped=50)) for viewer in viewers
        ],
        "a choice": [await _ms(judge(desk, challenge, who, one, other, now=now)) for who, one, other in pairs],
    }


async def _ms(act: Awaitable[object]) -> float:
    start = time.perf_counter()
    await act
    return 1000 * (time.perf_counter() - start)


async def _full(desk: ChallengeDesk, database: Database, mode: VotingMode) -> tuple[Challenge, list[Entry]]:
    challenge = await opened(desk, mode=mode)
    entries = [await entered(desk, challenge, f"member {number}") for number in range(ENTRIES)]
    await desk.challenges.carry_out_due(challenge.schedule.entries_end_at)
    await vote(database, await desk.challenges.find(HERE, challenge.id), entries, VOTES_EACH)
    return await desk.challenges.find(HERE, challenge.id), entries


async def _earlier_ones(desk: ChallengeDesk, database: Database) -> None:
    """A year of challenges that are over, each with its entries and some votes."""
    for _ in range(EARLIER):
        challenge = await opened(desk, lasts=HOUR, voting_seconds=HOUR)
        entries = [await entered(desk, challenge, f"member {number}") for number in range(ENTRIES // 5)]
        (challenge,) = await desk.challenges.carry_out_due(NOW + HOUR)
        await vote(database, challenge, entries, 3)
        await closed(desk, challenge)


async def vote(database: Database, challenge: Challenge, entries: list[Entry], votes_each: int) -> None:
    """Straight into the table: what is measured comes after it."""
    chance = random.Random(challenge.id)
    rows = [row for n in range(ENTRIES) for row in _votes(challenge, entries, f"voter {n}", votes_each, chance)]
    table: Table = challenge_hearts if challenge.terms.mode is VotingMode.APPROVAL else challenge_duels
    await database.write(lambda connection: connection.execute(insert(table), rows))


def _votes(
    challenge: Challenge, entries: list[Entry], voter_id: str, votes_each: int, chance: random.Random
) -> list[dict[str, object]]:
    """Better entries, which are those with a higher id, win more often."""
    voter: dict[str, object] = {"challenge_id": challenge.id, "voter_id": voter_id}
    if challenge.terms.mode is VotingMode.APPROVAL:
        return [voter | {"entry_id": entry.id, "given_at": NOW + DAY} for entry in chance.sample(entries, votes_each)]
    pairs = chance.sample(list(combinations(sorted(entry.id for entry in entries), 2)), votes_each)
    return [
        voter
        | {"first_id": first, "second_id": second, "judged_at": NOW + DAY}
        | {"winner_id": second if chance.random() < 0.7 else first}
        for first, second in pairs
    ]
