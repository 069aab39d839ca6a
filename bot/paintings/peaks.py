"""Mountains over water in azurite and malachite on old golden silk, with ink contours, pines and mist."""

import numpy as np
from PIL import Image

from bot.paintings.pines import PINE, pine, small_trees
from bot.paintings.silk import INK, Scroll, dot
from bot.paintings.texture import (
    Array,
    Rgb,
    blend,
    box,
    curve,
    grid,
    ramp,
    step,
    swelling,
)

SIZE = (768, 560)

_RED: Rgb = (196, 50, 34)
_BLUE = (
    (0.0, (24, 66, 142)),
    (0.22, (44, 108, 172)),
    (0.5, (74, 152, 150)),
    (0.8, (178, 160, 92)),
    (1.0, (204, 158, 88)),
)
_GREEN = (
    (0.0, (20, 98, 90)),
    (0.25, (44, 146, 112)),
    (0.55, (128, 170, 96)),
    (0.8, (200, 160, 84)),
    (1.0, (206, 160, 90)),
)
_FAR = ((0.0, (92, 134, 156)), (0.4, (140, 164, 148)), (1.0, (212, 176, 112)))
_NEARER = ((0.0, (66, 120, 152)), (0.3, (96, 156, 148)), (0.65, (164, 170, 116)), (1.0, (212, 172, 104)))
_CLOUDS = (
    (150, 44, 1.0), (300, 92, 1.0), (560, 40, 1.2), (400, 30, 0.9), (704, 120, 0.8), (250, 24, 0.8), (60, 104, 0.9),
    (530, 120, 0.7), (660, 60, 0.7),
)  # fmt: skip
_PALE = (_FAR, _NEARER)

_FAR_PEAKS = (
    (60, 270, 190, 150), (190, 262, 140, 120), (352, 272, 190, 140), (436, 280, 236, 140), (520, 270, 160, 120),
    (640, 270, 220, 150), (742, 270, 180, 120), (270, 282, 130, 110), (590, 292, 120, 110),
)  # fmt: skip
_MIDDLE_PEAKS = (
    (222, 352, 130, 130), (300, 360, 84, 110), (396, 356, 120, 120), (470, 362, 92, 130), (548, 356, 110, 110),
    (350, 372, 60, 120), (430, 376, 54, 110), (510, 372, 66, 110),
)  # fmt: skip
_MASSIFS = (
    (664, 382, 290, 320), (92, 430, 380, 300), (352, 424, 150, 190), (474, 412, 84, 120), (738, 500, 170, 200),
    (24, 560, 160, 230), (240, 600, 150, 260), (596, 612, 150, 290),
)  # fmt: skip
"""The middle and the foot of a group of rocks, how high and how wide it is."""


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    scroll = Scroll(random, SIZE)
    for x, foot, height, width in _FAR_PEAKS:
        _rock(random, scroll, (x, foot), (width, height), _FAR)
    scroll.mist(random, 272, 30)
    for x, foot, height, width in _MIDDLE_PEAKS:
        _rock(random, scroll, (x, foot), (width, height), _NEARER)
    scroll.mist(random, 352, 18)
    _clouds(random, scroll)
    _water(random, scroll)
    for massif in _MASSIFS:
        _massif(random, scroll, *massif)
        scroll_foot = massif[1]
        if scroll_foot < SIZE[1] - 80:
            _shore(random, scroll, massif[0], scroll_foot, massif[3])
    _waterfall(random, scroll)
    for x, y, size in ((420, 388, 1.0), (596, 352, 0.8), (196, 372, 0.9)):
        _pavilion(scroll, x, y, size)
    for x, y in ((420, 470), (516, 440), (372, 520)):
        _boat(scroll, x, y)
    for x, y, tall, lean in ((54, 548, 190, 30), (120, 556, 120, -16), (716, 548, 170, -34), (636, 560, 100, 14)):
        pine(random, scroll, (x, y), tall, lean)
    _seals(random, scroll)
    return scroll.aged(random)


def _massif(random: np.random.Generator, scroll: Scroll, x: float, foot: float, height: float, width: float) -> None:
    """Rocks piled from the summit down, the lower before the higher."""
    rocks = []
    for share in np.linspace(0, 0.92, 6):
        spread = width * 0.42 * share**0.8
        for place in np.linspace(-1, 1, 1 + round(share * 5)):
            wide = width * random.uniform(0.2, 0.34) * (1 - 0.25 * share)
            top = foot - height * (1 - share) * random.uniform(0.88, 1.06)
            tall = wide * random.uniform(1.0, 1.9) * (1.25 - 0.6 * share)
            rocks.append((top + tall, x + spread * place + random.normal(0, 8), wide, tall))
    for base, middle, wide, tall in sorted(rocks):
        _rock(random, scroll, (middle, base), (wide, tall), _BLUE if random.random() < 0.48 else _GREEN)
        if random.random() < 0.75:
            small_trees(
                random,
                scroll,
                (middle + random.uniform(-0.4, 0.4) * wide, base - tall * random.uniform(0.2, 0.75)),
                wide,
            )


def _rock(
    random: np.random.Generator,
    scroll: Scroll,
    foot: tuple[float, float],
    size: tuple[float, float],
    colours: tuple[tuple[float, Rgb], ...],
) -> None:
    """One rock: colour that runs down from its contour, the contour in ink, and folds of the stone."""
    (x, y), (wide, tall) = foot, size
    u = np.linspace(-1, 1, 26)
    shape = 1 - np.abs(u) ** random.uniform(1.5, 3.0)
    bumps = 0.1 * np.sin(u * random.uniform(4, 8) + random.uniform(0, 6)) + random.normal(0, 0.02, 26)
    top = np.column_stack(
        [x + u * wide / 2 + random.normal(0, 0.7, 26), y - tall * np.clip(shape + bumps * (shape > 0.02), 0, 1.1)]
    )
    top = top.astype(np.float32)
    order = top[np.argsort(top[:, 0])]
    scroll.colour(top, colours, order, 1.0 if colours in _PALE else 0.9)
    faint = 0.5 if colours in _PALE else 0.92
    for first, last in ((0, 12), (8, 20), (15, 26)):
        scroll.ink(swelling(curve(top[first:last:2].tolist(), 4), 1.2 + wide * 0.013), opacity=faint)
    for share in random.uniform(0.45, 0.85, 2):
        rib = np.column_stack(
            [x + (top[:, 0] - x) * share + random.normal(0, 0.05) * wide, y + (top[:, 1] - y) * share]
        )
        half = int(random.integers(0, 2)) * 10
        scroll.ink(swelling(rib[3 + half : 15 + half].astype(np.float32), 2.2), opacity=faint * 0.85)
    _folds(random, scroll, top, size, faint)
    if colours not in _PALE:
        _moss(random, scroll, top)


def _moss(random: np.random.Generator, scroll: Scroll, top: Array) -> None:
    """Dots of ink along the contour."""
    dots = [dot(x, y - 1, random.uniform(1.2, 2.6)) for x, y in top[random.random(len(top)) < 0.6].tolist()]
    scroll.ink(dots[::3], INK)
    scroll.ink([*dots[1::3], *dots[2::3]], PINE)


def _folds(random: np.random.Generator, scroll: Scroll, top: Array, size: tuple[float, float], faint: float) -> None:
    """Long strokes from the contour down the stone, dark in the hollows, gold on the ribs."""
    wide, tall = size
    middle = float(top[:, 0].mean())
    folds = []
    for index in random.integers(3, 23, 6 + int(wide / 7)):
        px, py = top[index].tolist()
        drop = tall * random.uniform(0.16, 0.5)
        lean = (px - middle) * random.uniform(0.05, 0.3) + random.normal(0, 2)
        start = py + tall * random.uniform(0.02, 0.3) * (1 - abs(px - middle) / wide)
        way = curve([(px, start), (px + lean * 0.3, start + drop * 0.5), (px + lean, start + drop)], 4)
        folds.append(swelling(way, random.uniform(1.0, 2.4)))
    ribs = len(folds) // 3
    scroll.ink(folds[ribs:], (24, 52, 72), faint * 0.7)
    scroll.ink(folds[:ribs], (242, 212, 132), faint * 0.7)


def _clouds(random: np.random.Generator, scroll: Scroll) -> None:
    """Bands of cloud drawn as scrolls of fine line."""
    pale, line = ((0.0, (248, 230, 184)), (1.0, (226, 192, 130))), (128, 72, 44)
    for x, y, size in _CLOUDS:
        for row in range(10):
            px, py = x + random.normal(0, 34) * size, y + random.normal(0, 12) * size
            radius = random.uniform(9, 20) * size
            turn = np.linspace(0, 6.4, 30) * random.choice([-1, 1]) + (0 if row % 2 else np.pi)
            reach = radius * np.linspace(1, 0.2, 30)
            way = np.column_stack([px + reach * np.cos(turn), py + reach * np.sin(turn) * 0.7]).astype(np.float32)
            tail = px + random.choice([-1, 1]) * radius * random.uniform(2, 5)
            scroll.colour(way, pale, np.array([[0, py - radius], [768, py - radius]]), 0)
            scroll.ink(swelling(way, 2.4), line, 0.8)
            start = (float(way[0][0]), float(way[0][1]))
            trail = curve([start, ((px + tail) / 2, py + radius * 0.5), (tail, py + 2)], 8)
            scroll.ink(swelling(trail, 2.4), line, 0.75)


def _water(random: np.random.Generator, scroll: Scroll) -> None:
    """Water in a thin wash, covered with the net of its waves."""
    _, down = grid(SIZE)
    wash = step(down + 6 * scroll.stain, 352, 40) * 0.7
    scroll.paint = blend(scroll.paint, ramp(down / SIZE[1], ((0.6, (150, 172, 134)), (1.0, (64, 128, 132)))), wash)
    y = 360.0
    while y < SIZE[1]:
        near = (y - 350) / (SIZE[1] - 350)
        span = 11 + 20 * near
        xs = np.arange(-span * random.random(), SIZE[0], span)
        net = [
            curve([(x, y + 2), (x + span * 0.5, y - 2 - 4 * near), (x + span * 1.05, y + 2)], 5) for x in xs.tolist()
        ]
        dark = random.random(len(net)) < 0.75
        for lit, tint in ((False, (22, 62, 82)), (True, (240, 222, 168))):
            chosen = [swelling(way, 1.3 + 1.2 * near) for way, low in zip(net, dark, strict=True) if low != lit]
            scroll.ink(chosen, tint, 0.75)
        y += 4.6 + 6 * near


def _shore(random: np.random.Generator, scroll: Scroll, x: float, foot: float, width: float) -> None:
    """Flat banks at the foot of the rocks."""
    for _ in range(5):
        px, py = x + random.normal(0, width * 0.3), foot + random.uniform(-2, 16)
        wide = random.uniform(30, 80)
        bank = curve(
            [(px - wide, py), (px - wide * 0.3, py - 7), (px + wide * 0.5, py - 5), (px + wide, py + 1), (px, py + 5)],
            6,
        )
        scroll.ink(bank, (196, 152, 84), 0.95)
        scroll.ink(swelling(bank[:20], 2.4))


def _waterfall(random: np.random.Generator, scroll: Scroll) -> None:
    """White water in threads down the left massif."""
    spine = curve([(118, 212), (110, 250), (124, 292), (116, 340), (130, 404)], 10)
    for index in range(9):
        aside = (
            spine + np.array([(index - 4) * 1.7, 0], np.float32) + random.normal(0, 0.5, spine.shape).astype(np.float32)
        )
        tint: Rgb = (250, 242, 214) if index % 3 else (60, 112, 150)
        scroll.ink(swelling(aside, 2.6), tint, 0.95)


def _pavilion(scroll: Scroll, x: float, y: float, size: float) -> None:
    """Red posts under two curved roofs."""
    for post in (-13, -5, 5, 13):
        scroll.ink(box(x + post * size - 1.2, y - 20 * size, x + post * size + 1.2, y), _RED)
    scroll.ink(box(x - 17 * size, y - 2, x + 17 * size, y + 2), (244, 226, 180))
    for level, wide in ((-20, 25), (-31, 16)):
        eaves = ((-1, -1), (-0.5, -5), (0, -14), (0.5, -5), (1, -1))
        roof = curve([(x + side * wide * size, y + (level + rise) * size) for side, rise in eaves], 6)
        scroll.ink(np.vstack([roof, [[x, y + (level + 1) * size]]]).astype(np.float32), (40, 60, 92))
        scroll.ink(swelling(roof, 2.2))


def _boat(scroll: Scroll, x: float, y: float) -> None:
    hull = curve([(x - 24, y - 5), (x - 12, y + 3), (x + 10, y + 3), (x + 24, y - 5), (x, y - 1), (x - 24, y - 5)], 5)
    scroll.ink(hull, (96, 56, 34))
    scroll.ink(swelling(hull[:16], 2.2))
    sail = curve([(x + 2, y - 3), (x + 15, y - 18), (x + 3, y - 44), (x + 2, y - 3)], 6)
    scroll.ink(sail, (240, 220, 166))
    for level in (10, 18, 26, 34):
        scroll.ink(
            swelling(curve([(x + 2, y - level), (x + 8, y - level - 1), (x + 13 - level * 0.15, y - level)], 3), 1.4),
            opacity=0.8,
        )
    scroll.ink(box(x + 1, y - 48, x + 3, y - 2))
    scroll.ink(dot(x - 8, y - 7, 3.2), _RED)


def _seals(random: np.random.Generator, scroll: Scroll) -> None:
    """Red stamps of the collectors, with characters that mean nothing."""
    for x, y, side in ((724, 36, 26), (728, 70, 18), (34, 30, 20)):
        scroll.ink(box(x, y, x + side, y + side), _RED, 0.92)
        strokes = []
        for row in range(y + 4, y + side - 2, 5):
            for column in range(x + 4, x + side - 3, 6):
                width, height = random.choice([(4, 1.3), (1.3, 4)])
                strokes.append(box(column, row, column + width, row + height))
        scroll.ink(strokes, (244, 220, 170))
