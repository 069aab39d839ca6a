"""The network that a GPU child keeps loaded from one job to the next. The only part of the child that knows torch."""

import gc
from collections.abc import Callable, Iterator

import torch
from PIL import Image

from nst_engine.contract.commands import Paint
from nst_engine.contract.events import Finished, Progress, Started, Stopped
from nst_engine.contract.params import MIN_SIZE_PX, StylizeParams
from nst_engine.device import choose_device, describe, limit_threads, release_memory
from nst_engine.paint import paint
from nst_engine.style_cache import StyleCache
from nst_engine.stylize import stylize
from nst_engine.vgg import Vgg19
from nst_engine.weights import load_network

PaintEvent = Started | Progress | Finished | Stopped

CUDA_WARM_UP_PX = 512


class WarmNetwork:
    """A network on its device, already run once, so that the first job finds every kernel loaded."""

    def __init__(self, network: Vgg19, *, report_every_seconds: float) -> None:
        self._network = network
        self._report_every_seconds = report_every_seconds
        self._style_cache = StyleCache()
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
            masks=command.masks,
            start=command.start,
            timelapse=command.timelapse,
            style_cache=self._style_cache,
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
        self._style_cache = StyleCache()  # what it held may be what left no room
        gc.collect()
        release_memory(self._network.device)

    def _warm_up(self) -> None:
        params = warm_up_params(self._network.device)
        side = (params.size, params.size)
        content, style = Image.linear_gradient("L").resize(side), Image.radial_gradient("L").resize(side)
        for _ in stylize(content.convert("RGB"), [style.convert("RGB")], params, self._network, previews=False):
            pass


def load_painter(*, device: str, weights: str, threads: int, report_every_seconds: float) -> WarmNetwork:
    """Load and warm up. Raises BadWeights, and BadInput for a device that is not there."""
    limit_threads(threads)
    return WarmNetwork(load_network(weights, choose_device(device)), report_every_seconds=report_every_seconds)


def warm_up_params(device: torch.device) -> StylizeParams:
    """What to paint before the first job. On a GPU what most jobs paint, since kernels belong to layers and sizes."""
    if device.type == "cuda":
        return StylizeParams(size=CUDA_WARM_UP_PX)
    return StylizeParams(size=MIN_SIZE_PX, steps=1)
