"""Oil paint: brush strokes that follow a flow, bristle by bristle, with the height of the paint kept for the light."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from bot.paintings.texture import Array, Rgb, light_on_relief, to_array, to_picture

OVERSAMPLING = 2
"""Strokes are drawn this many times as large and then made smaller, for smooth edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brush:
    """Lengths in pixels of the finished painting. `variation` is how far one stroke's colour strays, of 0–255."""

    spacing: float
    length: float
    width: float
    bristles: int
    variation: float


class Canvas:
    """RGB is the colour, the fourth band is the height of the paint: one drawing call sets both."""

    def __init__(self, size: tuple[int, int], ground: Rgb) -> None:
        self.size = size
        large = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
        self._paint = Image.new("RGBA", large, (*ground, 100))
        self._pen = ImageDraw.Draw(self._paint)

    def fill(self, random: np.random.Generator, brush: Brush, colours: Array, flow: Array, where: Array) -> None:
        """Cover the part where the mask (H, W) is true: `colours` is (H, W, 3), `flow` (H, W) the angle in radians."""
        starts = scattered(random, self.size, brush.spacing)
        columns, rows = starts[:, 0].astype(int), starts[:, 1].astype(int)
        starts = starts[where[rows, columns] > 0]
        paths = follow(starts, flow, brush.length * random.uniform(0.6, 1.3, len(starts)))
        bases = colours[starts[:, 1].astype(int), starts[:, 0].astype(int)]
        self.strokes(random, brush, paths, bases)

    def strokes(self, random: np.random.Generator, brush: Brush, paths: Array, colours: Array) -> None:
        """Strokes along paths (N, P, 2) in pixels of the finished painting, in colours (N, 3), one above the other."""
        count, points = paths.shape[:2]
        several = (count, brush.bristles)
        strays = random.normal(0, brush.variation, (count, 1)) + random.normal(0, brush.variation * 0.5, (count, 3))
        paint = np.empty((*several, 4))
        paint[..., :3] = (colours + strays)[:, None] + random.normal(0, 9, (*several, 1))
        paint[..., 3] = random.integers(60, 256, several)
        offsets = np.linspace(-0.5, 0.5, brush.bristles) * brush.width
        bristles = paths[:, None] + _normals(paths)[:, None] * offsets[:, None, None]
        trims = random.integers(0, max(1, points // 4), (count * brush.bristles, 2)).tolist()
        ways = (bristles * OVERSAMPLING).reshape(count * brush.bristles, points * 2).tolist()
        inks = np.clip(paint, 0, 255).astype(int).reshape(-1, 4).tolist()
        thickness = max(1, round(OVERSAMPLING * brush.width / brush.bristles * 1.5))
        for way, ink, (head, tail) in zip(ways, inks, trims, strict=True):
            self._pen.line(way[2 * head : 2 * (points - tail)], tuple(ink), thickness)

    def stroke(self, random: np.random.Generator, brush: Brush, path: Array, colour: Rgb) -> None:
        """One stroke along a path (P, 2)."""
        self.strokes(random, brush, path[None], np.array([colour], np.float32))

    def finished(self, relief: float) -> Image.Image:
        """The painting, its paint as high as `relief` says and lit from the upper left."""
        small = to_array(self._paint.resize(self.size, Image.Resampling.BOX))
        return to_picture(light_on_relief(small[..., :3], small[..., 3], relief / 100))


def flow_of(stream: Array) -> Array:
    """The direction in radians along the level lines of a stream function (H, W)."""
    down, right = np.gradient(stream)
    return np.asarray(np.arctan2(-right, down), dtype=np.float32)


def _normals(paths: Array) -> Array:
    """Unit vectors across the paths (N, P, 2) at each of their points."""
    tangents = np.gradient(paths, axis=1)
    lengths = np.maximum(np.hypot(tangents[..., 0], tangents[..., 1]), 1e-6)[..., None]
    return np.asarray(np.stack([-tangents[..., 1], tangents[..., 0]], axis=-1) / lengths, dtype=np.float32)


def scattered(random: np.random.Generator, size: tuple[int, int], spacing: float) -> Array:
    """Points (N, 2) all over the canvas, one to each square of that spacing, in random order."""
    columns, rows = np.meshgrid(np.arange(0, size[0], spacing), np.arange(0, size[1], spacing))
    points = np.stack([columns.ravel(), rows.ravel()], axis=1)
    points = points + random.uniform(0, spacing, points.shape)
    points = points[(points[:, 0] < size[0]) & (points[:, 1] < size[1])]
    return np.asarray(random.permutation(points), dtype=np.float32)


def follow(starts: Array, flow: Array, lengths: Array, steps: int = 7) -> Array:
    """The ways (N, steps, 2) of points (N, 2) carried along the flow for those lengths in pixels."""
    height, width = flow.shape
    stride = (lengths / (steps - 1))[:, None]
    places = [starts]
    for _ in range(steps - 1):
        here = places[-1]
        columns = np.clip(here[:, 0], 0, width - 1).astype(int)
        rows = np.clip(here[:, 1], 0, height - 1).astype(int)
        angles = flow[rows, columns]
        places.append(here + stride * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    return np.stack(places, axis=1).astype(np.float32)
