"""A still life with a guitar, broken into facets: each plane shows the things turned and moved a little, in ochres."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from bot.paintings.strokes import Brush, Canvas
from bot.paintings.texture import (
    Array,
    Rgb,
    as_points,
    blend,
    curve,
    fractal_noise,
    grid,
    light_on_relief,
    smooth_noise,
    step,
    to_array,
    to_picture,
)

SIZE = (632, 768)
_OVERSAMPLING = 2

_UMBER: Rgb = (52, 34, 26)
_SIENNA: Rgb = (158, 78, 28)
_OCHRE: Rgb = (216, 150, 52)
_SAND: Rgb = (236, 200, 124)
_CREAM: Rgb = (248, 234, 192)
_OLIVE: Rgb = (92, 92, 56)
_SLATE: Rgb = (52, 92, 118)
_BRICK: Rgb = (168, 58, 36)
_BLACK: Rgb = (26, 22, 24)

_DRAWING = 0.6
"""How much of the drawing shows through the paint."""
_EDGES: tuple[tuple[float, float, float], ...] = (
    (316, 384, 0.30), (250, 300, 1.95), (420, 300, 1.28), (316, 520, 0.06), (180, 384, 1.42), (500, 430, 1.80),
    (316, 210, -0.32), (316, 640, -0.14), (120, 200, 0.86), (520, 600, 0.92), (380, 130, 2.55), (90, 560, 2.40),
    (316, 384, 2.30), (200, 470, 0.55), (440, 560, 1.10), (300, 120, 1.70), (560, 250, 2.75),
)  # fmt: skip
"""The cuts between the planes: a point on each and its angle in radians."""


class _Things:
    """The still life before it is broken: coordinates of the finished painting."""

    def __init__(self, ground: Image.Image) -> None:
        self.picture = ground.resize((SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING))
        self._pen = ImageDraw.Draw(self.picture)

    def area(self, outline: Array | Sequence[tuple[float, float]], colour: Rgb, rim: float = 1.8) -> None:
        points = as_points(np.asarray(outline, np.float32) * _OVERSAMPLING)
        self._pen.polygon(points, colour)
        if rim:
            self._pen.line([*points, points[0]], _BLACK, round(rim * _OVERSAMPLING))

    def line(self, points: Array | Sequence[tuple[float, float]], width: float, colour: Rgb = _BLACK) -> None:
        path = as_points(np.asarray(points, np.float32) * _OVERSAMPLING)
        self._pen.line(path, colour, max(1, round(width * _OVERSAMPLING)), joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        self._pen.ellipse([value * _OVERSAMPLING for value in (x - radius, y - radius, x + radius, y + radius)], colour)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    things = _Things(_wall(random))
    _table(random, things)
    _newspaper(random, things)
    _bottle(things)
    _guitar(things)
    _sheet(random, things)
    _glass_and_fruit(things)
    whole = to_array(things.picture.resize(SIZE, Image.Resampling.BOX))
    planes, gap = _planes(random)
    broken = _shifted(random, whole, planes)
    return _painted(random, _shaded(random, broken, planes), planes, gap)


def _wall(random: np.random.Generator) -> Image.Image:
    """Warm greys and ochres with a striped paper on one side."""
    across, down = grid(SIZE)
    wall = np.full((SIZE[1], SIZE[0], 3), (138, 96, 50), np.float32)
    wall = blend(wall, _OLIVE, step(fractal_noise(random, SIZE, 170, 3), 0.1, 0.5) * 0.8)
    wall = blend(wall, _SLATE, step(fractal_noise(random, SIZE, 150, 3), 0.22, 0.4) * 0.8)
    stripes = step(np.sin(across / 5.2), 0.1, 0.5) * (across > 430) * (down < 420)
    wall = blend(wall, _SIENNA, stripes * 0.75)
    diamonds = step(np.sin((across + down) / 9) * np.sin((across - down) / 9), 0.1, 0.2) * (across < 190) * (down < 330)
    return to_picture(blend(wall, _BRICK, diamonds * 0.7))


def _table(random: np.random.Generator, things: _Things) -> None:
    """A table of painted wood grain, its cloth with a fringe."""
    things.area([(-20, 520), (660, 470), (660, 800), (-20, 800)], _SIENNA)
    for y in np.arange(500, 800, 6.5):
        xs = np.linspace(-10, 650, 40)
        sway = 7 * np.sin(xs / 70 + y / 19) * np.exp(-(((y - 640) / 90) ** 2)) * 2.2
        things.line(np.column_stack([xs, y - xs * 0.07 + 20 + sway]), random.uniform(0.8, 2.4), _UMBER)
    things.area([(60, 600), (330, 560), (420, 720), (250, 800), (90, 790)], _CREAM)
    for x in range(96, 400, 13):
        things.line([(x, 580 + abs(x - 240) * 0.1), (x + 26, 790)], 3.2, _BRICK if x % 3 else _SLATE)


def _newspaper(random: np.random.Generator, things: _Things) -> None:
    """A folded sheet with a headline and columns of lines that cannot be read."""
    things.area([(350, 560), (600, 500), (640, 660), (400, 740)], _SAND)
    for row in range(15):
        for column in range(3):
            x, y = 372 + column * 78 + row * 3.4, 582 + row * 10.5 - column * 18
            if row < 2:
                things.area([(x, y), (x + 60, y - 14), (x + 62, y - 4), (x + 2, y + 9)], _BLACK, 0)
                continue
            start = x
            while start < x + 62:
                word = random.uniform(4, 15)
                things.line([(start, y - (start - x) * 0.23), (start + word, y - (start + word - x) * 0.23)], 2.2)
                start += word + 3


def _bottle(things: _Things) -> None:
    """Green glass, half seen from the front and half cut open, with a label."""
    half = curve([(34, 0), (34, 60), (36, 110), (76, 170), (78, 260), (76, 400)], 10)
    left, right = half * [-1, 1] + [490, 130], half + np.array([490, 130])
    things.area(np.vstack([left, right[::-1]]), (60, 92, 70), 2.4)
    things.area(np.vstack([left[20:], [[490, 530], [490, 240]]]), (38, 56, 52))
    things.area([(440, 360), (548, 352), (552, 440), (438, 452)], _CREAM)
    for row in range(4):
        things.line([(452, 376 + row * 18), (536, 370 + row * 18)], 5 if row == 0 else 2)
    things.area([(450, 128), (530, 128), (530, 156), (450, 156)], _BRICK)
    things.line(left[6:] + np.array([14, 4]), 4, (170, 196, 160))


def _guitar(things: _Things) -> None:
    """Body, hole, bridge, neck and six strings, leaning to the right."""
    side = curve(
        [(0, -190), (70, -180), (104, -120), (78, -40), (84, 0), (128, 60), (136, 140), (84, 206), (0, 222)], 14
    )
    outline = _leant(np.vstack([side, (side * np.array([-1, 1]))[::-1]]))
    things.area(_leant(np.vstack([side, (side * [-1, 1])[::-1]]) * 1.06 + np.array([12, 14])), _UMBER, 0)
    things.area(outline, _OCHRE, 3)
    things.area(np.vstack([_leant(side), _leant(np.array([[0, 222], [0, -190]]))]), (226, 178, 100), 0)
    for reach in np.arange(0.16, 0.97, 0.09):
        grain = _leant(side * np.array([-reach, 0.97]))
        things.line(grain, 1.6, _SIENNA)
    things.line(outline, 3.0)
    turn = np.linspace(0, 2 * np.pi, 40)
    for radius, colour in ((54, _CREAM), (49, _BRICK), (44, _CREAM), (40, _BLACK)):
        things.area(_leant(np.column_stack([radius * np.cos(turn), radius * np.sin(turn) - 20])), colour, 1.2)
    things.area(_leant(np.array([(-58, 126), (58, 126), (58, 146), (-58, 146)])), _UMBER)
    things.area(_leant(np.array([(-20, -20), (20, -20), (17, -430), (-17, -430)])), _UMBER, 2)
    for y in np.arange(-420, -180, 21):
        things.line(_leant(np.array([(-18, y), (18, y)])), 2.0, _SAND)
    things.area(_leant(np.array([(-26, -428), (26, -428), (34, -500), (-34, -500)])), _SIENNA, 2)
    for string in np.linspace(-13, 13, 6):
        things.line(_leant(np.array([(string * 1.5, 134), (string, -480)])), 1.1, _CREAM)
        peg = _leant(np.array([(string * 2, -470 + abs(string) * 2)]))[0]
        things.disc(float(peg[0]), float(peg[1]), 4, _CREAM)


def _leant(points: Array) -> Array:
    turn = 0.26
    x, y = points[:, 0], points[:, 1]
    leaning = [x * np.cos(turn) - y * np.sin(turn) + 250, x * np.sin(turn) + y * np.cos(turn) + 440]
    return np.column_stack(leaning).astype(np.float32)


def _sheet(random: np.random.Generator, things: _Things) -> None:
    """Music: five lines and notes."""
    things.area([(30, 400), (190, 372), (214, 540), (48, 566)], _CREAM)
    for block in range(3):
        for row in range(5):
            y = 416 + block * 46 + row * 6.5
            things.line([(44 + block * 5, y), (192 + block * 5, y - 25)], 1.0, _UMBER)
        for x in range(58, 186, 17):
            y = 430 + block * 46 - (x - 44) * 0.17 + random.uniform(-10, 10)
            things.disc(x + block * 5, y, 4.6, _BLACK)
            things.line([(x + 4 + block * 5, y), (x + 4 + block * 5, y - 21)], 1.8)


def _glass_and_fruit(things: _Things) -> None:
    """A wine glass, a pipe, and a bowl of pears."""
    bowl = curve([(70, 610), (84, 660), (124, 690), (170, 690), (210, 660), (222, 606)], 10)
    for x, y, colour in (
        (112, 600, _OCHRE),
        (160, 588, (150, 150, 66)),
        (196, 604, _BRICK),
        (140, 622, (214, 170, 60)),
    ):
        pear = curve(
            [
                (x, y - 44),
                (x + 14, y - 22),
                (x + 30, y + 6),
                (x, y + 28),
                (x - 30, y + 6),
                (x - 14, y - 22),
                (x, y - 44),
            ],
            8,
        )
        things.area(pear, colour, 2)
        things.line(pear[22:38] * np.float32(0.8) + np.array([x, y], np.float32) * np.float32(0.2), 4, _SAND)
        things.line([(x, y - 44), (x + 7, y - 60)], 3)
    things.area(bowl, _SLATE, 2.4)
    things.area(curve([(388, 470), (392, 530), (420, 566), (450, 530), (456, 466)], 8), (196, 208, 190), 2)
    things.area(curve([(392, 506), (400, 540), (420, 562), (444, 538), (453, 502)], 8), _BRICK, 1.5)
    things.line([(420, 562), (422, 640)], 5, _CREAM)
    things.area(curve([(386, 648), (420, 634), (462, 644), (424, 660)], 8), _CREAM)


def _planes(random: np.random.Generator) -> tuple[npt.NDArray[np.int64], Array]:
    """The plane of each pixel, numbered from 0, and how far in pixels it lies before or behind the nearest edge.

    Edges are the cuts between the planes, and shorter ones that only catch the light and move nothing.
    """
    number = np.zeros((SIZE[1], SIZE[0]), np.int64)
    gap = np.full(number.shape, 999, np.float32)
    for index, (x, y, turn) in enumerate(_EDGES):
        beside, along = _beside(x, y, turn + random.normal(0, 0.05))
        reach = np.abs(along) < random.uniform(190, 420)  # a cut ends somewhere: planes run into one another
        number += (1 << index) * ((beside > 0) & reach)
        gap = _nearer(gap, beside + 1.5 * np.sin(along / 37 + index), reach)
    for x, y in random.uniform(0, 1, (40, 2)) * SIZE:
        beside, along = _beside(x, y, random.choice((0.15, 0.9, 1.45, 2.3)) + random.normal(0, 0.12))
        gap = _nearer(gap, beside, np.abs(along) < random.uniform(28, 95))
    names, planes = np.unique(number, return_inverse=True)
    order = random.permutation(len(names))
    return order[planes.reshape(number.shape)], gap


def _beside(x: float, y: float, turn: float) -> tuple[Array, Array]:
    """How far each pixel lies beside a line through (x, y), and how far along it."""
    across, down = grid(SIZE)
    beside = (down - y) * np.cos(turn) - (across - x) * np.sin(turn)
    return beside, (across - x) * np.cos(turn) + (down - y) * np.sin(turn)


def _nearer(gap: Array, other: Array, where: npt.NDArray[np.bool_]) -> Array:
    """Of two signed distances the smaller one, the other one only there."""
    return np.where(where & (np.abs(other) < np.abs(gap)), other, gap).astype(np.float32)


def _shifted(random: np.random.Generator, whole: Array, planes: npt.NDArray[np.int64]) -> Array:
    """Each plane shows the still life turned, moved and enlarged in its own way."""
    across, down = grid(SIZE)
    count = int(planes.max()) + 1
    turn, scale = random.normal(0, 0.13, count), random.normal(1.0, 0.1, count)
    x, y = random.normal(0, 23, (2, count))
    centres = [np.bincount(planes.ravel(), values.ravel(), count) / np.bincount(planes.ravel(), minlength=count)
               for values in (across, down)]  # fmt: skip
    right, below = across - centres[0][planes], down - centres[1][planes]
    cosine, sine = (np.cos(turn) * scale)[planes], (np.sin(turn) * scale)[planes]
    columns = centres[0][planes] + right * cosine - below * sine + x[planes]
    rows = centres[1][planes] + right * sine + below * cosine + y[planes]
    columns = np.abs((columns + SIZE[0]) % (2 * SIZE[0]) - SIZE[0])
    rows = np.abs((rows + SIZE[1]) % (2 * SIZE[1]) - SIZE[1])
    seen = whole[rows.astype(int).clip(0, SIZE[1] - 1), columns.astype(int).clip(0, SIZE[0] - 1)]
    return np.asarray(seen, dtype=np.float32)


def _shaded(random: np.random.Generator, broken: Array, planes: npt.NDArray[np.int64]) -> Array:
    """Each plane runs from dark to light in its own direction, tinted."""
    across, down = grid(SIZE)
    count = int(planes.max()) + 1
    turn = random.uniform(0, 2 * np.pi, count)
    ramped = across * np.cos(turn)[planes] + down * np.sin(turn)[planes]
    flat, sizes = planes.ravel(), np.bincount(planes.ravel(), minlength=count)
    middle = np.bincount(flat, ramped.ravel(), count) / sizes
    spread = np.sqrt(np.bincount(flat, (ramped - middle[planes]).ravel() ** 2, count) / sizes) + 6
    light = np.tanh((ramped - middle[planes]) / (1.5 * spread[planes]))
    tints = np.array([_OCHRE, _UMBER, _SAND, _OLIVE, _SLATE, _SIENNA, _CREAM, _BRICK], np.float32)
    tint = tints[random.integers(0, len(tints), count)][planes]
    toned = broken * 0.76 + tint * 0.24
    lit = np.where(light[..., None] > 0, toned + light[..., None] * (np.array(_CREAM) - toned) * 0.45,
                   toned * (1 + 0.72 * light[..., None]))  # fmt: skip
    return lit.astype(np.float32)


def _painted(random: np.random.Generator, picture: Array, planes: npt.NDArray[np.int64], gap: Array) -> Image.Image:
    """Short dabs, in each plane another way, the drawing through them, and charcoal along the cuts; on canvas."""
    ways = random.choice([0.0, 0.35, -0.5, 1.3, 2.2], int(planes.max()) + 1)
    flow = ways[planes] + 0.2 * smooth_noise(random, SIZE, 60)
    canvas = Canvas(SIZE, _UMBER)
    everywhere = np.ones(planes.shape, np.float32)
    for brush in (
        Brush(spacing=8, length=22, width=11, bristles=5, variation=7),
        Brush(spacing=7, length=13, width=8, bristles=4, variation=11),
    ):
        canvas.fill(random, brush, picture, flow.astype(np.float32), everywhere)
    dabs = to_array(canvas.finished(relief=0.5))
    mixed = dabs * (1 - _DRAWING) + picture * _DRAWING
    strong: Array = 122 + (mixed - 112) * 1.3
    strong = strong * (1 + 0.32 * np.sign(gap) * np.exp(-np.abs(gap) / 20))[..., None]
    rubbed = np.clip(0.55 + 0.5 * smooth_noise(random, SIZE, 22), 0.05, 1)
    strong = blend(strong, _CREAM, np.exp(-(((gap - 3.0) / 1.5) ** 2)) * 0.5 * rubbed)
    strong = blend(strong, _BLACK, (1 - step(np.abs(gap), 0.4 + 1.3 * rubbed, 1.8)) * np.sqrt(rubbed))
    return to_picture(light_on_relief(strong, 0.5 * smooth_noise(random, SIZE, 2), 0.3))
