"""Watercolour: transparent washes with dark rims, blooms, and pigment that settles in the hollows of the paper."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bot.paintings.texture import (
    Array,
    Rgb,
    as_points,
    fractal_noise,
    light_on_relief,
    smooth_noise,
    step,
    to_array,
    to_picture,
)

_MARGIN = 26
"""How far in pixels a wash can run out of its outline."""


class Sheet:
    """How much light the washes let through to the paper (H, W, 3), from 0 to 1."""

    def __init__(self, random: np.random.Generator, size: tuple[int, int]) -> None:
        self._random, self._size = random, size
        wide = (size[0] * 2, size[1] * 2)
        self._bend = [2.6 * fractal_noise(random, wide, 36, 4) + 0.8 * smooth_noise(random, wide, 3) for _ in range(2)]
        self._bloom = fractal_noise(random, wide, 60, 5)
        self.tooth = smooth_noise(random, size, 2.2) + 0.7 * smooth_noise(random, size, 4.5)
        self.light = np.ones((size[1], size[0], 3), np.float32)

    def wash(self, outlines: Sequence[Array], colour: Rgb, strength: float = 1.0, wet: float = 0.7) -> None:
        """A wash inside the outlines (P, 2); the wetter (pixels), the softer its edge and the weaker its rim."""
        found = self._wetted(outlines, wet)
        if found:
            part, cover, inner = found
            self._glaze(part, cover, np.clip(cover - inner, 0, 1) * 1.6 / (0.6 + wet), (colour, strength))

    def glaze(self, cover: Array, colour: Rgb, strength: float) -> None:
        """A wash over the whole sheet, as dense as `cover` (H, W) says."""
        soft = to_array(Image.fromarray((cover * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(4))) / 255
        everywhere = (slice(0, self._size[1]), slice(0, self._size[0]))
        self._glaze(everywhere, cover, np.clip(cover - soft, 0, 1) * 1.9, (colour, strength))

    def lift(self, outlines: Sequence[Array], share: float) -> None:
        """Take that share of the colour off again, as if the place had been masked."""
        found = self._wetted(outlines, 0.7)
        if found:
            part, cover, _ = found
            self.light[part] += (1 - self.light[part]) * (cover * share)[..., None]

    def dried(self, paper: Rgb) -> Image.Image:
        """The painting on paper of that colour, whose tooth catches the light."""
        return to_picture(light_on_relief(np.array(paper, np.float32) * self.light, self.tooth, 0.12))

    def _wetted(self, outlines: Sequence[Array], wet: float) -> tuple[tuple[slice, slice], Array, Array] | None:
        """The part of the sheet, how wet it is there, and the same without its rim; None beside the sheet."""
        every = np.vstack(outlines)
        left, top = np.maximum(every.min(axis=0) - _MARGIN, 0).astype(int).tolist()
        right, bottom = np.minimum(every.max(axis=0) + _MARGIN, self._size).astype(int).tolist()
        if right - left < 3 or bottom - top < 3:
            return None
        flat = Image.new("L", (right - left, bottom - top))
        pen = ImageDraw.Draw(flat)
        for outline in outlines:
            pen.polygon(as_points(outline - np.array([left, top], np.float32)), 255)
        y, x = (
            int(self._random.integers(0, side))
            for side in (self._size[1] * 2 - flat.height, self._size[0] * 2 - flat.width)
        )
        bend = [field[y : y + flat.height, x : x + flat.width] for field in self._bend]
        down, across = np.mgrid[: flat.height, : flat.width]
        rows = np.clip(down + bend[0] * (0.6 + 0.4 * wet), 0, flat.height - 1).astype(int)
        columns = np.clip(across + bend[1] * (0.6 + 0.4 * wet), 0, flat.width - 1).astype(int)
        ragged = Image.fromarray(np.asarray(flat)[rows, columns])
        cover = to_array(ragged.filter(ImageFilter.GaussianBlur(wet))) / 255
        inner = to_array(ragged.filter(ImageFilter.GaussianBlur(wet + 2.4))) / 255
        return (slice(top, bottom), slice(left, right)), cover, inner

    def _glaze(self, part: tuple[slice, slice], cover: Array, rim: Array, paint: tuple[Rgb, float]) -> None:
        """Pigment lies denser along the rim, in blooms, and in the hollows of the paper."""
        colour, strength = paint
        height, width = cover.shape
        y, x = int(self._random.integers(0, self._size[1])), int(self._random.integers(0, self._size[0]))
        bloom = self._bloom[y : y + height, x : x + width]
        backrun = np.exp(-(((bloom - 0.2) / 0.03) ** 2)) * 0.75 - 0.35 * step(bloom, 0.2, 0.04)
        density = cover * (0.8 + 0.75 * bloom + backrun + 0.2 * self.tooth[part]) + 1.5 * rim
        density = np.clip(density, 0, 3) * strength
        through = np.log(np.maximum(np.array(colour, np.float32) / 255, 0.02))
        self.light[part] *= np.exp(density[..., None] * through).astype(np.float32)
