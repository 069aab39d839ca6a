"""Trees on silk: crooked pines with fans of needles, and small ones of dabbed leaves."""

import numpy as np

from bot.paintings.silk import INK, Scroll, dot
from bot.paintings.texture import Array, Rgb, curve, swelling

PINE: Rgb = (26, 68, 58)
_BLOSSOM: tuple[Rgb, ...] = ((196, 50, 34), (232, 128, 60), (238, 214, 160), (36, 96, 70), (22, 60, 92))


def pine(random: np.random.Generator, scroll: Scroll, foot: tuple[float, float], tall: float, lean: float) -> None:
    """A crooked trunk with scales of bark and fans of needles in flat tiers."""
    x, y = foot
    trunk = curve(
        [(x, y + 20), (x + lean * 0.7, y - tall * 0.3), (x + lean * 0.2, y - tall * 0.6), (x + lean, y - tall)], 12
    )
    for index, (px, py) in enumerate(trunk.tolist()):
        scroll.ink(dot(px, py, tall * 0.04 * (1.15 - index / len(trunk))), (104, 60, 40) if index % 3 else INK)
    tiers = [(0.42, -1.0), (0.52, 0.9), (0.66, -0.9), (0.76, 0.8), (0.88, -0.6), (1.0, 0.2)]
    for share, side in tiers:
        root = trunk[min(int(share * len(trunk)), len(trunk) - 1)]
        reach = tall * (0.44 - 0.2 * share)
        tip = root + np.array([side * reach, -tall * 0.04], np.float32)
        scroll.ink(
            swelling(
                curve([tuple(root.tolist()), tuple(((root + tip) / 2 + [0, 5]).tolist()), tuple(tip.tolist())], 6), 4
            )
        )
        for place in np.linspace(0.35, 1.15, 5):
            middle = root + (tip - root) * place + random.normal(0, 3, 2)
            _fan(random, scroll, middle, tall * random.uniform(0.07, 0.1))


def _fan(random: np.random.Generator, scroll: Scroll, middle: Array, radius: float) -> None:
    turn = np.linspace(np.pi, 2 * np.pi, 12)
    pad = np.column_stack([middle[0] + radius * 1.25 * np.cos(turn), middle[1] + 2 + radius * np.sin(turn)])
    scroll.ink(pad.astype(np.float32), (40, 120, 92), 0.85)
    needles = []
    for angle in np.linspace(np.pi * 0.98, np.pi * 2.02, 11) + random.normal(0, 0.05, 11):
        edge = middle + radius * np.array([1.4 * np.cos(angle), 1.15 * np.sin(angle)])
        way = np.linspace(middle, edge, 6).astype(np.float32)
        needles.append(swelling(way, 1.6))
    scroll.ink(needles, PINE, 0.95)


def small_trees(random: np.random.Generator, scroll: Scroll, foot: tuple[float, float], wide: float) -> None:
    """A few small trees of dabbed leaves, one or two of them red."""
    for _ in range(random.integers(2, 5)):
        x, y = foot[0] + random.normal(0, wide * 0.14), foot[1] + random.normal(0, 4)
        tall = random.uniform(9, 19)
        scroll.ink(swelling(curve([(x, y), (x + 1, y - tall * 0.6), (x - 1, y - tall)], 4), 2.4))
        leaf = _BLOSSOM[random.integers(len(_BLOSSOM))]
        spots = np.array([x, y - tall]) + random.normal(0, 1, (11, 2)) * tall * 0.24
        scroll.ink([dot(px, py, random.uniform(1.1, 2.3)) for px, py in spots.tolist()], leaf)
