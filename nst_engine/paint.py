"""One job from picture files to a written file: what the command line and the GPU child both call."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import assert_never

import torch

from nst_engine.contract.events import Finished, Progress, Started, Stopped, Summary
from nst_engine.contract.params import StylizeParams
from nst_engine.device import describe, forget_peak_memory, peak_memory_bytes
from nst_engine.errors import OutOfMemory
from nst_engine.images import read_picture, write_picture
from nst_engine.pixels import to_tensor
from nst_engine.stylize import Painted, never, stylize
from nst_engine.vgg import Vgg19


def paint(
    content: Path,
    styles: Sequence[Path],
    params: StylizeParams,
    output: Path,
    network: Vgg19,
    *,
    report_every_seconds: float = 1.0,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Started | Progress | Finished | Stopped]:
    """Paint `content` in the style of `styles` into `output`, a PNG, JPEG or WebP by its suffix.

    Raises BadInput (BadPicture among them), NotFinite, OutOfMemory, and EngineError where the disk fails.
    """
    forget_peak_memory(network.device)
    photo = read_picture(content, name="content")
    paintings = [read_picture(style, name="style") for style in styles]
    events = stylize(
        photo,
        paintings,
        params,
        network,
        report_every_seconds=report_every_seconds,
        should_stop=should_stop,
    )
    try:
        for event in events:
            match event:
                case Painted():
                    write_picture(event.picture, output)
                    yield Finished(summary=_summary(event, output, network.device))
                case Started() | Progress() | Stopped():
                    yield event
                case _:
                    assert_never(event)
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(f"the GPU's memory does not hold a picture of {params.size} pixels") from error
    except RuntimeError as error:
        if "DefaultCPUAllocator" not in str(error):
            raise
        raise OutOfMemory(f"the memory does not hold a picture of {params.size} pixels") from error


def _summary(painted: Painted, output: Path, device: torch.device) -> Summary:
    """The losses are those of the file: what 8 bits and a lossy format made of the picture counts."""
    written = read_picture(output, name="result", min_side_px=1)  # a panorama's result may be a ribbon
    with torch.no_grad():
        found = painted.objective(to_tensor(written, written.size, device))
    return Summary(
        width=written.width,
        height=written.height,
        steps=painted.steps,
        seconds=painted.seconds,
        peak_memory_bytes=peak_memory_bytes(device),
        content_loss=found.content.item(),
        style_loss=max(0.0, found.style.item()),  # rounding can take a perfect match a little below zero
        device=describe(device),
    )
