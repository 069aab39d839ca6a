"""What this machine can do at best, taken in the same run as what is measured on it. Knows no network."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import perf_counter

import torch

from nst_engine.device import describe, wait_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How large the work is that a ceiling is taken with."""

    product_side: int
    copied_bytes: int
    """More than the caches hold."""


_LOADS = {
    "cpu": Load(product_side=2048, copied_bytes=2**26),
    "cuda": Load(product_side=8192, copied_bytes=2**30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where and when something was measured, and the ceilings there: medians over the whole run."""

    device: str
    threads: int
    torch: str
    program: str
    date: str
    """UTC, ISO 8601, to the minute."""
    matrix_product_gflop_per_second: float
    """fp32, as the device is set up for the network (on CUDA that is TF32)."""
    matrix_product_lowest: float
    matrix_product_highest: float
    """The lowest and the highest of the medians taken before, between and after: how steady the machine was."""
    copy_gigabytes_per_second: float
    """Read plus written."""


class Ceilings:
    """Call `sample` before and after what is measured, so that a change of the machine's pace is seen by both."""

    def __init__(self, device: torch.device, repeats: int = 3, load: Load | None = None) -> None:
        """`load` None: as much as this kind of device needs."""
        self.device = device
        self._load = load or _LOADS[device.type]
        self._repeats = repeats
        self._products: list[float] = []
        self._copies: list[float] = []

    def sample(self) -> float:
        """Take both ceilings once more; returns the matrix product's median rate in GFLOP/s."""
        self._copies.append(median(_copy_rates(self.device, self._load.copied_bytes, self._repeats)))
        self._products.append(median(_product_rates(self.device, self._load.product_side, self._repeats)))
        return self._products[-1]

    def machine(self) -> Machine:
        """After at least one sample."""
        return Machine(
            device=describe(self.device),
            threads=torch.get_num_threads(),
            torch=str(torch.__version__),
            program=program_version(),
            date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
            matrix_product_gflop_per_second=median(self._products),
            matrix_product_lowest=min(self._products),
            matrix_product_highest=max(self._products),
            copy_gigabytes_per_second=median(self._copies),
        )


def program_version() -> str:
    """The installed version of this project."""
    try:
        return version("stylize-bot")
    except PackageNotFoundError:
        return "not installed"


def times(work: Callable[[], object], device: torch.device, repeats: int) -> list[float]:
    """Seconds of each of `repeats` runs, after one that is not counted."""
    return [seconds_of(work, device) for _ in range(repeats + 1)][1:]


def seconds_of(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of one run, the device's work included."""
    wait_for(device)
    began = perf_counter()
    work()
    wait_for(device)
    return perf_counter() - began


def _product_rates(device: torch.device, side: int, repeats: int) -> list[float]:
    a = torch.ones(side, side, device=device)
    return [2.0 * side**3 / seconds / 1e9 for seconds in times(lambda: a @ a, device, repeats)]


def _copy_rates(device: torch.device, size: int, repeats: int) -> list[float]:
    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return [2.0 * size / seconds / 1e9 for seconds in times(lambda: target.copy_(source), device, repeats)]
