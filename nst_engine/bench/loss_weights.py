"""The weights of content and style in other programs' losses. No torch here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LossWeights:
    """What the content term and the sum of the five style terms are multiplied by; see `gram_objective.py`."""

    content: float
    style: float


NEURAL_STYLE = LossWeights(content=5.0, style=100.0)
"""neural-style-pt's defaults; the loss is J."""
PASTICHE = LossWeights(content=0.01, style=10.0)
"""pastiche's: it writes the style weight as 10 / N² on Gram matrices over positions."""
