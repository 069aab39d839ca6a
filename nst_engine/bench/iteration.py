"""What one evaluation costs, beside what this machine can do at best. Medians, all measured in the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import torch

from nst_engine.bench.ceilings import Ceilings, Machine, times
from nst_engine.bench.host_reads import host_reads
from nst_engine.bench.tables import heading, mebibytes, table
from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS, LbfgsRecipe
from nst_engine.device import peak_memory_bytes
from nst_engine.lbfgs import Lbfgs
from nst_engine.objective import objective_of
from nst_engine.start import noise
from nst_engine.vgg import Vgg19, multiply_adds_per_pixel

_RECIPE = LbfgsRecipe(history=8, first_step=0.05, smoothing=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """One size: seconds of an evaluation, the network's arithmetic per second, and its share of the ceiling."""

    size: int
    seconds: float
    gflop_per_second: float
    share_of_matrix_product: float
    host_synchronisations: int
    """Of one step of the solver, its evaluation included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterations:
    """A run."""

    machine: Machine
    peak_memory_bytes: int
    iterations: tuple[Iteration, ...]


def measure_iterations(network: Vgg19, sizes: Sequence[int], repeats: int, ceilings: Ceilings) -> Iterations:
    """Time evaluations (loss and gradient) of the default preset on square pictures.

    The arithmetic counted is the network's alone: two operations per multiply-add, forward and backward. A ceiling is
    taken before and after each size.
    """
    found = [_iteration(network, size, repeats, ceilings) for size in sizes]
    peak = peak_memory_bytes(network.device)
    return Iterations(machine=ceilings.machine(), peak_memory_bytes=peak, iterations=tuple(found))


def iterations_table(measured: Iterations) -> str:
    """The same for people."""
    columns = ("size", "seconds", "GFLOP/s", "of product", "host reads")
    rows = [
        (
            f"{row.size}",
            f"{row.seconds:.4f}",
            f"{row.gflop_per_second:.0f}",
            f"{row.share_of_matrix_product:.0%}",
            f"{row.host_synchronisations}",
        )
        for row in measured.iterations
    ]
    memory = f"peak memory {mebibytes(measured.peak_memory_bytes)}"
    return "\n".join((heading(measured.machine), memory, "", table(columns, rows)))


def _iteration(network: Vgg19, size: int, repeats: int, ceilings: Ceilings) -> Iteration:
    before = ceilings.sample()
    like = torch.empty(1, 3, size, size, device=network.device)
    content, style, picture = (noise(like, seed) for seed in range(3))
    objective = objective_of(PRESETS[PresetName.DEFAULT], network, content, [style])
    seconds = median(times(lambda: objective.evaluate(picture), network.device, repeats))
    rate = 4.0 * multiply_adds_per_pixel() * size * size / seconds / 1e9
    ceiling = 0.5 * (before + ceilings.sample())
    solver = Lbfgs(objective, picture, _RECIPE)
    solver.step()
    return Iteration(
        size=size,
        seconds=seconds,
        gflop_per_second=rate,
        share_of_matrix_product=rate / ceiling,
        host_synchronisations=host_reads(solver.step, network.device),
    )
