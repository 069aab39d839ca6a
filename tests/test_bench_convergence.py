"""Ours against the reference, as figures."""

from dataclasses import replace
from pathlib import Path

import pytest

from nst_engine.bench.convergence import (
    Compared,
    Lengths,
    Point,
    convergence_table,
    first_reached,
    measure_convergence,
    summary,
)
from nst_engine.bench.descent import Step
from nst_engine.bench.gram_objective import GramObjective
from nst_engine.bench.loss_weights import NEURAL_STYLE
from tests.bench_samples import MACHINE, quick_ceilings, random_pair
from tests.fake_network import random_tensor, tiny_network

PAIR = Compared(
    pair="cat × night",
    width=256,
    height=171,
    reference=Point(evaluations=300, seconds=120.0, delivered=2e7, internal=4e6),
    ours=Point(evaluations=100, seconds=42.0, delivered=5.05e6, internal=5e6),
    ratio=0.2525,
    evaluations_to_reach=9,
    seconds_to_reach=4.0,
    time_ratio=1 / 30,
    reference_curve=(),
    curve=(),
)


def test_medians_and_worst_are_over_the_pairs() -> None:
    pairs = [PAIR, replace(PAIR, ratio=0.5, time_ratio=0.1), replace(PAIR, ratio=0.7, time_ratio=None)]
    found = summary(MACHINE, pairs)
    assert (found.median_ratio, found.worst_ratio) == (0.5, 0.7)
    assert (found.median_time_ratio, found.worst_time_ratio) == (0.1, None)
    assert found.worst_delivered_over_internal == pytest.approx(1.01)


def test_the_table_has_a_row_a_pair_and_a_last_line_for_all() -> None:
    lines = convergence_table(summary(MACHINE, [PAIR, replace(PAIR, evaluations_to_reach=None)])).splitlines()
    row = next(line for line in lines if line.startswith("cat × night"))
    assert row.split()[3:] == [
        *("256×171", "2.000e+07", "4.000e+06", "120.0", "5.050e+06", "5.000e+06", "42.0", "0.25", "9", "4.0", "0.033")
    ]
    assert " never " in lines[-3]
    assert "median 0.25, worst 0.25" in lines[-1]


def test_a_pair_is_measured_from_files_to_figures(tmp_path: Path) -> None:
    lengths = Lengths(evaluations=8, iterations=6)
    found = measure_convergence(tiny_network(), [random_pair(tmp_path)], 48, lengths, quick_ceilings())
    [pair] = found.pairs
    assert (pair.width, pair.height) == (48, 36)
    assert pair.reference.evaluations == 6
    assert pair.ours.evaluations == 8
    assert pair.ratio == pair.ours.delivered / pair.reference.delivered
    assert pair.reference_curve[0].evaluations == 0
    assert pair.curve[-1] == pair.ours


def test_a_loss_is_reached_only_where_the_written_picture_has_it() -> None:
    content, style = random_tensor(1, 3, 32, 24, seed=1), random_tensor(1, 3, 32, 32, seed=2)
    objective = GramObjective(NEURAL_STYLE, tiny_network(), content, style)
    outside = content + 0.5  # its own loss is of no use to who gets the clipped picture
    loss = objective.delivered(content)
    steps = [
        Step(evaluations=1, seconds=1.0, internal=0.0, picture=outside),
        Step(evaluations=2, seconds=2.0, internal=2.0 * loss + 1.0, picture=content),
        Step(evaluations=3, seconds=3.0, internal=loss, picture=content),
    ]
    reached = first_reached(objective, steps, loss)
    assert reached is not None
    assert reached.evaluations == 3
    assert first_reached(objective, steps[:2], loss) is None
