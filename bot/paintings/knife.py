"""Paint laid on with the palette knife: slabs with streaks and ridges, and the height of the paint for the light."""

from typing import TypeAlias

import numpy as np
from PIL import Image

from bot.paintings.strokes import scattered
from bot.paintings.texture import Array, Rgb, light_on_relief, smooth_noise, to_picture

_ANGLES = 24
_Part: TypeAlias = tuple[slice, slice]


class Knife:
    """Slabs of a length and width, a few for every angle, each made when it is first used."""

    def __init__(self, length: float, width: float) -> None:
        self._length, self._width = length, width
        self._slabs: dict[tuple[int, int], tuple[Array, Array, Array]] = {}

    def slab(self, random: np.random.Generator, turn: int) -> tuple[Array, Array, Array]:
        """At `turn` of the angles there are."""
        key = (int(random.integers(3)), turn)
        if key not in self._slabs:
            self._slabs[key] = _slab(random, self._length, self._width, np.pi * turn / _ANGLES)
        return self._slabs[key]


class Board:
    """The paint and how high it stands."""

    def __init__(self, ground: Array) -> None:
        self.paint = ground.copy()
        self.height: Array = np.zeros(ground.shape[:2], np.float32)

    def press(self, random: np.random.Generator, knife: Knife, places: Array, angles: Array, colours: Array) -> None:
        """Slabs with their middles at places (N, 2), at angles (N,) in radians, in colours (N, 3)."""
        turns = np.round(angles / np.pi * _ANGLES).astype(int) % _ANGLES
        second = colours + random.normal(0, 20, colours.shape) + random.normal(0, 16, (len(colours), 1))
        for (x, y), turn, colour, other in zip(
            places.astype(int).tolist(), turns.tolist(), colours, second, strict=True
        ):
            cover, streak, raised = knife.slab(random, turn)
            found = self._under(x - len(cover) // 2, y - len(cover) // 2, len(cover))
            if found is None:
                continue
            part, cut = found
            mixed = colour + (other - colour) * np.clip(0.5 + streak[cut], 0, 1)[..., None]
            self.paint[part] += (mixed - self.paint[part]) * cover[cut][..., None]
            above = 0.35 * self.height[part] + raised[cut]
            self.height[part] += (above - self.height[part]) * cover[cut]

    def fill(self, random: np.random.Generator, knife: Knife, scene: Array, flow: Array, spacing: float) -> None:
        """Slabs all over, in the colours of the scene (H, W, 3), along the flow (H, W)."""
        places = scattered(random, (scene.shape[1], scene.shape[0]), spacing)
        columns, rows = places[:, 0].astype(int), places[:, 1].astype(int)
        angles = flow[rows, columns] + random.normal(0, 0.16, len(places))
        colours = scene[rows, columns] + random.normal(0, 10, (len(places), 3)) + random.normal(0, 9, (len(places), 1))
        self.press(random, knife, places, angles, colours)

    def along(self, random: np.random.Generator, knife: Knife, way: Array, colour: Rgb) -> None:
        """Slabs laid end to end along a path (P, 2)."""
        tangents = np.gradient(way, axis=0)
        angles = np.arctan2(tangents[:, 1], tangents[:, 0]) % np.pi
        colours = np.array(colour, np.float32) + random.normal(0, 9, (len(way), 3))
        self.press(random, knife, way, angles, colours.astype(np.float32))

    def finished(self, weave: Array, relief: float) -> Image.Image:
        """The painting lit from the upper left; the weave (H, W) of the canvas shows a little."""
        return to_picture(light_on_relief(self.paint, self.height + 0.12 * weave, relief))

    def _under(self, left: int, top: int, side: int) -> tuple[_Part, _Part] | None:
        """Of a slab on a square: the part of the board that it meets, and the part of the slab that meets it."""
        height, width = self.height.shape
        first, last = (max(top, 0), max(left, 0)), (min(top + side, height), min(left + side, width))
        if first[0] >= last[0] or first[1] >= last[1]:
            return None
        part = (slice(first[0], last[0]), slice(first[1], last[1]))
        return part, (slice(first[0] - top, last[0] - top), slice(first[1] - left, last[1] - left))


def _slab(random: np.random.Generator, length: float, width: float, turn: float) -> tuple[Array, Array, Array]:
    """How far the slab covers, how its colour streaks (-1..1), how high the paint is, on a small square (S, S)."""
    side = int(length + width) // 2 + 3
    down, across = np.mgrid[-side : side + 1, -side : side + 1].astype(np.float32)
    along = across * np.cos(turn) + down * np.sin(turn)
    aside = -across * np.sin(turn) + down * np.cos(turn)
    span = 2 * side + 1
    ragged = smooth_noise(random, (span, span), 3) * 0.9 + smooth_noise(random, (span, span), 9) * 1.5
    skew = aside * random.uniform(-0.5, 0.5)
    ends = length / 2 - np.abs(along + skew) + 1.6 * ragged
    sides = width / 2 - np.abs(aside) + 0.6 * ragged
    cover = np.clip(ends + 0.5, 0, 1) * np.clip(sides + 0.5, 0, 1)
    streak_of = np.interp(aside, np.linspace(-side, side, span), random.normal(0, 0.6, span))
    streak = streak_of + 0.4 * along / length
    ridge = np.exp(-((sides / 1.4) ** 2)) + 1.3 * np.exp(-(((length / 2 - along) / 2.2) ** 2))
    height = 0.5 + 0.5 * along / length + 0.9 * ridge + 0.22 * streak_of
    return cover.astype(np.float32), streak.astype(np.float32), height.astype(np.float32)
