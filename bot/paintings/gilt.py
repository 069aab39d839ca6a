"""A tree of scrolls on gold leaf, over a meadow of ornament: circles, eyes, triangles and chequered cloth."""

from dataclasses import dataclass

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
    light_on_relief,
    ramp,
    smooth_noise,
    step,
    to_array,
    to_picture,
)

SIZE = (640, 768)
_OVERSAMPLING = 2

_LEAF = ((-1.0, (146, 96, 30)), (-0.3, (198, 146, 48)), (0.3, (226, 180, 76)), (1.0, (246, 216, 132)))
_DARK: Rgb = (44, 28, 22)
_BARK: Rgb = (126, 74, 30)
_BRIGHT: Rgb = (250, 218, 120)
_GEMS: tuple[Rgb, ...] = (
    (176, 44, 36), (28, 112, 108), (236, 226, 200), (50, 62, 120), (216, 108, 44), (90, 132, 62), (112, 48, 96),
    (240, 190, 60), (44, 28, 22),
)  # fmt: skip
_CLOTH: tuple[Rgb, ...] = ((44, 28, 22), (238, 228, 204), (206, 156, 54), (150, 150, 148), (90, 60, 36))


@dataclass(frozen=True, slots=True)
class Scroll:
    """A spiral branch: it touches its parent at the angle `start` and turns the way `sense` (1 or -1) says."""

    x: float
    y: float
    radius: float
    start: float
    sense: int
    parent: "Scroll | None" = None

    @property
    def turns(self) -> float:
        return 2.4 if self.radius > 30 else 1.8

    def reach(self, angle: Array) -> Array:
        """How far from the centre the branch runs when it has turned by that angle (radians from its start)."""
        return np.asarray(self.radius * np.clip(1 - angle / (2 * np.pi * self.turns), 0, 1) ** 0.92)

    def around(self, angle: Array, reach: Array) -> Array:
        """Points (P, 2) at these angles from the start, in the sense of the scroll."""
        turned = self.start + self.sense * angle
        points = np.column_stack([self.x + reach * np.cos(turned), self.y + reach * np.sin(turned)])
        return points.astype(np.float32)


class _Panel:
    """RGB is the colour, the fourth band how high it stands above the gold; measures are of the finished picture."""

    def __init__(self, ground: Array) -> None:
        large = (SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING)
        flat = Image.new("L", SIZE, 90)
        self.paint = Image.merge("RGBA", (*to_picture(ground).split(), flat)).resize(large, Image.Resampling.BICUBIC)
        self._pen = ImageDraw.Draw(self.paint)

    def disc(self, x: float, y: float, radius: float, colour: Rgb, height: int = 150) -> None:
        box = [value * _OVERSAMPLING for value in (x - radius, y - radius, x + radius, y + radius)]
        self._pen.ellipse(box, (*colour, height))

    def area(self, outline: Array, colour: Rgb, height: int = 150) -> None:
        self._pen.polygon(as_points(outline * _OVERSAMPLING), (*colour, height))

    def line(self, path: Array, width: float, colour: Rgb, height: int = 150) -> None:
        thick = max(1, round(width * _OVERSAMPLING))
        self._pen.line(as_points(path * _OVERSAMPLING), (*colour, height), thick, joint="curve")

    def tapering(self, path: Array, widths: Array, colour: Rgb, height: int) -> None:
        for (x, y), width in zip(path.tolist(), widths.tolist(), strict=True):
            self.disc(x, y, width / 2, colour, height)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    panel = _Panel(_gold(random))
    scrolls = grown(random)
    _flakes(random, panel)
    _trunk(panel)
    for scroll in reversed(scrolls):
        _scroll(panel, scroll)
    _fruits(random, panel, scrolls)
    _meadow(random, panel)
    return _lit(random, panel)


def _gold(random: np.random.Generator) -> Array:
    """Square leaves of beaten gold, each a little another tone, worn at the seams."""
    across, down = grid(SIZE)
    across, down = across + 5 * smooth_noise(random, SIZE, 30), down + 5 * smooth_noise(random, SIZE, 30)
    columns, rows = (across // 64).astype(int) % 16, (down // 64).astype(int) % 16
    tone = random.normal(0, 0.28, (16, 16))[rows, columns] + 0.5 * fractal_noise(random, SIZE, 50, 5)
    seam = np.minimum(np.minimum(across % 64, 64 - across % 64), np.minimum(down % 64, 64 - down % 64))
    gold = ramp(tone + 0.25 * smooth_noise(random, SIZE, 2.5), _LEAF)
    gold = blend(gold, (250, 228, 160), (1 - step(seam, 1.2, 1.6)) * 0.45)
    worn = step(fractal_noise(random, SIZE, 24, 4) - 0.05 * np.minimum(seam, 5), 0.34, 0.2)
    return blend(gold, (150, 62, 34), worn * 0.7)  # the red clay under the leaf


def grown(random: np.random.Generator) -> list[Scroll]:
    """Scrolls that touch one another like cogwheels, neighbours turning opposite ways, until the panel is full."""
    scrolls = [Scroll(238, 296, 92, np.pi * 0.35, 1), Scroll(430, 256, 84, np.pi * 0.65, -1)]
    for radii, tries in (((62, 84), 300), ((38, 56), 800), ((22, 34), 2000), ((13, 19), 3000)):
        for _ in range(tries):
            parent = scrolls[random.integers(len(scrolls))]
            child = _beside(parent, random.uniform(0, 2 * np.pi), random.uniform(*radii))
            if child.radius < parent.radius * 1.25 and _fits(child, parent, scrolls):
                scrolls.append(child)
    return scrolls


def _beside(parent: Scroll, angle: float, radius: float) -> Scroll:
    reach = parent.radius + radius
    x, y = parent.x + reach * np.cos(angle), parent.y + reach * np.sin(angle)
    return Scroll(float(x), float(y), radius, angle + np.pi, -parent.sense, parent)


def _fits(child: Scroll, parent: Scroll, others: list[Scroll]) -> bool:
    """Inside the crown, and clear of all other scrolls."""
    if not (-20 < child.x < SIZE[0] + 20 and -20 < child.y < 585 - child.radius * 0.6):
        return False
    if abs(child.x - 322) < child.radius + 22 and child.y > 420:
        return False
    return all(
        other is parent or np.hypot(child.x - other.x, child.y - other.y) > child.radius + other.radius + 2
        for other in others
    )


def _trunk(panel: _Panel) -> None:
    """A trunk that rises from the meadow and flows into the first two scrolls."""
    for points in (
        [(290, 790), (322, 690), (338, 600), (342, 480), (350, 390), (366, 344), (394, 331)],
        [(362, 790), (336, 690), (324, 590), (326, 490), (318, 420), (302, 384), (280, 378)],
    ):
        way = curve(points, 50)
        widths = np.linspace(66, 15, len(way))
        panel.tapering(way, widths + 4, _DARK, 130)
        panel.tapering(way, widths, _BARK, 200)
        for share in (-0.3, -0.1, 0.12, 0.32):
            aside = way + np.stack([widths * share, np.zeros(len(way))], axis=1).astype(np.float32)
            panel.line(aside, 2.0, (_BRIGHT, _DARK)[int(share * 10) % 2], 225)


def _scroll(panel: _Panel, scroll: Scroll) -> None:
    """A branch that peels off its parent and winds inwards, thinner and thinner."""
    angle = np.linspace(0, 2 * np.pi * scroll.turns, int(scroll.turns * (24 + scroll.radius * 1.5)))
    share = angle / angle[-1]
    way = scroll.around(angle, scroll.reach(angle))
    widths = scroll.radius * (0.17 - 0.1 * share) + 1.0
    if scroll.parent:
        stem = _stem(scroll, scroll.parent)
        way = np.vstack([stem, way])
        widths = np.concatenate([np.linspace(widths[0] * 0.7, widths[0], len(stem)), widths])
    count = len(way)
    panel.tapering(way, widths + 2.6, _DARK, 120)
    panel.tapering(way, widths, _BARK, 190)
    panel.tapering(way, widths * 0.5, (206, 142, 52), 235)
    for index in range(4, count - 4, 7):
        x, y = way[index].tolist()
        panel.disc(x, y, widths[index] * 0.14 + 0.35, _DARK, 150)


def _stem(scroll: Scroll, parent: Scroll) -> Array:
    """The way from the parent's branch to where the scroll touches the parent's circle."""
    place = ((scroll.start + np.pi - parent.start) * parent.sense) % (2 * np.pi)
    back = min(place, 1.5)
    angle = np.linspace(place - back, place, 30)
    leaving = parent.reach(angle[:1])[0]
    share = np.linspace(0, 1, 30)
    return parent.around(angle, leaving + (parent.radius - leaving) * share * (2 - share))


def _flakes(random: np.random.Generator, panel: _Panel) -> None:
    """Small rings and spirals pressed into the gold."""
    for x, y in random.uniform(0, 1, (420, 2)) * (SIZE[0], 600):
        radius = float(random.uniform(2, 7))
        turn = np.linspace(0, 9, 26)
        reach = radius * (1 - turn / 10)
        way = np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)]).astype(np.float32)
        panel.line(way, 1.2, _BRIGHT if random.random() < 0.6 else (150, 92, 34), int(random.integers(30, 160)))


def _fruits(random: np.random.Generator, panel: _Panel, scrolls: list[Scroll]) -> None:
    """Eyes, triangles and beads where the branches leave room."""
    crown = [scroll for scroll in scrolls if scroll.radius > 20]
    for scroll in crown:
        for angle in random.uniform(0, 2 * np.pi, 3):
            reach = scroll.radius + 9
            x, y = scroll.x + reach * np.cos(angle), scroll.y + reach * np.sin(angle)
            if all(np.hypot(x - other.x, y - other.y) > other.radius + 6 for other in scrolls):
                _ornament(random, panel, float(x), float(y), float(random.uniform(7, 11)))
        if scroll.parent and random.random() < 0.6:
            _ornament(random, panel, scroll.x, scroll.y, scroll.radius * 0.19)
    for x, y in random.uniform(0, 1, (900, 2)) * (SIZE[0], 560):
        on_trunk = abs(x - 328) < 36 and y > 360
        if not on_trunk and all(np.hypot(x - scroll.x, y - scroll.y) > scroll.radius + 9 for scroll in scrolls):
            _ornament(random, panel, float(x), float(y), float(random.uniform(4, 10)))
    for angle, scroll in zip(random.uniform(0, 6.3, len(crown)), crown, strict=True):
        for index in range(5):
            place = angle + index * 11 / scroll.radius
            reach = scroll.radius * 0.84
            x, y = scroll.x + reach * np.cos(place), scroll.y + reach * np.sin(place)
            panel.disc(float(x), float(y), 2.9, _DARK)
            panel.disc(float(x), float(y), 2.1, _GEMS[random.integers(len(_GEMS))], 220)


def _ornament(random: np.random.Generator, panel: _Panel, x: float, y: float, size: float) -> None:
    colours = [_GEMS[index] for index in random.permutation(len(_GEMS))[:3]]
    kind = random.integers(3)
    if kind == 0:
        turn = np.linspace(0, 2 * np.pi, 30)
        for share, colour in zip((1.25, 1.05, 0.6), (_DARK, (238, 228, 204), colours[1]), strict=True):
            almond = np.column_stack([x + size * share * np.cos(turn) * 1.25, y + size * share * np.sin(turn) ** 3])
            panel.area(almond.astype(np.float32), colour, 180)
        panel.disc(x, y, size * 0.36, _DARK, 200)
    elif kind == 1:
        for share, colour in zip((1.35, 1.05, 0.5), (_DARK, colours[0], colours[1]), strict=True):
            corners = np.array([-np.pi / 2, np.pi / 6, np.pi * 5 / 6])
            triangle = np.column_stack([x + size * share * np.cos(corners), y + size * share * np.sin(corners)])
            panel.area(triangle.astype(np.float32), colour, 190)
    else:
        _target(panel, x, y, size, (colours[0], colours[1], colours[2]))


def _target(panel: _Panel, x: float, y: float, size: float, colours: tuple[Rgb, ...]) -> None:
    panel.disc(x, y, size + 1.3, _DARK, 140)
    for index, colour in enumerate(colours):
        panel.disc(x, y, size * (1 - index / len(colours)), colour, 170 + 20 * index)


def _meadow(random: np.random.Generator, panel: _Panel) -> None:
    """A slope of chequered cloth and flowers over which the tree stands."""
    xs = np.linspace(-10, SIZE[0] + 10, 60)
    for level, colour in ((578, (70, 84, 44)), (640, (40, 66, 56)), (704, (92, 50, 34))):
        top = level + 22 * np.sin(xs / 96 + level) - 8 * np.cos(xs / 41)
        outline = np.vstack([np.column_stack([xs, top]), [[SIZE[0] + 10, SIZE[1]], [-10, SIZE[1]]]])
        panel.line(outline[: len(xs)].astype(np.float32), 8, _DARK, 120)
        panel.area(outline.astype(np.float32), colour, 110)
        panel.line((outline[: len(xs)] + np.array([0, 4])).astype(np.float32), 3, _BRIGHT, 220)
        _cloth(random, panel, xs, top)
        for _ in range(240):
            x = random.uniform(0, SIZE[0])
            y = float(np.interp(x, xs, top)) + random.uniform(12, 90)
            colours = tuple(_GEMS[index] for index in random.permutation(len(_GEMS))[: random.integers(2, 5)])
            _target(panel, x, y, random.gamma(3, 1.9) + 2.2, colours)


def _cloth(random: np.random.Generator, panel: _Panel, xs: Array, top: Array) -> None:
    """Upright tablets in black, white, silver and gold, hung along the slope in groups."""
    for start in random.uniform(0, SIZE[0], 5):
        for column in range(random.integers(4, 9)):
            x = start + column * 11
            y = float(np.interp(x, xs, top)) + 8
            for _ in range(random.integers(3, 7)):
                height = random.uniform(5, 17)
                colour = _CLOTH[random.integers(len(_CLOTH))]
                corners = np.array([(x, y), (x + 10, y), (x + 10, y + height), (x, y + height)], np.float32)
                panel.area(corners + np.array([-1, -1], np.float32), _DARK, 110)
                panel.area(corners, colour, 185)
                if height > 9:
                    panel.disc(x + 5, y + height / 2, 2.4, _GEMS[random.integers(len(_GEMS))], 215)
                y += height + 1.5


def _lit(random: np.random.Generator, panel: _Panel) -> Image.Image:
    """Raised paint and beaten metal under a light from the upper left."""
    small = to_array(panel.paint.resize(SIZE, Image.Resampling.BOX))
    beaten = 6 * smooth_noise(random, SIZE, 3) + 9 * smooth_noise(random, SIZE, 9) + 5 * smooth_noise(random, SIZE, 2)
    colours = small[..., :3] * (1 + 0.07 * fractal_noise(random, SIZE, 30, 5))[..., None]
    return to_picture(light_on_relief(colours, small[..., 3] + beaten, 0.011))
