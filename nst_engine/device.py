"""The one place that knows which device computes, and how its memory and arithmetic are set."""

import resource
import sys

import torch

from nst_engine.errors import BadInput


def choose_device(name: str) -> torch.device:
    """`auto` takes a GPU where there is one. Raises BadInput where `cuda` is asked for and missing."""
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise BadInput("device cuda was asked for, but no CUDA device can be used here; take auto or cpu")
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    return torch.device("cuda", torch.cuda.current_device())


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


def peak_memory_bytes(device: torch.device) -> int:
    """GPU memory at its highest since the last reset, or the highest resident size of this process."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def wait_for(device: torch.device) -> None:
    """Return when all work handed to the device is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
