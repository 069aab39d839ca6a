"""An avenue after rain at dusk, laid on with the palette knife: slabs of wet paint, lamps and their reflections."""

import numpy as np
from PIL import Image

from bot.paintings.knife import Board, Knife
from bot.paintings.texture import (
    Array,
    Rgb,
    blend,
    curve,
    fractal_noise,
    grid,
    ramp,
    smooth_noise,
    step,
)

SIZE = (768, 600)
_HORIZON = 318.0
_VANISHING = 404.0

_SKY = (
    (0.0, (22, 28, 84)),
    (0.4, (48, 62, 140)),
    (0.68, (110, 108, 172)),
    (0.86, (232, 150, 110)),
    (1.0, (255, 214, 120)),
)
_FOLIAGE: tuple[Rgb, ...] = (
    (232, 110, 24), (250, 178, 36), (200, 42, 32), (128, 26, 56), (244, 214, 80), (70, 110, 50), (30, 74, 84),
)  # fmt: skip
_WET = (
    (0.0, (20, 24, 66)),
    (0.35, (44, 56, 120)),
    (0.6, (82, 90, 160)),
    (0.85, (60, 130, 170)),
    (1.0, (250, 190, 110)),
)
_TRUNK: Rgb = (28, 20, 34)
_GLOW: Rgb = (255, 244, 190)
_TREES = ((58.0, 566.0, 44.0), (178.0, 470.0, 26.0), (258.0, 408.0, 16.0), (310.0, 372.0, 10.0),
          (730.0, 572.0, 46.0), (622.0, 476.0, 27.0), (548.0, 410.0, 16.0), (498.0, 374.0, 10.0))  # fmt: skip
"""Where a trunk stands (x and y of its foot) and how thick it is."""
_LAMPS = ((118.0, 520.0), (226.0, 434.0), (288.0, 388.0), (676.0, 522.0), (582.0, 436.0), (520.0, 390.0))
_WALKERS = ((378.0, 486.0, 96.0, (206, 36, 40)), (450.0, 416.0, 46.0, (40, 160, 170)))
"""x and y of the feet, height, the umbrella's colour."""


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    across, down = grid(SIZE)
    scene = _scene(random, across, down)
    flow = _flow(random, across, down)
    board = Board(scene)
    board.fill(random, Knife(46, 17), scene, flow, 12)
    board.fill(random, Knife(28, 10), scene, flow, 9)
    for tree in sorted(_TREES, key=lambda tree: tree[1]):
        _tree(random, board, *tree)
    _leaves(random, board)
    _reflections(random, board)
    _lamps(random, board)
    for x, y, tall, colour in _WALKERS:
        _walker(random, board, (x, y, tall), colour)
    return board.finished(smooth_noise(random, SIZE, 2), 0.62)


def _scene(random: np.random.Generator, across: Array, down: Array) -> Array:
    """What the slabs are mixed from: a bright gap of sky over a wet road, foliage to both sides."""
    gap = np.hypot((across - _VANISHING) * 0.9, (down - _HORIZON) * 0.8)
    sky = ramp(1 - gap / 330 + 0.12 * fractal_noise(random, SIZE, 70, 3), _SKY)
    wall = (
        np.abs(across - _VANISHING) - 34 - 0.44 * np.abs(_HORIZON - 18 - down) + 30 * fractal_noise(random, SIZE, 60, 4)
    )
    tone = 0.5 + 0.55 * fractal_noise(random, SIZE, 64, 4) + 0.25 * smooth_noise(random, SIZE, 24)
    leaves = ramp(
        tone,
        tuple(
            (index / 6, colour)
            for index, colour in enumerate(
                (
                    (30, 40, 62),
                    (92, 24, 52),
                    (190, 44, 34),
                    (226, 100, 28),
                    (248, 176, 44),
                    (250, 218, 96),
                    (255, 236, 150),
                )
            )
        ),
    )
    shade = np.clip((across - _VANISHING) / 420, -1, 1) ** 2
    leaves = leaves * (1.06 - 0.42 * shade * (down / SIZE[1]))[..., None]
    scene = blend(sky, leaves, step(wall, 0, 30))
    return _ground(random, scene, across, down)


def _ground(random: np.random.Generator, scene: Array, across: Array, down: Array) -> Array:
    """The wet road mirrors what stands over it, darker and bluer; fallen leaves lie along its sides."""
    rows = np.clip(2 * _HORIZON - down, 0, SIZE[1] - 1) * 0.92
    mirrored = scene[rows.astype(int), across.astype(int)]
    depth = np.clip((down - _HORIZON) / (SIZE[1] - _HORIZON), 0, 1)
    glow = np.exp(-np.abs(across - _VANISHING) / (26 + 90 * depth))
    wet = ramp(0.2 + 0.75 * glow * (1 - 0.55 * depth) + 0.22 * smooth_noise(random, SIZE, 7, stretch=9), _WET)
    road = blend(wet, mirrored * 0.8, np.full(down.shape, 0.42, np.float32))
    side = np.abs(across - _VANISHING) - 30 - 300 * depth
    banks = ramp(
        0.5 + 0.6 * fractal_noise(random, SIZE, 26, 3),
        ((0.0, (52, 26, 58)), (0.35, (150, 40, 40)), (0.65, (222, 110, 36)), (1.0, (246, 196, 80))),
    )
    road = blend(road, banks, step(side + 14 * smooth_noise(random, SIZE, 16), 0, 16))
    return blend(scene, road, step(down, _HORIZON, 3))


def _flow(random: np.random.Generator, across: Array, down: Array) -> Array:
    """Slabs lie anyhow in the foliage, slant in the sky, and alternate between level and upright on the road."""
    sky = 0.5 + 1.6 * smooth_noise(random, SIZE, 60)
    upright = step(smooth_noise(random, SIZE, 26), 0.05, 0.02)
    road = upright * np.pi / 2
    away = np.arctan2(down - _HORIZON, across - _VANISHING)
    side = np.abs(across - _VANISHING) > 30 + (down - _HORIZON) * 1.06
    return np.asarray(np.where(down < _HORIZON, sky, np.where(side, away, road)), dtype=np.float32)


def _tree(random: np.random.Generator, board: Board, x: float, y: float, width: float) -> None:
    """A dark trunk that thins out into the foliage, with a warm edge towards the light."""
    knives = [Knife(10 + width * share, max(2.0, width * share * 0.5)) for share in (0.9, 0.7, 0.36)]
    inwards = float(np.sign(_VANISHING - x))
    height = width * 9 + 60
    fork = (x + inwards * width * 0.5, y - height)
    bole = curve([(x, y + width * 0.3), (x - inwards * width * 0.2, y - height * 0.5), fork,
                  (x + inwards * width * 2.6, y - height * 1.5)], 7)  # fmt: skip
    for first, last, share, knife in ((0, 10, 0.22, 0), (0, 10, -0.22, 0), (9, 16, 0.06, 1), (15, 22, 0.0, 2)):
        aside = np.array([share * width, 0], np.float32)
        board.along(random, knives[knife], bole[first:last] + aside, _TRUNK)
    edge = bole[:14] + np.array([inwards * width * 0.42, 0], np.float32)
    board.along(random, knives[2], edge[random.random(len(edge)) < 0.7], (226, 130, 70))
    for share in random.uniform(0.4, 0.95, 7):
        side = float(random.choice([-1, 1]))
        reach = width * random.uniform(2.2, 4.4) + 14
        root = (x + inwards * width * 0.3 * share, y - height * share)
        twig = curve([root, (root[0] + side * reach * 0.5, root[1] - reach * 0.35),
                      (root[0] + side * reach, root[1] - reach * 0.9)], 7)  # fmt: skip
        board.along(random, knives[2], twig, _TRUNK)


def _leaves(random: np.random.Generator, board: Board) -> None:
    """Bright small slabs in clusters over the trunks, and fallen ones on the ground."""
    for length, width, count in ((13, 7, 900), (8, 5, 1100)):
        knife = Knife(length, width)
        x = _VANISHING + random.choice([-1, 1], count) * (46 + random.gamma(2.4, 76, count))
        y = np.abs(random.normal(150, 110, count)) + random.normal(0, 16, count)
        fallen = random.random(count) < 0.2
        y = np.where(fallen, _HORIZON + 20 + random.gamma(2, 70, count), np.minimum(y, _HORIZON - 6))
        clusters = np.sin(x / 31 + 2 * np.sin(y / 47)) + np.sin(y / 27 + 2 * np.sin(x / 53)) + fallen * 2
        keep = clusters > random.uniform(-1.2, 0.9, count)
        places = np.column_stack([x, y])[keep].astype(np.float32)
        chosen = np.array(_FOLIAGE, np.float32)[random.integers(0, 5, len(places))]
        board.press(random, knife, places, random.uniform(0, np.pi, len(places)), chosen)
    dark = Knife(9, 5)
    places = np.column_stack([random.uniform(0, SIZE[0], 260), random.uniform(0, _HORIZON, 260)]).astype(np.float32)
    places = places[np.abs(places[:, 0] - _VANISHING) > 70]
    chosen = np.array(_FOLIAGE, np.float32)[random.integers(3, 7, len(places))]
    board.press(random, dark, places, random.uniform(0, np.pi, len(places)), chosen)


def _reflections(random: np.random.Generator, board: Board) -> None:
    """Upright slabs of light under the lamps and the sky, broken by level ones."""
    knife, level = Knife(22, 5), Knife(24, 4)
    for x, y in (
        *_LAMPS,
        (_VANISHING, _HORIZON + 6),
        (_VANISHING - 16, _HORIZON + 14),
        (_VANISHING + 18, _HORIZON + 20),
    ):
        pull = _VANISHING + (x - _VANISHING) * 0.86
        count = int((SIZE[1] - y) / 4.6)
        ys = y + 8 + random.power(0.8, count) * (SIZE[1] - y) * 0.95
        xs = pull + random.normal(0, 3 + (ys - y) * 0.035)
        ink = ramp(
            random.uniform(0, 1, (1, count)), ((0.0, (255, 240, 176)), (0.5, (252, 190, 70)), (1.0, (240, 120, 50)))
        )[0]
        board.press(random, knife, np.column_stack([xs, ys]), np.full(count, np.pi / 2), ink)
    ys = _HORIZON + 12 + random.power(1.4, 240) * 270
    xs = _VANISHING + random.normal(0, 1, 240) * (14 + (ys - _HORIZON) * 0.55)
    ink = ramp(random.uniform(0, 1, (1, 240)), _WET)[0]
    board.press(random, level, np.column_stack([xs, ys]), random.normal(0, 0.05, 240) % np.pi, ink)


def _lamps(random: np.random.Generator, board: Board) -> None:
    """A post, and around its light a burst of slabs that cool outwards."""
    for x, y in _LAMPS:
        size = (y - _HORIZON) / 200
        height = 250 * size + 20
        post = Knife(14 + 14 * size, 2.2 + 3 * size)
        board.along(random, post, curve([(x, y), (x, y - height / 2), (x, y - height)], 8), (30, 28, 48))
        for reach, tint, count in (
            (44, (236, 110, 40), 26),
            (30, (250, 180, 60), 26),
            (18, (255, 224, 130), 22),
            (7, _GLOW, 12),
        ):
            angles = random.uniform(0, 2 * np.pi, count)
            distance = reach * (size + 0.3) * random.uniform(0.6, 1.0, count)
            places = np.column_stack([x + distance * np.cos(angles), y - height + distance * np.sin(angles)])
            knife = Knife(6 + 12 * size, 3 + 4 * size)
            board.press(random, knife, places, angles % np.pi, np.tile(np.array(tint, np.float32), (count, 1)))


def _walker(random: np.random.Generator, board: Board, stand: tuple[float, float, float], colour: Rgb) -> None:
    """Someone under an umbrella, a few slabs each for coat, legs and reflection."""
    x, y, tall = stand
    coat, fine = Knife(tall * 0.34, tall * 0.15), Knife(tall * 0.22, tall * 0.07)
    for side in (-0.07, 0.06):
        feet, hip, neck = (
            (x + side * tall * 1.4, y),
            (x + side * tall, y - tall * 0.3),
            (x + side * tall, y - tall * 0.62),
        )
        board.along(random, fine, curve([feet, hip], 3), (20, 18, 36))
        board.along(random, coat, curve([hip, neck], 3), (34, 40, 92))
        mirror = curve([(x + side * tall, y + tall * 0.1), (x + side * tall * 1.5, y + tall * 0.8)], 4)
        board.along(random, fine, mirror, (30, 32, 80))
    for share in np.linspace(0.1, 0.9, 9):
        turn = np.pi * (1 + share)
        ribs = [
            (x + reach * tall * np.cos(turn), y - tall * 0.72 + reach * tall * 0.82 * np.sin(turn))
            for reach in (0.16, 0.3)
        ]
        places = np.array(ribs, np.float32)
        tints = np.array([colour, colour], np.float32) * np.float32(0.7 + 0.6 * share)
        board.press(random, fine, places, np.full(2, turn % np.pi), tints)
    places = np.column_stack([x + random.normal(0, tall * 0.12, 12), y + tall * random.uniform(0.6, 1.3, 12)])
    board.press(random, fine, places, np.full(12, np.pi / 2), np.tile(np.array(colour, np.float32) * 0.85, (12, 1)))
