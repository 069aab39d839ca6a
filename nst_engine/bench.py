"""What one evaluation costs, beside what this machine can do at best. Medians, all measured in the same run."""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypedDict

import torch

from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS
from nst_engine.device import describe, peak_memory_bytes, wait_for
from nst_engine.objective import Objective
from nst_engine.start import noise
from nst_engine.vgg import Vgg19, multiply_adds_per_pixel

_PRODUCT_SIDE = 2048


class Iteration(TypedDict):
    """One size: seconds of an evaluation, the network's arithmetic per second, and its share of the ceiling."""

    size: int
    seconds: float
    gflop_per_second: float
    share_of_matrix_product: float


class Measured(TypedDict):
    """A run of the benchmark."""

    device: str
    torch: str
    matrix_product_gflop_per_second: float
    peak_memory_bytes: int
    iterations: list[Iteration]


def measure_iterations(network: Vgg19, sizes: Sequence[int], repeats: int) -> Measured:
    """Time evaluations (loss and gradient) of the default preset on square pictures.

    The arithmetic counted is the network's alone: two operations per multiply-add, forward and backward. A ceiling is
    taken before and after each size, so that a change of the machine's pace in between is seen by both.
    """
    device = network.device
    products: list[float] = []
    iterations: list[Iteration] = []
    for size in sizes:
        products += _product_rates(device, repeats)
        evaluate = _evaluation(network, size)
        seconds = median(_times(evaluate, device, repeats))
        products += _product_rates(device, repeats)
        rate = 4.0 * multiply_adds_per_pixel() * size * size / seconds / 1e9
        ceiling = median(products[-2 * repeats :])
        iterations.append(
            Iteration(size=size, seconds=seconds, gflop_per_second=rate, share_of_matrix_product=rate / ceiling)
        )
    return Measured(
        device=describe(device),
        torch=torch.__version__,
        matrix_product_gflop_per_second=median(products),
        peak_memory_bytes=peak_memory_bytes(device),
        iterations=iterations,
    )


def table(measured: Measured) -> str:
    """The same for people."""
    lines = [
        f"{measured['device']}, torch {measured['torch']}, "
        f"fp32 matrix product {measured['matrix_product_gflop_per_second']:.0f} GFLOP/s, "
        f"peak memory {measured['peak_memory_bytes'] / 2**20:.0f} MiB",
        f"{'size':>6} {'seconds':>9} {'GFLOP/s':>9} {'of product':>11}",
    ]
    lines += [
        f"{row['size']:>6} {row['seconds']:>9.3f} {row['gflop_per_second']:>9.0f} "
        f"{row['share_of_matrix_product']:>10.0%}"
        for row in measured["iterations"]
    ]
    return "\n".join(lines)


def _evaluation(network: Vgg19, size: int) -> Callable[[], object]:
    like = torch.empty(1, 3, size, size, device=network.device)
    content, style, picture = (noise(like, seed) for seed in range(3))
    objective = Objective(PRESETS[PresetName.DEFAULT], network, content, [style])
    return lambda: objective.evaluate(picture)


def _product_rates(device: torch.device, repeats: int) -> list[float]:
    a = torch.ones(_PRODUCT_SIDE, _PRODUCT_SIDE, device=device)
    times = _times(lambda: a @ a, device, repeats)
    return [2.0 * _PRODUCT_SIDE**3 / seconds / 1e9 for seconds in times]


def _times(work: Callable[[], object], device: torch.device, repeats: int) -> list[float]:
    """Seconds of each of `repeats` runs, after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        wait_for(device)
        began = perf_counter()
        work()
        wait_for(device)
        times.append(perf_counter() - began)
    return times[1:]
