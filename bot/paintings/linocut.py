"""A wood at sunrise cut in linoleum: a black key block, carved gouge by gouge, over flat blocks of colour."""

import numpy as np
from PIL import Image, ImageDraw

from bot.paintings.texture import (
    Array,
    Rgb,
    as_points,
    blend,
    box,
    curve,
    fractal_noise,
    grid,
    ramp,
    smooth_noise,
    step,
    swelling,
    to_array,
    to_picture,
)

SIZE = (768, 576)
_OVERSAMPLING = 2

_INK: Rgb = (26, 22, 26)
_PAPER: Rgb = (242, 228, 196)
_RED: Rgb = (206, 54, 34)
_OCHRE: Rgb = (234, 164, 48)
_TEAL: Rgb = (34, 106, 112)
_SAGE: Rgb = (142, 164, 110)

_SUN = (468.0, 214.0, 66.0)
_HORIZON = 330
_SKY = (
    (0, _PAPER), (104, _PAPER), (106, (250, 206, 104)), (176, (250, 206, 104)), (178, _OCHRE), (262, _OCHRE),
    (264, (226, 108, 44)), (352, (226, 108, 44)), (354, _RED), (436, _RED), (438, (120, 50, 64)), (900, (120, 50, 64)),
)  # fmt: skip
_RIDGES: tuple[tuple[float, float, Rgb], ...] = ((262, 46, _TEAL), (296, 34, (92, 138, 128)), (322, 18, _SAGE))
"""Height of the ridge's middle, how far it rises and falls, its colour."""
_BIRCHES = ((58.0, 42.0, 10.0), (168.0, 25.0, -8.0), (256.0, 15.0, 6.0), (712.0, 34.0, -14.0))
"""Where a trunk stands, how thick it is, how far it leans."""


class _Block:
    """The colours, and the key block above them: 255 where ink stands, 0 where it is carved away."""

    def __init__(self) -> None:
        large = (SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING)
        self.colours = Image.new("RGB", SIZE, _PAPER)
        self.tint = ImageDraw.Draw(self.colours)
        self.key = Image.new("L", large, 255)
        self._pen = ImageDraw.Draw(self.key)

    def gouge(self, path: Array, width: float, key: int = 0) -> None:
        """A cut that swells and runs out; with key 255 the same shape is left standing."""
        self.area(swelling(path, width), key)

    def area(self, outline: Array, key: int) -> None:
        self._pen.polygon(as_points(outline * _OVERSAMPLING), key)

    def limb(self, path: Array, width: float) -> None:
        """A black limb, thinner towards its end, with a carved edge that parts it from what is behind."""
        for extra, key in ((4.0, 0), (0.0, 255)):
            for index, (x, y) in enumerate((path * _OVERSAMPLING).tolist()):
                radius = (width * (1 - 0.8 * index / len(path)) + extra) * _OVERSAMPLING / 2
                self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), key)


def draw(seed: int = 0) -> Image.Image:
    random = np.random.default_rng(seed)
    block = _Block()
    _sky(random, block)
    for ridge in _RIDGES:
        _ridge(random, block, *ridge)
    _fields(random, block)
    _river(random, block)
    for birch in _BIRCHES:
        _birch(random, block, *birch)
    _grass(random, block)
    return _printed(random, block)


def _sky(random: np.random.Generator, block: _Block) -> None:
    """Rings of colour about the sun, and rays in rings, the farther the thinner and the darker."""
    across, down = grid(SIZE)
    distance = np.hypot(across - _SUN[0], down - _SUN[1])
    sky = ramp(distance + 11 * smooth_noise(random, SIZE, 34), _SKY)
    sky = blend(sky, _RED, step(-distance, -_SUN[2], 2))
    block.colours.paste(to_picture(sky))
    block.tint = ImageDraw.Draw(block.colours)
    radius = _SUN[2] + 8
    while radius < 640:
        length = 13 + radius * 0.055
        count = int(2 * np.pi * radius / (5.2 + radius * 0.007))
        for angle in np.linspace(0, 2 * np.pi, count, endpoint=False) + random.uniform(0, 1):
            start, turn = radius + random.uniform(-0.4, 0.4) * length, random.normal(0, 0.012)
            along = np.linspace(start, start + length * random.uniform(0.9, 1.35), 6)
            way = np.column_stack(
                [_SUN[0] + along * np.cos(angle + turn), _SUN[1] + along * np.sin(angle + turn)]
            ).astype(np.float32)
            cloud = np.sin(way[0][1] / 17 + 2.2 * np.sin(way[0][0] / 90)) * np.clip((radius - 130) / 200, 0, 1)
            block.gouge(way, max(1.2, (5.4 - radius * 0.003) * random.uniform(0.75, 1.1) * (1 - 0.45 * cloud)))
        radius += length * 0.93
    _sun(random, block)


def _sun(random: np.random.Generator, block: _Block) -> None:
    x, y, radius = _SUN
    turn = np.linspace(0, 2 * np.pi, 90, dtype=np.float32)
    for reach, key in ((radius + 7, 255), (radius, 0)):
        ragged = reach + random.normal(0, 0.5, len(turn))
        block.area(np.column_stack([x + ragged * np.cos(turn), y + ragged * np.sin(turn)]).astype(np.float32), key)
    for depth in range(9):
        level = y + radius - 5 - depth * depth * 0.72 - depth * 4.5
        half = np.sqrt(max(radius**2 - (level - y) ** 2, 0)) - 3
        for start in np.arange(-half, half - 12, 26):
            shift = start + random.uniform(0, 8)
            end = min(shift + random.uniform(16, 30), half)
            way = curve([(x + shift, level), (x + (shift + end) / 2, level + 2), (x + end, level)], 5)
            block.gouge(way, 3.6 - 0.3 * depth, 255)


def _ridge(random: np.random.Generator, block: _Block, level: float, swing: float, colour: Rgb) -> None:
    """A black ridge whose slopes towards the sun are carved open."""
    xs = np.arange(-10, SIZE[0] + 12, 2, dtype=np.float32)
    jags = fractal_noise(random, (len(xs), 2), 62, 5)[0]
    top = level - swing * (jags * 1.6 + 0.35 * np.cos((xs - 180) / 190))
    outline = np.vstack([np.column_stack([xs, top]), [[SIZE[0] + 12, SIZE[1]], [-10, SIZE[1]]]]).astype(np.float32)
    block.tint.polygon(as_points(outline), colour)
    block.gouge(np.column_stack([xs, top - 2.5]).astype(np.float32), 7)
    block.area(outline, 255)
    slope = np.gradient(top)
    for row in range(7):
        for index in range(random.integers(0, 3), len(xs) - 6, 3):
            towards = float(np.sign(_SUN[0] - xs[index]) * -slope[index])
            light = 0.55 + 0.75 * np.tanh(towards * 1.6) + random.normal(0, 0.16) - row * 0.05
            if light < 0.3:
                continue
            lean = float(slope[index]) * 3.5 + random.normal(0, 1)
            x, y = xs[index] + random.normal(0, 1), top[index] + 4 + row * 12 + random.uniform(0, 8)
            way = curve([(x, y), (x + lean, y + 6), (x + lean * 2.6, y + 15 * min(light, 1))], 4)
            block.gouge(way, min(4.4, 3.4 * light))


def _fields(random: np.random.Generator, block: _Block) -> None:
    """Ploughed strips, each with furrows of its own direction, parted by black hedges."""
    xs = np.linspace(-20, SIZE[0] + 20, 60, dtype=np.float32)
    levels = (338, 358, 384, 420, 468, 530, 610)
    colours = (_OCHRE, _RED, _SAGE, (250, 206, 104), _TEAL, _OCHRE)
    for index, (level, below, colour) in enumerate(zip(levels, levels[1:], colours, strict=False)):
        upper = level + (4 + index * 3.4) * np.sin(xs / (130 + 22 * index) + index * 1.9)
        top = np.column_stack([xs, upper])
        outline = np.vstack([top, [[SIZE[0] + 20, SIZE[1]], [-20, SIZE[1]]]]).astype(np.float32)
        block.tint.polygon(as_points(outline), colour)
        block.area(outline, 255)
        lean = (0.9, -1.5, 0.35, 1.9, -0.8, 1.2)[index]
        gap = 4.2 + index * 1.15
        for x in np.arange(-160, SIZE[0] + 160, gap):
            _furrow(random, block, (float(x), float(np.interp(x, xs, upper)) + 4), below - level + 10, lean)


def _furrow(random: np.random.Generator, block: _Block, start: tuple[float, float], length: float, lean: float) -> None:
    """One furrow, carved in two or three cuts that spread as they come nearer."""
    x, y = start
    spread = lean + (x - _SUN[0]) / 330
    cuts = 1 + int(length / 26)
    for cut in range(cuts):
        first = (cut + random.uniform(0.0, 0.16)) / cuts
        last = (cut + random.uniform(0.9, 1.08)) / cuts
        along = np.linspace(first, last, 6)
        bow = 5 * np.sin(along * 3)
        way = np.column_stack([x + spread * length * along * 0.62 + bow, y + length * along]).astype(np.float32)
        block.gouge(way, (2.1 + length * 0.034) * random.uniform(0.7, 1.1))


def _river(random: np.random.Generator, block: _Block) -> None:
    """Water that winds to the front, carved away in level cuts, red under the sun."""
    for y in np.arange(_HORIZON + 5, SIZE[1], 1.0):
        depth = (y - _HORIZON) / (SIZE[1] - _HORIZON)
        middle = 470 + 74 * np.sin(depth**0.55 * 7.4 + 0.6) * depth**0.6
        half = 9 + 62 * depth**1.3
        block.area(box(middle - half - 3, y, middle + half + 3, y + 1.4), 255)
        block.tint.rectangle((middle - half, y, middle + half, y + 1), _PAPER)
        block.tint.rectangle((middle - half * 0.34, y, middle + half * 0.4, y + 1), _RED)
    y = float(_HORIZON + 6)
    while y < SIZE[1]:
        depth = (y - _HORIZON) / (SIZE[1] - _HORIZON)
        middle = 470 + 74 * np.sin(depth**0.55 * 7.4 + 0.6) * depth**0.6
        half = 9 + 62 * depth**1.3
        start = middle - half + random.uniform(0, 5)
        while start < middle + half - 4:
            end = min(start + half * random.uniform(0.3, 0.9), middle + half - 1)
            wave = random.uniform(-1.5, 1.5) * (1 + depth * 2)
            block.gouge(curve([(start, y), ((start + end) / 2, y + wave), (end, y)], 5), 2.4 + depth * 4.6)
            start = end + 2 + depth * 3
        y += 2.9 + depth * 5.2


def _birch(random: np.random.Generator, block: _Block, x: float, width: float, lean: float) -> None:
    """A white trunk, round by the hatching on its dark side, with branches and hanging leaves."""
    rows = np.linspace(SIZE[1] + 10, -10, 50, dtype=np.float32)
    share = np.linspace(0, 1, 50, dtype=np.float32)
    middle = x + lean * share**1.4 * 2.4 + 3 * np.sin(share * 6 + x)
    half = width / 2 * (1.12 - 0.5 * share) + 4 * np.exp(-share * 22)
    for extra, key in ((6.0, 0), (3.0, 255), (0.0, 0)):
        outline = np.vstack(
            [np.column_stack([middle - half - extra, rows]), np.column_stack([middle + half + extra, rows])[::-1]]
        ).astype(np.float32)
        block.area(outline, key)
    block.tint.polygon(as_points(outline), _PAPER)
    for y in np.arange(-6, SIZE[1] + 6, 3.1):
        centre, reach = float(np.interp(-y, -rows, middle)), float(np.interp(-y, -rows, half))
        inner = centre + reach * (1 - random.uniform(0.35, 1.0))
        block.gouge(curve([(centre + reach + 5, y - 1), (inner + 3, y + 2), (inner - 4, y + 1)], 4), 2.6, 255)
        if random.random() < 0.17:
            span = reach * random.uniform(0.5, 1.5)
            block.gouge(
                curve([(centre - reach - 4, y), (centre - reach + span / 2, y + 3), (centre - reach + span, y)], 5),
                random.uniform(3, 4 + width * 0.16),
                255,
            )
    for _ in range(4 + int(width / 5)):
        y = random.uniform(20, 330)
        side = float(random.choice([-1, 1]))
        _branch(random, block, (float(np.interp(-y, -rows, middle)) + side * width * 0.4, y), side, width)


def _branch(random: np.random.Generator, block: _Block, root: tuple[float, float], side: float, width: float) -> None:
    reach = random.uniform(36, 66) + width * 1.3
    x, y = root
    way = curve(
        [(x, y), (x + side * reach * 0.4, y - reach * 0.3), (x + side * reach * 0.8, y - reach * 0.18),
         (x + side * reach * 1.1, y + reach * 0.22)], 16,
    )  # fmt: skip
    block.limb(way, 2.5 + width * 0.14)
    for place in way[10::4]:
        for _ in range(2):
            drop = place + random.normal(0, 6, 2) + np.array([0, random.uniform(2, 20)])
            _leaf(random, block, drop, random.uniform(0.7, 2.4), random.uniform(13, 22))


def _leaf(random: np.random.Generator, block: _Block, root: Array, angle: float, length: float) -> None:
    """Every second leaf stands black with a carved rib, the others are cut out and show red."""
    x, y = float(root[0]), float(root[1])
    tip = (x + length * np.cos(angle), y + length * np.sin(angle))
    bend = ((x + tip[0]) / 2 + 2 * np.sin(angle), (y + tip[1]) / 2 - 2 * np.cos(angle))
    way = curve([(x, y), bend, (float(tip[0]), float(tip[1]))], 6)
    block.gouge(way, length * 0.62 + 3, 0)
    block.gouge(way, length * 0.62, 255)
    if random.random() < 0.5:
        block.tint.polygon(as_points(swelling(way, length * 0.62)), _RED if random.random() < 0.6 else _OCHRE)
        block.gouge(way, length * 0.62 - 3.2, 0)
        block.gouge(way[2:], 1.8, 255)
    else:
        block.gouge(way[1:], 2.2, 0)


def _grass(random: np.random.Generator, block: _Block) -> None:
    """Blades along the lower edge, black and cut out by turns."""
    for x in np.sort(random.uniform(-10, SIZE[0] + 10, 330)):
        tall = random.uniform(26, 76) * (0.55 + 0.45 * abs(np.sin(x / 97)))
        lean = random.normal(0, 15)
        foot = SIZE[1] + 6
        way = curve([(x, foot), (x + lean * 0.3, foot - tall * 0.6), (x + lean, foot - tall)], 6)
        block.gouge(way, 8.5, 255)
        if random.random() < 0.55:
            block.tint.polygon(as_points(swelling(way, 6)), (_SAGE, _TEAL, _OCHRE)[random.integers(3)])
            block.gouge(way, 4.2, 0)


def _printed(random: np.random.Generator, block: _Block) -> Image.Image:
    """Colour first, a little out of register, then the key: rolled ink is mottled and thin in places."""
    mottle = fractal_noise(random, SIZE, 5, 2)
    cloud = fractal_noise(random, SIZE, 60, 4)
    colours: Array = np.roll(to_array(block.colours), (2, -1), axis=(0, 1)) + (13 * mottle + 16 * cloud)[..., None]
    colours = blend(colours, _PAPER, step(smooth_noise(random, SIZE, 2.4) + 0.3 * cloud, 0.72, 0.3) * 0.6)
    key = to_array(block.key.resize(SIZE, Image.Resampling.BOX)) / 255
    thin = step(smooth_noise(random, SIZE, 2.2) + 0.5 * cloud, 0.7, 0.3) * 0.5
    ink = np.asarray(np.array(_INK) + (9 * mottle + 6 * cloud)[..., None], np.float32)
    return to_picture(blend(colours, ink, key * (1 - thin)))
