"""A breaking wave in the flat colours and carved lines of a woodblock print."""

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from bot.paintings.texture import (
    Array,
    Rgb,
    as_points,
    blend,
    curve,
    fractal_noise,
    grid,
    normals,
    ramp,
    smooth_noise,
    step,
    swelling,
    to_array,
    to_picture,
)

SIZE = (768, 560)
_OVERSAMPLING = 3

_INK: Rgb = (22, 34, 62)
_FOAM: Rgb = (246, 238, 216)
_BLUES: tuple[Rgb, ...] = (
    (28, 58, 112),
    (56, 104, 156),
    (28, 58, 112),
    (132, 172, 186),
    (40, 80, 134),
    (206, 218, 204),
)
_SKY = (
    (0.0, (44, 74, 120)),
    (0.16, (126, 152, 168)),
    (0.42, (232, 206, 164)),
    (0.8, (238, 178, 132)),
    (1.0, (226, 142, 108)),
)
_SUN: Rgb = (204, 52, 40)


class _Block:
    """The drawing surface: coordinates and widths are pixels of the finished print."""

    def __init__(self, sky: Image.Image) -> None:
        large = (SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING)
        self.picture = sky.resize(large, Image.Resampling.BICUBIC)
        self._pen = ImageDraw.Draw(self.picture)

    def area(self, outline: Array, colour: Rgb) -> None:
        self._pen.polygon(as_points(outline * _OVERSAMPLING), colour)

    def line(self, path: Array, width: float, colour: Rgb = _INK) -> None:
        self._pen.line(as_points(path * _OVERSAMPLING), colour, max(1, round(width * _OVERSAMPLING)), joint="curve")

    def carved_line(self, path: Array, width: float, colour: Rgb = _INK) -> None:
        """A line that swells in the middle and runs out to points, as a knife leaves it."""
        self.area(swelling(path, width), colour)

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        self._pen.ellipse([value * _OVERSAMPLING for value in (x - radius, y - radius, x + radius, y + radius)], colour)

    def foam(self, discs: Array, outline: float = 1.5) -> None:
        """Discs (N, 3) of x, y and radius that flow together into one white shape with one outline."""
        for x, y, radius in discs.tolist():
            self.disc(x, y, radius + outline, _INK)
        for x, y, radius in discs.tolist():
            self.disc(x, y, radius, _FOAM)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    block = _Block(_sky(random))
    _sun_and_mountain(block)
    _far_swell(random, block)
    _great_wave(random, block)
    _near_swell(random, block)
    _spray(random, block)
    return _printed(random, block.picture)


def _sky(random: np.random.Generator) -> Image.Image:
    """Paper wiped with colour from the top and from the horizon, with a few flat strips of cloud."""
    across, down = grid(SIZE)
    sky = ramp(down / 430 + 0.015 * smooth_noise(random, SIZE, 12, stretch=14), _SKY)
    for y, start, end, thick in (
        (92, 430, 780, 9),
        (118, 520, 700, 6),
        (196, 560, 790, 8),
        (66, -20, 130, 8),
        (230, 640, 790, 5),
    ):
        ends = np.clip(np.minimum(across - start, end - across) / 40, 0, 1) ** 0.5
        inside = step(thick * ends - np.abs(down - y - 2 * np.sin(across / 50)), 0, 1.5)
        sky = blend(sky, (240, 222, 190), inside)
    return to_picture(sky)


def _sun_and_mountain(block: _Block) -> None:
    block.disc(600, 168, 62, _SUN)
    ridge = curve([(360, 420), (450, 372), (520, 318), (560, 290), (590, 296), (640, 336), (720, 384), (800, 420)])
    block.area(ridge, (86, 98, 132))
    cap = curve([(520, 318), (560, 290), (590, 296), (622, 322)])
    teeth = np.array([(610, 340), (598, 324), (586, 346), (572, 326), (558, 350), (546, 328), (534, 340)], np.float32)
    block.area(np.vstack([cap, teeth]), _FOAM)
    block.line(ridge, 1.6)
    for y, left, right in ((388, 430, 470), (372, 470, 500), (364, 640, 690), (392, 520, 640), (402, 560, 720)):
        block.carved_line(curve([(left, y), ((left + right) / 2, y - 5), (right, y + 2)]), 2.2)


def _far_swell(random: np.random.Generator, block: _Block) -> None:
    crest = curve([(250, 430), (360, 408), (450, 424), (540, 396), (640, 420), (720, 388), (800, 400)])
    base = curve([(250, 560), (360, 540), (450, 545), (540, 530), (640, 545), (720, 530), (800, 540)])
    _bands(random, block, crest, base, 9)
    _foam_edge(random, block, crest, 8)


def _great_wave(random: np.random.Generator, block: _Block) -> None:
    """The back of the wave, its hollow face in bands that rise and curl over, and the claws of its crest."""
    crest = curve(
        [(-30, 330), (40, 262), (110, 176), (190, 108), (280, 76), (368, 88), (430, 138), (448, 200), (428, 244)], 40
    )
    foot = curve(
        [(-30, 580), (40, 575), (120, 560), (200, 540), (270, 500), (318, 440), (340, 376), (352, 310), (376, 262)], 40
    )
    _bands(random, block, crest, foot, 15)
    left = curve([(376, 262), (352, 310), (340, 376), (326, 440), (300, 500), (280, 570)])
    right = curve([(428, 244), (398, 292), (386, 350), (396, 412), (446, 466), (560, 520)])
    block.area(np.vstack([left, right[::-1]]), _BLUES[0])
    for index, share in enumerate(np.linspace(0.04, 0.96, 9)):
        rib = left + (right - left) * np.float32(share)
        block.carved_line(rib[8 - index % 3 * 4 :], 7.5, (_FOAM, _BLUES[3], _BLUES[1])[index % 3])
    block.line(right, 1.8)
    _claws(random, block, crest)


def _bands(random: np.random.Generator, block: _Block, upper: Array, lower: Array, count: int) -> None:
    """Bands of flat blue between two curves, each edge cut with a line, the light ones narrow."""
    shares = np.cumsum(
        [0.0, *(random.uniform(0.5, 1.2) * (0.55 if i % len(_BLUES) in {3, 5} else 1) for i in range(count))]
    )
    shares = shares / shares[-1]
    sway = np.sin(np.linspace(0, 9, len(upper), dtype=np.float32))[:, None]
    edges = [
        upper + (lower - upper) * np.float32(share) + sway * np.float32(5 * np.sin(np.pi * share)) for share in shares
    ]
    block.area(np.vstack([upper, lower[::-1]]), _BLUES[0])
    for index, (top, bottom) in enumerate(pairwise(edges)):
        block.area(np.vstack([top, bottom[::-1]]), _BLUES[index % len(_BLUES)])
    for edge in edges:
        block.line(edge, 1.5)
    for top, bottom in pairwise(edges):
        for share in (0.35, 0.65):
            start = int(random.integers(0, len(top) - len(top) // 4))
            piece = slice(start, start + int(random.integers(len(top) // 8, len(top) // 3)))
            block.carved_line((top + (bottom - top) * np.float32(share))[piece], 2.0)


def _foam_edge(random: np.random.Generator, block: _Block, crest: Array, size: float) -> None:
    """A ragged hem of foam along a crest, with holes in it and a few fingers above."""
    swell = 0.75 + 0.5 * np.sin(np.arange(len(crest)) / 17) ** 2
    hem = np.column_stack([crest, size * swell * random.uniform(0.5, 1.1, len(crest))])
    block.foam(hem[::2].astype(np.float32))
    for x, y in crest[::9]:
        _finger(random, block, np.array([x, y - size * 0.4], np.float32), -0.9 + random.normal(0, 0.5), size * 1.9, 1)
    below = crest[::3] + random.normal(0, size * 0.35, crest[::3].shape) + np.array([0, size * 1.5])
    block.foam(np.column_stack([below, random.uniform(0.12, 0.3, len(below)) * size]).astype(np.float32), 1.0)
    _curls(random, block, crest[::6] + np.array([0, size * 0.2], np.float32), size * 0.55)


def _curls(random: np.random.Generator, block: _Block, places: Array, size: float) -> None:
    """Small curved cuts in the foam."""
    for x, y in places + random.normal(0, size * 0.3, places.shape):
        start, radius = random.uniform(0, 6.3), size * random.uniform(0.6, 1.1)
        angles = np.linspace(start, start + 3.6, 14)
        spiral = np.linspace(1.0, 0.45, 14) * radius
        way = np.column_stack([x + spiral * np.cos(angles), y + spiral * np.sin(angles)])
        block.carved_line(way.astype(np.float32), 1.5, (70, 104, 140))


def _claws(random: np.random.Generator, block: _Block, crest: Array) -> None:
    """Foam along the crest that thickens towards its head and reaches out in hooked fingers."""
    outwards = -normals(crest)
    first = len(crest) // 6
    reach = np.clip(np.linspace(0.15, 1.25, len(crest) - first), 0, 1)
    edge, out = crest[first:], outwards[first:]
    for index in range(0, len(edge), 5):
        angle = float(np.arctan2(out[index][1], out[index][0])) + random.normal(0.15, 0.3)
        _finger(
            random, block, edge[index] + out[index] * 6, angle, 62 * float(reach[index]) * random.uniform(0.5, 1.2), 2
        )
    inside = random.uniform(-0.4, 1.6, (len(edge), 1)) * 15 * reach[:, None]
    body = np.column_stack([edge - out * inside, (5 + 12 * reach) * random.uniform(0.6, 1.1, len(edge))])
    block.foam(body[::2].astype(np.float32))
    drops = edge[::3] - out[::3] * (30 * reach[::3] + random.gamma(2, 4, len(edge[::3])))[:, None]
    block.foam(np.column_stack([drops, random.uniform(1.5, 5.5, len(drops))]).astype(np.float32), 1.1)
    for inset in (-4, 6, 17):
        _curls(random, block, edge[::6] - out[::6] * (inset * reach[::6])[:, None], 8)
    for index in range(len(edge) // 3, len(edge), 9):
        angle = float(np.arctan2(-out[index][1], -out[index][0])) + random.normal(-0.5, 0.3)
        root = edge[index] - out[index] * 20 * reach[index]
        _finger(random, block, root, angle, 40 * float(reach[index]) * random.uniform(0.5, 1.2), 2)


def _finger(random: np.random.Generator, block: _Block, root: Array, angle: float, length: float, depth: int) -> None:
    """A finger of foam that bends down and ends in a hook."""
    if length < 5:
        return
    places, heading = [root], angle
    for _ in range(4):
        places.append(places[-1] + length / 4 * np.array([np.cos(heading), np.sin(heading)]))
        heading += 0.5 if np.cos(heading) > -0.2 else -0.5
    middle = curve([(float(x), float(y)) for x, y in places], 6)
    widths = np.linspace(length * 0.17, 0.8, len(middle), dtype=np.float32)[:, None]
    aside = normals(middle) * widths
    outline = np.vstack([middle + aside, (middle - aside)[::-1]])
    block.area(outline, _FOAM)
    block.line(outline, 1.3)
    if depth:
        for share in (0.4, 0.7):
            spot = middle[int(share * (len(middle) - 1))]
            turn = random.choice([-0.9, 0.9]) + random.normal(0, 0.2)
            _finger(random, block, spot, angle + turn, length * 0.5, depth - 1)


def _near_swell(random: np.random.Generator, block: _Block) -> None:
    crest = curve(
        [(-20, 500), (90, 470), (200, 492), (310, 520), (420, 500), (520, 446), (620, 424), (700, 448), (800, 420)]
    )
    base = curve(
        [(-20, 590), (90, 590), (200, 590), (310, 600), (420, 600), (520, 590), (620, 590), (700, 590), (800, 590)]
    )
    _bands(random, block, crest, base, 8)
    _foam_edge(random, block, crest, 12)


def _spray(random: np.random.Generator, block: _Block) -> None:
    distance, angle = random.gamma(2.4, 34, 260), random.uniform(-0.9, 1.35, 260)
    x, y = 420 + distance * np.cos(angle), 130 + distance * np.sin(angle)
    block.foam(np.column_stack([x, y, random.uniform(0.8, 3.6, 260)]).astype(np.float32), 0.8)


def _printed(random: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Ink on paper: the grain of the block shows in the colour, and here and there the paper."""
    ink = to_array(picture.resize(SIZE, Image.Resampling.LANCZOS))
    grain = smooth_noise(random, SIZE, 3, stretch=60) + 0.6 * smooth_noise(random, SIZE, 2, stretch=30)
    mottle = fractal_noise(random, SIZE, 40, 5)
    ink = ink + (7 * grain + 9 * mottle)[..., None]
    worn = step(fractal_noise(random, SIZE, 9, 3), 0.62, 0.2) * 0.35
    return to_picture(blend(ink, (240, 228, 200), worn))
