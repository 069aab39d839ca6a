"""How a stylisation is laid out: the size of the result and the sizes that lead to it. Plain arithmetic on values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Size = tuple[int, int]
"""(width, height) in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyramid:
    """Sizes from coarse to fine. Each is twice the one before it; the last is the result's own."""

    first_px: int
    """No size has a longer side under this, except where the result itself has."""
    steps: tuple[int, ...]
    """Steps at the result's own size, at half of it, and so on; the last number stands for all coarser sizes.

    A result that has no coarser size takes the first two together.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Some steps at one size."""

    size: Size
    steps: int


def fit(size: Size, longer: int) -> Size:
    """`size` brought to a longer side of exactly `longer` pixels, its shape kept as far as whole pixels allow."""
    scale = longer / max(size)
    width, height = (max(1, round(side * scale)) for side in size)
    return (longer, height) if size[0] >= size[1] else (width, longer)


def longer_sides(longer: int, pyramid: Pyramid) -> tuple[int, ...]:
    """The longer side at each scale, coarsest first."""
    halvings = max(0, math.floor(math.log2(longer / pyramid.first_px) + 0.05))
    return tuple(round(longer / 2**k) for k in range(halvings, -1, -1))


def steps_at(scales: int, pyramid: Pyramid) -> tuple[int, ...]:
    """The steps at each of so many sizes, coarsest first."""
    steps = pyramid.steps
    if scales == 1:
        return (sum(steps[:2]),)
    return tuple(steps[min(k, len(steps) - 1)] for k in range(scales - 1, -1, -1))


def split(total: int, shares: Sequence[int]) -> tuple[int, ...]:
    """`total` divided in proportion to `shares`, rounded so that the sum is exact; the last part is never zero."""
    whole = sum(shares)
    ends = [round(total * sum(shares[: k + 1]) / whole) for k in range(len(shares))]
    parts = [end - begin for begin, end in zip([0, *ends[:-1]], ends, strict=True)]
    if parts[-1] == 0:
        parts = [0] * (len(parts) - 1) + [total]
    return tuple(parts)
