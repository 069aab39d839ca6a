"""Lengths and moments as people type them, read and written. Knows no time zone but UTC: Discord tells nobody's."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.challenges.errors import BadTimes, TimesMistake

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
NOW = "now"
AT_ONCE_SECONDS = MINUTE
"""A start that passed no longer ago than this is now."""
FARTHEST_START_SECONDS = 180 * DAY


@dataclass(frozen=True, slots=True)
class Range:
    """How short and how long something may be, in seconds."""

    least: float
    most: float

    def check(self, seconds: float, typed: str) -> float:
        """Raises BadTimes."""
        if seconds < self.least:
            raise BadTimes(TimesMistake.TOO_SHORT, typed, self.least)
        if seconds > self.most:
            raise BadTimes(TimesMistake.TOO_LONG, typed, self.most)
        return seconds


ENTRIES = Range(5 * MINUTE, 60 * DAY)
VOTING = Range(5 * MINUTE, 30 * DAY)
MEMBERSHIP = Range(0.0, 10 * 365 * DAY)
"""How long somebody has to have been in the server."""

_UNITS = (
    (re.compile(r"y|yrs?|years?"), 365 * DAY),
    (re.compile(r"mo|mos|months?"), 30 * DAY),
    (re.compile(r"w|wks?|weeks?"), WEEK),
    (re.compile(r"d|days?"), DAY),
    (re.compile(r"h|hrs?|hours?"), HOUR),
    (re.compile(r"m|mins?|minutes?"), MINUTE),
    (re.compile(r"s|secs?|seconds?"), 1.0),
)
_PART = re.compile(r"\s*(?:,|and\s)?\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*([a-z]*)", re.ASCII)
_STAMP = re.compile(r"<t:(\d{1,11})(?::[tTdDfFsSR])?>", re.ASCII)
_DATED = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:\s+|T)(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(?:UTC|Z)?", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\s*(?:UTC|Z)?", re.ASCII | re.IGNORECASE)
_IN = re.compile(r"in\s+", re.IGNORECASE)
_WRITTEN = (("w", WEEK), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1.0))


def parse_length(typed: str, within: Range) -> float:
    """Seconds: `30m`, `12h`, `3 days`, `1w 2d`, `1h30`. Raises BadTimes."""
    seconds = _length(_tidy(typed))
    if seconds is None:
        raise BadTimes(TimesMistake.NO_LENGTH, typed)
    return within.check(seconds, typed)


def parse_start(typed: str, now: float) -> float:
    """Seconds since 1970: `now`, a moment, or a length from now. Raises BadTimes."""
    words = _IN.sub("", _tidy(typed), count=1)
    if words.casefold() in {NOW, ""}:
        return now
    length = _length(words)
    at = _moment(words, now) if length is None else now + length
    if at is None:
        raise BadTimes(TimesMistake.NOT_UNDERSTOOD, typed)
    if at < now - AT_ONCE_SECONDS:
        raise BadTimes(TimesMistake.PAST, typed)
    if at > now + FARTHEST_START_SECONDS:
        raise BadTimes(TimesMistake.TOO_FAR, typed, FARTHEST_START_SECONDS)
    return max(at, now)


@dataclass(frozen=True, slots=True)
class End:
    """When entries end, in seconds since 1970."""

    at: float
    is_fixed: bool
    """Given as a moment: it stays where it is when the start moves."""


def parse_end(typed: str, opens_at: float, now: float, within: Range = ENTRIES) -> End:
    """A moment, or a length from the start on; with `in` before it, from now on. Raises BadTimes."""
    words = _tidy(typed)
    length = _length(words)
    if length is not None:
        return End(opens_at + within.check(length, typed), is_fixed=False)
    at = _moment_or_in(words, now)
    if at is None:
        raise BadTimes(TimesMistake.NOT_UNDERSTOOD, typed)
    if at <= now:
        raise BadTimes(TimesMistake.PAST, typed)
    within.check(at - opens_at, typed)
    return End(at, is_fixed=True)


def end_on_opening(opens_at: float, end: End, now: float) -> float:
    """When entries end where they open now instead of at `opens_at`. Raises BadTimes where too little is left."""
    if not end.is_fixed:
        return end.at + now - opens_at
    if end.at <= now:
        raise BadTimes(TimesMistake.PAST, moment_text(end.at))
    ENTRIES.check(end.at - now, moment_text(end.at))
    return end.at


def length_text(seconds: float) -> str:
    """As `parse_length` reads it: `1w 2d`, `1h 30m`."""
    parts, rest = [], max(0, round(seconds))
    for unit, size in _WRITTEN:
        number, rest = divmod(rest, int(size))
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts) or "0m"


def moment_text(at: float) -> str:
    """As it is read again: `2026-12-24 18:00 UTC`, with seconds where there are any."""
    moment = datetime.fromtimestamp(round(at), UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC" if moment.second else "%Y-%m-%d %H:%M UTC")


def start_text(opens_at: float, now: float) -> str:
    return NOW if opens_at <= now else moment_text(opens_at)


def _length(typed: str) -> float | None:
    """None where it is no length. A number without a unit is minutes after hours, and else nothing."""
    words, seconds, place, last = typed.casefold(), 0.0, 0, 0.0
    while place < len(words):
        part = _PART.match(words, place)
        unit = None if part is None else _unit(part[2], last)
        if part is None or unit is None:
            return None
        seconds += float(part[1].replace(",", ".")) * unit
        place, last = part.end(), unit
    return seconds if last else None


def _unit(word: str, last: float) -> float | None:
    if not word:
        return MINUTE if last == HOUR else None
    return next((size for pattern, size in _UNITS if pattern.fullmatch(word)), None)


def _moment_or_in(words: str, now: float) -> float | None:
    after = _length(_IN.sub("", words, count=1)) if _IN.match(words) else None
    return _moment(words, now) if after is None else now + after


def _moment(words: str, now: float) -> float | None:
    if stamp := _STAMP.fullmatch(words):
        return float(stamp[1])
    if dated := _DATED.fullmatch(words):
        return _at(*(int(part or 0) for part in dated.groups()))
    if clock := _CLOCK.fullmatch(words):
        return _next(int(clock[1]), int(clock[2]), now)
    return None


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _tidy(typed: str) -> str:
    """On one line, digits and letters of any width as usual ones."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def _next(hour: int, minute: int, now: float) -> float | None:
    """The next time a clock in UTC shows this; this very minute is over."""
    if hour > 23 or minute > 59:
        return None
    today = datetime.fromtimestamp(now, UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (today if today.timestamp() > now else today + timedelta(days=1)).timestamp()
