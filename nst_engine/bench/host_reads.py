"""Counts how often work on a device waits for a value to arrive at the host."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_READS = frozenset({"aten::_local_scalar_dense", "aten::nonzero", "aten::equal", "aten::is_nonzero"})
"""The operations whose answer, or whose answer's shape, is a value that the host must know."""


def host_reads(work: Callable[[], object], device: torch.device) -> int:
    """How many there are in one run of `work`: CUDA's own count there, elsewhere the operations that would wait."""
    if device.type == "cuda":
        return _waits_on_cuda(work)
    counting = _Counting()
    with counting:
        work()
    return counting.reads


def _waits_on_cuda(work: Callable[[], object]) -> int:
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            work()
    finally:
        torch.cuda.set_sync_debug_mode(before)
    return len([warning for warning in caught if "synchroniz" in str(warning.message)])


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types for it
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the same
        self.reads: int = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func._schema.name in _READS:
            self.reads += 1
        return func(*args, **(kwargs or {}))
