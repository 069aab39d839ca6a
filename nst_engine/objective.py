"""What a preset minimises at one size: targets are computed once, and an evaluation is one pass of the network.

A picture that is too large for the memory is evaluated in tiles, in two passes: the first adds up the moments, the
second carries the slopes of the style loss in those moments back to the picture. Both ways give the same numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

from nst_engine import losses
from nst_engine.contract.params import LAYERS
from nst_engine.contract.presets import Preset
from nst_engine.device import is_being_recorded, release_memory
from nst_engine.errors import OutOfMemory
from nst_engine.feature_pass import Features, Pass, own_of_whole
from nst_engine.measures import ByLayer, Comparison, compare
from nst_engine.memory import is_out_of_memory, tile_side
from nst_engine.moments import Sums, moments_of, sums_of
from nst_engine.pixels import pad_to
from nst_engine.regions import Region, Style, regions_of
from nst_engine.tiles import Tile, halo_of, smaller, tiles_of
from nst_engine.vgg import MIN_SIDE_PX, Vgg19

T = TypeVar("T")


class Losses(NamedTuple):
    """(B,) each, on the device. `content` and `style` come without α and β."""

    total: Tensor
    content: Tensor
    style: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A picture to stay near to: strength times the mean of weights (x − picture)² is added to the loss."""

    picture: Tensor
    """(1, 3, H, W) in [0, 1]"""
    weights: Tensor
    """(1, 1, H, W) in [0, 1]"""
    strength: float


def pass_for(preset: Preset, network: Vgg19) -> Pass:
    """How pictures go through the network for this preset."""
    asked = {layer for layer, weight in (*preset.content_layers, *preset.style_layers) if weight > 0.0}
    layers = tuple(layer for layer in LAYERS if layer in asked)
    return Pass(network=network, preset=preset, layers=layers, halo=halo_of(layers))


def tile_side_for(way: Pass, picture: Tensor) -> int:
    """How large the tiles of a picture may be here and now."""
    height, width = picture.shape[-2:]
    return tile_side(way.network.device, way.network.dtype, picture.shape[0], height, width, way.halo)


def measure_style(way: Pass, picture: Tensor) -> ByLayer:
    """The moments of a painting (1, 3, H, W) in every layer that is compared."""
    found, _ = with_smaller_tiles(tile_side_for(way, picture), picture, lambda side: way.moments(picture, side))
    return found


def with_smaller_tiles(side: int, picture: Tensor, work: Callable[[int], T]) -> tuple[T, int]:
    """What `work` makes of a side for tiles, halved until the memory holds it, and that side.

    Raises OutOfMemory where not even the smallest does. What is being recorded for a GPU is never tried again.
    """
    height, width = picture.shape[-2:]
    while True:
        try:
            return work(side), side
        except RuntimeError as error:
            if not is_out_of_memory(error) or is_being_recorded(picture.device):
                raise
        halved = smaller(side, height, width)
        if halved is None:
            raise OutOfMemory(f"the memory does not hold even a part of {side} pixels of the picture")
        side = halved
        release_memory(picture.device)


def objective_of(
    preset: Preset, network: Vgg19, content: Tensor, styles: Sequence[Tensor], *, style_factor: float = 1.0
) -> "Objective":
    """An objective from pictures alone, (1, 3, H, W) in [0, 1] each, every style with the same weight."""
    way = pass_for(preset, network)
    regions = regions_of([Style(moments=measure_style(way, style)) for style in styles])
    return Objective(preset, network, content, regions, style_factor=style_factor)


class Evaluated(Protocol):
    """What a solver needs of an objective."""

    def evaluate(self, picture: Tensor) -> tuple[Losses, Tensor]:
        """The losses of pictures (B, 3, H, W) in [0, 1], and the gradient of their total."""
        ...


class Objective:
    """Eq. 7 for B content pictures of one size and their styles."""

    def __init__(  # noqa: PLR0913 - what is compared, and then what most callers leave out
        self,
        preset: Preset,
        network: Vgg19,
        content: Tensor,
        regions: Sequence[Region],
        *,
        style_factor: float = 1.0,
        anchor: Anchor | None = None,
        in_grey: bool = False,
        tile_px: int | None = None,
    ) -> None:
        """`content` is (B, 3, H, W) in [0, 1]; `style_factor` multiplies β; `tile_px` None: as the memory allows.

        `in_grey`: of grey pictures, whose three channels are moved together.

        Total variation and roughness are there against what the style stirs up: with less style there is less of them,
        or they would blur the photo. More style does not mean more of them.
        """
        self._preset = preset
        self._way = pass_for(preset, network)
        self._beta = preset.beta * style_factor
        self._tv = preset.tv * min(1.0, style_factor)
        self._roughness = preset.roughness * min(1.0, style_factor)
        self._anchor = anchor
        self.in_grey = in_grey
        self._content_layers = _used(preset.content_layers)
        self._style_layers = _used(preset.style_layers)
        self._side = tile_side_for(self._way, content) if tile_px is None else tile_px
        self._size = (max(MIN_SIDE_PX, content.shape[-2]), max(MIN_SIDE_PX, content.shape[-1]))
        self._shapes = self._way.shapes(*self._size)
        self._with_memory(content, lambda: self._remember_content(content, regions))

    @property
    def device(self) -> torch.device:
        return self._way.network.device

    @property
    def tiles(self) -> int:
        """Into how many parts the picture is cut."""
        return len(tiles_of(*self._size, self._side, self._way.halo))

    def __call__(self, picture: Tensor) -> Losses:
        """The losses of pictures (B, 3, H, W) in [0, 1]; differentiable only where there is one tile."""
        return self._with_memory(picture, lambda: self._found(picture))

    def _found(self, picture: Tensor) -> Losses:
        """Without a try again: with gradients, smaller tiles would hold as much, since all of theirs are kept."""
        return self._losses(self._add_up(picture), self._regularisers(picture))

    def evaluate(self, picture: Tensor) -> tuple[Losses, Tensor]:
        """The losses and the gradient of their total in the picture, without a wait for the device."""
        return self._with_memory(
            picture, lambda: self._evaluate_whole(picture) if self.tiles == 1 else self._evaluate_tiled(picture)
        )

    def _with_memory(self, content: Tensor, work: Callable[[], T]) -> T:
        """Where the memory does not hold it, try again with smaller tiles; raises OutOfMemory when there are none."""

        def work_with(side: int) -> T:
            self._side = side
            return work()

        found, _ = with_smaller_tiles(self._side, content, work_with)
        return found

    def _evaluate_whole(self, picture: Tensor) -> tuple[Losses, Tensor]:
        leaf = picture.detach().requires_grad_()
        found = self._found(leaf)
        (gradient,) = torch.autograd.grad(found.total.sum(), leaf)
        return Losses(*(loss.detach() for loss in found)), self._allowed(gradient)

    def _evaluate_tiled(self, picture: Tensor) -> tuple[Losses, Tensor]:
        with torch.no_grad():
            added = self._add_up(picture)
        leaves = [Sums(s.weight, s.first.requires_grad_(), s.second.requires_grad_()) for s in added.sums]
        leaf = picture.detach().requires_grad_()
        found = self._losses(_Added(added.content, leaves), self._regularisers(leaf))
        inputs = [leaf, *(part for s in leaves for part in (s.first, s.second))]
        gradient, *slopes = torch.autograd.grad(found.total.sum(), inputs, allow_unused=True, materialize_grads=True)
        padded = pad_to(leaf, MIN_SIDE_PX)
        of_padded = self._carry_back(padded.detach(), slopes)
        (of_features,) = torch.autograd.grad(padded, leaf, of_padded)
        return Losses(*(loss.detach() for loss in found)), self._allowed(gradient + of_features)

    def _allowed(self, gradient: Tensor) -> Tensor:
        """A grey picture stays grey."""
        return gradient.mean(1, keepdim=True).expand_as(gradient) if self.in_grey else gradient

    def _carry_back(self, picture: Tensor, slopes: Sequence[Tensor]) -> Tensor:
        """The gradient of content and style in a picture, given the slopes of the total in every sum."""
        gradient = torch.zeros_like(picture)
        for tile in tiles_of(*self._size, self._side, self._way.halo):
            place = (..., slice(tile.down.first, tile.down.last), slice(tile.across.first, tile.across.last))
            seen = picture[place].clone().requires_grad_()
            part = self._add_up_tile(tile, self._way.own_features(seen, tile))
            terms = [self._preset.alpha * part.content.sum()]
            flat = [value for s in part.sums for value in (s.first, s.second)]
            terms += [(slope * value).sum() for slope, value in zip(slopes, flat, strict=True)]
            (found,) = torch.autograd.grad(torch.stack(terms).sum(), seen)
            gradient[place] += found
        return gradient

    def _remember_content(self, content: Tensor, regions: Sequence[Region]) -> None:
        """Targets of content and style, and the constants of both losses."""
        moments = self._way.moments(content, self._side)
        positions = {layer: height * width for layer, (height, width) in self._shapes.items()}
        blended = regions[0].moments
        of_content = compare(self._preset.measure, moments, blended, positions, ())
        self._factors = {layer: of_content.content_factor(layer) for layer, _ in self._content_layers}
        self._targets = self._content_features(content)
        self._masks = [self._by_layer(region.mask) for region in regions]
        self._comparisons: list[tuple[float, Comparison]] = []
        names = [layer for layer, _ in self._style_layers]
        for region, masks in zip(regions, self._masks, strict=True):
            inside = moments if masks is None else {**moments, **self._way.moments(content, self._side, masks)}
            comparison = compare(self._preset.measure, inside, region.moments, positions, names)
            self._comparisons.append((region.weight, comparison))

    def _content_features(self, content: Tensor) -> dict[str, Tensor]:
        names = [layer for layer, _ in self._content_layers]
        whole: dict[str, Tensor] = {}
        with torch.no_grad():
            for tile, features in self._way.parts(content, self._side):
                for layer in names:
                    f = features[layer]
                    if layer not in whole:
                        whole[layer] = f.new_empty(*f.shape[:2], *self._shapes[layer])
                    own_of_whole(whole[layer], layer, tile).copy_(f)
        return whole

    def _by_layer(self, mask: Tensor | None) -> dict[str, Tensor] | None:
        """A mask brought to the positions of every style layer."""
        if mask is None:
            return None
        return {layer: F.adaptive_avg_pool2d(mask, self._shapes[layer]) for layer, _ in self._style_layers}

    def _add_up(self, picture: Tensor) -> "_Added":
        whole: _Added | None = None
        for tile, features in self._way.parts(picture, self._side):
            part = self._add_up_tile(tile, features)
            whole = part if whole is None else whole.plus(part)
        assert whole is not None  # noqa: S101 - a picture has at least one tile
        return whole

    def _add_up_tile(self, tile: Tile, features: Features) -> "_Added":
        differences = [
            weight
            * self._factors[layer]
            * losses.squared_difference(features[layer], own_of_whole(self._targets[layer], layer, tile))
            for layer, weight in self._content_layers
        ]
        sums = [
            sums_of(features[layer], None if masks is None else own_of_whole(masks[layer], layer, tile))
            for masks in self._masks
            for layer, _ in self._style_layers
        ]
        return _Added(torch.stack(differences).sum(0), sums)

    def _losses(self, added: "_Added", regularisers: Tensor) -> Losses:
        style = _sum(self._style_terms(added.sums))
        total = losses.total_loss(self._preset.alpha, added.content, self._beta, style) + regularisers
        return Losses(total, added.content, style)

    def _style_terms(self, sums: Sequence[Sums]) -> Iterable[Tensor]:
        """Each region counts with its share of the picture: a pixel's pull does not depend on the region's size."""
        left = iter(sums)
        for weight, comparison in self._comparisons:
            for layer, layer_weight in self._style_layers:
                found = next(left)
                height, width = self._shapes[layer]
                share = found.weight / (height * width)
                yield weight * layer_weight * share * comparison.style(layer, moments_of(found))

    def _regularisers(self, picture: Tensor) -> Tensor:
        terms = [picture.new_zeros(picture.shape[0])]
        if self._tv:
            terms.append(self._tv * losses.total_variation(picture))
        if self._roughness:
            terms.append(self._roughness * losses.roughness(picture))
        if self._anchor:
            anchor = self._anchor
            terms.append(anchor.strength * losses.weighted_difference(picture, anchor.picture, anchor.weights))
        return _sum(terms)


class _Added(NamedTuple):
    """Of a tile or the whole: the content loss (B,), and the sums of every region's style layers in order."""

    content: Tensor
    sums: Sequence[Sums]

    def plus(self, other: "_Added") -> "_Added":
        sums = [mine.plus(theirs) for mine, theirs in zip(self.sums, other.sums, strict=True)]
        return _Added(self.content + other.content, sums)


def _sum(terms: Iterable[Tensor]) -> Tensor:
    return torch.stack(list(terms)).sum(0)


def _used(layers: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """A weight of nought asks for nothing."""
    return tuple((layer, weight) for layer, weight in layers if weight > 0.0)
