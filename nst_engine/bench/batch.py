"""Jobs that are painted together against the same jobs one after the other: how many a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from nst_engine.bench.ceilings import Ceilings, Machine, seconds_of
from nst_engine.bench.tables import heading, mebibytes, table
from nst_engine.contract.params import StylizeParams
from nst_engine.device import forget_peak_memory, peak_memory_bytes
from nst_engine.vgg import Vgg19

Job = tuple[Image.Image, Sequence[Image.Image]]
"""A content and its styles, RGB."""


class Together(Protocol):
    """Paints several jobs of one size in one batch; a result for each, in their order."""

    def __call__(self, batch: Sequence[Job], params: StylizeParams, network: Vgg19, /) -> Sequence[object]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """So many jobs, in one batch and one after the other."""

    jobs: int
    together_seconds: float
    one_by_one_seconds: float
    times_faster: float
    together_jobs_per_second: float
    peak_memory_bytes: int
    """Up to here, of the batch on a GPU; of the process, and of all batches so far, elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """A run."""

    machine: Machine
    pair: str
    size: int
    batches: tuple[Throughput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The job that is painted again and again."""

    name: str
    job: Job
    params: StylizeParams


def measure_batches(
    network: Vgg19, work: Work, counts: Sequence[int], together: Together, ceilings: Ceilings
) -> Batches:
    """Time every number of jobs, ascending. One job is painted beforehand, so that nothing is compiled in a timing."""
    together([work.job], work.params, network)
    batches = []
    for count in sorted(set(counts)):
        ceilings.sample()
        batches.append(_throughput(network, work, count, together))
    ceilings.sample()
    return Batches(machine=ceilings.machine(), pair=work.name, size=work.params.size, batches=tuple(batches))


def batches_table(measured: Batches) -> str:
    """The same for people."""
    columns = ("jobs", "together", "one by one", "times faster", "jobs/s", "memory")
    rows = [
        (
            f"{row.jobs}",
            f"{row.together_seconds:.2f} s",
            f"{row.one_by_one_seconds:.2f} s",
            f"{row.times_faster:.2f}",
            f"{row.together_jobs_per_second:.3f}",
            mebibytes(row.peak_memory_bytes),
        )
        for row in measured.batches
    ]
    return "\n".join((heading(measured.machine), f"{measured.pair}, {measured.size} px", "", table(columns, rows)))


def _throughput(network: Vgg19, work: Work, count: int, together: Together) -> Throughput:
    forget_peak_memory(network.device)
    batch = [work.job] * count
    in_one = seconds_of(lambda: together(batch, work.params, network), network.device)
    peak = peak_memory_bytes(network.device)
    apart = seconds_of(lambda: [together([job], work.params, network) for job in batch], network.device)
    return Throughput(
        jobs=count,
        together_seconds=in_one,
        one_by_one_seconds=apart,
        times_faster=apart / in_one,
        together_jobs_per_second=count / in_one,
        peak_memory_bytes=peak,
    )
