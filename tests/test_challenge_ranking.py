"""Both tallies: places are well formed, ties share them, no vote is lost, and another never harms whom it is for."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.challenges.ranking import rank_by_duels, rank_by_hearts
from bot.challenges.values import Placed
from tests.challenge_samples import entries_numbered

Duels = list[tuple[int, int]]
ENTRIES = 6

pairs = st.tuples(st.integers(1, ENTRIES), st.integers(1, ENTRIES)).filter(lambda pair: pair[0] != pair[1])
duels_of_six = st.lists(pairs, max_size=40)
hearts_of_six = st.dictionaries(st.integers(1, ENTRIES), st.integers(0, 5))
orders = st.permutations(range(1, ENTRIES + 1))


def places(ranking: Sequence[Placed]) -> list[tuple[int, int]]:
    return [(placed.place, placed.entry.id) for placed in ranking]


def of(ranking: Sequence[Placed], entry_id: int) -> Placed:
    (found,) = (placed for placed in ranking if placed.entry.id == entry_id)
    return found


def by_duels(duels: Duels) -> list[Placed]:
    return rank_by_duels(entries_numbered(ENTRIES), duels)


def assert_well_formed(ranking: Sequence[Placed]) -> None:
    """Each is there once, best first; a place is one more than how many are better; by id among equals."""
    assert sorted(placed.entry.id for placed in ranking) == list(range(1, ENTRIES + 1))
    assert places(ranking) == sorted(places(ranking))
    for position, placed in enumerate(ranking, start=1):
        before = ranking[max(0, position - 2)]
        assert placed.place in (position, before.place)
        assert placed.score <= before.score + 1e-6
        assert placed.low <= placed.score <= placed.high


def test_hearts_are_counted_and_ties_share_a_place() -> None:
    ranking = rank_by_hearts(entries_numbered(5), {4: 7, 2: 3, 3: 3, 1: 1})
    assert places(ranking) == [(1, 4), (2, 2), (2, 3), (4, 1), (5, 5)]
    assert [placed.votes for placed in ranking] == [7, 3, 3, 1, 0]
    assert all(placed.score == placed.low == placed.high == placed.votes for placed in ranking)
    assert {placed.duels for placed in ranking} == {0}


def test_nobody_voted_and_all_are_first() -> None:
    assert places(rank_by_hearts(entries_numbered(3), {})) == [(1, 1), (1, 2), (1, 3)]
    ranking = rank_by_duels(entries_numbered(3), [])
    assert places(ranking) == [(1, 1), (1, 2), (1, 3)]
    assert [(placed.votes, placed.duels) for placed in ranking] == [(0, 0)] * 3
    assert all(placed.score == pytest.approx(50) and placed.high - placed.low > 80 for placed in ranking)


def test_nothing_was_entered_or_one_thing() -> None:
    assert rank_by_hearts([], {}) == rank_by_duels([], []) == []
    (alone,) = rank_by_duels(entries_numbered(1), [])
    assert (alone.place, alone.score, alone.low, alone.high) == (1, 50, 50, 50)


def test_whoever_wins_more_against_the_same_opponents_is_ahead() -> None:
    ranking = rank_by_duels(entries_numbered(3), [(2, 1)] * 3 + [(1, 2)] + [(2, 3)] * 2 + [(1, 3)] * 2)
    assert places(ranking) == [(1, 2), (2, 1), (3, 3)]
    assert [(placed.votes, placed.duels) for placed in ranking] == [(5, 6), (3, 6), (0, 4)]


def test_a_win_counts_more_against_whom_others_lose_to() -> None:
    """Both have won one of one; the first against whoever won four times, the second against whoever lost them."""
    strong, weak = 3, 4
    ranking = rank_by_duels(entries_numbered(4), [(strong, weak)] * 4 + [(1, strong), (2, weak)])
    assert of(ranking, 1).score > of(ranking, 2).score + 5


def test_a_circle_is_a_tie() -> None:
    ranking = rank_by_duels(entries_numbered(4), [(1, 2), (2, 3), (3, 1)] * 7)
    assert places(ranking) == [(1, 1), (1, 2), (1, 3), (1, 4)]
    assert of(ranking, 4).high - of(ranking, 4).low > of(ranking, 1).high - of(ranking, 1).low


def test_votes_for_what_is_no_longer_there_do_not_count() -> None:
    assert places(rank_by_hearts(entries_numbered(2), {9: 5, 2: 1})) == [(1, 2), (2, 1)]
    ranking = rank_by_duels(entries_numbered(2), [(1, 9)] * 5 + [(9, 2)] * 5 + [(2, 1)])
    assert ranking == rank_by_duels(entries_numbered(2), [(2, 1)])


@given(hearts=hearts_of_six, order=orders)
def test_the_order_of_entries_does_not_matter_to_hearts(hearts: dict[int, int], order: list[int]) -> None:
    entries = entries_numbered(ENTRIES)
    ranking = rank_by_hearts(entries, hearts)
    assert_well_formed(ranking)
    assert ranking == rank_by_hearts([entries[number - 1] for number in order], hearts)
    assert sum(placed.votes for placed in ranking) == sum(hearts.values())
    assert len({placed.votes for placed in ranking}) == len({placed.place for placed in ranking})


@given(hearts=hearts_of_six, to=st.integers(1, ENTRIES))
def test_another_heart_never_harms(hearts: dict[int, int], to: int) -> None:
    before = rank_by_hearts(entries_numbered(ENTRIES), hearts)
    after = rank_by_hearts(entries_numbered(ENTRIES), {**hearts, to: hearts.get(to, 0) + 1})
    assert of(after, to).place <= of(before, to).place
    assert of(after, to).score > of(before, to).score


@settings(deadline=None)
@given(duels=duels_of_six, order=orders, seed=st.integers())
def test_neither_the_order_of_entries_nor_that_of_duels_matters(duels: Duels, order: list[int], seed: int) -> None:
    entries = entries_numbered(ENTRIES)
    shuffled = random.Random(seed).sample(duels, len(duels))
    assert by_duels(duels) == rank_by_duels([entries[number - 1] for number in order], shuffled)


@settings(deadline=None)
@given(duels=duels_of_six, names=orders)
def test_it_does_not_matter_who_is_who(duels: Duels, names: list[int]) -> None:
    called = dict(zip(range(1, ENTRIES + 1), names, strict=True))
    before = by_duels(duels)
    after = by_duels([(called[winner], called[loser]) for winner, loser in duels])
    for placed in before:
        same = of(after, called[placed.entry.id])
        assert (same.place, same.votes, same.duels) == (placed.place, placed.votes, placed.duels)
        assert (same.score, same.low, same.high) == pytest.approx((placed.score, placed.low, placed.high))


@settings(deadline=None)
@given(duels=duels_of_six)
def test_duels_are_all_counted_and_places_well_formed(duels: Duels) -> None:
    ranking = by_duels(duels)
    assert_well_formed(ranking)
    assert sum(placed.votes for placed in ranking) == len(duels)
    assert sum(placed.duels for placed in ranking) == 2 * len(duels)


@settings(deadline=None)
@given(duels=duels_of_six, pair=pairs)
def test_another_win_never_harms(duels: Duels, pair: tuple[int, int]) -> None:
    winner, loser = pair
    before, after = by_duels(duels), by_duels([*duels, pair])
    assert of(after, winner).score > of(before, winner).score
    assert of(after, loser).score < of(before, loser).score
    assert of(after, winner).place <= of(before, winner).place
    assert of(after, loser).place >= of(before, loser).place


@settings(deadline=None)
@given(duels=st.lists(pairs, min_size=1, max_size=40), data=st.data())
def test_a_changed_mind_never_harms_whom_it_is_for(duels: Duels, data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, len(duels) - 1))
    loser, winner = duels[changed]
    before, after = by_duels(duels), by_duels([*duels[:changed], (winner, loser), *duels[changed + 1 :]])
    assert of(after, winner).score > of(before, winner).score
    assert of(after, winner).place <= of(before, winner).place


@settings(deadline=None)
@given(duels=duels_of_six, pair=pairs)
def test_whoever_has_the_same_results_shares_the_place(duels: Duels, pair: tuple[int, int]) -> None:
    """One of the two takes over what the other has as well, so that nobody could tell them apart."""
    one, other = pair
    twin = {one: other, other: one}
    swapped = [(twin.get(winner, winner), twin.get(loser, loser)) for winner, loser in duels]
    ranking = by_duels(duels + swapped)
    assert of(ranking, one).place == of(ranking, other).place
    assert of(ranking, one).score == pytest.approx(of(ranking, other).score)


@settings(deadline=None)
@given(duels=duels_of_six)
def test_more_duels_of_the_same_kind_say_more(duels: Duels) -> None:
    """Each duel is fought again, and once more with the other end: whoever was in one is known better."""
    more = duels * 2 + [(loser, winner) for winner, loser in duels]
    before, after = by_duels(duels), by_duels(more)
    for placed in before:
        if placed.duels:
            again = of(after, placed.entry.id)
            assert again.high - again.low < placed.high - placed.low
