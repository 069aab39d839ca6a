"""The peak of a fresh process at each size."""

import json
import sys
from pathlib import Path

import torch

from nst_engine.bench.loss_weights import NEURAL_STYLE
from nst_engine.bench.memory import Memory, Peak, measure_memory, memory_table
from nst_engine.bench.programs import Errand, Program, same_longer_side
from tests.bench_samples import MACHINE, quick_ceilings, random_pair


def _answering(errand: Errand) -> tuple[str, ...]:
    said = json.dumps({"size": [errand.size, 48], "peak_memory_bytes": 7, "tiles": 4, "seconds": 1.0})
    return (sys.executable, "-S", "-c", f"b = bytearray({errand.size} << 20); print({said!r})")


def test_every_size_has_its_own_process(tmp_path: Path) -> None:
    us = Program(name="us", command=_answering, weights=NEURAL_STYLE, style_side=same_longer_side)
    found = measure_memory(us, random_pair(tmp_path), (32, 64), quick_ceilings(), tmp_path)
    small, large = found.peaks
    assert (small.size, small.width, small.height, small.tiles, small.device_memory_bytes) == (32, 32, 48, 4, 7)
    assert 30 << 20 < large.peak_memory_bytes - small.peak_memory_bytes < 34 << 20
    assert torch.get_num_threads() == found.machine.threads


def test_the_table_has_a_row_for_each_size() -> None:
    peak = Peak(
        size=256,
        width=256,
        height=170,
        seconds=20.0,
        peak_memory_bytes=2**30,
        device_memory_bytes=2**29,
        tiles=None,
    )
    last = memory_table(Memory(machine=MACHINE, pair="one", peaks=(peak,))).splitlines()[-1]
    assert last.split() == ["256", "256×170", "20.0", "1024", "MiB", "512", "MiB", "not", "said"]
