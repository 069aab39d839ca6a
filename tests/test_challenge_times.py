"""Lengths and moments as moderators type them, and what becomes of them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.challenges.creation import CannotCreate, Clash, Plan, TypedTimes, check_weeks, plan
from bot.challenges.errors import BadTimes, TimesMistake
from bot.challenges.times import (
    DAY,
    ENTRIES,
    FARTHEST_START_SECONDS,
    HOUR,
    MEMBERSHIP,
    MINUTE,
    WEEK,
    End,
    Range,
    end_on_opening,
    length_text,
    moment_text,
    parse_end,
    parse_length,
    parse_start,
    start_text,
)

ANY = Range(0.0, float("inf"))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


NOON = at(2026, 11, 24, 12)
"""A Tuesday."""

anything = st.one_of(
    st.text(max_size=40),
    st.text("0123456789 :.,-<>tTuUcCzZ hdwmys\u0660\uff11²\x00", max_size=30),
    st.from_regex(r"<t:\d{1,13}(:[a-zA-Z])?>"),
    st.from_regex(r"\d{1,6}-\d{1,3}-\d{1,3}( \d{1,3}:\d{1,3}(:\d\d)?)?"),
)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30m", 30 * MINUTE),
        ("12h", 12 * HOUR),
        ("3d", 3 * DAY),
        ("1w 2d", 9 * DAY),
        ("1w2d", 9 * DAY),
        ("1h30", 90 * MINUTE),
        ("1H 30", 90 * MINUTE),
        ("1h30m", 90 * MINUTE),
        (" 3 Days ", 3 * DAY),
        ("1 week, 2 days and 6 hours", 9 * DAY + 6 * HOUR),
        ("1.5 h", 90 * MINUTE),
        ("1,5 h", 90 * MINUTE),
        ("90 MINS", 90 * MINUTE),
        ("45 sec", 45.0),
        ("6 months", 180 * DAY),
        ("2y", 730 * DAY),
        ("３ｄ", 3 * DAY),
    ],
)
def test_a_length_is_read_as_people_write_it(typed: str, seconds: float) -> None:
    assert parse_length(typed, ANY) == seconds


@pytest.mark.parametrize(
    "typed", ["", "  ", "3", "d", "3x", "3d 5", "-3d", "h30", "1h30 5", "3 dogs", "1e3d", "soon", "³d!"]
)
def test_what_is_no_length_is_not_guessed(typed: str) -> None:
    with pytest.raises(BadTimes) as refused:
        parse_length(typed, ANY)
    assert (refused.value.mistake, refused.value.typed) == (TimesMistake.NO_LENGTH, typed)


@pytest.mark.parametrize(
    ("typed", "mistake", "limit"),
    [
        ("4m", TimesMistake.TOO_SHORT, 5 * MINUTE),
        ("0d", TimesMistake.TOO_SHORT, 5 * MINUTE),
        ("60d 1m", TimesMistake.TOO_LONG, 60 * DAY),
        ("999999y", TimesMistake.TOO_LONG, 60 * DAY),
    ],
)
def test_a_length_keeps_within_its_limits(typed: str, mistake: TimesMistake, limit: float) -> None:
    with pytest.raises(BadTimes) as refused:
        parse_length(typed, ENTRIES)
    assert (refused.value.mistake, refused.value.limit_seconds) == (mistake, limit)


def test_the_limits_themselves_are_possible() -> None:
    assert (parse_length("5m", ENTRIES), parse_length("60d", ENTRIES)) == (5 * MINUTE, 60 * DAY)
    assert (parse_length("0d", MEMBERSHIP), parse_length("10y", MEMBERSHIP)) == (0.0, 3650 * DAY)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("now", NOON),
        (" Now ", NOON),
        ("", NOON),
        ("in 2h", NOON + 2 * HOUR),
        ("IN 2 hours", NOON + 2 * HOUR),
        ("2h", NOON + 2 * HOUR),
        ("2026-12-24 18:00", at(2026, 12, 24, 18)),
        ("2026-12-24 18:00 UTC", at(2026, 12, 24, 18)),
        ("2026-12-24T18:00:30Z", at(2026, 12, 24, 18, 0, 30)),
        ("2026-12-24", at(2026, 12, 24)),
        ("18:00", at(2026, 11, 24, 18)),
        ("9:05 utc", at(2026, 11, 25, 9, 5)),
        ("12:00", at(2026, 11, 25, 12)),
        ("<t:1766599200:F>", 1766599200.0),
        ("<t:1766599200>", 1766599200.0),
        ("2026-11-24 11:59:30", NOON),
    ],
)
def test_a_start_is_now_or_a_moment_or_so_long_from_now(typed: str, moment: float) -> None:
    now = at(2025, 12, 24, 12) if typed.startswith("<t") else NOON
    assert parse_start(typed, now) == moment


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("2026-11-24 11:58", TimesMistake.PAST),
        ("<t:1>", TimesMistake.PAST),
        ("181d", TimesMistake.TOO_FAR),
        ("9999-12-31", TimesMistake.TOO_FAR),
        ("<t:99999999999>", TimesMistake.TOO_FAR),
        ("2026-02-30 18:00", TimesMistake.NOT_UNDERSTOOD),
        ("24:00", TimesMistake.NOT_UNDERSTOOD),
        ("18:60", TimesMistake.NOT_UNDERSTOOD),
        ("<t:1766599200:X>", TimesMistake.NOT_UNDERSTOOD),
        ("18", TimesMistake.NOT_UNDERSTOOD),
        ("tomorrow", TimesMistake.NOT_UNDERSTOOD),
        ("in", TimesMistake.NOT_UNDERSTOOD),
    ],
)
def test_a_start_that_cannot_be_is_refused(typed: str, mistake: TimesMistake) -> None:
    with pytest.raises(BadTimes) as refused:
        parse_start(typed, NOON)
    assert refused.value.mistake is mistake
    assert refused.value.limit_seconds == (FARTHEST_START_SECONDS if mistake is TimesMistake.TOO_FAR else None)


def test_an_end_is_a_length_from_the_start_or_a_moment() -> None:
    opens_at = NOON + DAY
    assert parse_end("3d", opens_at, NOON) == End(NOON + 4 * DAY, is_fixed=False)
    assert parse_end("in 3d", opens_at, NOON) == End(NOON + 3 * DAY, is_fixed=True)
    assert parse_end("2026-11-28 18:00", opens_at, NOON) == End(at(2026, 11, 28, 18), is_fixed=True)


@pytest.mark.parametrize(
    ("typed", "mistake", "limit"),
    [
        ("2026-11-24 11:00", TimesMistake.PAST, None),
        ("in 0m", TimesMistake.PAST, None),
        ("2026-11-24 13:04", TimesMistake.TOO_SHORT, 5 * MINUTE),
        ("2026-11-24 12:30", TimesMistake.TOO_SHORT, 5 * MINUTE),
        ("2027-11-24", TimesMistake.TOO_LONG, 60 * DAY),
        ("61d", TimesMistake.TOO_LONG, 60 * DAY),
        ("never", TimesMistake.NOT_UNDERSTOOD, None),
    ],
)
def test_an_end_that_cannot_be_is_refused(typed: str, mistake: TimesMistake, limit: float | None) -> None:
    with pytest.raises(BadTimes) as refused:
        parse_end(typed, NOON + HOUR, NOON)
    assert (refused.value.mistake, refused.value.limit_seconds) == (mistake, limit)


def test_a_draft_announced_late_keeps_its_length_or_the_moment_it_was_given() -> None:
    assert end_on_opening(NOON, End(NOON + 3 * DAY, is_fixed=False), NOON + HOUR) == NOON + 3 * DAY + HOUR
    assert end_on_opening(NOON, End(NOON + 3 * DAY, is_fixed=True), NOON + HOUR) == NOON + 3 * DAY


@pytest.mark.parametrize(("late", "mistake"), [(HOUR, TimesMistake.PAST), (HOUR - 60, TimesMistake.TOO_SHORT)])
def test_a_moment_that_has_come_meanwhile_is_refused(late: float, mistake: TimesMistake) -> None:
    with pytest.raises(BadTimes) as refused:
        end_on_opening(NOON, End(NOON + HOUR, is_fixed=True), NOON + late)
    assert (refused.value.mistake, refused.value.typed) == (mistake, "2026-11-24 13:00 UTC")


@given(anything)
@example("<t:00000000000>")
@example("0000-01-01")
@example("9999-12-31 23:59:59")
@example("999999y 999999y")
def test_whatever_is_typed_is_a_time_within_its_limits_or_refused_as_one(typed: str) -> None:
    readings: list[Callable[[], bool]] = [
        lambda: parse_length(typed, ENTRIES) <= ENTRIES.most,
        lambda: NOON <= parse_start(typed, NOON) <= NOON + FARTHEST_START_SECONDS,
        lambda: ENTRIES.least <= parse_end(typed, NOON, NOON).at - NOON <= ENTRIES.most,
    ]
    for read in readings:
        try:
            assert read()
        except BadTimes as refused:
            assert refused.typed == typed


@given(st.integers(1, 400 * int(DAY)))
def test_a_length_is_read_as_it_was_written(seconds: int) -> None:
    assert parse_length(length_text(seconds), ANY) == seconds


@given(st.integers(int(NOON) + 61, int(NOON + FARTHEST_START_SECONDS)))
def test_a_moment_is_read_as_it_was_written(moment: int) -> None:
    assert parse_start(moment_text(moment), NOON) == moment
    assert start_text(moment, NOON) == moment_text(moment)


def test_times_are_written_shortly() -> None:
    assert [length_text(seconds) for seconds in (0, 90, 5400, 9 * DAY)] == ["0m", "1m 30s", "1h 30m", "1w 2d"]
    assert (start_text(NOON, NOON), moment_text(NOON)) == ("now", "2026-11-24 12:00 UTC")


def test_a_challenge_is_open_for_three_days_and_voted_on_for_one_unless_told_otherwise() -> None:
    usual = Plan(opens_at=NOON, end=End(NOON + 3 * DAY, is_fixed=False), voting_seconds=DAY)
    assert plan(TypedTimes(), NOON, is_weekly=False) == usual
    typed = TypedTimes(starts="18:00", ends="2026-11-30", voting="12h")
    chosen = Plan(opens_at=NOON + 6 * HOUR, end=End(at(2026, 11, 30), is_fixed=True), voting_seconds=12 * HOUR)
    assert plan(typed, NOON, is_weekly=False) == chosen


def test_either_a_length_or_an_end_is_given() -> None:
    with pytest.raises(CannotCreate) as refused:
        plan(TypedTimes(lasts="3d", ends="2026-11-30"), NOON, is_weekly=False)
    assert refused.value.obstacle is Clash.LENGTH_AND_END


def test_in_a_series_entries_are_over_when_the_next_challenge_opens() -> None:
    assert plan(TypedTimes(lasts="1w"), NOON, is_weekly=True).end.at == NOON + WEEK
    with pytest.raises(BadTimes) as refused:
        plan(TypedTimes(lasts="8d"), NOON, is_weekly=True)
    assert (refused.value.mistake, refused.value.limit_seconds) == (TimesMistake.TOO_LONG, WEEK)


@pytest.mark.parametrize(
    ("named", "uploads", "clash"),
    [(1, 0, Clash.TOO_FEW_WEEKS), (27, 0, Clash.TOO_MANY_WEEKS), (2, 1, Clash.UPLOADS_EVERY_WEEK)],
)
def test_a_series_has_a_style_for_each_week(named: int, uploads: int, clash: Clash) -> None:
    check_weeks(2, uploads=0)
    with pytest.raises(CannotCreate) as refused:
        check_weeks(named, uploads=uploads)
    assert refused.value.obstacle is clash
