"""What a picture of each size takes of the memory: a fresh process a size, from its start to the written picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict

from nst_engine.bench.ceilings import Ceilings, Machine
from nst_engine.bench.pairs import Pair
from nst_engine.bench.processes import last_json, run_process
from nst_engine.bench.programs import Errand, Program
from nst_engine.bench.tables import heading, mebibytes, table


class Said(BaseModel):
    """What `stylize --json` answers, as far as it is read here."""

    model_config = ConfigDict(frozen=True)

    size: tuple[int, int]
    peak_memory_bytes: int
    tiles: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """One size."""

    size: int
    width: int
    height: int
    seconds: float
    """Of the whole process."""
    peak_memory_bytes: int
    """Of the process."""
    device_memory_bytes: int
    """As the engine says: the GPU's memory where one paints, else the process's."""
    tiles: int | None
    """How many the picture was cut into; None where the engine does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A run."""

    machine: Machine
    pair: str
    peaks: tuple[Peak, ...]


def measure_memory(us: Program, pair: Pair, sizes: Sequence[int], ceilings: Ceilings, folder: Path) -> Memory:
    """Paint the pair at every size, each in a process of its own that writes into `folder`."""
    ceilings.sample()
    peaks = [_peak(us, pair, size, ceilings.device, folder) for size in sizes]
    ceilings.sample()
    return Memory(machine=ceilings.machine(), pair=pair.name, peaks=tuple(peaks))


def memory_table(measured: Memory) -> str:
    """The same for people."""
    columns = ("size", "result", "seconds", "process", "device", "tiles")
    rows = [
        (
            f"{peak.size}",
            f"{peak.width}×{peak.height}",
            f"{peak.seconds:.1f}",
            mebibytes(peak.peak_memory_bytes),
            mebibytes(peak.device_memory_bytes),
            "not said" if peak.tiles is None else f"{peak.tiles}",
        )
        for peak in measured.peaks
    ]
    return "\n".join((heading(measured.machine), measured.pair, "", table(columns, rows)))


def _peak(us: Program, pair: Pair, size: int, device: torch.device, folder: Path) -> Peak:
    errand = Errand(
        content=pair.content.resolve(),
        style=pair.style.resolve(),
        output=folder / f"{size}.png",
        size=size,
        on_gpu=device.type == "cuda",
    )
    ended = run_process(us.name, (*us.command(errand), "--json"), folder=folder)
    said = Said.model_validate(last_json(ended))
    return Peak(
        size=size,
        width=said.size[0],
        height=said.size[1],
        seconds=ended.seconds,
        peak_memory_bytes=ended.peak_memory_bytes,
        device_memory_bytes=said.peak_memory_bytes,
        tiles=said.tiles,
    )
