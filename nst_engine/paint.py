"""One job from picture files to written files: what the command line and the GPU child both call."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import assert_never

import torch
from PIL import Image

from nst_engine.animate import PaintedAnimation, animate
from nst_engine.contract.events import Finished, Progress, Started, Stopped, Summary
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.plan import Size, fit
from nst_engine.contract.request import check_frames, check_request, name_of
from nst_engine.device import describe, forget_peak_memory, peak_memory_bytes
from nst_engine.errors import BadPicture, OutOfMemory
from nst_engine.images import format_for, read_mask, read_picture, write_picture
from nst_engine.images.animation import Animation, animation_writer_for, read_animation, write_animation
from nst_engine.memory import is_out_of_memory
from nst_engine.style_cache import StyleCache
from nst_engine.stylize import Painted, Snapshot, never, stylize
from nst_engine.vgg import Vgg19

TIMELAPSE_FRAME_MS = 83
"""Twelve frames a second."""
TIMELAPSE_END_MS = 2000
"""How long the result is shown at the end of a timelapse."""


def paint(  # noqa: PLR0913 - the parts of a request, most with a name where it is called
    content: Path,
    styles: Sequence[Path],
    params: StylizeParams,
    output: Path,
    network: Vgg19,
    *,
    masks: Sequence[Path | None] = (),
    start: Path | None = None,
    timelapse: Path | None = None,
    style_cache: StyleCache | None = None,
    report_every_seconds: float = 1.0,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Started | Progress | Finished | Stopped]:
    """Paint `content` in the style of `styles` into `output`, a PNG, JPEG or WebP by its suffix.

    A content that moves becomes an animation of at most `params.frames`, a WebP, GIF or PNG, if these are more than 1.
    `masks` has one for each style, or nothing; `start` belongs to `Init.PICTURE`. Where `params.timelapse_frames` are
    asked for, they become an animation in `timelapse`. Raises BadInput (BadPicture among them), NotFinite, OutOfMemory,
    and EngineError where the disk fails.
    """
    check_request(params, styles=len(styles), masks=len(masks), has_start=start is not None)
    forget_peak_memory(network.device)
    source = _read_content(content, params)
    _check_suffixes(source, output, timelapse)
    first = source.frames[0] if isinstance(source, Animation) else source
    begin = partial(animate, source) if isinstance(source, Animation) else partial(stylize, source)
    events = begin(
        _read_styles(styles),
        params if timelapse else params.model_copy(update={"timelapse_frames": 0}),
        network,
        masks=_read_masks(masks, fit(first.size, params.size)),
        start=read_picture(start, name="start") if start else None,
        style_cache=style_cache,
        report_every_seconds=report_every_seconds,
        should_stop=should_stop,
    )
    with _saying_what_does_not_fit(params.size):
        yield from _written(events, output, timelapse, network.device)


def _written(
    events: Iterator[Started | Progress | Snapshot | Painted | PaintedAnimation | Stopped],
    output: Path,
    timelapse: Path | None,
    device: torch.device,
) -> Iterator[Started | Progress | Finished | Stopped]:
    """The events with the result in its file, and what is seen on the way in another."""
    seen: list[Image.Image] = []
    for event in events:
        match event:
            case Painted():
                write_picture(event.picture, output)
                if timelapse and seen:
                    write_animation(timelapse_of(seen), timelapse, webp_quality=90)
                written = read_picture(output, name="result", min_side_px=1)  # a panorama's result may be a ribbon
                yield Finished(summary=_summary(event, written, event, device))
            case PaintedAnimation():
                write_animation(event.animation, output)
                yield Finished(summary=_summary(event.last, event.animation.frames[-1], event, device))
            case Snapshot():
                seen.append(event.picture)
            case Started() | Progress() | Stopped():
                yield event
            case _:
                assert_never(event)


def timelapse_of(pictures: Sequence[Image.Image]) -> Animation:
    """The pictures of the way as an animation that rests on the last one, again and again."""
    durations = (TIMELAPSE_FRAME_MS,) * (len(pictures) - 1) + (TIMELAPSE_END_MS,)
    return Animation(frames=tuple(pictures), durations_ms=durations, loop=0)


def _read_content(path: Path, params: StylizeParams) -> Image.Image | Animation:
    """A picture, or an animation where several frames are asked for and there are several."""
    if params.frames == 1:
        return read_picture(path, name="content")
    animation = read_animation(path, name="content", max_frames=params.frames, longest_side=params.size)
    first, count = animation.frames[0], len(animation.frames)
    check_frames(count, fit(first.size, params.size))
    return animation if count > 1 else first


def _check_suffixes(source: Image.Image | Animation, output: Path, timelapse: Path | None) -> None:
    """Raises BadInput before any work where a file cannot hold what is to be written."""
    if isinstance(source, Animation):
        animation_writer_for(output)
    else:
        format_for(output)
    if timelapse:
        animation_writer_for(timelapse)


def _read_styles(styles: Sequence[Path]) -> list[Image.Image]:
    return [read_picture(style, name=name_of("style", k, len(styles))) for k, style in enumerate(styles)]


def _read_masks(masks: Sequence[Path | None], size: Size) -> list[Image.Image | None]:
    return [_read_mask(mask, name_of("mask", k, len(masks)), size) if mask else None for k, mask in enumerate(masks)]


def _read_mask(path: Path, name: str, size: Size) -> Image.Image:
    """Raises BadPicture also where all that is white is too small to be seen in a result of `size`."""
    mask = read_mask(path, name=name)
    if mask.resize(size, Image.Resampling.BILINEAR).getextrema() == (0, 0):
        raise BadPicture(
            "The {name} picture has too little white for a result of {width}×{height} pixels.",
            name=name,
            width=size[0],
            height=size[1],
        )
    return mask


@contextmanager
def _saying_what_does_not_fit(size: int) -> Iterator[None]:
    """Leaves a full memory as OutOfMemory with the size that did not fit in it."""
    try:
        yield
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        where = "GPU's memory" if isinstance(error, torch.OutOfMemoryError) else "memory"
        raise OutOfMemory(f"the {where} does not hold a picture of {size} pixels") from error


def _summary(last: Painted, written: Image.Image, whole: Painted | PaintedAnimation, device: torch.device) -> Summary:
    """The losses are those of the file: what 8 bits and a lossy format made of the picture counts.

    Of an animation they are those of its last frame before the format makes something of it.
    """
    found = last.losses_of(written)
    return Summary(
        width=written.width,
        height=written.height,
        steps=whole.steps,
        seconds=whole.seconds,
        peak_memory_bytes=peak_memory_bytes(device),
        content_loss=found.content.item(),
        style_loss=max(0.0, found.style.item()),  # rounding can take a perfect match a little below zero
        device=describe(device),
        tiles=last.objective.tiles,
    )
