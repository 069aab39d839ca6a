"""Evaluations beside the machine's ceiling."""

from nst_engine.bench.iteration import Iteration, Iterations, iterations_table, measure_iterations
from tests.bench_samples import MACHINE, quick_ceilings
from tests.fake_network import tiny_network


def test_every_size_is_measured_against_the_ceiling_around_it() -> None:
    found = measure_iterations(tiny_network(), (32, 48), 1, quick_ceilings())
    assert [row.size for row in found.iterations] == [32, 48]
    assert all(row.seconds > 0 and row.share_of_matrix_product > 0 for row in found.iterations)
    assert found.peak_memory_bytes > 0


def test_a_step_of_the_solver_reads_nothing_back() -> None:
    [row] = measure_iterations(tiny_network(), (32,), 1, quick_ceilings()).iterations
    assert row.host_synchronisations == 0


def test_the_table_has_a_row_for_each_size() -> None:
    row = Iteration(size=64, seconds=0.5, gflop_per_second=90.0, share_of_matrix_product=0.75, host_synchronisations=0)
    lines = iterations_table(Iterations(machine=MACHINE, peak_memory_bytes=2**30, iterations=(row,))).splitlines()
    assert "120 GFLOP/s" in lines[1]
    assert "1024 MiB" in lines[2]
    assert lines[-1].split() == ["64", "0.5000", "90", "75%", "0"]
