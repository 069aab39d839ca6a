"""What a person may choose about a stylisation, with its limits. Knows neither Discord nor torch."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MIN_SIZE_PX = 64
MAX_SIZE_PX = 2048
"""Longer side of a result; larger needs tiling, which the engine does not do yet."""
MIN_INPUT_SIDE_PX = 16
"""The shortest side of a usable picture: VGG-19 halves its input four times before conv5_1."""
MAX_STEPS = 10_000
NEUTRAL_STRENGTH = 50


class PresetName(StrEnum):
    """The named recipes; what each one means is data in `presets.py`."""

    DEFAULT = "default"
    PAPER = "paper"
    SEED = "seed"


class Init(StrEnum):
    """Where the optimisation starts."""

    CONTENT = "content"
    NOISE = "noise"


class StylizeParams(BaseModel):
    """One request, as a person makes it. `None` means: as the preset says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: PresetName = PresetName.DEFAULT
    size: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 512
    """Longer side of the result in pixels."""
    strength: Annotated[int, Field(ge=0, le=100)] = NEUTRAL_STRENGTH
    """How much of the style, in per cent; 50 leaves the preset's balance of content and style as it is."""
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    init: Init | None = None


def style_weight_factor(strength: int) -> float:
    """What the style weight β is multiplied by for a strength in per cent: 1/16 at 0, 1 at 50, 16 at 100."""
    return float(4.0 ** ((strength - NEUTRAL_STRENGTH) / 25))
