"""The engine's own speed, from the jobs it has finished."""

import pytest

from nst_engine.agent.speed import smoothed


def test_the_first_job_sets_the_speed() -> None:
    assert smoothed(None, cost=10.0, seconds=4.0) == 2.5


def test_a_later_job_moves_it_three_tenths_of_the_way() -> None:
    assert smoothed(2.0, cost=12.0, seconds=1.0) == pytest.approx(5.0)


@pytest.mark.parametrize(("cost", "seconds"), [(0.0, 1.0), (1.0, 0.0)])
def test_a_job_of_no_length_teaches_nothing(cost: float, seconds: float) -> None:
    assert smoothed(2.0, cost=cost, seconds=seconds) == 2.0
