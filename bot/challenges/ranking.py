"""Who won: entries and their votes in, places out. Knows neither who voted nor where votes are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.challenges.values import Entry, Placed

AS_GOOD_AS = 1e-8
"""Abilities that are closer differ by rounding only."""


def rank_by_hearts(entries: Sequence[Entry], hearts: Mapping[int, int]) -> list[Placed]:
    """The most hearts first, by id among equals. `hearts`: how many an entry has; who is left out has none."""
    by_id = sorted(entries, key=lambda entry: entry.id)
    counts = [hearts.get(entry.id, 0) for entry in by_id]
    return [
        Placed(
            entry=by_id[index],
            place=place,
            votes=counts[index],
            duels=0,
            score=float(counts[index]),
            low=float(counts[index]),
            high=float(counts[index]),
        )
        for place, index in _places(counts, as_good_as=0)
    ]


def rank_by_duels(entries: Sequence[Entry], duels: Sequence[tuple[int, int]]) -> list[Placed]:
    """The best chance to win against an average entry first, by id among equals.

    `duels`: the ids of winner and loser of each. Duels with what is not among the entries do not count.
    """
    from bot.challenges import bradley_terry  # noqa: PLC0415 - numpy takes 15 MB of a bot that may never count duels

    by_id = sorted(entries, key=lambda entry: entry.id)
    times = _counted([entry.id for entry in by_id], duels)
    won, lost = Counter[int](), Counter[int]()
    for (winner, loser), count in times.items():
        won[winner] += count
        lost[loser] += count
    fit = bradley_terry.fit(bradley_terry.wins_between(len(by_id), times))
    chances = [bradley_terry.chance(fit.abilities + off) for off in (0.0, -fit.reach, fit.reach)]
    score, low, high = ((100.0 * chance).tolist() for chance in chances)
    return [
        Placed(
            entry=by_id[index],
            place=place,
            votes=won[index],
            duels=won[index] + lost[index],
            score=score[index],
            low=low[index],
            high=high[index],
        )
        for place, index in _places(fit.abilities.tolist(), as_good_as=AS_GOOD_AS)
    ]


def _counted(ids: Sequence[int], duels: Sequence[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """How often the one of an index won against that of another."""
    index = {entry_id: number for number, entry_id in enumerate(ids)}
    return Counter((index[winner], index[loser]) for winner, loser in duels if winner in index and loser in index)


def _places(merits: Sequence[float], *, as_good_as: float) -> list[tuple[int, int]]:
    """Place and index of each, the best first, in their own order among equals: places 1, 2, 2, 4."""
    descending = sorted(range(len(merits)), key=lambda index: -merits[index])
    places: list[int] = []
    for position, index in enumerate(descending):
        tied = position > 0 and merits[descending[position - 1]] - merits[index] <= as_good_as
        places.append(places[-1] if tied else position + 1)
    return sorted(zip(places, descending, strict=True))
