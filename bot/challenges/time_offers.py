"""What a moderator may mean who has typed a part of a time: pure, so that whoever shows it only finds words for it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.challenges.errors import BadTimes
from bot.challenges.times import (
    DAY,
    ENTRIES,
    FARTHEST_START_SECONDS,
    HOUR,
    MEMBERSHIP,
    MINUTE,
    VOTING,
    WEEK,
    Range,
    parse_end,
    parse_length,
    parse_start,
)

_NUMBER = re.compile(r"\s*(?:in\s+)?(\d{1,4})\s*[^\W\d]*\s*", re.IGNORECASE)
"""Perhaps with the beginning of a unit, in whatever language."""
_EVENING = 18
_EVENINGS_AHEAD = (1, 2, 3, 5, 7, 14)


@dataclass(frozen=True, slots=True)
class Lengths:
    """What is possible, and what is usual."""

    within: Range
    usual: tuple[float, ...]


LASTS = Lengths(ENTRIES, (12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, WEEK, 2 * WEEK))
VOTING_LASTS = Lengths(VOTING, (6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, WEEK))
HERE_FOR = Lengths(MEMBERSHIP, (DAY, WEEK, 2 * WEEK, 30 * DAY, 90 * DAY, 365 * DAY))
STARTS_IN = Lengths(Range(MINUTE, FARTHEST_START_SECONDS), (HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK))


def lengths_like(typed: str, lengths: Lengths) -> list[float]:
    """The one that was typed; with only a number, that many of each unit; else the usual ones."""
    try:
        return [parse_length(typed, lengths.within)]
    except BadTimes:
        pass
    number = _NUMBER.fullmatch(typed)
    if number is None:
        return list(lengths.usual) if not typed.strip() else []
    meant = [int(number[1]) * unit for unit in (DAY, HOUR, WEEK, MINUTE)]
    return [seconds for seconds in meant if lengths.within.least <= seconds <= lengths.within.most]


def start_like(typed: str, now: float) -> float | None:
    """A moment after now that was typed in full."""
    try:
        at = parse_start(typed, now)
    except BadTimes:
        return None
    return at if at > now else None


def ends_like(typed: str, opens_at: float, now: float) -> list[float]:
    """The moment that was typed, or evenings to come."""
    if not typed.strip():
        return _evenings(opens_at)
    try:
        return [parse_end(typed, opens_at, now).at]
    except BadTimes:
        return []


def _evenings(after: float) -> list[float]:
    evening = datetime.fromtimestamp(after, UTC).replace(hour=_EVENING, minute=0, second=0, microsecond=0)
    return [(evening + timedelta(days=days)).timestamp() for days in _EVENINGS_AHEAD]
