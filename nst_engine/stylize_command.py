"""What `python -m nst_engine stylize` does around the painting: cheap checks first, then a bar. Imports torch last."""

import argparse
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from nst_engine.arguments import network_of
from nst_engine.contract.events import Finished, Progress, Started, Stopped, Summary
from nst_engine.contract.plan import Size, fit
from nst_engine.contract.presets import recipe_of
from nst_engine.contract.request import check_frames, most_frames, name_of
from nst_engine.errors import BadInput, EngineError
from nst_engine.images import format_for, read_mask, read_picture
from nst_engine.images.animation import animation_writer_for, frame_count
from nst_engine.images.decode import read_file
from nst_engine.progress_bar import ProgressBar
from nst_engine.shell import answer, raising_on_interrupt
from nst_engine.stylize_request import Request

if TYPE_CHECKING:
    from nst_engine.vgg import Vgg19

SECONDS_BETWEEN_REPORTS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the pictures are like, as they are read. Sizes are in pixels."""

    content: Size
    styles: tuple[Size, ...]
    frames: int
    """Of the content; more than one if it moves."""


def run_stylize(request: Request, chosen: argparse.Namespace) -> None:
    """Paint and say what was done. Raises BadInput before any work where something cannot be right, and EngineError."""
    check_places(request)
    inputs = read_inputs(request)
    request = with_frames(request, inputs)
    check_suffixes(request)
    summary = paint_with_bar(request, network_of(chosen))
    facts = _facts(request, inputs, summary)
    answer(json.dumps({**facts, "weights": chosen.weights}) if chosen.json else _line(request, summary))


def check_places(request: Request) -> None:
    """Refuse what could not or should not be written at the end. Raises BadInput."""
    inputs = [("content", request.content), *(("style", style) for style in request.styles)]
    inputs += [("mask", mask) for mask in request.masks if mask] + ([("start", request.start)] if request.start else [])
    _check_place(request.output, inputs)
    if request.timelapse:
        _check_place(request.timelapse, inputs)
        if request.timelapse.resolve() == request.output.resolve():
            raise BadInput(f"{request.timelapse}: is to be the result; take another name for the timelapse")


def _check_place(output: Path, inputs: list[tuple[str, Path]]) -> None:
    try:
        if output.is_dir():
            raise BadInput(f"{output}: is a folder; the name of a picture file is needed")
        if not output.parent.is_dir():
            raise BadInput(f"{output.parent}: there is no such folder to write {output.name} in")
        for name, picture in inputs:
            if output.exists() and picture.exists() and output.samefile(picture):
                raise BadInput(f"{output}: is the {name} picture itself; take another name")
    except (OSError, ValueError) as error:  # a name with a null character
        raise BadInput(f"{output}: cannot be written ({getattr(error, 'strerror', error)})") from error
    try:
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise BadInput(f"{output.parent}: cannot be written in ({error.strerror})") from error


def read_inputs(request: Request) -> Inputs:
    """Read all pictures, before the network is loaded. Raises BadPicture."""
    content = read_picture(request.content, name="content").size
    count = len(request.styles)
    styles = [read_picture(style, name=name_of("style", k, count)).size for k, style in enumerate(request.styles)]
    for k, mask in enumerate(request.masks):
        if mask:
            read_mask(mask, name=name_of("mask", k, count))
    if request.start:
        read_picture(request.start, name="start")
    frames = frame_count(read_file(request.content, "content"), name="content")
    return Inputs(content=content, styles=tuple(styles), frames=frames)


def with_frames(request: Request, inputs: Inputs) -> Request:
    """The request with the number of frames that are painted: as said, or else as many as can be."""
    size = fit(inputs.content, request.params.size)
    if request.frames is not None:
        frames = min(request.frames, inputs.frames)
        check_frames(frames, size)
    elif request.timelapse or not _can_move(request.output):
        frames = 1
    else:
        frames = min(most_frames(size), inputs.frames)
    return replace(request, params=request.params.model_copy(update={"frames": frames}))


def _can_move(output: Path) -> bool:
    try:
        animation_writer_for(output)
    except BadInput:
        return False
    return True


def check_suffixes(request: Request) -> None:
    """Refuse files that cannot hold what is to be painted. Raises BadInput."""
    if request.params.frames > 1:
        animation_writer_for(request.output)
    else:
        format_for(request.output)
    if request.timelapse:
        animation_writer_for(request.timelapse)


def paint_with_bar(request: Request, network: "Vgg19") -> Summary:
    """Paint with a progress bar on stderr. Ctrl-C is a KeyboardInterrupt, so that no half-written file stays."""
    from nst_engine.paint import paint  # noqa: PLC0415 - imports torch, after the cheap checks

    events = paint(
        request.content,
        request.styles,
        request.params,
        request.output,
        network,
        masks=request.masks,
        start=request.start,
        timelapse=request.timelapse,
        report_every_seconds=SECONDS_BETWEEN_REPORTS,
    )
    with raising_on_interrupt(), ProgressBar() as bar:
        for event in events:
            match event:
                case Started():
                    bar.begin(event.steps)
                case Progress():
                    bar.show(event)
                case Finished():
                    return event.summary
                case Stopped():
                    break
                case _:
                    assert_never(event)
    raise EngineError("the painting ended without a picture")


def _line(request: Request, summary: Summary) -> str:
    frames = f"{request.params.frames} frames of " if request.params.frames > 1 else ""
    steps = "1 step" if summary.steps == 1 else f"{summary.steps} steps"
    seconds = f"{summary.seconds:.1f} s on {summary.device}"
    return f"{request.output}: {frames}{summary.width}×{summary.height} pixels, {steps}, {seconds}"


def _facts(request: Request, inputs: Inputs, summary: Summary) -> dict[str, object]:
    """All that was chosen, by the person or by the recipe, and what came of it."""
    params, recipe = request.params.model_dump(mode="json"), recipe_of(request.params)
    left_to_it = {name: getattr(recipe, name) for name, value in params.items() if value is None and name != "steps"}
    return {
        **params,
        **left_to_it,
        **summary.model_dump(exclude={"width", "height"}),
        "output": str(request.output),
        "timelapse": _name(request.timelapse),
        "start": _name(request.start),
        "masks": [_name(mask) for mask in request.masks],
        "content_size": inputs.content,
        "style_sizes": inputs.styles,
        "size": (summary.width, summary.height),
    }


def _name(path: Path | None) -> str | None:
    return None if path is None else str(path)
