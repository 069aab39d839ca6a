"""The options of `python -m nst_engine stylize`; `stylize_request.py` adds them up. Imports no Pillow and no torch."""

import argparse
import textwrap
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from nst_engine.arguments import add_machine, file_name, number, whole
from nst_engine.contract.params import (
    LAYERS,
    MAX_FRAMES,
    MAX_SIZE_PX,
    MAX_STEPS,
    MAX_STYLE_SCALE,
    MAX_STYLES,
    MAX_TIMELAPSE_FRAMES,
    MAX_WEIGHT,
    MIN_SIZE_PX,
    MIN_STYLE_SCALE,
    ChosenLayers,
    Init,
    KeepColours,
    LayerWeights,
    Pooling,
    PresetName,
    StyleWeights,
    StylizeParams,
)
from nst_engine.contract.presets import PRESETS
from nst_engine.stylize_request import USUAL_TIMELAPSE_FRAMES

NO_MASK = ("-", "none")
_AS_THE_RECIPE = "(default: as the recipe says)"


def add_stylize_options(parser: argparse.ArgumentParser) -> None:
    """Everything that a request is made of, and `--device`, `--weights` and `--json`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _recipes()
    _add_pictures(parser)
    _add_recipe(parser)
    _add_styles(parser.add_argument_group("styles"))
    _add_losses(parser.add_argument_group("instead of what the recipe says"))
    _add_motion(parser.add_argument_group("animations"))
    add_machine(parser)
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", type=file_name, metavar="CONTENT", help="the photo")
    parser.add_argument(
        "styles", type=file_name, metavar="STYLE", nargs="+", help=f"the painting, or up to {MAX_STYLES}"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=file_name,
        required=True,
        metavar="OUT",
        help=".png, .jpg or .webp; an animation .webp, .gif or .png",
    )


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    usual = StylizeParams()
    parser.add_argument(
        "--preset",
        default=usual.preset.value,
        choices=[name.value for name in PresetName],
        help="the recipe; what each one is stands below (default: %(default)s)",
    )
    parser.add_argument(
        "--size",
        type=whole(MIN_SIZE_PX, MAX_SIZE_PX),
        default=usual.size,
        metavar="N",
        help=f"longer side of the result, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels (default: %(default)s)",
    )
    parser.add_argument(
        "--steps",
        type=whole(1, MAX_STEPS),
        metavar="N",
        help=f"how many times the picture is improved, 1 to {MAX_STEPS} {_AS_THE_RECIPE}",
    )
    parser.add_argument(
        "--strength",
        type=whole(0, 100),
        default=usual.strength,
        metavar="N",
        help="how much of the style, 0 to 100 (default: %(default)s)",
    )
    parser.add_argument(
        "--init",
        choices=[init.value for init in Init],
        help=f"where to start: the photo, noise, the photo in the style's colours, or a picture {_AS_THE_RECIPE}",
    )
    parser.add_argument(
        "--start", type=file_name, metavar="FILE", help="the picture to start from, such as an earlier result"
    )
    parser.add_argument(
        "--seed",
        type=whole(0, 2**32 - 1),
        default=usual.seed,
        metavar="N",
        help="another one, another variation (default: %(default)s)",
    )


def _add_styles(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--style-weights",
        type=_weights,
        default=(),
        metavar="W,W",
        help=f"one for each style in their order, as in 2,1; 0 to {MAX_WEIGHT:g} (default: all the same)",
    )
    group.add_argument(
        "--style-scale",
        type=number(MIN_STYLE_SCALE, MAX_STYLE_SCALE),
        default=StylizeParams().style_scale,
        metavar="X",
        help=f"size of the strokes, {MIN_STYLE_SCALE:g} to {MAX_STYLE_SCALE:g} (default: %(default)g)",
    )
    group.add_argument(
        "--mask",
        type=_mask,
        action="append",
        metavar="FILE",
        help="a grey picture that is white where the style paints; give one for each style in their order, and "
        "- or none for a style that paints where no mask is white",
    )
    group.add_argument(
        "--keep-colours",
        nargs="?",
        const=KeepColours.LUMINANCE.value,
        default=KeepColours.NO.value,
        choices=[way.value for way in KeepColours],
        help="the photo's colours: luminance paints only light and dark; transfer gives the style the photo's "
        "colours first (default: %(default)s; without a word: %(const)s)",
    )


def _add_losses(group: "argparse._ArgumentGroup") -> None:
    layers = f"layers and their weights, 0 to {MAX_WEIGHT:g}, as in"
    group.add_argument("--content-layers", type=_layers, metavar="L=W,L=W", help=f"{layers} conv4_2=1")
    group.add_argument(
        "--style-layers",
        type=_layers,
        metavar="L=W,L=W",
        help=f"{layers} conv1_1=0.3,conv2_1=0.3; there are {', '.join(LAYERS)}",
    )
    group.add_argument(
        "--tv", type=number(0.0, MAX_WEIGHT), metavar="X", help=f"weight of the total variation, 0 to {MAX_WEIGHT:g}"
    )
    group.add_argument("--pooling", choices=[pooling.value for pooling in Pooling], help="how the network halves")


def _add_motion(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--frames",
        type=whole(1, MAX_FRAMES),
        metavar="N",
        help=f"of an animated CONTENT, how many are painted at most, 1 to {MAX_FRAMES}, evenly chosen; 1 paints the "
        f"first as a still picture (default: all up to {MAX_FRAMES} where OUT can hold them, else 1)",
    )
    group.add_argument(
        "--timelapse",
        type=file_name,
        metavar="FILE",
        help="how the picture comes into being, as a .webp, .gif or .png; CONTENT is then painted as a still picture",
    )
    group.add_argument(
        "--timelapse-frames",
        type=whole(2, MAX_TIMELAPSE_FRAMES),
        metavar="N",
        help=f"its length, 2 to {MAX_TIMELAPSE_FRAMES} (default: {USUAL_TIMELAPSE_FRAMES})",
    )


def _recipes() -> str:
    """The presets and their summaries, for the end of the help."""
    lines = [
        textwrap.fill(PRESETS[name].summary, 79, initial_indent=f"  {name.value:<9}", subsequent_indent=" " * 11)
        for name in PresetName
    ]
    return "recipes:\n" + "\n".join(lines)


def _mask(text: str) -> Path | None:
    return None if text in NO_MASK else file_name(text)


def _weights(text: str) -> tuple[float, ...]:
    """Weights with commas between them."""
    weights = tuple(_weight(part, text, "2,1") for part in text.split(","))
    if len(weights) > MAX_STYLES:
        raise argparse.ArgumentTypeError(f"{len(weights)} weights are too many; there are at most {MAX_STYLES} styles")
    return _checked(_STYLE_WEIGHTS, weights)


def _layers(text: str) -> LayerWeights:
    """LAYER=WEIGHT with commas between them."""
    example = "conv4_1=0.5,conv5_1=1"
    pairs = [part.partition("=") for part in text.split(",")]
    return _checked(_LAYERS, tuple((name.strip(), _weight(weight, text, example)) for name, _, weight in pairs))


def _weight(part: str, whole_text: str, example: str) -> float:
    try:
        return float(part)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{whole_text!r} is not allowed; write it as in {example}") from error


Value = TypeVar("Value")
_STYLE_WEIGHTS: TypeAdapter[tuple[float, ...]] = TypeAdapter(StyleWeights)
_LAYERS: TypeAdapter[LayerWeights] = TypeAdapter(ChosenLayers)


def _checked(adapter: TypeAdapter[Value], value: Value) -> Value:
    """The value, if the contract allows it; else what the contract says."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
