"""How much memory a device has left, and how large a part of a picture may be evaluated at once."""

import math
from collections.abc import Sequence
from pathlib import Path

import torch

from nst_engine.tiles import GRID_PX, SMALLEST_TILE_PX

_BYTES_PER_PIXEL = {torch.float32: 2900, torch.bfloat16: 1700, torch.float64: 5800}
"""What an evaluation holds at its highest for each pixel, by the type that the network computes in. Measured."""
_SHARE_OF_FREE = 0.5
"""Of the free memory: the rest is for targets, the solver's history, and whoever else lives here."""
_MOST_BYTES_ON_CPU, _MOST_BYTES_ON_GPU = 13 * 2**28, 8 * 2**30
"""However much is free. Larger parts are hardly faster: the edges that tiles share are little work by then."""
_FULL = ("DefaultCPUAllocator", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")
"""How a RuntimeError says it."""
_CGROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"))


def free_bytes(device: torch.device) -> int:
    """Memory that can be had now: of the GPU, or of this machine or its container, whichever is less."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(free + held)
    found = [amount for amount in (_machine_free(), _container_free()) if amount is not None]
    return min(found) if found else 4 * 2**30


def tile_side(device: torch.device, dtype: torch.dtype, pictures: int, height: int, width: int, halo: int) -> int:
    """The side in pixels of the tiles for `pictures` at once; at least the longer side where they fit whole."""
    most = _MOST_BYTES_ON_GPU if device.type == "cuda" else _MOST_BYTES_ON_CPU
    budget = min(_SHARE_OF_FREE * free_bytes(device), most)
    pixels = budget / (_BYTES_PER_PIXEL[dtype] * pictures)
    if height * width <= pixels:
        return max(height, width)
    side = int(math.sqrt(pixels)) - 2 * halo
    return max(SMALLEST_TILE_PX, side // GRID_PX * GRID_PX)


def history_that_fits(wanted: int, device: torch.device, numbers: int) -> int:
    """How many pairs of `numbers` float32 values each the solver may remember: fewer for a huge picture, at least 3."""
    fit = int(0.25 * free_bytes(device) / (2 * 4 * max(1, numbers)))
    return max(3, min(wanted, fit))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device had no more memory; on the CPU torch says so with a plain RuntimeError."""
    return isinstance(error, torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error) for words in _FULL)
    )


def _machine_free() -> int | None:
    """MemAvailable where the system tells it (Linux)."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def _container_free(files: Sequence[Path] = _CGROUP) -> int | None:
    """What a container's limit leaves; None where there is no limit."""
    try:
        limit, used = (path.read_text().strip() for path in files)
    except OSError:
        return None
    return int(limit) - int(used) if limit.isdigit() and used.isdigit() else None
