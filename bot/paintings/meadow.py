"""A meadow in summer, in dots of unmixed colour, after the manner of the divisionists."""

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

SIZE = (768, 600)
_OVERSAMPLING = 2
_HORIZON = 250.0
_SUN = (560.0, 150.0)

_SKY = ((0.0, (70, 132, 206)), (0.55, (150, 196, 222)), (0.85, (252, 214, 160)), (1.0, (255, 236, 190)))
_GRASS = ((0.0, (196, 200, 96)), (0.35, (126, 176, 70)), (0.7, (62, 130, 62)), (1.0, (26, 82, 66)))
_FLOWERS: tuple[Rgb, ...] = (
    (226, 44, 40),
    (240, 92, 50),
    (250, 206, 60),
    (248, 240, 230),
    (150, 80, 180),
    (214, 70, 130),
)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    scene = _scene(random)
    picture = Image.new("RGBA", (SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING), (236, 222, 192, 90))
    pen = ImageDraw.Draw(picture)
    for spacing, radius, variety in ((10.0, 7.4, 0.5), (7.6, 5.0, 0.9), (7.2, 3.4, 1.35)):
        _dot(random, pen, scene, spacing, radius, variety)
    _flowers(random, pen)
    small = to_array(picture.resize(SIZE, Image.Resampling.BOX))
    return to_picture(light_on_relief(small[..., :3], small[..., 3], 0.006))


def _scene(random: np.random.Generator) -> Array:
    """What the dots show, as flat colour (H, W, 3)."""
    across, down = grid(SIZE)
    scene = _sky(random, across, down)
    ridge = _HORIZON - 34 + 16 * np.sin(across / 90) + 10 * np.sin(across / 37 + 1)
    scene = blend(scene, (118, 130, 190), step(down - ridge, 0, 3))
    ridge = _HORIZON - 14 + 9 * np.sin(across / 60 + 2) + 5 * smooth_noise(random, SIZE, 20)
    scene = blend(scene, (84, 124, 146), step(down - ridge, 0, 3))
    depth = np.clip((down - _HORIZON) / (SIZE[1] - _HORIZON), 0, 1)
    tone = depth * 0.75 + 0.3 * smooth_noise(random, SIZE, 22, stretch=5) + 0.15 * smooth_noise(random, SIZE, 60) + 0.1
    scene = blend(scene, ramp(tone, _GRASS), step(down, _HORIZON, 4))
    scene = _path(scene, across, down)
    for x, foot, height in (
        (96, 316, 190),
        (212, 288, 112),
        (706, 300, 150),
        (30, 290, 96),
        (420, 266, 46),
        (462, 268, 40),
    ):
        scene = _tree(random, scene, across, down, (x, foot, height))
    return scene


def _sky(random: np.random.Generator, across: Array, down: Array) -> Array:
    glow = np.exp(-((np.hypot(across - _SUN[0], (down - _SUN[1]) * 1.2) / 130) ** 2))
    sky = ramp(np.clip(down / _HORIZON * 0.8, 0, 1), _SKY)
    clouds = step(fractal_noise(random, SIZE, 90, 4) + smooth_noise(random, SIZE, 34, stretch=5) * 0.5, 0.22, 0.4)
    sky = blend(sky, (250, 226, 222), clouds * 0.85 * (down < _HORIZON))
    sky = blend(sky, (255, 220, 130), glow * 0.9)
    return blend(sky, (255, 250, 214), step(-np.hypot(across - _SUN[0], down - _SUN[1]), -30, 4))


def _path(scene: Array, across: Array, down: Array) -> Array:
    """A sandy path that winds from the front to the trees."""
    depth = np.clip((down - _HORIZON) / (SIZE[1] - _HORIZON), 0.001, 1)
    middle = 390 + 120 * np.sin(depth**0.6 * 5.2 + 0.3) * depth**0.7
    half = 4 + 62 * depth**1.5
    sand = step(half - np.abs(across - middle), 0, 4) * (down > _HORIZON + 4)
    scene = blend(scene, (236, 200, 150), sand)
    shade = step(half * 0.35 - np.abs(across - middle - half * 0.6), 0, 6) * (down > _HORIZON + 4)
    return blend(scene, (186, 140, 150), shade * 0.8)


def _tree(
    random: np.random.Generator, scene: Array, across: Array, down: Array, place: tuple[float, float, float]
) -> Array:
    """A round tree: trunk, a long shadow away from the sun, and a crown that is light on the sun's side."""
    x, foot, height = place
    away = np.sign(x - _SUN[0])
    shadow = np.hypot((across - x - away * height * 0.5) / (height * 0.62), (down - foot - 5) / (height * 0.075))
    scene = blend(scene, (48, 74, 128), step(-shadow, -1, 0.3) * 0.85)
    trunk = (np.abs(across - x) < height * 0.035) & (down > foot - height * 0.5) & (down < foot + 3)
    scene = blend(scene, (92, 54, 72), trunk.astype(np.float32))
    bumps = 0.24 * smooth_noise(random, SIZE, max(6.0, height / 7))
    crown = np.hypot((across - x) / (height * 0.34), (down - foot + height * 0.64) / (height * 0.40)) + bumps
    towards_sun = ((_SUN[0] - x) * (across - x) + (_SUN[1] - foot) * (down - foot + height * 0.6)) / (
        np.hypot(_SUN[0] - x, _SUN[1] - foot) * height * 0.4
    )
    light = towards_sun + 0.55 * smooth_noise(random, SIZE, max(6.0, height / 9))
    leaves = ramp(
        light,
        ((-1.0, (22, 44, 92)), (-0.2, (28, 92, 76)), (0.4, (104, 156, 60)), (1.0, (232, 206, 84))),
    )
    return blend(scene, leaves, step(-crown, -1, 0.12))


def _dot(
    random: np.random.Generator, pen: ImageDraw.ImageDraw, scene: Array, spacing: float, radius: float, variety: float
) -> None:
    """Dots all over, each of the scene's colour pushed to a side: lighter, darker, warmer, cooler, or its opposite."""
    columns, rows = np.meshgrid(np.arange(0, SIZE[0], spacing), np.arange(0, SIZE[1], spacing))
    places = np.stack([columns.ravel(), rows.ravel()], axis=1)
    places = random.permutation(places + random.uniform(-0.2, 1.2, places.shape) * spacing)
    inside = np.clip(places, 0, np.array(SIZE) - 1).astype(int)
    base = scene[inside[:, 1], inside[:, 0]]
    pushes = np.array(
        [[0, 0, 0], [34, 30, 18], [-34, -30, -6], [46, 14, -34], [-30, 6, 44], [30, -26, 34], [-10, 26, -26]],
        np.float32,
    )
    colours = base + variety * pushes[random.integers(0, len(pushes), len(base))]
    opposite = random.random(len(base)) < 0.05 * variety
    colours[opposite] = 2 * colours[opposite].mean(axis=1, keepdims=True) - colours[opposite]  # as light, other hue
    sizes = radius * random.uniform(0.75, 1.15, len(base))
    inks = np.clip(colours, 0, 255).astype(int).tolist()
    for (x, y), size, (red, green, blue), height in zip(
        places.tolist(), sizes.tolist(), inks, random.integers(120, 256, len(base)).tolist(), strict=True
    ):
        _disc(pen, x, y, size, (red, green, blue), height)


def _flowers(random: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    """Drifts of flowers, larger and thicker towards the front, each a few dots with a light one on top."""
    drifts = fractal_noise(random, SIZE, 110, 3)
    for depth in np.sort(random.uniform(0.02, 1, 2600)):
        x, y = random.uniform(0, SIZE[0]), _HORIZON + 8 + depth**1.3 * (SIZE[1] - _HORIZON)
        drift = drifts[min(int(y), SIZE[1] - 1), int(x)]
        on_path = abs(x - 390 - 120 * np.sin(depth**0.78 * 5.2 + 0.3) * depth**0.91) < 4 + 62 * depth**1.95
        if on_path or drift < random.uniform(-0.35, 0.5):
            continue
        kind = int(abs(drift) * 7 + x / 150 + random.normal(0, 0.7)) % len(_FLOWERS)
        size = 1.2 + 3.6 * depth
        if depth > 0.45:
            stem = curve([(x, y), (x + size * random.normal(), y + 6), (x + size * random.normal(), y + 20 * depth)], 4)
            pen.line(as_points(stem * _OVERSAMPLING), (44, 104, 50, 160), 2)
        for _ in range(4):
            shade = random.normal(0, 16, 3)
            red, green, blue = np.clip(np.array(_FLOWERS[kind]) + shade, 0, 255).astype(int).tolist()
            _disc(
                pen, x + random.normal(0, size * 0.7), y + random.normal(0, size * 0.5), size, (red, green, blue), 255
            )
        _disc(pen, x - size * 0.3, y - size * 0.4, size * 0.45, (255, 240, 200), 255)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Rgb, height: int) -> None:
    middle_x, middle_y, large = x * _OVERSAMPLING, y * _OVERSAMPLING, radius * _OVERSAMPLING
    pen.ellipse((middle_x - large, middle_y - large * 0.9, middle_x + large, middle_y + large * 0.9), (*colour, height))
