"""Reports, speed and time left, against a clock that the test turns."""

import pytest

from nst_engine.contract.plan import Stage
from nst_engine.contract.presets import stage_cost
from nst_engine.pace import Pace

SMALL, LARGE = Stage(size=(128, 128), steps=4), Stage(size=(256, 256), steps=2)


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_time_left_counts_what_a_step_costs_at_its_size() -> None:
    clock = Clock()
    pace = Pace((SMALL, LARGE), 1.0, clock)
    for _ in range(SMALL.steps):
        clock.seconds += stage_cost(SMALL.size)
        pace.count(SMALL)
    steps_per_second, seconds_left = pace.report()
    assert steps_per_second == pytest.approx(1 / stage_cost(SMALL.size))
    assert seconds_left == pytest.approx(2 * stage_cost(LARGE.size))


def test_reports_are_due_after_the_first_step_in_time_and_after_the_last() -> None:
    clock = Clock()
    pace = Pace((SMALL,), 10.0, clock)
    assert not pace.report_is_due
    due = []
    for seconds in (0.1, 0.1, 10.0, 0.1):
        clock.seconds += seconds
        pace.count(SMALL)
        due.append(pace.report_is_due)
        if due[-1]:
            pace.report()
    assert due == [True, False, True, True]


def test_nothing_is_left_after_the_last_step() -> None:
    clock = Clock()
    pace = Pace((LARGE,), 1.0, clock)
    for _ in range(LARGE.steps):
        clock.seconds += 1.0
        pace.count(LARGE)
    assert pace.report()[1] == 0.0
    assert pace.seconds == 2.0


def test_a_change_of_pace_is_noticed() -> None:
    clock = Clock()
    pace = Pace((Stage(size=(128, 128), steps=100),), 1.0, clock)
    for seconds in (1.0,) * 20 + (10.0,) * 20:
        clock.seconds += seconds
        pace.count(SMALL)
        left = pace.report()[1]
    assert left == pytest.approx(60 * 10.0)


def test_steps_can_be_reached_several_at_a_time() -> None:
    clock = Clock()
    one, other = Pace((SMALL, LARGE), 1.0, clock), Pace((SMALL, LARGE), 1.0, clock)
    for stage in (SMALL,) * 4 + (LARGE,):
        one.count(stage)
        other.reach(one.step)
        assert other.share_done == pytest.approx(one.share_done)
    clock.seconds += 1.0
    assert other.report() == pytest.approx(one.report())
