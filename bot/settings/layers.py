"""Layers of the network with their weights, as people write them."""

import re

from nst_engine.contract.params import LAYERS, MAX_WEIGHT, LayerWeights

DIGITS = 6
_PAIR = re.compile(r"(conv\d_\d)\s*[=:*×]?\s*([0-9.]*)", re.ASCII)


def layers_in(typed: str) -> LayerWeights:
    """`conv1_1 0.5, conv2_1 0.5`; without a number a layer counts 1. Raises ValueError.

    Weights are read to so many digits after the point, so that what people are shown of them has an end.
    """
    parts = [part.strip() for part in re.split(r"[;,]\s*|\s+(?=conv)", typed.lower()) if part.strip()]
    pairs = [_PAIR.fullmatch(part) for part in parts]
    found = [(pair[1], round(float(pair[2] or 1), DIGITS)) for pair in pairs if pair is not None]
    names = {name for name, _ in found}
    weights = [weight for _, weight in found]
    is_good = len(names) == len(parts) and names <= set(LAYERS) and any(weights) and max(weights) <= MAX_WEIGHT
    if not is_good:
        raise ValueError(typed)
    return tuple(found)


def written(layers: LayerWeights) -> str:
    """As `layers_in` reads it."""
    return ", ".join(f"{layer} {_plain(weight)}" for layer, weight in layers)


def _plain(weight: float) -> str:
    """Without an exponent."""
    return f"{weight:.{DIGITS}f}".rstrip("0").rstrip(".")
