"""A stained-glass window: a rose of coloured panes in lead, the sun behind it."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from bot.paintings.texture import (
    Array,
    Rgb,
    blend,
    fractal_noise,
    grid,
    light_on_relief,
    smooth_noise,
    step,
    to_array,
    to_picture,
)

SIZE = (720, 720)
_MIDDLE = (360.0, 360.0)
_LEAD: Rgb = (18, 18, 24)
_LEAD_WIDTH = 6.5

_RINGS: tuple[tuple[int, float, tuple[Rgb, ...]], ...] = (
    (1, 0, ((255, 226, 120),)),
    (8, 44, ((226, 40, 44), (250, 170, 40))),
    (16, 88, ((40, 70, 190), (30, 150, 190), (40, 70, 190), (246, 196, 70))),
    (16, 132, ((200, 30, 60), (120, 30, 120), (238, 110, 40))),
    (32, 178, ((24, 50, 160), (60, 170, 200))),
    (32, 222, ((20, 130, 90), (150, 190, 60), (20, 110, 120), (244, 210, 90))),
    (48, 268, ((180, 24, 50), (230, 90, 40), (110, 24, 90))),
    (48, 314, ((30, 40, 130), (50, 110, 200), (30, 40, 130), (150, 200, 220))),
)
"""Panes in the ring, its radius in pixels, its colours in turn."""
_CORNER_COLOURS: tuple[Rgb, ...] = ((40, 90, 60), (96, 150, 70), (150, 110, 40), (30, 70, 90), (210, 170, 80))


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    centres, colours = _panes(random)
    nearest, gap = _nearest_pane(random, centres)
    glass = _glass(random, nearest, colours, len(centres))
    across, down = grid(SIZE)
    sun = np.exp(-(((across - 300) / 330) ** 2 + ((down - 280) / 330) ** 2))
    lit = glass * (0.55 + 0.75 * sun)[..., None]
    lead = 1 - step(gap, _LEAD_WIDTH, 1.6)
    rose = np.abs(np.hypot(across - _MIDDLE[0], down - _MIDDLE[1]) - 340)
    lead = np.maximum(lead, 1 - step(rose, 7, 1.6))
    relief = np.sqrt(np.clip(1 - (np.minimum(gap / _LEAD_WIDTH, rose / 7)) ** 2, 0, 1))
    metal = np.array(_LEAD) + 22 * smooth_noise(random, SIZE, 5)[..., None]
    return _glow(blend(lit, light_on_relief(metal, relief, 1.2), lead))


def _panes(random: np.random.Generator) -> tuple[Array, Array]:
    """Centres (N, 2) and colours (N, 3): rings about the middle, scattered panes in the corners."""
    centres: list[tuple[float, float]] = []
    colours: list[Rgb] = []
    for index, (count, radius, ring_colours) in enumerate(_RINGS):
        for pane in range(count):
            angle = 2 * np.pi * (pane + 0.5 * (index % 2)) / count
            centres.append((_MIDDLE[0] + radius * np.cos(angle), _MIDDLE[1] + radius * np.sin(angle)))
            colours.append(ring_colours[pane % len(ring_colours)])
    for x, y in random.uniform(-20, 740, (1200, 2)):
        apart = min(np.hypot(x - other[0], y - other[1]) for other in centres)
        if np.hypot(x - _MIDDLE[0], y - _MIDDLE[1]) > 362 and apart > 22:
            centres.append((float(x), float(y)))
            colours.append(_CORNER_COLOURS[random.integers(len(_CORNER_COLOURS))])
    return np.array(centres, np.float32), np.array(colours, np.float32)


def _nearest_pane(random: np.random.Generator, centres: Array) -> tuple[npt.NDArray[np.int64], Array]:
    """For each pixel its pane, and about its distance in pixels from the pane's edge (H, W)."""
    across, down = grid(SIZE)
    across = across + 2.5 * smooth_noise(random, SIZE, 40)  # lead is bent by hand
    down = down + 2.5 * smooth_noise(random, SIZE, 40)
    first = np.full(across.shape, np.inf, np.float32)
    second = first.copy()
    nearest = np.zeros(across.shape, np.int64)
    for index, (x, y) in enumerate(centres.tolist()):
        part = _around(x, y)
        distance = np.hypot(across[part] - x, down[part] - y)
        closer = distance < first[part]
        second[part] = np.where(closer, first[part], np.minimum(second[part], distance))
        nearest[part][closer] = index
        first[part] = np.minimum(first[part], distance)
    return nearest, second - first


def _around(x: float, y: float) -> tuple[slice, slice]:
    """The rows and columns that a pane and its neighbours can reach."""
    left, top = max(0, int(x) - 90), max(0, int(y) - 90)
    return slice(top, max(0, int(y) + 90)), slice(left, max(0, int(x) + 90))


def _glass(random: np.random.Generator, nearest: npt.NDArray[np.int64], colours: Array, count: int) -> Array:
    """Each pane of its own tint, with streaks and bubbles that run another way in every second one."""
    tint = np.clip(colours + random.normal(0, 14, (count, 1)) + random.normal(0, 9, (count, 3)), 8, 255)
    flat = tint.astype(np.float32)[nearest]
    streaks = np.stack([smooth_noise(random, SIZE, 7, stretch=6), smooth_noise(random, SIZE[::-1], 7, stretch=6).T])
    way = random.integers(0, 2, count)[nearest]
    streak = np.where(way == 0, streaks[0], streaks[1])
    cloud = fractal_noise(random, SIZE, 34, 4)
    textured = flat * (1 + 0.16 * streak + 0.28 * cloud)[..., None]
    ripples = smooth_noise(random, SIZE, 6) + 0.7 * smooth_noise(random, SIZE, 3)
    return light_on_relief(textured, ripples, 0.5)


def _glow(picture: Array) -> Image.Image:
    """Bright panes shine over the lead beside them."""
    sharp = to_picture(picture)
    blurred = to_array(sharp.filter(ImageFilter.GaussianBlur(9)))
    return to_picture(255 - (255 - picture.clip(0, 255)) * (1 - 0.3 * blurred / 255))
