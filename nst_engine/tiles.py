"""How a large picture is cut so that every part can be passed through the network alone, exactly. Plain arithmetic."""

import math
from dataclasses import dataclass
from itertools import pairwise

from nst_engine.contract.params import LAYERS

GRID_PX = 16
"""Cuts lie on multiples of this: the grid of the last pooling, so that every pooling sees the same squares."""
SMALLEST_TILE_PX = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Pixels `start` to `stop` along one side are a tile's own; it sees `first` to `last`."""

    first: int
    start: int
    stop: int
    last: int

    def own(self, stride: int) -> slice:
        """Its own positions in a layer of the whole picture, one position every `stride` pixels."""
        return slice(self.start // stride, self.stop // stride)

    def own_seen(self, stride: int) -> slice:
        """The same positions in what it sees."""
        return slice((self.start - self.first) // stride, (self.stop - self.first) // stride)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    down: Span
    across: Span


def stride_of(layer: str) -> int:
    """Pixels between two positions of a layer."""
    return 1 << (_block(layer) - 1)


def halo_of(layers: tuple[str, ...]) -> int:
    """How many pixels around a part can change its features in these layers, rounded up to the grid.

    Each 3 × 3 convolution up to the deepest one looks one position further on every side.
    """
    deepest = max(LAYERS.index(layer) for layer in layers)
    radius = sum(stride_of(layer) for layer in LAYERS[: deepest + 1])
    return math.ceil(radius / GRID_PX) * GRID_PX


def tiles_of(height: int, width: int, side: int, halo: int) -> tuple[Tile, ...]:
    """Tiles whose own parts are about `side` pixels long and cover the picture without overlap, row by row."""
    rows, columns = spans_of(height, side, halo), spans_of(width, side, halo)
    return tuple(Tile(down=down, across=across) for down in rows for across in columns)


def spans_of(length: int, side: int, halo: int) -> tuple[Span, ...]:
    """One side cut into parts of nearly equal length, the last ending where the picture ends."""
    parts = max(1, math.ceil(length / max(side, GRID_PX)))
    cuts = [round(length * k / parts / GRID_PX) * GRID_PX for k in range(parts)] + [length]
    return tuple(
        Span(first=max(0, start - halo), start=start, stop=stop, last=min(length, stop + halo))
        for start, stop in pairwise(cuts)
        if stop > start
    )


def smaller(side: int, height: int, width: int) -> int | None:
    """The next smaller side after `side` did not fit in memory; None where there is none."""
    halved = math.ceil(min(side, max(height, width)) / 2 / GRID_PX) * GRID_PX
    return halved if halved >= SMALLEST_TILE_PX else None


def _block(layer: str) -> int:
    return int(layer.removeprefix("conv").split("_")[0])
