"""Marbled paper: drops of ink that push each other aside on water, then are combed.

Each pixel is followed backwards in time to the drop it came from, after the closed forms of A. Jaffer and S. Lu
et al., "Mathematical Marbling", IEEE Computer Graphics and Applications 32(6), 2012.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.paintings.texture import Array, Rgb, fractal_noise, light_on_relief, to_array, to_picture

SIZE = (768, 640)
_OVERSAMPLING = 1.5

_PAPER: Rgb = (240, 226, 196)
_INKS: tuple[Rgb, ...] = (
    (22, 36, 84), (190, 38, 46), (238, 168, 50), (20, 116, 124), (246, 236, 214), (112, 28, 62), (80, 156, 178),
    (16, 22, 40), (226, 96, 54),
)  # fmt: skip


Plane: TypeAlias = npt.NDArray[np.complex64]
"""Points as complex numbers x + iy, in pixels of the finished painting."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Ink of one colour that spreads to `radius`, all in pixels."""

    centre: complex
    radius: float
    ink: int


@dataclass(frozen=True, slots=True)
class Tine:
    """A stylus drawn along a line: it drags the ink along by `pull` pixels, half as far at `reach` pixels aside."""

    start: complex
    angle: float
    pull: float
    reach: float


@dataclass(frozen=True, slots=True)
class Swirl:
    """A stylus turned in a circle, pulling as a tine does."""

    centre: complex
    radius: float
    pull: float
    reach: float


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    width, height = (int(side * _OVERSAMPLING) for side in SIZE)
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    where = ((across + 1j * down) / _OVERSAMPLING).astype(np.complex64).ravel()
    ink = _ink_under(where, [*_drops(random), *_combing(random)])
    colours = np.array([*_INKS, _PAPER], np.float32)[ink].reshape(height, width, 3)
    small = to_array(to_picture(colours).resize(SIZE, Image.Resampling.BOX))
    return _on_paper(random, small)


def _drops(random: np.random.Generator) -> list[Drop]:
    """Large drops all over the water first, then smaller ones, many with rings in them."""
    drops = []
    for index in range(130):
        radius = 86 * 0.976**index * random.uniform(0.75, 1.25) + 5
        centre = complex(*(_spread(index) * np.array(SIZE) + random.normal(0, 9, 2)))
        rings = (1.0, 0.74, 0.5, 0.28) if index % 3 == 0 else (1.0,)
        drops += [Drop(centre, radius * ring, int(random.integers(len(_INKS)))) for ring in rings]
    return drops


def _spread(index: int) -> npt.NDArray[np.float64]:
    """The points of a low-discrepancy sequence (the R2 sequence of M. Roberts), evenly over the unit square."""
    return (0.5 + index * np.array([0.7548776662466927, 0.5698402909980532])) % 1 * 1.1 - 0.05


def _combing(random: np.random.Generator) -> list[Tine | Swirl]:
    """A comb whose teeth go down and up by turns, and a few turns of a stylus."""
    moves: list[Tine | Swirl] = []
    for index, x in enumerate(np.arange(30, SIZE[0], 64)):
        moves.append(Tine(complex(x), np.pi / 2, 78 if index % 2 else -78, 15))
    for centre, radius in ((190 + 190j, 70), (560 + 250j, 95), (330 + 480j, 80), (660 + 530j, 60), (90 + 470j, 46)):
        moves.append(Swirl(centre, radius, 210 * float(random.choice([-1, 1])), 26))
    return moves


def _ink_under(where: Plane, moves: list[Drop | Tine | Swirl]) -> npt.NDArray[np.int64]:
    """The number of the ink at each point (N,) after all moves; the last number is bare paper."""
    ink = np.full(where.shape, len(_INKS), np.int64)
    undecided = np.arange(len(where))
    for move in reversed(moves):
        match move:
            case Tine():
                where = _before_tine(where, move)
            case Swirl():
                where = _before_swirl(where, move)
            case Drop():
                offset = where - np.complex64(move.centre)
                squared = offset.real**2 + offset.imag**2
                outside = squared > move.radius**2
                ink[undecided[~outside]] = move.ink
                undecided, offset, squared = undecided[outside], offset[outside], squared[outside]
                where = np.complex64(move.centre) + offset * np.sqrt(1 - np.float32(move.radius**2) / squared)
    return ink


def _before_tine(where: Plane, move: Tine) -> Plane:
    along = np.complex64(np.exp(1j * move.angle))
    aside = np.abs(((where - np.complex64(move.start)) * along.conjugate()).imag)
    pulled = np.float32(move.pull * move.reach) / (aside + np.float32(move.reach))
    return np.asarray(where - along * pulled, dtype=np.complex64)


def _before_swirl(where: Plane, move: Swirl) -> Plane:
    offset = where - np.complex64(move.centre)
    distance = np.abs(offset)
    pulled = move.pull * move.reach / (np.abs(distance - move.radius) + move.reach)
    turn = pulled / np.maximum(distance, move.radius)
    return np.asarray(np.complex64(move.centre) + offset * np.exp(-1j * turn), dtype=np.complex64)


def _on_paper(random: np.random.Generator, picture: Array) -> Image.Image:
    """Ink lies uneven on paper fibres."""
    mottle = fractal_noise(random, SIZE, 26, 5)[..., None]
    fibres = fractal_noise(random, SIZE, 4, 2)
    return to_picture(light_on_relief(picture * (1 + 0.09 * mottle), fibres, 0.3))
