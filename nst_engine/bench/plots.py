"""The measurements as drawings. The only place that imports matplotlib, which nothing else here needs."""

import importlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nst_engine.errors import BadInput

if TYPE_CHECKING:  # the checks at the top are made before torch is imported
    from nst_engine.bench.batch import Batches
    from nst_engine.bench.convergence import Compared, Convergence
    from nst_engine.bench.iteration import Iterations
    from nst_engine.bench.memory import Memory
    from nst_engine.bench.peers import Peers

_SUFFIXES = (".png", ".svg")

Figure = Any
Axes = Any
"""matplotlib's; it is not there when types are checked."""


def check_plot(path: Path) -> None:
    """Refuse before anything is measured what could not be drawn afterwards. Raises BadInput."""
    if path.suffix.lower() not in _SUFFIXES:
        raise BadInput(f"{path}: a plot is a .png or a .svg file")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent}: there is no such folder to write {path.name} in")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path}: cannot be written")
    if importlib.util.find_spec("matplotlib") is None:
        raise BadInput("a plot needs matplotlib, which is not installed; run: pip install matplotlib")


def save_plot(path: Path, draw: Callable[[Figure], None]) -> None:
    """Draw and write under another name first. Raises BadInput where the file cannot be written."""
    figure = importlib.import_module("matplotlib.figure").Figure(figsize=(9, 5), layout="constrained")
    draw(figure)
    unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix}")
    try:
        figure.savefig(unfinished, dpi=120)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise BadInput(f"{path}: cannot be written ({error.strerror})") from error


def plot_iterations(figure: Figure, measured: "Iterations") -> None:
    """The share of the matrix product at each size."""
    axes = figure.subplots()
    sizes = [f"{row.size}" for row in measured.iterations]
    axes.bar(sizes, [100 * row.share_of_matrix_product for row in measured.iterations])
    axes.axhline(100, color="black", linewidth=1)
    axes.set(xlabel="side in pixels", ylabel="% of the fp32 matrix product", title=measured.machine.device)


def plot_convergence(figure: Figure, measured: "Convergence") -> None:
    """The delivered loss over the evaluations, a drawing for each pair."""
    pairs = measured.pairs
    columns = min(3, len(pairs))
    rows = -(-len(pairs) // columns)
    figure.set_size_inches(4 * columns, 3.2 * rows)
    places = figure.subplots(rows, columns, squeeze=False).flat
    for pair, axes in zip(pairs, places, strict=False):
        _curves(axes, pair)
    for axes in places:
        axes.set_axis_off()


def plot_peers(figure: Figure, measured: "Peers") -> None:
    """swd over crel, a mark for each pair and a colour for each program; the lower left is the best."""
    axes = figure.subplots()
    for program in dict.fromkeys(row.program for row in measured.rows):
        rows = [row for row in measured.rows if row.program == program]
        axes.scatter([row.crel for row in rows], [row.swd for row in rows], label=program)
    axes.set(xlabel="crel: change of the content", ylabel="swd: distance to the style", title=measured.machine.device)
    axes.legend()


def plot_memory(figure: Figure, measured: "Memory") -> None:
    """The peak of the process and of the device over the size."""
    axes = figure.subplots()
    sizes = [peak.size for peak in measured.peaks]
    _line(axes, sizes, [peak.peak_memory_bytes / 2**30 for peak in measured.peaks], "process")
    _line(axes, sizes, [peak.device_memory_bytes / 2**30 for peak in measured.peaks], "device")
    axes.set(xlabel="longer side in pixels", ylabel="peak memory in GiB", title=measured.machine.device, ylim=(0, None))
    axes.legend()


def plot_batches(figure: Figure, measured: "Batches") -> None:
    """Jobs a second over the number of jobs."""
    axes = figure.subplots()
    jobs = [row.jobs for row in measured.batches]
    _line(axes, jobs, [row.together_jobs_per_second for row in measured.batches], "together")
    _line(axes, jobs, [row.jobs / row.one_by_one_seconds for row in measured.batches], "one by one")
    axes.set(xlabel="jobs", ylabel="jobs per second", title=measured.machine.device, ylim=(0, None))
    axes.legend()


def _curves(axes: Axes, pair: "Compared") -> None:
    for name, curve in (("reference", pair.reference_curve), ("ours", pair.curve)):
        _line(axes, [point.evaluations for point in curve], [point.delivered for point in curve], name)
    axes.axhline(pair.reference.delivered, color="black", linewidth=0.8, linestyle=":")
    axes.set(yscale="log", title=pair.pair, xlabel="evaluations", ylabel="J as delivered")
    axes.legend()


def _line(axes: Axes, across: Sequence[float], up: Sequence[float], label: str) -> None:
    axes.plot(across, up, marker=".", label=label)
