"""In which order moderators look at entries, and which comes next after a decision. Knows values only."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.challenges.values import Entry, EntryState

_LOOKED_AT = (EntryState.WAITING, EntryState.SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One entry; `number` counts from 1."""

    entry: Entry
    number: int
    entries: int
    waiting: int


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Those that wait first, then those shown; oldest first."""
    looked_at = [entry for entry in entries if entry.state in _LOOKED_AT]
    return sorted(looked_at, key=lambda entry: _LOOKED_AT.index(entry.state))


def page_of(entries: Sequence[Entry], entry_id: int | None) -> Page | None:
    """None where there is nothing to look at."""
    index = _index(entries, entry_id)
    if index is None:
        return None
    waiting = sum(entry.state is EntryState.WAITING for entry in entries)
    return Page(entry=entries[index], number=index + 1, entries=len(entries), waiting=waiting)


def neighbour(entries: Sequence[Entry], entry_id: int, step: int) -> int | None:
    """The one before or after it, or the first where it is gone."""
    index = _index(entries, entry_id)
    if index is None:
        return entries[0].id if entries else None
    return entries[min(max(index + step, 0), len(entries) - 1)].id


def next_to_judge(before: Sequence[Entry], now: Sequence[Entry], decided_id: int) -> int | None:
    """What to show after a decision: what waits and came after it, else what waits, else what came after it."""
    later = _others(before, decided_id)
    states = {entry.id: entry.state for entry in now}
    still_there = [entry_id for entry_id in later if entry_id in states]
    waiting = [entry_id for entry_id in still_there if states[entry_id] is EntryState.WAITING]
    return next(iter([*waiting, *still_there, *states]), None)


def _others(entries: Sequence[Entry], entry_id: int) -> list[int]:
    """From this one on, and then those before it; by age where it is gone."""
    ids, index = [entry.id for entry in entries], _index(entries, entry_id)
    if index is not None:
        return [*ids[index + 1 :], *ids[:index]]
    return sorted(ids, key=lambda other: other < entry_id)


def _index(entries: Sequence[Entry], entry_id: int | None) -> int | None:
    return next((index for index, entry in enumerate(entries) if entry.id == entry_id), None)
