"""What a person asks for on the command line, put together and checked as a whole. Imports neither Pillow nor torch."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from nst_engine.contract.params import Init, StylizeParams
from nst_engine.contract.request import check_request
from nst_engine.errors import BadInput

USUAL_TIMELAPSE_FRAMES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks for on the command line."""

    content: Path
    styles: tuple[Path, ...]
    masks: tuple[Path | None, ...]
    start: Path | None
    output: Path
    timelapse: Path | None
    frames: int | None
    """None: one, or all where the content moves and the output can hold them."""
    params: StylizeParams
    """As if `frames` were 1 where that is None."""


def request_of(chosen: argparse.Namespace) -> Request:
    """What the options of `stylize_options.py` add up to. Raises BadInput where they do not fit together."""
    request = Request(
        content=chosen.content,
        styles=tuple(chosen.styles),
        masks=tuple(chosen.mask or ()),
        start=chosen.start,
        output=chosen.output,
        timelapse=chosen.timelapse,
        frames=chosen.frames,
        params=_params(chosen),
    )
    styles, masks, has_start = len(request.styles), len(request.masks), request.start is not None
    check_request(request.params, styles=styles, masks=masks, has_start=has_start)
    return request


def _params(chosen: argparse.Namespace) -> StylizeParams:
    if chosen.timelapse_frames and not chosen.timelapse:
        raise BadInput("There are --timelapse-frames but no file for them; name one with --timelapse.")
    init = Init.PICTURE if chosen.start and not chosen.init else chosen.init
    timelapse_frames = (chosen.timelapse_frames or USUAL_TIMELAPSE_FRAMES) if chosen.timelapse else 0
    said = {name: value for name, value in vars(chosen).items() if name in StylizeParams.model_fields}
    return StylizeParams.model_validate(
        {**said, "init": init, "frames": chosen.frames or 1, "timelapse_frames": timelapse_frames}
    )
