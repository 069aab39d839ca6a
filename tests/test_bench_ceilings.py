"""The machine's ceilings, taken before and after."""

import re

import torch

from nst_engine.bench.ceilings import seconds_of, times
from tests.bench_samples import quick_ceilings


def test_a_machine_is_described_with_the_medians_of_all_samples() -> None:
    ceilings = quick_ceilings()
    rates = [ceilings.sample(), ceilings.sample()]
    machine = ceilings.machine()
    assert (machine.matrix_product_lowest, machine.matrix_product_highest) == (min(rates), max(rates))
    assert min(rates) <= machine.matrix_product_gflop_per_second <= max(rates)
    assert machine.copy_gigabytes_per_second > 0
    assert machine.torch == torch.__version__
    assert machine.threads == torch.get_num_threads()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", machine.date)


def test_the_first_run_is_not_counted() -> None:
    runs: list[int] = []
    assert len(times(lambda: runs.append(1), torch.device("cpu"), 3)) == 3
    assert len(runs) == 4


def test_seconds_are_those_of_the_work() -> None:
    assert 0 <= seconds_of(lambda: None, torch.device("cpu")) < 1
