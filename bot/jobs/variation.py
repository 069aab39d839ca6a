"""What the buttons under a finished picture change: from the choices of one job to those of the next. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from nst_engine.contract.params import Init, KeepColours, StylizeParams

STRENGTH_STEP = 15
GROWTH = 1.5
"""From one size to the next larger one: what is there already is a good start for that."""
NEARLY = 1.1
"""A size that comes so near to the largest one is the largest one."""
SEEDS = 10_000
"""A seed of a button is smaller: people read it and type it."""


@dataclass(frozen=True, slots=True)
class NoMoreStyle:
    """The strength is the highest there is."""

    strength: int


@dataclass(frozen=True, slots=True)
class NoLessStyle:
    """The strength is the lowest there is."""

    strength: int


@dataclass(frozen=True, slots=True)
class NoLarger:
    """The size is the largest that may be asked for, or above it."""

    size_px: int
    limit_px: int


Limit = NoMoreStyle | NoLessStyle | NoLarger


class AtLimit(Exception):
    """There is no next step in this direction."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(repr(limit))
        self.limit = limit


def anew(params: StylizeParams) -> StylizeParams:
    """The same from the beginning: what went on from a picture begins as its preset does."""
    return params.model_copy(update={"init": None}) if params.init is Init.PICTURE else params


def again(params: StylizeParams, draw: Callable[[int], int]) -> StylizeParams:
    """With another seed. `draw(n)` is a number from 0 to n - 1."""
    seed = 1 + draw(SEEDS - 2)
    return anew(params).model_copy(update={"seed": seed + (seed >= params.seed > 0)})


def more_style(params: StylizeParams) -> StylizeParams:
    """Raises AtLimit."""
    if params.strength >= 100:
        raise AtLimit(NoMoreStyle(params.strength))
    return anew(params).model_copy(update={"strength": min(100, params.strength + STRENGTH_STEP)})


def less_style(params: StylizeParams) -> StylizeParams:
    """Raises AtLimit."""
    if params.strength <= 0:
        raise AtLimit(NoLessStyle(params.strength))
    return anew(params).model_copy(update={"strength": max(0, params.strength - STRENGTH_STEP)})


def other_colours(params: StylizeParams) -> StylizeParams:
    """The content's own colours, or the style's where the content's were kept."""
    keep = KeepColours.LUMINANCE if params.keep_colours is KeepColours.NO else KeepColours.NO
    return anew(params).model_copy(update={"keep_colours": keep})


def larger(params: StylizeParams, *, limit_px: int) -> StylizeParams:
    """The next size, to go on to from the finished picture. Raises AtLimit."""
    if params.size >= limit_px:
        raise AtLimit(NoLarger(params.size, limit_px))
    grown = round(params.size * GROWTH)
    size = limit_px if grown * NEARLY >= limit_px else grown
    return params.model_copy(update={"size": size, "init": Init.PICTURE})


def is_same_request(one: StylizeParams, other: StylizeParams) -> bool:
    """Whether two jobs of the same pictures come to the same picture."""
    kept: dict[str, object] = {"timelapse_frames": 0}
    return one.model_copy(update=kept) == other.model_copy(update=kept)
