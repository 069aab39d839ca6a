"""Which style paints where: several styles become regions of the picture, each with the moments it should have."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from nst_engine.errors import BadInput
from nst_engine.measures import ByLayer
from nst_engine.moments import Moments, blend

_LEAST_REST = 1e-3
"""A rest of less than this share of the picture is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One painting at one size. Without a mask (1, 1, H, W) it paints what no mask claims."""

    moments: ByLayer
    weight: float = 1.0
    mask: Tensor | None = None
    """In [0, 1], at any size: 1 where it paints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """`weight` is relative to the other regions'; 1 where all styles weigh the same."""

    moments: ByLayer
    weight: float = 1.0
    mask: Tensor | None = None


def regions_of(styles: Sequence[Style]) -> tuple[Region, ...]:
    """A region for each style with a mask, and one for all others together, where their moments are blended.

    A style of no weight is left out, and so is its mask.

    Where nobody's mask is and no style is without one, the picture stays the content. Raises BadInput where nothing is
    left to paint.
    """
    styles = [style for style in styles if style.weight > 0.0]
    if not styles:
        raise BadInput("There is nothing to paint with: no style has a weight.")
    mean_weight = sum(style.weight for style in styles) / len(styles)
    masked = [style for style in styles if style.mask is not None]
    regions = [Region(moments=style.moments, weight=style.weight / mean_weight, mask=style.mask) for style in masked]
    others = [style for style in styles if style.mask is None]
    rest = _rest(masked)
    if others and (rest is None or rest.mean() > _LEAST_REST):
        weight = sum(style.weight for style in others) / len(others) / mean_weight if masked else 1.0
        regions.append(Region(moments=_blended(others), weight=weight, mask=rest))
    return tuple(regions)


def together(pictures: Sequence[Sequence[Region]]) -> tuple[Region, ...]:
    """The regions of several pictures that are painted in one batch: one each, without masks."""
    firsts = [regions[0].moments for regions in pictures]
    layers = firsts[0].keys()
    return (Region(moments={layer: _concatenated([moments[layer] for moments in firsts]) for layer in layers}),)


def _concatenated(moments: Sequence[Moments]) -> Moments:
    most = max(m.positions for m in moments)
    return Moments(torch.cat([m.mean for m in moments]), torch.cat([m.second for m in moments]), most)


def _rest(masked: Sequence[Style]) -> Tensor | None:
    masks = [style.mask for style in masked if style.mask is not None]
    return (1.0 - torch.stack(masks).sum(0)).clamp(0.0, 1.0) if masks else None


def _blended(styles: Sequence[Style]) -> ByLayer:
    weights = [style.weight for style in styles]
    return {layer: blend([style.moments[layer] for style in styles], weights) for layer in styles[0].moments}
