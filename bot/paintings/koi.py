"""A pond with carp in watercolour: transparent washes with dark rims, blooms, and pigment that settles in the paper."""

from itertools import pairwise

import numpy as np
from PIL import Image

from bot.paintings.texture import (
    Array,
    Rgb,
    curve,
    fractal_noise,
    grid,
    normals,
    smooth_noise,
    step,
)
from bot.paintings.watercolour import Sheet

SIZE = (768, 592)

_PAPER: Rgb = (252, 246, 230)
_TURQUOISE: Rgb = (110, 200, 204)
_ULTRAMARINE: Rgb = (62, 96, 186)
_INDIGO: Rgb = (40, 62, 110)
_VIRIDIAN: Rgb = (48, 140, 116)
_SAP: Rgb = (128, 160, 54)
_GAMBOGE: Rgb = (252, 206, 80)
_VERMILION: Rgb = (240, 92, 36)
_ROSE: Rgb = (232, 96, 140)
_SEPIA: Rgb = (70, 48, 52)

_RIPPLES = (
    (40, -0.05, _TURQUOISE, 0.5), (30, 0.14, _ULTRAMARINE, 0.36), (22, 0.24, _VIRIDIAN, 0.36), (16, 0.3, _INDIGO, 0.34)
)  # fmt: skip
"""How high a ripple is, from which height of the noise on, and its wash."""
_FISH = (
    ((150, 470), (232, 410), (318, 392), (398, 346), 1.25, 0),
    ((640, 118), (566, 150), (508, 214), (430, 236), 1.15, 1),
    ((600, 520), (560, 452), (586, 384), (560, 316), 1.05, 2),
    ((86, 120), (168, 150), (226, 118), (300, 150), 1.0, 3),
    ((330, 560), (400, 520), (462, 536), (524, 488), 0.8, 1),
    ((268, 292), (214, 262), (160, 276), (112, 244), 0.7, 0),
)
"""Four points from tail to head, a size, and which coat."""
_COATS: tuple[tuple[Rgb, Rgb], ...] = (
    (_VERMILION, _SEPIA), (_GAMBOGE, _VERMILION), (_VERMILION, _ROSE), (_SEPIA, _VERMILION)
)  # fmt: skip
_PADS = (
    (676, 300, 74, 2.4), (742, 404, 56, 3.4), (632, 404, 40, 0.4), (56, 356, 66, 5.6), (24, 470, 52, 0.9),
    (408, 66, 62, 4.0), (498, 44, 40, 2.0), (330, 30, 44, 0.2), (92, 566, 50, 4.6),
    (716, 560, 60, 5.2), (14, 36, 62, 1.0),
)  # fmt: skip
"""x, y, radius, and where the notch points."""
_FLOWERS = ((690, 286, 62.0), (62, 352, 50.0), (404, 62, 46.0), (712, 548, 40.0))


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    sheet = Sheet(random, SIZE)
    _water(random, sheet)
    for fish in sorted(_FISH, key=lambda fish: fish[4]):
        _carp(random, sheet, curve(fish[:4], 16), fish[4], _COATS[fish[5]])
    for pad in _PADS:
        _pad(random, sheet, *pad)
    for flower in _FLOWERS:
        _flower(random, sheet, *flower)
    _spatter(random, sheet)
    return sheet.dried(_PAPER)


def _water(random: np.random.Generator, sheet: Sheet) -> None:
    """Wet in wet from turquoise to ultramarine and green, then glazes of ripples with hard edges."""
    across, down = grid(SIZE)
    place = 0.5 + 0.45 * fractal_noise(random, SIZE, 240, 3)
    sheet.glaze(np.clip(1.1 - 1.3 * place, 0.06, 1), _TURQUOISE, 0.6)
    sheet.glaze(step(place + 0.2 * (down / SIZE[1] - 0.5), 0.56, 0.5), _ULTRAMARINE, 0.6)
    sheet.glaze(step(fractal_noise(random, SIZE, 170, 3), 0.16, 0.5), _VIRIDIAN, 0.55)
    rings = np.zeros(across.shape, np.float32)
    for x, y in ((398, 340), (428, 236), (560, 312), (110, 242)):
        distance = np.hypot(across - x, (down - y) * 1.6)
        rings += 0.45 * np.sin(distance / 8) * np.exp(-distance / 70)
    glint = smooth_noise(random, SIZE, 8, stretch=5) + 0.4 * smooth_noise(random, SIZE, 60) + 0.25 * sheet.tooth
    wet = 1 - step(glint, 0.62, 0.12)
    for cell, edge, colour, strength in _RIPPLES:
        bent = smooth_noise(random, SIZE, cell, stretch=3)
        bent = bent + 0.5 * smooth_noise(random, SIZE, cell * 0.45, stretch=3.6)
        pulled = 0.45 + 0.55 * step(smooth_noise(random, SIZE, 70, stretch=2), -0.1, 0.7)
        sheet.glaze(step(bent + rings, edge, 0.06) * pulled * wet, colour, strength)


def _body(path: Array, size: float) -> Array:
    """The outline of a carp from above, tail first."""
    share = np.linspace(0, 1, len(path))
    half = size * 22 * np.interp(share, (0, 0.12, 0.45, 0.72, 0.9, 1), (0.16, 0.28, 0.9, 1.0, 0.8, 0.24))
    aside = normals(path) * half[:, None].astype(np.float32)
    return np.vstack([path + aside, (path - aside)[::-1]])


def _carp(random: np.random.Generator, sheet: Sheet, path: Array, size: float, coat: tuple[Rgb, Rgb]) -> None:
    """White paper with blotches that bled, over a shadow on the water."""
    body, fins = _body(path, size), _fins(path, size)
    sheet.wash(
        [(outline + np.array([13, 19]) * size).astype(np.float32) for outline in (body, *fins)], _INDIGO, 0.6, 2.5
    )
    sheet.lift([body, *fins], 0.93)
    for fin in fins:
        sheet.wash([fin], coat[0] if coat[0] != _SEPIA else _ULTRAMARINE, 0.4, 1.0)
        for ray in _rays(fin):
            sheet.wash([ray], coat[0], 0.55, 0.5)
    sheet.wash([body], (226, 214, 214), 0.6, 0.6)
    along = normals(path)
    for index in random.permutation(len(path) - 8)[:6] + 4:
        reach = size * random.uniform(8, 17)
        middle = path[index] + along[index] * random.uniform(-9, 9) * size
        patch = _blot(random, middle, reach)
        clipped = _within(patch, path, size)
        sheet.wash([clipped], coat[0], 1.15, random.uniform(0.6, 2.4))
    for index in random.permutation(len(path) - 10)[:4] + 5:
        middle = path[index] + along[index] * random.uniform(-10, 10) * size
        sheet.wash([_within(_blot(random, middle, size * 6), path, size)], coat[1], 1.0, 1.2)
    _scales(sheet, path, size)
    head, ahead = path[-6], path[-1] - path[-6]
    for side in (-1, 1):
        eye = head + ahead * 0.35 + along[-5] * side * size * 8.5
        sheet.wash([_round(eye, size * 2.6)], _SEPIA, 1.6, 0.5)
    spine = path[8:-10]
    sheet.wash([np.vstack([spine + along[8:-10] * 1.6, (spine - along[8:-10] * 1.6)[::-1]])], coat[0], 0.7, 0.8)


def _within(outline: Array, path: Array, size: float) -> Array:
    """The outline drawn in to the body where it stands over."""
    share = np.linspace(0, 1, len(path))
    half = size * 20 * np.interp(share, (0, 0.12, 0.45, 0.72, 0.9, 1), (0.16, 0.28, 0.9, 1.0, 0.8, 0.24))
    apart = np.hypot(outline[:, None, 0] - path[None, :, 0], outline[:, None, 1] - path[None, :, 1])
    nearest = apart.argmin(axis=1)
    distance = np.maximum(apart.min(axis=1), 1e-3)
    pull = np.minimum(half[nearest] / distance, 1)[:, None]
    return np.asarray(path[nearest] + (outline - path[nearest]) * pull, dtype=np.float32)


def _fins(path: Array, size: float) -> list[Array]:
    """The forked tail, two breast fins and two small ones behind."""
    side, back = normals(path), -np.gradient(path, axis=0)
    back = back / np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-6)[:, None]
    fins = []
    for sign in (-1, 1):
        root = path[3]
        tip = path[0] + (back[0] * 40 + side[0] * sign * 24) * size
        notch = path[0] + back[0] * 16 * size
        fins.append(curve([tuple(root.tolist()), tuple(((root + tip) / 2 + side[0] * sign * 8 * size).tolist()),
                           tuple(tip.tolist()), tuple(notch.tolist()), tuple(root.tolist())], 8))  # fmt: skip
        for place, long in ((0.74, 38), (0.36, 20)):
            index = int(place * (len(path) - 1))
            root = path[index] + side[index] * sign * 12 * size
            tip = root + (side[index] * sign * 0.95 + back[index] * 0.7) * long * size
            rear = root + (side[index] * sign * 0.25 + back[index]) * long * 0.8 * size
            fins.append(
                curve([tuple(root.tolist()), tuple(tip.tolist()), tuple(rear.tolist()), tuple(root.tolist())], 8)
            )
    return fins


def _rays(fin: Array) -> list[Array]:
    """Fine spokes from a fin's root to its edge."""
    root = fin[0]
    rays = []
    for index in range(6, len(fin) - 5, 4):
        edge = root + (fin[index] - root) * 0.92
        across = np.array([-(edge - root)[1], (edge - root)[0]]) / (np.hypot(*(edge - root)) + 1e-6) * 0.9
        rays.append(np.array([root, edge + across, edge - across], np.float32))
    return rays


def _scales(sheet: Sheet, path: Array, size: float) -> None:
    """Rows of small arcs along the back."""
    side = normals(path)
    half = np.interp(np.linspace(0, 1, len(path)), (0, 0.2, 0.6, 1), (3, 9, 16, 10)) * size
    for index in range(6, len(path) - 14, 3):
        for row in (-0.75, -0.4, 0.0, 0.4, 0.75):
            middle = path[index + (1 if int(row * 4) % 2 else 0)] + side[index] * row * half[index]
            ahead = path[index + 1] - path[index]
            ahead = ahead / (np.hypot(*ahead) + 1e-6) * 3 * size
            wing = side[index] * 3.2 * size
            arc = np.array([middle + wing, middle - ahead, middle - wing, middle - ahead * 0.55], np.float32)
            sheet.wash([arc], (170, 96, 70), 0.5, 0.4)


def _pad(random: np.random.Generator, sheet: Sheet, x: float, y: float, radius: float, notch: float) -> None:
    """A round leaf with a notch: greens run into one another, the veins stay light."""
    turn = notch + np.linspace(0.2, 2 * np.pi - 0.2, 60)
    reach = radius * (1 + 0.05 * np.sin(turn * 5 + x) + 0.02 * np.sin(turn * 11))
    rim = np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn) * 0.9])
    leaf = np.vstack([rim, [[x, y]]]).astype(np.float32)
    sheet.wash([leaf + np.array([9, 13], np.float32)], _INDIGO, 0.6, 2.5)
    sheet.lift([leaf], 0.9)
    sheet.wash([leaf], _SAP, 0.65, 0.7)
    inner = np.array([x, y]) + (leaf - np.array([x, y])) * 0.8
    sheet.wash([inner.astype(np.float32)], (_VIRIDIAN, _SAP, _GAMBOGE)[int(x) % 3], 0.55, 3.0)
    sheet.wash([_blot(random, np.array([x - radius * 0.3, y + radius * 0.3]), radius * 0.42)], _ROSE, 0.4, 4.0)
    edges = np.linspace(notch + 0.24, notch + 2 * np.pi - 0.24, 15)
    for first, last in pairwise(edges.tolist()):
        wedge = [
            (x + radius * share * np.cos(angle), y + radius * share * 0.9 * np.sin(angle))
            for share, angle in (
                (0.1, (first + last) / 2),
                (0.93, first + 0.05),
                (0.97, (first + last) / 2),
                (0.93, last - 0.05),
            )
        ]
        sheet.wash([np.array(wedge, np.float32)], (_VIRIDIAN, _SAP)[int(first * 7) % 2], random.uniform(0.35, 0.8), 0.6)


def _flower(random: np.random.Generator, sheet: Sheet, x: float, y: float, size: float) -> None:
    """A water lily: three rounds of petals, pink towards the tips, about a yellow heart."""
    for count, reach, tint in ((11, 1.0, 0.75), (9, 0.76, 0.6), (7, 0.5, 0.5)):
        for index in range(count):
            angle = 2 * np.pi * (index + random.uniform(-0.2, 0.2)) / count + reach
            way = np.array([np.cos(angle), np.sin(angle) * 0.8])
            aside = np.array([-way[1], way[0]]) * size * reach * 0.24
            foot, tip = np.array([x, y]) + way * size * 0.12, np.array([x, y]) + way * size * reach
            belly = foot * 0.45 + tip * 0.55
            petal = curve([tuple(point.tolist()) for point in (foot, belly + aside, tip, belly - aside, foot)], 8)
            sheet.lift([petal], 0.92)
            sheet.wash([petal], (250, 200, 214), 0.7, 0.6)
            sheet.wash([(petal * 0.62 + tip * 0.38).astype(np.float32)], _ROSE, tint, 2.0)
            vein = np.array([foot, (foot + tip) / 2 + aside * 0.06, tip, (foot + tip) / 2 - aside * 0.06], np.float32)
            sheet.wash([vein], _ROSE, 0.7, 0.4)
    sheet.lift([_round(np.array([x, y]), size * 0.2)], 0.9)
    sheet.wash([_round(np.array([x, y]), size * 0.2)], _GAMBOGE, 1.2, 1.0)
    for angle in random.uniform(0, 2 * np.pi, 12):
        spot = np.array([x, y]) + size * 0.17 * np.array([np.cos(angle), np.sin(angle)])
        sheet.wash([_round(spot, 1.8)], _VERMILION, 0.9, 0.5)


def _spatter(random: np.random.Generator, sheet: Sheet) -> None:
    """Drops flung from the brush, and grains of salt that pushed the colour away."""
    for x, y in random.uniform(0, 1, (150, 2)) * SIZE:
        colour = (_INDIGO, _TURQUOISE, _VIRIDIAN, _ROSE, _VERMILION)[random.integers(5)]
        sheet.wash([_round(np.array([x, y]), random.gamma(2, 1.0) + 0.6)], colour, 0.6, 0.6)
    for x, y in random.uniform(0, 1, (170, 2)) * SIZE:
        sheet.lift([_blot(random, np.array([x, y]), random.gamma(2, 1.1) + 0.8)], random.uniform(0.4, 0.9))


def _blot(random: np.random.Generator, middle: Array, radius: float) -> Array:
    """An uneven round patch."""
    turn = np.linspace(0, 2 * np.pi, 26, endpoint=False)
    lobes = random.uniform(0, 6.3, 3)
    reach = radius * (
        1 + 0.28 * np.sin(2 * turn + lobes[0]) + 0.16 * np.sin(3 * turn + lobes[1]) + 0.1 * np.sin(6 * turn + lobes[2])
    )
    return np.column_stack([middle[0] + reach * np.cos(turn), middle[1] + reach * np.sin(turn)]).astype(np.float32)


def _round(middle: Array, radius: float) -> Array:
    turn = np.linspace(0, 2 * np.pi, 18, endpoint=False)
    return np.column_stack([middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)]).astype(np.float32)
