"""How a preset compares features: the constants of its content loss and its style loss, for one job's pictures."""

from collections.abc import Collection, Mapping
from typing import Protocol, assert_never

from torch import Tensor

from nst_engine import losses
from nst_engine.contract.presets import Measure
from nst_engine.moments import TINY, Moments

ByLayer = Mapping[str, Moments]


class Comparison(Protocol):
    """Knows what the content and the style look like in every layer that is compared."""

    def content_factor(self, layer: str) -> Tensor:
        """(B,): what Σ (F − P)² is multiplied by."""
        ...

    def style(self, layer: str, moments: Moments) -> Tensor:
        """(B,): the style loss of a layer with these moments."""
        ...


def compare(
    measure: Measure, content: ByLayer, style: ByLayer, positions: Mapping[str, int], style_layers: Collection[str]
) -> Comparison:
    """The comparison with one style; `positions` are the numbers of positions in the layers of the result."""
    match measure:
        case Measure.SEED:
            return _Seed(style, positions)
        case Measure.PAPER:
            return _Paper(content, style, positions)
        case Measure.WASSERSTEIN:
            return _Wasserstein(content, style, positions, style_layers)
        case _:
            assert_never(measure)


class _Seed:
    def __init__(self, style: ByLayer, positions: Mapping[str, int]) -> None:
        self._positions = positions
        self._means = {layer: moments.mean for layer, moments in style.items()}
        self._grams = {layer: _gram(moments, positions[layer]) for layer, moments in style.items()}

    def content_factor(self, layer: str) -> Tensor:
        mean = self._means[layer]
        return mean.new_full(mean.shape[:1], 1.0 / (mean.shape[1] * self._positions[layer]))

    def style(self, layer: str, moments: Moments) -> Tensor:
        positions = self._positions[layer]
        return losses.seed_layer_style_loss(_gram(moments, positions), self._grams[layer], positions)


class _Paper:
    """The paper scales the network so that activations have a mean of one over its training pictures.

    ReLU and pooling pass a factor through, so the same is done to the losses: with activations a times as large, eq. 1
    is a² and eq. 4 is a⁴ times as large. Our mean is over the two pictures at hand, a layer at a time.
    """

    def __init__(self, content: ByLayer, style: ByLayer, positions: Mapping[str, int]) -> None:
        self._positions = positions
        self._squares = {
            layer: (0.5 * (content[layer].mean.mean(1) + style[layer].mean.mean(1)) + TINY) ** -2 for layer in content
        }
        self._grams = {
            layer: self._square(layer)[:, None, None] * _gram(moments, positions[layer])
            for layer, moments in style.items()
        }

    def content_factor(self, layer: str) -> Tensor:
        return 0.5 * self._square(layer)

    def style(self, layer: str, moments: Moments) -> Tensor:
        positions = self._positions[layer]
        g = self._square(layer)[:, None, None] * _gram(moments, positions)
        return losses.layer_style_loss(g, self._grams[layer], positions)

    def _square(self, layer: str) -> Tensor:
        """(B,): one over the square of the mean activation."""
        return self._squares[layer]


class _Wasserstein:
    """The content loss is relative to the energy of the photo's features, the style loss nearly so.

    Relative to the style's own energy, a painting paler than the photo would be as hard to satisfy as a loud one, and
    the photo would drown in it; relative to the photo's alone, the loudest paintings drown the photo and the darkest
    hardly show. A hundredth of the other's energy keeps an empty layer from dividing by zero.
    """

    STYLE_SHARE = 0.25
    """Of the style in the geometric mean of both energies that its loss is relative to."""

    def __init__(
        self, content: ByLayer, style: ByLayer, positions: Mapping[str, int], style_layers: Collection[str]
    ) -> None:
        self._positions = positions
        of_content = {layer: losses.energy(moments) for layer, moments in content.items()}
        of_style = {layer: losses.energy(moments) for layer, moments in style.items()}
        self._energies = {layer: of_content[layer] + 0.01 * of_style[layer] + TINY for layer in content}
        self._targets = {
            layer: losses.wasserstein_target(
                style[layer],
                self._energies[layer] ** (1.0 - self.STYLE_SHARE)
                * (of_style[layer] + 0.01 * of_content[layer] + TINY) ** self.STYLE_SHARE,
            )
            for layer in style_layers
        }

    def content_factor(self, layer: str) -> Tensor:
        return 1.0 / (self._energies[layer] * self._positions[layer])

    def style(self, layer: str, moments: Moments) -> Tensor:
        return losses.wasserstein_loss(moments, self._targets[layer])


def _gram(moments: Moments, positions: int) -> Tensor:
    """Eq. 3 as if the layer had so many positions: a style of the result's size gives it exactly."""
    return moments.second * positions
