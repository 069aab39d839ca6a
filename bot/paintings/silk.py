"""Old silk and what is painted on it: mineral colour that fades downwards, dry ink, mist, the wear of centuries."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from bot.paintings.texture import (
    Array,
    Rgb,
    as_points,
    blend,
    fractal_noise,
    grid,
    inside,
    light_on_relief,
    ramp,
    smooth_noise,
    step,
    to_picture,
)

INK: Rgb = (36, 30, 34)
_SILK: Rgb = (214, 174, 104)


class Scroll:
    """The painting as it grows, from the far to the near."""

    def __init__(self, random: np.random.Generator, size: tuple[int, int]) -> None:
        self._size = size
        self.paint = np.full((size[1], size[0], 3), _SILK, np.float32)
        self.stain = fractal_noise(random, size, 26, 4)
        self.dry = smooth_noise(random, size, 2.4, stretch=2) + 0.7 * self.stain

    def colour(self, outline: Array, colours: tuple[tuple[float, Rgb], ...], top: Array, fades: float) -> None:
        """Fill an outline: the colours run down from its `top` (P, 2) to its foot, where it fades by that share."""
        part = self._part(outline)
        if part is None:
            return
        left, above = part[1].start, part[0].start
        down, across = np.mgrid[above : part[0].stop, left : part[1].stop]
        high = np.interp(across, top[:, 0], top[:, 1])
        tall = outline[:, 1].max() - outline[:, 1].min()
        depth = (down - high) / tall
        tones = ramp(np.clip(depth + 0.16 * self.stain[part], 0, 1), colours)
        foot = (outline[:, 1].max() - down) / tall
        strength = (
            _cover([outline], part)
            * (1 - fades * (1 - step(foot, 0.18, 0.36)))
            * (0.94 - 0.14 * step(self.dry[part], 0.5, 0.5))
        )
        self.paint[part] = blend(self.paint[part], tones, strength)

    def ink(self, outlines: Array | Sequence[Array], colour: Rgb = INK, opacity: float = 0.9) -> None:
        """Brush marks of one colour; where the brush ran dry the silk shows."""
        marks = [outlines] if isinstance(outlines, np.ndarray) else list(outlines)
        part = self._part(np.vstack(marks)) if marks else None
        if part is not None:
            strength = _cover(marks, part) * opacity * (1 - 0.5 * step(self.dry[part], 0.55, 0.4))
            self.paint[part] = blend(self.paint[part], colour, strength)

    def mist(self, random: np.random.Generator, level: float, thick: float) -> None:
        """A band in which all fades into the silk."""
        across, down = grid(self._size)
        middle = level + 14 * np.sin(across / 110 + level)
        band = np.exp(-(((down - middle) / thick) ** 2)) * (0.6 + 0.5 * smooth_noise(random, self._size, 36, stretch=4))
        self.paint = blend(self.paint, (228, 198, 138), np.clip(band, 0, 0.85))

    def aged(self, random: np.random.Generator) -> Image.Image:
        """The painting with the weave of the silk, its stains and its worn threads."""
        size = self._size
        weave = smooth_noise(random, size, 1.6, stretch=9) + smooth_noise(random, size[::-1], 1.6, stretch=9).T
        old = self.paint * (1 + 0.09 * fractal_noise(random, size, 120, 5) + 0.05 * self.stain)[..., None]
        old = 142 + (old - 150) * 1.14
        worn = step(np.abs(smooth_noise(random, size[::-1], 5, stretch=30).T), 0.86, 0.1) * 0.35
        return to_picture(light_on_relief(blend(old, (150, 108, 62), worn), weave, 0.16))

    def _part(self, outline: Array) -> tuple[slice, slice] | None:
        """The rows and columns that an outline reaches; None beside the silk."""
        left, top = np.maximum(np.floor(outline.min(axis=0)) - 1, 0).astype(int).tolist()
        right, bottom = np.minimum(np.ceil(outline.max(axis=0)) + 2, self._size).astype(int).tolist()
        return (slice(top, bottom), slice(left, right)) if right > left and bottom > top else None


def _cover(outlines: Sequence[Array], part: tuple[slice, slice]) -> Array:
    """1 inside the outlines on that part."""
    corner = np.array([part[1].start, part[0].start], np.float32)
    size = (part[1].stop - part[1].start, part[0].stop - part[0].start)

    def shapes(pen: ImageDraw.ImageDraw, scale: int) -> None:
        for outline in outlines:
            pen.polygon(as_points((outline - corner) * scale), 255)

    return inside(size, shapes)


def dot(x: float, y: float, radius: float) -> Array:
    """What a brush leaves that touches down and lifts."""
    turn = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    return np.column_stack([x + radius * 1.2 * np.cos(turn), y + radius * np.sin(turn)]).astype(np.float32)
