"""Recording a solver's step as a CUDA graph: hundreds of small operations become one launch. Elsewhere it is called."""

import logging
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Protocol

import torch
from torch import Tensor

log = logging.getLogger(__name__)

Step = Callable[[], Tensor]

CALLS_BEFORE_RECORDING = 3
"""Libraries choose their kernels and reserve their memory in the first calls, which cannot be recorded."""
LEAST_REPLAYS = 8
"""Recording costs as much of the host's time as a call or more; fewer replays than this may not repay it."""
STEPS_AHEAD = 6
"""How many steps may be handed to the device before the first of them is done."""


class Recorder(Protocol):
    """What records on a device."""

    def call(self, step: Step) -> Tensor:
        """Call the step where it can be recorded later, in order with everything before and after."""
        ...

    def record(self, step: Step) -> Step:
        """What does the same as the step. Nothing is computed while recording. Raises RuntimeError."""
        ...

    def keep_up(self) -> None:
        """Wait until the device has no more than a few steps before it: a cancel must not wait for hundreds."""
        ...


def recorded(step: Step, device: torch.device, calls: int) -> Step:
    """`step` itself, or on a GPU something that does the same faster if it is to be called `calls` times.

    The step must be the same sequence of operations each time, on memory that stays where it is, without a wait for
    the device. What it returns is overwritten by the next call.
    """
    if device.type != "cuda":
        return step
    return Recorded(step, CudaRecorder(device), worth_it=calls >= CALLS_BEFORE_RECORDING + LEAST_REPLAYS)


class Recorded:
    """Calls a step a few times, then records it and replays it; where that fails, it goes on calling."""

    def __init__(self, step: Step, recorder: Recorder, *, worth_it: bool = True) -> None:
        self._step = step
        self._recorder = recorder
        self._replay: Step | None = None
        self._calls = 0
        self._record_at = CALLS_BEFORE_RECORDING if worth_it else -1

    def __call__(self) -> Tensor:
        if self._calls == self._record_at:
            self._replay = self._record()
        self._calls += 1
        result = self._replay() if self._replay is not None else self._recorder.call(self._step)
        self._recorder.keep_up()
        return result

    def _record(self) -> Step | None:
        try:
            return self._recorder.record(self._step)
        except RuntimeError as error:
            log.warning("steps are not recorded as a CUDA graph: %s", error)
            return None


class CudaRecorder:
    """CUDA graphs on a stream of their own."""

    def __init__(self, device: torch.device) -> None:
        self._stream = _stream_of(device)
        self._under_way: deque[torch.cuda.Event] = deque()

    def call(self, step: Step) -> Tensor:
        current = torch.cuda.current_stream()
        self._stream.wait_stream(current)
        with torch.cuda.stream(self._stream):
            result = step()
        current.wait_stream(self._stream)
        return result

    def record(self, step: Step) -> Step:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=self._stream):
            result = step()

        def replay() -> Tensor:
            graph.replay()
            return result

        return replay

    def keep_up(self) -> None:
        done = torch.cuda.Event()  # type: ignore[no-untyped-call]  # the same
        done.record()
        self._under_way.append(done)
        if len(self._under_way) > STEPS_AHEAD:
            self._under_way.popleft().synchronize()


@cache
def _stream_of(device: torch.device) -> torch.cuda.Stream:
    """One for a device: libraries keep a workspace for every stream that they have seen."""
    stream: torch.cuda.Stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]  # torch has no types for it
    return stream
