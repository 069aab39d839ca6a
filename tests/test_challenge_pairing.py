"""Duels: whatever was seen least comes next, no pair twice, and nobody stands left more often than right."""

import random
import time
import tracemalloc
from collections import Counter
from itertools import combinations

import pytest

from bot.challenges.pairing import choose_duel
from tests.challenge_samples import entries_numbered


def pair_of(duel: object) -> frozenset[int]:
    assert isinstance(duel, tuple)
    return frozenset(entry.id for entry in duel)


def test_those_seen_least_are_shown() -> None:
    seen = {1: 5, 2: 3, 3: 4, 4: 3, 5: 9}
    assert pair_of(choose_duel(entries_numbered(5), (), seen, random.Random(1))) == {2, 4}


def test_an_entry_that_nobody_saw_is_first() -> None:
    assert 3 in pair_of(choose_duel(entries_numbered(4), (), {1: 1, 2: 1, 4: 1}, random.Random(1)))


def test_a_judged_pair_never_comes_back() -> None:
    """Two was seen least, but was judged with whoever comes next to it."""
    judged = {frozenset({2, 4})}
    assert pair_of(choose_duel(entries_numbered(4), judged, {1: 5, 2: 1, 3: 6, 4: 2}, random.Random(1))) == {1, 2}


def test_whoever_has_met_all_is_passed_over() -> None:
    judged = {frozenset({1, 2}), frozenset({1, 3})}
    assert pair_of(choose_duel(entries_numbered(3), judged, {2: 9, 3: 9}, random.Random(1))) == {2, 3}


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_cannot_fight(count: int) -> None:
    assert choose_duel(entries_numbered(count), (), {}, random.Random(1)) is None


def test_a_pair_with_what_is_gone_takes_nothing_away() -> None:
    judged = {frozenset({1, 99}), frozenset({98, 99})}
    assert pair_of(choose_duel(entries_numbered(2), judged, {99: 3}, random.Random(1))) == {1, 2}


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_is_judged_once_and_then_there_are_none(seed: int) -> None:
    rng, entries = random.Random(seed), entries_numbered(7)
    judged: list[frozenset[int]] = []
    seen: Counter[int] = Counter()
    while (duel := choose_duel(entries, judged, seen, rng)) is not None:
        judged.append(pair_of(duel))
        seen.update(judged[-1])
        assert max(seen.values()) - min(seen[entry.id] for entry in entries) <= 3
    assert sorted(map(sorted, judged)) == [list(pair) for pair in combinations(range(1, 8), 2)]


def test_many_voters_of_few_duels_each_see_all_about_equally_often() -> None:
    """Thirty voters, ten duels each, twenty entries: 300 duels show each entry thirty times."""
    rng, entries = random.Random(4), entries_numbered(20)
    seen: Counter[int] = Counter()
    for _ in range(30):
        judged: list[frozenset[int]] = []
        for _ in range(10):
            judged.append(pair_of(choose_duel(entries, judged, seen, rng)))
            seen.update(judged[-1])
    assert set(seen.values()) <= {29, 30, 31}


def test_chance_decides_among_equals_and_who_stands_left() -> None:
    entries, rng = entries_numbered(4), random.Random(8)
    drawn = Counter(choose_duel(entries, (), {}, rng) for _ in range(2400))
    assert len(drawn) == 12
    assert all(140 < times < 260 for times in drawn.values())


def test_the_same_chance_makes_the_same_choice() -> None:
    entries = entries_numbered(9)
    assert choose_duel(entries, (), {}, random.Random(5)) == choose_duel(entries, (), {}, random.Random(5))


def test_a_hundred_entries_of_which_nearly_all_pairs_are_judged_take_no_time() -> None:
    entries = entries_numbered(100)
    judged = {frozenset(pair) for pair in combinations(range(1, 101), 2)} - {frozenset({40, 70})}
    begun = time.thread_time()
    duel = choose_duel(entries, judged, {}, random.Random(1))
    assert time.thread_time() - begun < 0.5
    assert pair_of(duel) == {40, 70}


def test_of_thousands_of_entries_not_every_pair_is_looked_at() -> None:
    """Choosing is done while everybody else waits, up to fifty times for one press."""
    entries = entries_numbered(2000)
    judged = {frozenset({1, other}) for other in range(2, 1001)}
    tracemalloc.start()
    try:
        assert choose_duel(entries, judged, {}, random.Random(1)) is not None
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
