"""What every painting here is made of: smooth noise, curves, light on paint. Arrays are (H, W) or (H, W, 3)."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Rgb: TypeAlias = tuple[int, int, int]
Points: TypeAlias = Sequence[tuple[float, float]]


def grid(size: tuple[int, int]) -> tuple[Array, Array]:
    """The x and the y of every pixel (H, W) of a (width, height) canvas."""
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    return across, down


def smooth_noise(random: np.random.Generator, size: tuple[int, int], cell: float, *, stretch: float = 1.0) -> Array:
    """Noise of about -1..1 on (width, height) pixels, its lumps `cell` pixels high and `stretch` times as wide."""
    width, height = size
    grid = (max(2, round(height / cell) + 2), max(2, round(width / (cell * stretch)) + 2))
    lumps = Image.fromarray(random.uniform(-1, 1, grid).astype(np.float32))
    return np.asarray(lumps.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def fractal_noise(random: np.random.Generator, size: tuple[int, int], cell: float, octaves: int = 4) -> Array:
    """Noise of about -1..1 with detail at `octaves` scales, each half as large and half as strong."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        total += smooth_noise(random, size, cell / 2**octave) / 2**octave
    return total / np.float32(2 - 2 ** (1 - octaves))


def light_on_relief(picture: Array, height: Array, strength: float) -> Array:
    """The picture (0–255) lit from the upper left as if painted on that relief (any unit; steeper is stronger)."""
    down, right = np.gradient(height)
    slope = np.expand_dims(np.clip((down + right) * strength, -1, 1), -1)
    lit = np.where(slope > 0, picture + slope * (255 - picture) * 0.45, picture * (1 + slope * 0.55))
    return np.asarray(lit, dtype=np.float32)


def blend(below: Array, above: Array | Rgb, opacity: Array) -> Array:
    """`above` laid over `below` where opacity (H, W) is 1."""
    weight = opacity[..., None]
    return np.asarray(below * (1 - weight) + np.asarray(above, np.float32) * weight, dtype=np.float32)


def step(values: Array, edge: float | Array, softness: float) -> Array:
    """0 below the edge, 1 above it, with a smooth passage `softness` wide."""
    ramp = np.clip((values - edge) / softness + 0.5, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), dtype=np.float32)


def ramp(values: Array, stops: Sequence[tuple[float, Rgb]]) -> Array:
    """Colours (H, W, 3) for values (H, W), mixed between the stops."""
    places = [place for place, _ in stops]
    bands = [np.interp(values, places, [colour[band] for _, colour in stops]) for band in range(3)]
    return np.stack(bands, axis=-1).astype(np.float32)


def curve(points: Points, steps: int = 24) -> Array:
    """A smooth curve through the points (Catmull–Rom): (P, 2) to (steps·(P-1)+1, 2)."""
    given = np.asarray(points, np.float32)
    padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, None]
    pieces = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        cubic = 3 * start - 3 * end + after - before
        square = 2 * before - 5 * start + 4 * end - after
        pieces.append(0.5 * (2 * start + (end - before) * t + square * t**2 + cubic * t**3))
    return np.vstack([*pieces, given[-1:]]).astype(np.float32)


def normals(path: Array) -> Array:
    """Unit vectors to the right of a path (P, 2), on a canvas whose y runs down."""
    tangents = np.gradient(path, axis=0)
    lengths = np.maximum(np.hypot(tangents[:, 0], tangents[:, 1]), 1e-6)[:, None]
    return np.asarray(np.stack([-tangents[:, 1], tangents[:, 0]], axis=1) / lengths, dtype=np.float32)


def swelling(path: Array, width: float) -> Array:
    """The outline of a line along a path (P, 2) that swells in the middle and runs out to points."""
    along = np.linspace(0, np.pi, len(path), dtype=np.float32)[:, None]
    aside = normals(path) * np.sin(along) * width / 2
    return np.vstack([path + aside, (path - aside)[::-1]])


def box(left: float, top: float, right: float, bottom: float) -> Array:
    """The corners (4, 2) of a rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def as_points(path: Array) -> list[tuple[float, float]]:
    """A path (P, 2) as Pillow's drawing takes it."""
    return [(float(x), float(y)) for x, y in path]


def inside(size: tuple[int, int], shape: Callable[[ImageDraw.ImageDraw, int], None], oversampling: int = 2) -> Array:
    """1 inside what `shape(pen, oversampling)` draws in white (255), 0 outside, with smooth edges."""
    large = Image.new("L", (size[0] * oversampling, size[1] * oversampling))
    shape(ImageDraw.Draw(large), oversampling)
    return to_array(large.resize(size, Image.Resampling.BOX)) / np.float32(255)


def to_array(picture: Image.Image) -> Array:
    return np.asarray(picture, dtype=np.float32)


def to_picture(array: Array) -> Image.Image:
    """An RGB picture of values 0–255, rounded and clipped."""
    return Image.fromarray(np.clip(array + 0.5, 0, 255).astype(np.uint8), "RGB")
