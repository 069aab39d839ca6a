"""Which two entries a voter is shown next: those that were seen least, so that all are judged about equally often."""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.challenges.values import Entry


def choose_duel(
    entries: Sequence[Entry], judged: Collection[frozenset[int]], seen: Mapping[int, int], rng: random.Random
) -> tuple[Entry, Entry] | None:
    """An entry seen least and, of those the voter has not yet judged it with, an opponent seen least; None without any.

    `entries` are what the voter may judge, `judged` the pairs of ids they have, `seen` in how many duels an entry was.
    Which of two stands left, and which of several as little seen is taken, is left to chance.
    """
    met = _met(entries, judged)
    first = _least_seen((entry for entry in entries if len(met[entry.id]) < len(entries)), seen, rng)
    if first is None:
        return None
    second = _least_seen((entry for entry in entries if entry.id not in met[first.id]), seen, rng)
    if second is None:
        return None
    return (first, second) if rng.random() < 0.5 else (second, first)


def _met(entries: Sequence[Entry], judged: Collection[frozenset[int]]) -> dict[int, set[int]]:
    """With which entries, itself included, each need not be judged any more. Pairs that are left are far too many."""
    met = {entry.id: {entry.id} for entry in entries}
    for pair in judged:
        if all(entry_id in met for entry_id in pair):
            for entry_id in pair:
                met[entry_id] |= pair
    return met


def _least_seen(entries: Iterable[Entry], seen: Mapping[int, int], rng: random.Random) -> Entry | None:
    return min(entries, key=lambda entry: (seen.get(entry.id, 0), rng.random()), default=None)
