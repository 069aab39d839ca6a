"""Drawings, where matplotlib is installed, and the sentence where it is not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nst_engine.bench import plots
from nst_engine.bench.batch import Batches
from nst_engine.bench.convergence import summary
from nst_engine.bench.iteration import Iteration, Iterations
from nst_engine.bench.memory import Memory, Peak
from nst_engine.bench.peers import Peers
from nst_engine.errors import BadInput
from tests.bench_samples import BATCH, MACHINE
from tests.test_bench_convergence import PAIR
from tests.test_bench_peers import ROW

ITERATION = Iteration(
    size=64, seconds=0.5, gflop_per_second=90.0, share_of_matrix_product=0.75, host_synchronisations=0
)
PEAK = Peak(size=256, width=256, height=170, seconds=20.0, peak_memory_bytes=2**30, device_memory_bytes=2**29, tiles=1)
DRAWINGS: tuple[Callable[[Any], None], ...] = (
    lambda figure: plots.plot_iterations(
        figure, Iterations(machine=MACHINE, peak_memory_bytes=1, iterations=(ITERATION,))
    ),
    lambda figure: plots.plot_convergence(figure, summary(MACHINE, [PAIR] * 4)),
    lambda figure: plots.plot_peers(figure, Peers(machine=MACHINE, rows=(ROW,))),
    lambda figure: plots.plot_memory(figure, Memory(machine=MACHINE, pair="one", peaks=(PEAK,))),
    lambda figure: plots.plot_batches(figure, Batches(machine=MACHINE, pair="one", size=512, batches=(BATCH,))),
)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_subject_can_be_drawn(draw: Callable[[Any], None], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plots.save_plot(tmp_path / "plot.svg", draw)
    assert "<svg" in (tmp_path / "plot.svg").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["plot.svg"]


def test_without_matplotlib_a_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BadInput, match="a plot needs matplotlib, which is not installed; run: pip install matplotlib"):
        plots.check_plot(tmp_path / "plot.png")


@pytest.mark.parametrize(("name", "word"), [("plot.pdf", r"\.png or a \.svg"), ("none/plot.png", "no such folder")])
def test_a_file_that_cannot_be_drawn_is_refused_before_measuring(name: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=word):
        plots.check_plot(tmp_path / name)
