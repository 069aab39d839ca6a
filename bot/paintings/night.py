"""A night sky in motion: thick strokes of oil paint along whirls of air, over hills with a few lit windows."""

import numpy as np
from PIL import Image

from bot.paintings.strokes import Brush, Canvas, flow_of
from bot.paintings.texture import Array, blend, fractal_noise, grid, ramp, smooth_noise, step

SIZE = (768, 608)

_SKY = (
    (-1.0, (14, 20, 66)),
    (-0.45, (26, 46, 124)),
    (0.0, (44, 92, 172)),
    (0.45, (92, 158, 200)),
    (0.8, (186, 214, 196)),
    (1.0, (240, 232, 180)),
)
_WHIRLS = ((300, 215, 105, 1.0), (505, 300, 72, -0.9), (110, 330, 70, -0.8))
"""Centre x and y, radius, and strength with its sense of turning."""
_STARS = (
    (70, 70, 26), (190, 52, 18), (330, 60, 22), (452, 118, 28), (560, 52, 19), (60, 210, 20), (585, 215, 17),
    (415, 215, 13), (200, 330, 15), (720, 265, 20), (395, 370, 14),
)  # fmt: skip
_MOON = (668, 104, 52)
_WALLS = ((70, 96, 140), (104, 118, 140), (54, 78, 118))
_LEAVES = ((12, 26, 30), (20, 48, 44), (38, 70, 46), (64, 60, 36), (16, 24, 52))


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    across, down = grid(SIZE)
    stream = _stream(random, across, down)
    hills = [base + wave for base, wave in _hills(random)]
    sky = _sky_colours(random, across, down, stream)
    flow = _sky_flow(across, down, stream)
    canvas = Canvas(SIZE, (24, 36, 92))
    above = (down < hills[0] + 8).astype(np.float32)
    for brush in (
        Brush(spacing=11, length=46, width=13, bristles=7, variation=10),
        Brush(spacing=8, length=34, width=7, bristles=5, variation=13),
        Brush(spacing=9, length=26, width=4, bristles=3, variation=20),
    ):
        canvas.fill(random, brush, sky, flow, above)
    _paint_land(random, canvas, down, hills)
    _paint_village(random, canvas, hills)
    _paint_tree(random, canvas)
    return canvas.finished(relief=0.8)


def _stream(random: np.random.Generator, across: Array, down: Array) -> Array:
    """A stream function: a wavy wind from left to right, with whirls and a turn around every light."""
    stream = down + 26 * np.sin(across / 120 + down / 160) + 26 * smooth_noise(random, SIZE, 150)
    for x, y, radius, strength in _WHIRLS:
        distance = np.hypot(across - x, down - y)
        stream = stream + strength * 2.2 * radius * np.exp(-((distance / radius) ** 2))
    for x, y, radius in (*_STARS, _MOON):
        distance = np.hypot(across - x, down - y)
        near = np.exp(-((distance / (radius * 1.45)) ** 4))
        stream = stream * (1 - near) + distance * 4 * near
    return np.asarray(stream, dtype=np.float32)


def _sky_flow(across: Array, down: Array, stream: Array) -> Array:
    """Along the stream, but drawn inwards a little near the whirls, so that they are spirals."""
    flow = flow_of(stream)
    for x, y, radius, strength in _WHIRLS:
        near = np.exp(-((np.hypot(across - x, down - y) / (radius * 0.9)) ** 2))
        flow = flow + np.float32(0.35 * np.sign(strength)) * near
    return np.asarray(flow, dtype=np.float32)


def _sky_colours(random: np.random.Generator, across: Array, down: Array, stream: Array) -> Array:
    """Bands of light and dark along the stream, lighter towards the land, and rings of gold around the lights."""
    bands = np.sin(stream / 9.5 + 1.4 * smooth_noise(random, SIZE, 90)) * 0.55
    tone = bands + 0.6 * fractal_noise(random, SIZE, 220) - 0.16 + 0.45 * (down / SIZE[1]) ** 2
    for x, y, radius, _ in _WHIRLS:
        distance = np.hypot(across - x, down - y)
        tone = tone + 0.55 * np.exp(-(((distance - radius * 0.75) / (radius * 0.4)) ** 2))
    colours = ramp(tone, _SKY)
    teal = step(smooth_noise(random, SIZE, 120), 0.35, 0.5)
    colours = blend(colours, colours * np.array([0.8, 1.12, 0.92], np.float32), teal)
    for x, y, radius in _STARS:
        colours = _light(colours, np.hypot(across - x, down - y), radius, (255, 214, 92), (255, 248, 214))
    x, y, radius = _MOON
    colours = _light(colours, np.hypot(across - x, down - y), radius * 1.15, (246, 184, 58), (255, 236, 150))
    crescent = step(radius * 0.62 - np.hypot(across - x, down - y), 0, 3) * step(
        np.hypot(across - x - 17, down - y + 9), radius * 0.5, 3
    )
    return blend(colours, (255, 168, 40), crescent)


def _light(
    colours: Array, distance: Array, radius: float, gold: tuple[int, int, int], core: tuple[int, int, int]
) -> Array:
    rings = 0.62 + 0.38 * np.cos(distance / radius * 8.0)
    halo = np.exp(-((distance / (radius * 1.25)) ** 2)) * rings
    colours = blend(colours, gold, np.clip(halo * 1.5, 0, 1))
    return blend(colours, core, np.asarray(np.exp(-((distance / (radius * 0.36)) ** 4)), np.float32))


def _hills(random: np.random.Generator) -> list[tuple[float, Array]]:
    """Three ridges, the farthest first: the height of the line and its shape (W,)."""
    x = np.arange(SIZE[0], dtype=np.float32)
    shapes = []
    for base, swing, length in ((438.0, 30.0, 130.0), (484.0, 24.0, 95.0), (540.0, 14.0, 150.0)):
        phase = random.uniform(0, 6.3)
        shape = swing * np.sin(x / length + phase) + swing * 0.45 * np.sin(x / length * 2.3 + phase * 2)
        shapes.append((base, shape))
    return shapes


def _paint_land(random: np.random.Generator, canvas: Canvas, down: Array, hills: list[Array]) -> None:
    palettes = (
        ((-1.0, (30, 52, 110)), (0.1, (58, 100, 150)), (1.0, (132, 172, 176))),
        ((-1.0, (18, 44, 74)), (0.1, (38, 92, 104)), (1.0, (120, 160, 104))),
        ((-1.0, (12, 30, 44)), (0.1, (32, 70, 58)), (1.0, (148, 150, 66))),
    )
    for index, (ridge, palette) in enumerate(zip(hills, palettes, strict=True)):
        depth = down - ridge[None, :]
        tone = np.sin(depth / 6.5 + 2 * smooth_noise(random, SIZE, 60)) * 0.55 + 0.5 * fractal_noise(random, SIZE, 80)
        flow = flow_of(depth + 8 * smooth_noise(random, SIZE, 40))
        where = (depth > 2).astype(np.float32)
        brush = Brush(spacing=8, length=30 - 4 * index, width=8, bristles=5, variation=12)
        fine = Brush(spacing=9, length=20, width=3.5, bristles=3, variation=20)
        colours = ramp(tone, palette)
        canvas.fill(random, brush, colours, flow, where)
        canvas.fill(random, fine, colours, flow, where)
        rim = np.stack([np.arange(SIZE[0], dtype=np.float32), ridge], axis=1)[::6]
        outline = Brush(spacing=0, length=0, width=3, bristles=2, variation=6)
        canvas.stroke(random, outline, rim, (10, 18, 44))


def _paint_village(random: np.random.Generator, canvas: Canvas, hills: list[Array]) -> None:
    """Houses of a few strokes each between the second and the third ridge."""
    wall = Brush(spacing=0, length=0, width=6, bristles=4, variation=10)
    thin = Brush(spacing=0, length=0, width=2.5, bristles=2, variation=8)
    for x in sorted(random.uniform(60, 540, 15)):
        y = float(hills[2][int(x)]) - random.uniform(2, 26)
        width, height = random.uniform(14, 26), random.uniform(10, 16)
        tint = _WALLS[random.integers(len(_WALLS))]
        for level in np.arange(0, height, 5):
            canvas.stroke(random, wall, _segment((x, y - level), (x + width, y - level)), tint)
        roof = (44, 40, 74)
        peak = (x + width / 2, y - height - 11)
        for corner in ((x - 3, y - height), (x + width + 3, y - height)):
            canvas.stroke(random, wall, _segment(corner, peak), roof)
        if random.random() < 0.75:
            lit = (x + width * 0.5, y - height * 0.25)
            canvas.stroke(random, thin, _segment(lit, (lit[0], lit[1] - 6)), (255, 206, 76))
            canvas.stroke(random, thin, _segment((lit[0] + 3, lit[1]), (lit[0] + 3, lit[1] - 6)), (255, 190, 60))


def _paint_tree(random: np.random.Generator, canvas: Canvas) -> None:
    """A dark flame of a tree in front, of strokes that rise and lick outwards."""
    brush = Brush(spacing=0, length=0, width=7, bristles=5, variation=9)
    foot, top, half_width = 640.0, 235.0, 44.0
    for height in np.sort(random.uniform(0, 1, 420)):
        middle = 655 + 14 * np.sin(height * 7)
        spread = half_width * (1 - height) ** 0.6 * (0.35 + 1.3 * min(height * 4, 1) * 0.5)
        x = middle + random.uniform(-1, 1) * spread
        y = foot - (foot - top) * height
        lean = (x - middle) / max(spread, 1) * 9
        t = np.linspace(0, 1, 6, dtype=np.float32)
        way = np.stack([x + lean * t + 4 * np.sin(t * 5 + height * 20), y - 44 * t], axis=1)
        canvas.stroke(random, brush, way.astype(np.float32), _LEAVES[random.integers(len(_LEAVES))])


def _segment(start: tuple[float, float], end: tuple[float, float]) -> Array:
    t = np.linspace(0, 1, 4, dtype=np.float32)[:, None]
    return np.asarray(np.array(start) * (1 - t) + np.array(end) * t, dtype=np.float32)
