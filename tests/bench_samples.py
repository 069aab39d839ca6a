"""Values that several test files of the benchmark share."""

from pathlib import Path

import torch

from nst_engine.bench.batch import Throughput
from nst_engine.bench.ceilings import Ceilings, Load, Machine
from nst_engine.bench.pairs import Pair
from tests.fake_network import random_picture

MACHINE = Machine(
    device="cpu (2 threads)",
    threads=2,
    torch="2.12",
    program="0.1.0",
    date="2026-11-23T20:00Z",
    matrix_product_gflop_per_second=120.0,
    matrix_product_lowest=100.0,
    matrix_product_highest=130.0,
    copy_gigabytes_per_second=8.5,
)

BATCH = Throughput(
    jobs=4,
    together_seconds=2.0,
    one_by_one_seconds=6.0,
    times_faster=3.0,
    together_jobs_per_second=2.0,
    peak_memory_bytes=2**30,
)


def quick_ceilings() -> Ceilings:
    return Ceilings(torch.device("cpu"), repeats=1, load=Load(product_side=16, copied_bytes=256))


def random_pair(folder: Path, name: str = "one", width: int = 64, height: int = 48) -> Pair:
    content, style = folder / f"{name}-content.png", folder / f"{name}-style.png"
    random_picture(width, height, seed=1).save(content)
    random_picture(72, 80, seed=2).save(style)
    return Pair(name=name, content=content, style=style)
