"""Votes in the database, `bot/challenges/votes.py` and `tally.py`: none is counted twice, and none is lost."""

import asyncio
import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.errors import ChallengeRefused, NoHeartsLeft, NoSuchChallenge, NoSuchEntry, OwnEntry, WrongPhase
from bot.challenges.values import Challenge, Duel, Entry, Placed
from nst_engine.queue.database import Database, open_database
from tests.challenge_rig import (
    DAY,
    DUELS,
    HERE,
    NOW,
    closed,
    desk_in_memory,
    entered,
    heart,
    judge,
    nobody_minds,
    opened,
    voted_on,
)

END = NOW + 2 * DAY


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def test_a_heart_is_given_once_and_taken_back(desk: ChallengeDesk) -> None:
    challenge, (ann, bob) = await voted_on(desk, "ann", "bob")
    for _ in range(2):
        assert await heart(desk, challenge, "cleo", ann) == {ann.id}
    assert await heart(desk, challenge, "cleo", bob) == {ann.id, bob.id}
    for _ in range(2):
        assert await heart(desk, challenge, "cleo", ann, given=False) == {bob.id}
    assert await desk.votes.hearts_of(challenge.id, "cleo") == {bob.id}
    assert await desk.votes.hearts_of(challenge.id, "dora") == set()


async def test_nobody_votes_for_themselves_with_any_of_their_entries(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, entries_per_member=2)
    own = [await entered(desk, challenge, "ann", job) for job in ("1", "2")]
    await entered(desk, challenge, "bob")
    (challenge,) = await desk.challenges.carry_out_due(NOW + DAY)
    for entry in own:
        with pytest.raises(OwnEntry):
            await heart(desk, challenge, "ann", entry)


async def test_nobody_judges_a_duel_of_their_own(desk: ChallengeDesk) -> None:
    challenge, (ann, bob) = await voted_on(desk, "ann", "bob", mode=DUELS)
    for voter in ("ann", "bob"):
        with pytest.raises(OwnEntry):
            await judge(desk, challenge, voter, ann, bob)


async def test_votes_count_from_the_end_of_entries_until_the_end_of_voting(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    ann, _ = [await entered(desk, challenge, name) for name in ("ann", "bob")]
    for now in (NOW + 2, NOW + DAY):
        with pytest.raises(WrongPhase):
            await heart(desk, challenge, "cleo", ann, now=now)
    await desk.challenges.carry_out_due(NOW + DAY)
    await heart(desk, challenge, "cleo", ann, now=END - 0.1)
    for given_ in (True, False):
        with pytest.raises(WrongPhase):
            await heart(desk, challenge, "cleo", ann, given=given_, now=END)
    (over,) = await desk.challenges.carry_out_due(END)
    with pytest.raises(WrongPhase):
        await heart(desk, over, "dora", ann, now=END + 1)


async def test_hearts_and_duels_are_not_mixed(desk: ChallengeDesk) -> None:
    duels, (ann, bob) = await voted_on(desk, "ann", "bob", mode=DUELS)
    with pytest.raises(WrongPhase):
        await heart(desk, duels, "cleo", ann)
    hearts, (ann, bob) = await voted_on(desk, "ann", "bob")
    with pytest.raises(WrongPhase):
        await judge(desk, hearts, "cleo", ann, bob)


async def test_what_is_not_shown_in_this_challenge_gets_no_vote(desk: ChallengeDesk) -> None:
    _, (foreign, _) = await voted_on(desk, "ann", "bob")
    challenge, (ann, bob, cleo) = await voted_on(desk, "ann", "bob", "cleo")
    await desk.entries.withdraw(ann.id, "ann")
    await desk.entries.remove(HERE, bob.id, by="moderator", reason="", now=NOW + DAY)
    for entry in (foreign, ann, bob):
        with pytest.raises(NoSuchEntry):
            await heart(desk, challenge, "dora", entry)
    await heart(desk, challenge, "dora", cleo)
    with pytest.raises(NoSuchChallenge):
        await desk.votes.give_heart(99, "dora", cleo.id, given=True, now=NOW + DAY, guard=nobody_minds)


async def test_who_may_not_vote_is_refused_in_the_same_transaction(desk: ChallengeDesk) -> None:
    class Blocked(Exception):
        pass

    def guard(_connection: Connection) -> None:
        raise Blocked

    challenge, (ann, _) = await voted_on(desk, "ann", "bob")
    with pytest.raises(Blocked):
        await desk.votes.give_heart(challenge.id, "cleo", ann.id, given=True, now=NOW + DAY, guard=guard)
    assert await desk.votes.hearts_of(challenge.id, "cleo") == set()


async def test_a_heart_for_an_entry_that_is_gone_is_there_to_be_given_again(desk: ChallengeDesk) -> None:
    challenge, (ann, bob, cleo) = await voted_on(desk, "ann", "bob", "cleo", hearts=1)
    await heart(desk, challenge, "dora", ann)
    with pytest.raises(NoHeartsLeft) as refused:
        await heart(desk, challenge, "dora", bob)
    assert refused.value.limit == 1
    assert await heart(desk, challenge, "dora", ann) == {ann.id}
    await desk.entries.withdraw(ann.id, "ann")
    assert await heart(desk, challenge, "dora", bob) == {bob.id}
    await heart(desk, challenge, "dora", bob, given=False)
    assert await heart(desk, challenge, "dora", cleo) == {cleo.id}


async def test_hearts_given_at_once_on_two_bots_stay_within_the_limit(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge, entries = await voted_on(desks[0], *(f"member {n}" for n in range(10)), hearts=3)
        gifts = [heart(desks[n % 2], challenge, "zoe", entry) for n, entry in enumerate(entries)]
        outcomes = await asyncio.gather(*gifts, return_exceptions=True)
        assert sum(isinstance(outcome, NoHeartsLeft) for outcome in outcomes) == 7
        assert len(await desks[0].votes.hearts_of(challenge.id, "zoe")) == 3


async def test_double_clicks_of_many_members_on_two_bots_are_counted_once_each(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge, (ann, bob) = await voted_on(desks[0], "ann", "bob")
        clicks = [heart(desk, challenge, f"voter {n}", ann) for n in range(15) for desk in (*desks, desks[0])]
        await asyncio.gather(*clicks, heart(desks[1], challenge, "voter 0", bob))
        await closed(desks[0], challenge)
        ranking = await desks[1].archive.ranking(challenge.id)
        assert [(one_.entry.id, one_.votes) for one_ in ranking] == [(ann.id, 15), (bob.id, 1)]


async def test_a_choice_between_two_replaces_the_earlier_one_whichever_way_round(desk: ChallengeDesk) -> None:
    challenge, (ann, bob, cleo) = await voted_on(desk, "ann", "bob", "cleo", mode=DUELS)
    await judge(desk, challenge, "dora", ann, bob)
    await judge(desk, challenge, "dora", cleo, bob)
    assert await desk.votes.judged(challenge.id, "dora") == [(cleo.id, bob.id), (ann.id, bob.id)]
    await judge(desk, challenge, "dora", bob, ann)
    assert await desk.votes.judged(challenge.id, "dora") == [(bob.id, ann.id), (cleo.id, bob.id)]
    with pytest.raises(NoSuchEntry):
        await judge(desk, challenge, "dora", ann, ann)
    await closed(desk, challenge)
    assert sum(one.votes for one in await desk.archive.ranking(challenge.id)) == 2


async def test_duels_with_an_entry_that_is_gone_do_not_count(desk: ChallengeDesk) -> None:
    challenge, (ann, bob, cleo) = await voted_on(desk, "ann", "bob", "cleo", mode=DUELS)
    await judge(desk, challenge, "dora", ann, bob)
    await judge(desk, challenge, "dora", bob, cleo)
    await desk.entries.withdraw(ann.id, "ann")
    assert await desk.votes.judged(challenge.id, "dora") == [(bob.id, cleo.id)]
    await desk.entries.withdraw(cleo.id, "cleo")
    assert await desk.votes.judged(challenge.id, "dora") == []
    await closed(desk, challenge)
    ranking = await desk.archive.ranking(challenge.id)
    assert [(one.entry.id, one.votes, one.duels) for one in ranking] == [(bob.id, 0, 0)]


def ids(duel: Duel | None) -> frozenset[int]:
    assert duel is not None
    return frozenset((duel.left.id, duel.right.id))


async def test_every_pair_but_those_with_ones_own_entries_is_shown_once(desk: ChallengeDesk) -> None:
    challenge, entries = await voted_on(desk, "ann", "bob", "cleo", "dora", "emil", mode=DUELS)
    others = {entry.id for entry in entries[1:]}
    assert await desk.votes.possible_duels(challenge.id, "ann") == 6
    assert await desk.votes.possible_duels(challenge.id, "zoe") == 10
    shown = set()
    for _ in range(6):
        duel = await desk.votes.next_duel(challenge.id, "ann")
        assert duel == await desk.votes.next_duel(challenge.id, "ann")
        assert duel is not None
        assert ids(duel) <= others
        shown.add(ids(duel))
        await judge(desk, challenge, "ann", duel.left, duel.right)
    assert len(shown) == 6
    assert await desk.votes.next_duel(challenge.id, "ann") is None


async def test_different_voters_begin_with_different_duels_either_way_round(desk: ChallengeDesk) -> None:
    challenge, _ = await voted_on(desk, "ann", "bob", "cleo", "dora", mode=DUELS)
    duels = [await desk.votes.next_duel(challenge.id, f"voter {n}") for n in range(40)]
    assert len({ids(duel) for duel in duels}) == 6
    assert len({(duel.left.id, duel.right.id) for duel in duels if duel}) > 6


async def test_duels_that_are_skipped_come_round_again(desk: ChallengeDesk) -> None:
    challenge, _ = await voted_on(desk, "ann", "bob", "cleo", "dora", mode=DUELS)
    duels = [await desk.votes.next_duel(challenge.id, "zoe", skipped=n) for n in range(12)]
    assert len({ids(duel) for duel in duels[:6]}) == 6
    assert duels[6:] == duels[:6]


async def test_there_is_no_duel_before_the_voting_or_after_it(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, mode=DUELS)
    for name in ("ann", "bob"):
        await entered(desk, challenge, name)
    assert await desk.votes.next_duel(challenge.id, "zoe") is None
    (challenge,) = await desk.challenges.carry_out_due(NOW + DAY)
    assert await desk.votes.next_duel(challenge.id, "zoe") is not None
    await closed(desk, challenge)
    assert await desk.votes.next_duel(challenge.id, "zoe") is None
    assert await desk.votes.next_duel(99, "zoe") is None


MEMBERS = ("ann", "bob", "cleo", "dora")
VOTERS = (*MEMBERS, "emil", "fred")
ACTS = st.one_of(
    st.tuples(st.just("give"), st.sampled_from(VOTERS), st.integers(0, 3)),
    st.tuples(st.just("take"), st.sampled_from(VOTERS), st.integers(0, 3)),
    st.tuples(st.just("judge"), st.sampled_from(VOTERS), st.integers(0, 11)),
    st.tuples(st.just("withdraw"), st.just(""), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.just(""), st.integers(0, 3)),
)
PAIRS = [(winner, loser) for winner in range(4) for loser in range(4) if winner != loser]


@dataclass
class Model:
    """What should have been kept, told in sets; entry `n` is the member `n`'s."""

    hearts_each: int | None
    gone: set[int] = field(default_factory=set)
    hearts: set[tuple[str, int]] = field(default_factory=set)
    choices: dict[tuple[str, frozenset[int]], int] = field(default_factory=dict)

    def may(self, voter: str, *entries: int) -> bool:
        return not any(entry in self.gone or MEMBERS[entry] == voter for entry in entries)

    def hearts_of(self, voter: str) -> set[int]:
        return {entry for whose, entry in self.hearts if whose == voter and entry not in self.gone}

    def act(self, what: str, voter: str, number: int) -> bool:
        """Whether it is allowed."""
        match what:
            case "give" if self.may(voter, number):
                already = self.hearts_of(voter)
                if self.hearts_each is not None and number not in already and len(already) >= self.hearts_each:
                    return False
                self.hearts.add((voter, number))
            case "take" if self.may(voter, number):
                self.hearts.discard((voter, number))
            case "judge" if self.may(voter, *PAIRS[number]):
                self.choices[voter, frozenset(PAIRS[number])] = PAIRS[number][0]
            case "withdraw" | "remove" if number not in self.gone:
                self.gone.add(number)
            case _:
                return False
        return True

    def votes_by_hearts(self) -> dict[int, int]:
        return {n: sum(entry == n for _, entry in self.hearts) for n in range(4) if n not in self.gone}

    def votes_by_duels(self) -> dict[int, int]:
        counted = [winner for (_, pair), winner in self.choices.items() if not pair & self.gone]
        return {n: counted.count(n) for n in range(4) if n not in self.gone}


async def act(desk: ChallengeDesk, challenge: Challenge, entries: list[Entry], what: str, voter: str, n: int) -> bool:
    """Whether it was done."""
    try:
        match what:
            case "give" | "take":
                await heart(desk, challenge, voter, entries[n], given=what == "give")
            case "judge":
                winner, loser = PAIRS[n]
                await judge(desk, challenge, voter, entries[winner], entries[loser])
            case "withdraw":
                await desk.entries.withdraw(entries[n].id, MEMBERS[n])
            case _:
                await desk.entries.remove(HERE, entries[n].id, by="moderator", reason="", now=NOW)
    except ChallengeRefused:
        return False
    return True


async def ranking_after(acts: list[tuple[str, str, int]], model: Model, **terms: object) -> dict[int, Placed]:
    """Of members by number, after all of it was done on a real database, which agreed with the model at each step."""
    async with desk_in_memory() as desk:
        challenge, entries = await voted_on(desk, *MEMBERS, **terms)
        for what, voter, n in acts:
            assert await act(desk, challenge, entries, what, voter, n) == model.act(what, voter, n)
            counts = await desk.challenges.counts(challenge.id)
            assert counts.entries == counts.authors == 4 - len(model.gone)
        await closed(desk, challenge)
        assert not await act(desk, challenge, entries, "give", "emil", 0)
        ranking = await desk.archive.ranking(challenge.id)
        assert [placed.place for placed in ranking] == sorted(placed.place for placed in ranking)
        return {MEMBERS.index(placed.entry.author.user_id): placed for placed in ranking}


@settings(deadline=None, max_examples=25)
@given(st.lists(ACTS.filter(lambda act: act[0] != "judge"), max_size=30), st.none() | st.integers(1, 2))
def test_whatever_is_given_taken_and_withdrawn_each_heart_counts_once(
    acts: list[tuple[str, str, int]], hearts: int | None
) -> None:
    model = Model(hearts_each=hearts)
    ranking = asyncio.run(ranking_after(acts, model, hearts=hearts))
    assert {n: placed.votes for n, placed in ranking.items()} == model.votes_by_hearts()
    best = sorted(model.votes_by_hearts().values(), reverse=True)
    assert all(placed.place == best.index(placed.votes) + 1 for placed in ranking.values())


@settings(deadline=None, max_examples=25)
@given(st.lists(ACTS.filter(lambda act: act[0] not in ("give", "take")), max_size=30))
def test_whatever_is_judged_anew_and_withdrawn_each_choice_counts_once(acts: list[tuple[str, str, int]]) -> None:
    model = Model(hearts_each=None)
    ranking = asyncio.run(ranking_after(acts, model, mode=DUELS))
    assert {n: placed.votes for n, placed in ranking.items()} == model.votes_by_duels()
    assert sum(placed.duels for placed in ranking.values()) == 2 * sum(model.votes_by_duels().values())
    assert all(math.isfinite(placed.score) for placed in ranking.values())
