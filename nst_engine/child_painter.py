"""The network that a GPU child keeps loaded from one job to the next. The only part of the child that knows torch."""

import gc
from collections.abc import Callable, Iterator

import torch
from PIL import Image

from nst_engine.contract.commands import Paint
from nst_engine.contract.events import Finished, Progress, Started, Stopped
from nst_engine.contract.params import MIN_SIZE_PX, StylizeParams
from nst_engine.device import choose_device, describe, limit_threads
from nst_engine.paint import paint
from nst_engine.stylize import stylize
from nst_engine.weights import load_network

PaintEvent = Started | Progress | Finished | Stopped


class WarmNetwork:
    """A network on its device, already run once, so that the first job finds every kernel loaded."""

    def __init__(self, *, device: str, weights: str, threads: int, report_every_seconds: float) -> None:
        """Load and warm up. Raises BadWeights, and BadInput for a device that is not there."""
        limit_threads(threads)
        self._report_every_seconds = report_every_seconds
        self._network = load_network(weights, choose_device(device))
        self._warm_up()

    @property
    def device(self) -> str:
        return describe(self._network.device)

    def paint(self, command: Paint, should_stop: Callable[[], bool]) -> Iterator[PaintEvent]:
        return paint(
            command.content,
            command.styles,
            command.params,
            command.output,
            self._network,
            report_every_seconds=self._report_every_seconds,
            should_stop=should_stop,
        )

    def is_broken_by(self, error: Exception) -> bool:
        """A CUDA error other than full memory stays with the process: every later call fails as well."""
        return isinstance(error, torch.AcceleratorError) or (
            self._network.device.type == "cuda" and isinstance(error, RuntimeError) and "CUDA" in str(error)
        )

    def tidy(self) -> None:
        """Give the memory of a failed job back, so that the next one does not find it in pieces."""
        gc.collect()
        if self._network.device.type == "cuda":
            torch.cuda.empty_cache()

    def _warm_up(self) -> None:
        grey = Image.new("RGB", (MIN_SIZE_PX, MIN_SIZE_PX), (128, 128, 128))
        params = StylizeParams(size=MIN_SIZE_PX, steps=1)
        for _ in stylize(grey, [grey], params, self._network, previews=False):
            pass
