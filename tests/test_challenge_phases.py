"""The life of a challenge, `bot/challenges/phases.py`."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenges.errors import WrongPhase
from bot.challenges.phases import (
    LATE_SECONDS,
    Cancelled,
    Confirmed,
    EndedEarly,
    Event,
    Extended,
    TimePassed,
    after,
    phase_by,
)
from bot.challenges.values import Phase, Schedule

ORDER = list(Phase)
FINAL = (Phase.CLOSED, Phase.CANCELLED)
lengths = st.floats(60.0, 30 * 24 * 3600.0)
events = st.one_of(
    st.just(Confirmed()),
    st.builds(TimePassed, entries=st.integers(0, 4)),
    st.builds(EndedEarly, entries=st.integers(0, 4)),
    st.builds(Extended, seconds=lengths),
    st.just(Cancelled()),
)
histories = st.lists(st.tuples(events, st.floats(0.0, 40 * 24 * 3600.0)), max_size=12)


@st.composite
def drafts(draw: st.DrawFn) -> Schedule:
    return draft(
        starts_in=draw(st.floats(-3600.0, 7 * 24 * 3600.0)),
        lasts=draw(lengths),
        voting=draw(lengths),
        ends_at_a_moment=draw(st.booleans()),
    )


def draft(
    *, starts_in: float = 0.0, lasts: float = 1000.0, voting: float = 2000.0, ends_at_a_moment: bool = False
) -> Schedule:
    """The clock stands at 0."""
    return Schedule(
        phase=Phase.DRAFT,
        confirmed=False,
        opens_at=starts_in,
        entries_end_at=starts_in + lasts,
        voting_ends_at=starts_in + lasts + voting,
        voting_seconds=voting,
        ends_at_a_moment=ends_at_a_moment,
    )


def opened(**changes: float) -> Schedule:
    return after(after(draft(**changes), Confirmed(), 0.0), TimePassed(0), 0.0)  # type: ignore[arg-type]  # no flag


def voted_on() -> Schedule:
    return after(opened(), TimePassed(2), 1000.0)


def step(schedule: Schedule, event: Event, now: float) -> Schedule:
    try:
        return after(schedule, event, now)
    except WrongPhase as refused:
        assert refused.phase is schedule.phase
        return schedule


@given(drafts(), histories)
def test_whatever_happens_phases_only_go_forward_and_what_is_over_stays_over(
    schedule: Schedule, history: list[tuple[Event, float]]
) -> None:
    now = 0.0
    for event, seconds in history:
        now += seconds
        before, schedule = schedule, step(schedule, event, now)
        assert ORDER.index(schedule.phase) >= ORDER.index(before.phase)
        assert schedule.confirmed >= before.confirmed
        if before.phase in FINAL:
            assert schedule == before


@given(drafts(), histories)
def test_whatever_happens_a_challenge_opens_before_entries_end_and_voting_ends_last(
    schedule: Schedule, history: list[tuple[Event, float]]
) -> None:
    now = 0.0
    for event, seconds in history:
        now += seconds
        schedule = step(schedule, event, now)
        assert schedule.opens_at <= schedule.entries_end_at <= schedule.voting_ends_at


@given(drafts(), histories, st.integers(0, 4))
def test_a_look_at_the_clock_moves_it_on_once_and_a_second_look_changes_nothing(
    schedule: Schedule, history: list[tuple[Event, float]], entries: int
) -> None:
    now = 0.0
    for event, seconds in history:
        now += seconds
        schedule = step(schedule, event, now)
        looked_at = after(schedule, TimePassed(entries), now)
        assert after(looked_at, TimePassed(entries), now) == looked_at


@given(lengths, lengths, st.floats(0.0, 40 * 24 * 3600.0))
def test_members_lose_no_time_to_enter_when_it_opens_late(lasts: float, voting: float, late: float) -> None:
    planned = after(draft(starts_in=500.0, lasts=lasts, voting=voting), Confirmed(), 0.0)
    schedule = after(planned, TimePassed(0), 500.0 + late)
    left = schedule.entries_end_at - (500.0 + late)
    assert schedule.phase is Phase.OPEN
    assert left >= 0.9 * lasts - 1e-3
    assert late <= LATE_SECONDS or left == pytest.approx(lasts, abs=1e-3)
    assert schedule.voting_ends_at - schedule.entries_end_at == pytest.approx(voting, abs=1e-3)


@given(lengths, lengths, st.floats(0.0, 40 * 24 * 3600.0))
def test_members_lose_no_time_to_vote_when_entries_end_late(lasts: float, voting: float, late: float) -> None:
    open_now = opened(lasts=lasts, voting=voting)
    now = open_now.entries_end_at + late
    schedule = after(open_now, TimePassed(2), now)
    left = schedule.voting_ends_at - now
    assert schedule.phase is Phase.VOTING
    assert left >= 0.9 * voting - 1e-3
    assert late <= LATE_SECONDS or left == pytest.approx(voting, abs=1e-3)


@given(drafts().filter(lambda schedule: schedule.opens_at > 0), st.floats(0.0, 1.0))
def test_nothing_moves_before_its_time(schedule: Schedule, part: float) -> None:
    planned = after(schedule, Confirmed(), 0.0)
    assert after(planned, TimePassed(2), planned.opens_at * part * 0.999) == planned


def test_it_goes_through_its_phases_at_the_planned_times() -> None:
    schedule = draft(starts_in=500.0)
    assert (schedule.deadline, after(schedule, TimePassed(0), 10_000.0)) == (None, schedule)
    schedule = after(schedule, Confirmed(), 0.0)
    assert (schedule.phase, schedule.deadline) == (Phase.DRAFT, 500.0)
    for now, phase, deadline in (
        (501.0, Phase.OPEN, 1500.0),
        (1503.0, Phase.VOTING, 3500.0),
        (3500.0, Phase.CLOSED, None),
    ):
        schedule = after(schedule, TimePassed(2), now)
        assert (schedule.phase, schedule.deadline) == (phase, deadline)
    assert (schedule.opens_at, schedule.entries_end_at, schedule.voting_ends_at) == (500.0, 1500.0, 3500.0)


@pytest.mark.parametrize("entries", [0, 1])
def test_with_fewer_than_two_entries_there_is_no_voting_and_it_ended_when_entries_did(entries: int) -> None:
    schedule = after(opened(), TimePassed(entries), 1000.0)
    assert (schedule.phase, schedule.entries_end_at, schedule.voting_ends_at) == (Phase.CLOSED, 1000.0, 1000.0)


def test_ended_early_entries_end_now_and_voting_is_as_long_as_planned() -> None:
    schedule = after(opened(), EndedEarly(2), 300.0)
    assert (schedule.phase, schedule.entries_end_at, schedule.voting_ends_at) == (Phase.VOTING, 300.0, 2300.0)
    schedule = after(schedule, EndedEarly(2), 400.0)
    assert (schedule.phase, schedule.voting_ends_at) == (Phase.CLOSED, 400.0)


def test_extended_entries_move_the_voting_and_extended_voting_moves_its_end_alone() -> None:
    schedule = after(opened(), Extended(50.0), 300.0)
    assert (schedule.entries_end_at, schedule.voting_ends_at) == (1050.0, 3050.0)
    schedule = after(voted_on(), Extended(50.0), 1100.0)
    assert (schedule.entries_end_at, schedule.voting_ends_at) == (1000.0, 3050.0)


def test_a_deadline_that_passed_unnoticed_is_put_off_from_now_on() -> None:
    assert after(opened(), Extended(50.0), 1200.0).entries_end_at == 1250.0
    assert after(voted_on(), Extended(50.0), 4000.0).voting_ends_at == 4050.0


def test_announced_late_it_is_open_for_as_long_or_until_the_moment_that_was_given() -> None:
    lasting = after(after(draft(), Confirmed(), 400.0), TimePassed(0), 400.0)
    assert (lasting.opens_at, lasting.entries_end_at, lasting.voting_ends_at) == (400.0, 1400.0, 3400.0)
    fixed = after(after(draft(ends_at_a_moment=True), Confirmed(), 400.0), TimePassed(0), 400.0)
    assert (fixed.opens_at, fixed.entries_end_at, fixed.voting_ends_at) == (400.0, 1000.0, 3000.0)
    too_late = after(after(draft(ends_at_a_moment=True), Confirmed(), 1400.0), TimePassed(0), 1400.0)
    assert (too_late.opens_at, too_late.entries_end_at) == (1400.0, 2400.0)


def test_what_was_announced_is_not_announced_again() -> None:
    with pytest.raises(WrongPhase):
        after(after(draft(starts_in=500.0), Confirmed(), 0.0), Confirmed(), 1.0)


@pytest.mark.parametrize("event", [EndedEarly(2), Extended(60.0)])
def test_what_is_not_open_yet_has_no_end_to_be_moved(event: Event) -> None:
    with pytest.raises(WrongPhase):
        after(after(draft(starts_in=500.0), Confirmed(), 0.0), event, 1.0)


@pytest.mark.parametrize("phase", FINAL)
@pytest.mark.parametrize("event", [Confirmed(), EndedEarly(2), Extended(60.0), Cancelled()])
def test_what_is_over_is_over(phase: Phase, event: Event) -> None:
    with pytest.raises(WrongPhase):
        after(replace(voted_on(), phase=phase), event, 1.0)


def test_for_whoever_acts_a_deadline_that_has_passed_counts() -> None:
    assert [phase_by(opened(), now) for now in (999.9, 1000.0)] == [Phase.OPEN, Phase.VOTING]
    assert [phase_by(voted_on(), now) for now in (2999.9, 3000.0)] == [Phase.VOTING, Phase.CLOSED]
    assert phase_by(after(draft(), Confirmed(), 0.0), 1.0) is Phase.DRAFT
