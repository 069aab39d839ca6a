"""The one place that knows which device computes, and how its memory and arithmetic are set."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from nst_engine.errors import BadInput


def choose_device(name: str) -> torch.device:
    """`auto` takes a GPU where there is one. Raises BadInput where `cuda` is asked for and missing."""
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise BadInput("device cuda was asked for, but no CUDA device can be used here; take auto or cpu")
    torch.backends.cuda.matmul.fp32_precision = "tf32"
    torch.backends.cudnn.conv.fp32_precision = "tf32"  # type: ignore[attr-defined]  # made at import
    return torch.device("cuda", torch.cuda.current_device())


def compute_type(device: torch.device) -> torch.dtype:
    """What convolutions are computed in: bfloat16 on a GPU whose cores can, which follows float32 within a hundredth.

    Pictures, moments, losses and the solver are float32 everywhere. float16 overflows on these weights; on a CPU
    without matrix units for bfloat16, float32 is faster.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32


@contextmanager
def exact_products(device: torch.device) -> Iterator[None]:
    """Matrix products in full float32 inside, where a GPU would otherwise round what it multiplies to TF32."""
    if device.type != "cuda":
        yield
        return
    before = torch.backends.cuda.matmul.fp32_precision
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    try:
        yield
    finally:
        torch.backends.cuda.matmul.fp32_precision = before


def describe(device: torch.device) -> str:
    """The device in words, for a person."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    threads = torch.get_num_threads()
    return f"cpu ({threads} thread{'s' if threads != 1 else ''})"


def limit_threads(threads: int) -> None:
    """CPU threads of the network; 0 leaves torch's own choice."""
    if threads > 0:
        torch.set_num_threads(threads)


def forget_peak_memory(device: torch.device) -> None:
    """Begin a new measurement where the device can; a process's own peak cannot be reset."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def is_being_recorded(device: torch.device) -> bool:
    """Whether what is asked of the device now is only written down, as a CUDA graph."""
    return device.type == "cuda" and torch.cuda.is_current_stream_capturing()


def release_memory(device: torch.device) -> None:
    """Give back what is kept for later."""
    if device.type == "cuda":
        torch.cuda.empty_cache()


def peak_memory_bytes(device: torch.device) -> int:
    """GPU memory held at its highest since the last reset, or the highest resident size of this process."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_reserved(device))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def wait_for(device: torch.device) -> None:
    """Return when all work handed to the device is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
