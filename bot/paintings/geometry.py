"""Circles, wedges and grids in brushed paint on a warm ground: a composition without a subject."""

import numpy as np
from PIL import Image

from bot.paintings.texture import (
    Array,
    Points,
    Rgb,
    as_points,
    blend,
    curve,
    fractal_noise,
    inside,
    light_on_relief,
    smooth_noise,
    step,
    to_picture,
)

SIZE = (768, 592)
_OVERSAMPLING = 2

_BLACK: Rgb = (24, 22, 28)
_PALETTE: tuple[Rgb, ...] = (
    (206, 44, 36), (238, 176, 40), (30, 76, 150), (26, 128, 128), (232, 118, 40), (112, 46, 110), (240, 226, 190),
    (86, 150, 190), (220, 130, 140), (70, 110, 52),
)  # fmt: skip


class _Panel:
    """A painting built shape by shape; each shape is brushed in a direction of its own and has a worn, dark rim."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self.colours = _ground(random)
        self.relief = 0.6 * smooth_noise(random, SIZE, 3) + 0.5 * fractal_noise(random, SIZE, 20)
        self._brushed = [_brush_marks(random, angle) for angle in (0.0, 38.0, 78.0, 128.0)]

    def polygon(self, points: Points, colour: Rgb, opacity: float = 1.0) -> None:
        self._lay(
            inside(SIZE, lambda pen, scale: pen.polygon([(x * scale, y * scale) for x, y in points], 255)),
            colour,
            opacity,
        )

    def disc(self, x: float, y: float, radius: float, colour: Rgb, opacity: float = 1.0) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self._lay(inside(SIZE, lambda pen, scale: pen.ellipse([side * scale for side in box], 255)), colour, opacity)

    def rings(self, x: float, y: float, radius: float, colours: tuple[Rgb, ...], drift: float = 0.0) -> None:
        """Discs one in the other; each is `drift` of the radius farther to the lower right than the one around it."""
        for index, colour in enumerate(colours):
            shift = radius * drift * index
            self.disc(x + shift, y + shift * 0.6, radius * (1 - index / len(colours)), colour)

    def line(self, points: Points, width: float, colour: Rgb = _BLACK) -> None:
        path = curve(points) if len(points) > 2 else np.asarray(points, np.float32)
        thick = round(width * _OVERSAMPLING)
        self._lay(
            inside(SIZE, lambda pen, scale: pen.line(as_points(path * scale), 255, thick, joint="curve")),
            colour,
            1.0,
            rim=0.0,
        )

    def _lay(self, mask: Array, colour: Rgb, opacity: float, rim: float = 0.35) -> None:
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return
        part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        marks = self._brushed[int(self._random.integers(len(self._brushed)))][part]
        inner = np.clip((_softened(mask)[part] - 0.5) * 2, 0, 1)
        gradient = self._gradient(part)
        mask = mask[part]
        paint = np.array(colour) + self._random.normal(0, 7, 3) + (20 * marks + 30 * gradient)[..., None]
        paint = paint * (1 - rim * (1 - inner) * mask)[..., None]
        bare = 1 - 0.75 * step(marks + 0.6 * gradient, 0.95, 0.5)  # where the brush ran dry, what is below shows
        cover = mask * opacity * bare
        self.colours[part] = blend(self.colours[part], paint, cover)
        raised = 0.9 * marks + 1.4 * inner
        self.relief[part] = self.relief[part] * (1 - 0.8 * mask) + raised * mask

    def _gradient(self, part: tuple[slice, slice]) -> Array:
        """From light to dark across the whole panel, in a direction of its own; of that, the part."""
        angle = self._random.uniform(0, 2 * np.pi)
        down, across = np.ogrid[-1 : 1 : SIZE[1] * 1j, -1 : 1 : SIZE[0] * 1j]
        return np.asarray(across[:, part[1]] * np.cos(angle) + down[part[0]] * np.sin(angle), dtype=np.float32)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    panel = _Panel(random)
    _large_shapes(panel)
    _grids(random, panel)
    _arcs(panel)
    _small_shapes(random, panel)
    _lines(random, panel)
    return to_picture(light_on_relief(panel.colours, panel.relief, 0.42))


def _large_shapes(panel: _Panel) -> None:
    red, yellow, blue, teal, orange, plum, cream, sky, pink, green = _PALETTE
    panel.polygon([(0, 0), (250, 0), (120, 300), (0, 380)], (200, 176, 130), 0.8)
    panel.polygon([(520, 592), (768, 330), (768, 592)], (52, 74, 110), 0.9)
    panel.disc(196, 186, 152, (60, 40, 70), 0.35)
    panel.rings(182, 172, 140, (_BLACK, plum, red, orange, yellow, sky), drift=0.07)
    panel.polygon([(300, 592), (420, 120), (470, 592)], blue, 0.92)
    panel.polygon([(420, 120), (470, 592), (560, 520)], sky, 0.9)
    panel.polygon([(40, 560), (380, 330), (330, 450)], yellow, 0.95)
    panel.polygon([(40, 560), (330, 450), (230, 575)], orange, 0.95)
    panel.disc(596, 206, 112, teal, 0.95)
    panel.polygon([(596, 206), (708, 206), (660, 112), (596, 94)], cream)
    panel.polygon([(596, 206), (596, 318), (500, 262)], red)
    panel.disc(650, 250, 62, pink, 0.75)
    panel.polygon([(430, 40), (768, 96), (768, 116), (424, 66)], _BLACK, 0.95)
    panel.polygon([(330, 360), (720, 420), (716, 446), (326, 382)], red, 0.95)
    panel.polygon([(600, 400), (690, 560), (510, 560)], green, 0.92)
    panel.rings(640, 500, 54, (cream, _BLACK, yellow, red))
    panel.disc(76, 430, 58, sky, 0.9)
    panel.disc(96, 446, 30, plum)


def _grids(random: np.random.Generator, panel: _Panel) -> None:
    """Two slanted chequered fields."""
    for x, y, cell, columns, rows, slant in ((352, 196, 22, 5, 4, 0.35), (120, 470, 18, 4, 4, -0.4)):
        right = np.array([np.cos(slant), np.sin(slant)]) * cell
        below = np.array([-np.sin(slant), np.cos(slant)]) * cell
        for column in range(columns):
            for row in range(rows):
                corner = np.array([x, y]) + right * column + below * row
                corners = [corner, corner + right, corner + right + below, corner + below]
                dark = (column + row) % 2 == 0
                colour = _BLACK if dark else _PALETTE[int(random.integers(len(_PALETTE)))]
                panel.polygon([(float(px), float(py)) for px, py in corners], colour, 0.95)


def _arcs(panel: _Panel) -> None:
    """Half-rainbows: rings cut by a straight edge."""
    for x, y, radius, turn in ((470, 470, 70, 0.5), (700, 330, 56, 2.6), (330, 80, 58, -0.4)):
        for index, colour in enumerate((_PALETTE[0], _PALETTE[6], _PALETTE[2], _PALETTE[1], _BLACK)):
            angles = np.linspace(turn, turn + np.pi, 40)
            reach = radius * (1 - index / 5)
            panel.polygon([(float(x + reach * np.cos(a)), float(y + reach * np.sin(a))) for a in angles], colour)


def _small_shapes(random: np.random.Generator, panel: _Panel) -> None:
    for _ in range(26):
        x, y = random.uniform(20, SIZE[0] - 20), random.uniform(20, SIZE[1] - 20)
        size = random.uniform(5, 17)
        colour = _PALETTE[int(random.integers(len(_PALETTE)))]
        if random.random() < 0.6:
            panel.disc(x, y, size, _BLACK)
            panel.disc(x, y, size * 0.72, colour)
        else:
            turns = random.uniform(0, 6.3) + np.array([0, 2.1, 4.2])
            panel.polygon(
                [(float(x + size * 1.5 * np.cos(t)), float(y + size * 1.5 * np.sin(t))) for t in turns], colour
            )


def _lines(random: np.random.Generator, panel: _Panel) -> None:
    """Straight rods, whips that curl, and rows of short strokes."""
    for start, end, width in (
        ((20, 330), (560, 20), 4.0), ((250, 20), (340, 560), 3.0), ((360, 560), (748, 140), 4.5),
        ((8, 250), (300, 350), 2.5), ((520, 30), (610, 420), 2.5), ((60, 590), (300, 240), 2.0),
        ((380, 300), (760, 250), 2.0),
    ):  # fmt: skip
        panel.line([start, end], width)
    panel.line([(40, 80), (110, 40), (190, 70), (260, 20), (340, 50), (400, 16)], 3.5)
    panel.line([(560, 590), (590, 540), (560, 500), (600, 460), (570, 430), (610, 400)], 4.0, _PALETTE[6])
    panel.line([(300, 300), (330, 260), (370, 290), (350, 330), (310, 340), (290, 300), (310, 250)], 3.0)
    panel.line([(690, 40), (720, 70), (700, 100), (740, 130), (720, 165)], 3.5, _PALETTE[0])
    for x, y, count, slant in ((410, 90, 9, 0.9), (40, 300, 8, -0.7), (690, 380, 8, 0.3), (220, 390, 7, 1.2)):
        for index in range(count):
            left = x + index * 9
            length = 22 + random.uniform(-6, 6)
            panel.line([(left, y), (left + length * np.sin(slant), y + length * np.cos(slant))], 2.2)


def _ground(random: np.random.Generator) -> Array:
    ground = np.full((SIZE[1], SIZE[0], 3), (232, 212, 170), np.float32)
    stain = fractal_noise(random, SIZE, 170, 4)
    ground = blend(ground, (190, 186, 170), step(stain, 0.2, 0.7))
    ground = blend(ground, (226, 168, 120), step(fractal_noise(random, SIZE, 140, 4), 0.3, 0.6))
    return np.asarray(ground + 12 * fractal_noise(random, SIZE, 14, 3)[..., None], dtype=np.float32)


def _brush_marks(random: np.random.Generator, angle: float) -> Array:
    """Streaks of a wide dry brush at that angle in degrees, about -1..1."""
    side = int(np.hypot(*SIZE)) + 4
    streaks = 0.7 * smooth_noise(random, (side, side), 2.5, stretch=34) + 0.5 * smooth_noise(
        random, (side, side), 7, stretch=14
    )
    turned = Image.fromarray(streaks).rotate(angle, Image.Resampling.BILINEAR)
    left, top = (side - SIZE[0]) // 2, (side - SIZE[1]) // 2
    return np.asarray(turned.crop((left, top, left + SIZE[0], top + SIZE[1])), dtype=np.float32)


def _softened(mask: Array) -> Array:
    small = Image.fromarray(mask).resize((SIZE[0] // 4, SIZE[1] // 4), Image.Resampling.BOX)
    return np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
