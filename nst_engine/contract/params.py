"""What a person may choose about a stylisation, with its limits. Knows neither Discord nor torch."""

import math
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MIN_SIZE_PX = 64
MAX_SIZE_PX = 8192
"""Longer side of a result."""
MIN_INPUT_SIDE_PX = 16
"""The shortest side of a usable picture: VGG-19 halves its input four times before conv5_1."""
MAX_STEPS = 10_000
MAX_SEED = 2**32 - 1
NEUTRAL_STRENGTH = 50
MAX_STYLES = 4
MIN_STYLE_SCALE, MAX_STYLE_SCALE = 0.25, 4.0
MAX_FRAMES = 240
"""Frames of an animation that are painted at most."""
MAX_TIMELAPSE_FRAMES = 120

LAYERS = tuple(f"conv{block}_{conv}" for block, convs in enumerate((2, 2, 4, 4, 1), 1) for conv in range(1, convs + 1))
"""The layers of VGG-19 that can be compared, shallow to deep, named as in the paper."""


class PresetName(StrEnum):
    """The named recipes; what each one means is data in `presets.py`."""

    DEFAULT = "default"
    PAPER = "paper"
    SEED = "seed"


class Init(StrEnum):
    """Where the optimisation starts."""

    CONTENT = "content"
    NOISE = "noise"
    MATCHED = "matched"
    """The content with the mean and covariance of the style's colours."""
    PICTURE = "picture"
    """A picture that is given beside content and style: an earlier result, to go on from it."""


class Pooling(StrEnum):
    MAX = "max"
    AVERAGE = "average"


class KeepColours(StrEnum):
    """Whether the result has the content's colours; both ways are from Gatys et al., arXiv:1606.05897."""

    NO = "no"
    LUMINANCE = "luminance"
    """Only light and dark are painted; the hues are the content's own, pixel by pixel."""
    TRANSFER = "transfer"
    """The style is first given the mean and covariance of the content's colours."""


def _check_layers(weights: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    names = [name for name, _ in weights]
    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        raise ValueError(f"{unknown[0]} is no layer; there are {', '.join(LAYERS)}")
    if len(set(names)) < len(names):
        raise ValueError("a layer is named twice")
    _check_weights(tuple(weight for _, weight in weights))
    return weights


def _check_weights(weights: tuple[float, ...]) -> tuple[float, ...]:
    """A weight may be nought, but not every one, or nothing would be left to do."""
    for weight in weights:
        if not (math.isfinite(weight) and 0.0 <= weight <= MAX_WEIGHT):
            raise ValueError(f"a weight of {weight:g} is not allowed; take 0 to {MAX_WEIGHT:g}")
    if weights and not any(weights):
        raise ValueError("at least one weight must be more than 0")
    return weights


MAX_WEIGHT = 1e4
LayerWeights = tuple[tuple[str, float], ...]
"""A layer's name as the paper writes it, and its weight w_l."""
ChosenLayers = Annotated[LayerWeights, Field(min_length=1), AfterValidator(_check_layers)]
StyleWeights = Annotated[tuple[float, ...], Field(max_length=MAX_STYLES), AfterValidator(_check_weights)]


class StylizeParams(BaseModel):
    """One request, as a person makes it. `None` means: as the preset says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: PresetName = PresetName.DEFAULT
    size: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 512
    """Longer side of the result in pixels."""
    strength: Annotated[int, Field(ge=0, le=100)] = NEUTRAL_STRENGTH
    """How much of the style, in per cent; 50 leaves the preset's balance of content and style as it is."""
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None = None
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    init: Init | None = None
    style_scale: Annotated[float, Field(ge=MIN_STYLE_SCALE, le=MAX_STYLE_SCALE, allow_inf_nan=False)] = 1.0
    """Size of the strokes: the style is brought to the result's longer side times this."""
    style_weights: StyleWeights = ()
    """One for each style, in any unit; none: all the same."""
    content_layers: ChosenLayers | None = None
    style_layers: ChosenLayers | None = None
    tv: Annotated[float, Field(ge=0.0, le=MAX_WEIGHT, allow_inf_nan=False)] | None = None
    """Weight of the total variation."""
    pooling: Pooling | None = None
    keep_colours: KeepColours = KeepColours.NO
    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)] = 1
    """How many frames of an animated content are painted at most; 1 paints the first one as a still picture."""
    timelapse_frames: Annotated[int, Field(ge=0, le=MAX_TIMELAPSE_FRAMES)] = 0
    """Pictures of the way from the start to the result, kept as an animation beside it; 0 keeps none."""


def style_weight_factor(strength: int) -> float:
    """What the style weight β is multiplied by for a strength in per cent: 1/16 at 0, 1 at 50, 16 at 100."""
    return float(4.0 ** ((strength - NEUTRAL_STRENGTH) / 25))
