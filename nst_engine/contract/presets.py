"""The named recipes as data. The engine reads them; the bot shows them. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from nst_engine.contract.params import Init, LayerWeights, Pooling, PresetName, StylizeParams
from nst_engine.contract.plan import Pyramid, Size, Stage, fit, longer_sides, split, steps_at


class Measure(StrEnum):
    """How content and style are compared; `losses.py` has the formulas."""

    PAPER = "paper"
    """Equations 1, 3, 4 and 5 of the paper, on activations scaled to a mean of one as the paper does."""
    SEED = "seed"
    """Mean squares and un-normalised Gram matrices."""
    WASSERSTEIN = "wasserstein"
    """Means and covariances of the features, each layer relative to its target."""


class Edges(StrEnum):
    """What lies beyond the picture's border for the first convolution."""

    ZERO = "zero"
    REPLICATE = "replicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdamRecipe:
    """Adam on the picture in the units of `scale`: one unit is so much of each RGB channel in [0, 1].

    The result is the picture with the lowest loss on the way, as in the seed's program.
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.999)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LbfgsRecipe:
    """L-BFGS within the box [0, 1]."""

    history: int
    first_step: float
    """Root mean square change of the picture in the first step."""
    smoothing: float = 0.0
    """The initial inverse Hessian falls with spatial frequency f as f to the minus this; 0 is the identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A recipe: everything that a person does not choose for one picture."""

    summary: str
    """One sentence for the people who choose it."""
    measure: Measure
    solver: AdamRecipe | LbfgsRecipe
    pyramid: Pyramid
    content_layers: LayerWeights
    style_layers: LayerWeights
    alpha: float
    """Weight of the content loss."""
    beta: float
    """Weight of the style loss, before the requester's strength."""
    tv: float = 0.0
    """Weight of the total variation: against noise, at some cost to edges."""
    roughness: float = 0.0
    """Weight of the roughness: against the finest noise, at less cost to edges and none to slopes."""
    pooling: Pooling = Pooling.MAX
    edges: Edges = Edges.ZERO
    init: Init = Init.CONTENT
    matched_share: float = 1.0
    """How far a start with the style's colours goes there from the content's own."""


STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
CONTENT_LAYER = "conv4_2"
_LEAST_FOLLOWING_STEPS = 8
ONE_SIZE = 1 << 20
"""A first size that no result reaches: the pyramid has one scale."""


def _equally(layers: tuple[str, ...]) -> LayerWeights:
    return tuple((layer, 1 / len(layers)) for layer in layers)


_SEED = Preset(
    summary="The recipe this project grew from: Adam, 2000 small steps, faithful to the photo's shapes, slow.",
    measure=Measure.SEED,
    solver=AdamRecipe(learning_rate=0.003, scale=(0.229, 0.224, 0.225)),
    pyramid=Pyramid(first_px=ONE_SIZE, steps=(2000,)),
    content_layers=((CONTENT_LAYER, 1.0),),
    style_layers=_equally(STYLE_LAYERS),
    alpha=1.0,
    beta=1e6,
)

_PAPER = Preset(
    summary="The method as Gatys, Ecker and Bethge published it in 2016: L-BFGS from noise.",
    measure=Measure.PAPER,
    solver=LbfgsRecipe(history=20, first_step=0.02),
    pyramid=Pyramid(first_px=ONE_SIZE, steps=(300,)),
    content_layers=((CONTENT_LAYER, 1.0),),
    style_layers=_equally(STYLE_LAYERS),
    alpha=1e-6,
    beta=1.0,
    pooling=Pooling.AVERAGE,
    init=Init.NOISE,
)

_DEFAULT = Preset(
    summary="The best-looking pictures in little time: from coarse to fine, planes of colour and clean edges.",
    measure=Measure.WASSERSTEIN,
    solver=LbfgsRecipe(history=12, first_step=0.05, smoothing=1.0),
    pyramid=Pyramid(first_px=128, steps=(16, 15, 6)),
    content_layers=((CONTENT_LAYER, 1.0),),
    style_layers=(
        ("conv1_1", 0.7668),
        ("conv2_1", 0.153),
        ("conv3_1", 0.056),
        ("conv4_1", 0.0153),
        ("conv5_1", 0.0089),
    ),
    alpha=1.0,
    beta=34.0,
    tv=10.0,
    roughness=35.0,
    pooling=Pooling.MAX,
    edges=Edges.REPLICATE,
    init=Init.MATCHED,
    matched_share=0.4,
)

PRESETS: Mapping[PresetName, Preset] = MappingProxyType(
    {PresetName.DEFAULT: _DEFAULT, PresetName.PAPER: _PAPER, PresetName.SEED: _SEED}
)


def recipe_of(params: StylizeParams) -> Preset:
    """The preset with what the request says otherwise."""
    preset = PRESETS[params.preset]
    return replace(
        preset,
        content_layers=params.content_layers or preset.content_layers,
        style_layers=params.style_layers or preset.style_layers,
        tv=preset.tv if params.tv is None else params.tv,
        pooling=params.pooling or preset.pooling,
    )


def steps_of(params: StylizeParams) -> int:
    """How many evaluations of the network the request takes, all scales together."""
    return sum(_steps_by_scale(params))


def stages_of(params: StylizeParams, content_size: Size) -> tuple[Stage, ...]:
    """The sizes that the picture passes through and the steps at each; the last has the size of the result."""
    sides = longer_sides(params.size, PRESETS[params.preset].pyramid)
    stages = zip(sides, _steps_by_scale(params), strict=True)
    return tuple(Stage(size=fit(content_size, side), steps=steps) for side, steps in stages if steps > 0)


def following_stage_of(params: StylizeParams, content_size: Size) -> Stage:
    """What a frame of an animation takes that goes on from the one before it: some steps at the size of the result."""
    last = stages_of(params, content_size)[-1]
    return Stage(size=last.size, steps=min(last.steps, max(_LEAST_FOLLOWING_STEPS, round(last.steps / 4))))


def estimated_cost(params: StylizeParams, content_size: Size, *, frames: int = 1) -> float:
    """Work in megapixel evaluations (forward and backward) of the network: seconds are this over an engine's speed.

    Of several `frames` all but the first go on from the one before; a new scene among them costs more than this says,
    frames that are alike cost less.
    """
    following = following_stage_of(params, content_size)
    stages = (*stages_of(params, content_size), *((following,) * (frames - 1)))
    return sum(stage.steps * stage_cost(stage.size) for stage in stages)


def stage_cost(size: Size) -> float:
    """Megapixel evaluations of one step at `size`. What does not grow with the picture counts as 64 × 64 pixels."""
    return (size[0] * size[1] + 64 * 64) / 1e6


def _steps_by_scale(params: StylizeParams) -> tuple[int, ...]:
    pyramid = PRESETS[params.preset].pyramid
    scales = len(longer_sides(params.size, pyramid))
    shares = steps_at(scales, pyramid)
    if params.init is Init.PICTURE:  # it has been laid out; going back to the coarsest size would lose it
        shares = tuple(share if k >= scales - 2 else 0 for k, share in enumerate(shares))
    return shares if params.steps is None else split(params.steps, shares)
