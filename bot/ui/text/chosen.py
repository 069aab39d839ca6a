"""What was chosen for a picture, short, so that whoever reads it can ask for the same again."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ui.words import Words, later
from nst_engine.contract.params import Init, KeepColours, Pooling, StylizeParams

_COLOURS: Mapping[KeepColours, str] = MappingProxyType(
    {KeepColours.LUMINANCE: later("own colours"), KeepColours.TRANSFER: later("own palette")}
)
_STARTS: Mapping[Init, str] = MappingProxyType(
    {
        Init.CONTENT: later("starts from the content"),
        Init.NOISE: later("starts from noise"),
        Init.MATCHED: later("starts from the content in the style's colours"),
        Init.PICTURE: later("goes on from an earlier picture"),
    }
)
_POOLINGS: Mapping[Pooling, str] = MappingProxyType(
    {Pooling.MAX: later("max pooling"), Pooling.AVERAGE: later("average pooling")}
)


def chosen(params: StylizeParams, say: Words) -> list[str]:
    """Preset and strength; of the rest what is not as usual. The size is another matter (`size`)."""
    return [
        say("{preset} preset", preset=params.preset),
        say("strength {strength}", strength=params.strength),
        *_looks(params, say),
        *_workings(params, say),
    ]


def size(params: StylizeParams, say: Words) -> str:
    return say("{size} px", size=params.size)


def in_small_print(parts: list[str]) -> str:
    return f"-# {' · '.join(parts)}"


def _looks(params: StylizeParams, say: Words) -> list[str]:
    parts = []
    if params.seed:
        parts.append(say("seed {seed}", seed=params.seed))
    if params.keep_colours in _COLOURS:
        parts.append(say(_COLOURS[params.keep_colours]))
    if params.style_scale != 1.0:
        parts.append(say("stroke size {number}", number=_plain_number(params.style_scale, say)))
    if len(set(params.style_weights)) > 1:
        weights = " : ".join(_plain_number(weight, say) for weight in params.style_weights)
        parts.append(say("weights {weights}", weights=weights))
    return parts


def _workings(params: StylizeParams, say: Words) -> list[str]:
    parts = []
    if params.steps is not None:
        parts.append(say("{steps} steps asked for", steps=params.steps))
    if params.tv is not None:
        parts.append(say("smoothness {number}", number=_plain_number(params.tv, say)))
    if params.init is not None:
        parts.append(say(_STARTS[params.init]))
    if params.pooling is not None:
        parts.append(say(_POOLINGS[params.pooling]))
    if params.content_layers or params.style_layers:
        parts.append(say("own choice of layers"))
    return parts


def _plain_number(value: float, say: Words) -> str:
    """With as many digits as it needs, up to three."""
    digits = next(n for n in range(4) if n == 3 or round(value, n) == round(value, 3))
    return say.number(value, digits)
