"""Pictures through the network, whole or tile by tile: every part has exactly the features it has in the whole."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from nst_engine.contract.presets import Preset
from nst_engine.moments import Moments, Sums, moments_of, sums_of
from nst_engine.pixels import pad_to
from nst_engine.tiles import Tile, stride_of, tiles_of
from nst_engine.vgg import MIN_SIDE_PX, Vgg19

Features = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Which layers are read, and how the network is set for it."""

    network: Vgg19
    preset: Preset
    layers: tuple[str, ...]
    halo: int

    def parts(self, picture: Tensor, side: int) -> Iterator[tuple[Tile, Features]]:
        """Each tile with the features of its own positions: (B, C, h, w) by layer, differentiable in the picture."""
        picture = pad_to(picture, MIN_SIDE_PX)
        height, width = picture.shape[-2:]
        for tile in tiles_of(height, width, side, self.halo):
            down, across = tile.down, tile.across
            yield tile, self.own_features(picture[..., down.first : down.last, across.first : across.last], tile)

    def own_features(self, seen: Tensor, tile: Tile) -> Features:
        """The features of a tile's own positions, given the pixels that it sees."""
        found = self.network.features(seen, self.layers, pooling=self.preset.pooling, edges=self.preset.edges)
        return {layer: _own(f, layer, tile) for layer, f in found.items()}

    def moments(self, picture: Tensor, side: int, weights: Mapping[str, Tensor] | None = None) -> dict[str, Moments]:
        """Of a whole picture (B, 3, H, W), by layer; only of the layers whose positions have `weights`, if any have."""
        with torch.no_grad():
            whole: dict[str, Sums] = {}
            for tile, features in self.parts(picture, side):
                for layer in self.layers if weights is None else weights:
                    own_weights = None if weights is None else own_of_whole(weights[layer], layer, tile)
                    sums = sums_of(features[layer], own_weights)
                    whole[layer] = whole[layer].plus(sums) if layer in whole else sums
        shapes = self.shapes(*picture.shape[-2:])
        return {layer: moments_of(sums, math.prod(shapes[layer])) for layer, sums in whole.items()}

    def shapes(self, height: int, width: int) -> dict[str, tuple[int, int]]:
        """Rows and columns of each layer for a picture of this size."""
        return {
            layer: (max(height, MIN_SIDE_PX) // stride_of(layer), max(width, MIN_SIDE_PX) // stride_of(layer))
            for layer in self.layers
        }


def _own(f: Tensor, layer: str, tile: Tile) -> Tensor:
    """A tile's own positions among those it sees."""
    stride = stride_of(layer)
    return f[..., tile.down.own_seen(stride), tile.across.own_seen(stride)]


def own_of_whole(f: Tensor, layer: str, tile: Tile) -> Tensor:
    """A tile's own positions in a layer of the whole picture."""
    stride = stride_of(layer)
    return f[..., tile.down.own(stride), tile.across.own(stride)]
