"""The loss that other programs minimise: mean squares of conv4_2 and of Gram matrices over channels times positions.

neural-style-pt and pastiche differ in the two weights only, total variation aside; with neural-style-pt's it is J.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from nst_engine.bench.loss_weights import LossWeights
from nst_engine.bench.measures import compared_features
from nst_engine.contract.presets import CONTENT_LAYER, STYLE_LAYERS
from nst_engine.losses import gram
from nst_engine.objective import Losses
from nst_engine.vgg import Vgg19


class GramObjective:
    """content · mean (F − P)² + style · Σ_l mean (G_l / (N_l M_l) − A_l / (N_l M_a))², for one pair and one size."""

    def __init__(self, weights: LossWeights, network: Vgg19, content: Tensor, style: Tensor) -> None:
        """`content` and `style` are (1, 3, H, W) in [0, 1], of any two sizes."""
        self._weights = weights
        self._network = network
        with torch.no_grad():
            self._content = self._features(content)[CONTENT_LAYER].clone()
            of_style = self._features(style)
            self._grams = {layer: _normalised_gram(of_style[layer]) for layer in STYLE_LAYERS}

    def __call__(self, picture: Tensor) -> Losses:
        """The losses (1,) of a picture (1, 3, H, W) in [0, 1], differentiable."""
        features = self._features(picture)
        content = (features[CONTENT_LAYER] - self._content).square().mean().reshape(1)
        terms = [(_normalised_gram(features[layer]) - target).square().mean() for layer, target in self._grams.items()]
        style = torch.stack(terms).sum().reshape(1)
        return Losses(self._weights.content * content + self._weights.style * style, content, style)

    def evaluate(self, picture: Tensor) -> tuple[Losses, Tensor]:
        """The losses and the gradient of their total in the picture."""
        leaf = picture.detach().requires_grad_()
        found = self(leaf)
        (gradient,) = torch.autograd.grad(found.total.sum(), leaf)
        return Losses(*(loss.detach() for loss in found)), gradient

    def total(self, picture: Tensor) -> float:
        """The loss of a picture, without a gradient. Waits for the device."""
        with torch.no_grad():
            return float(self(picture).total.sum())

    def delivered(self, picture: Tensor) -> float:
        """The loss of what a file of 8 bits holds of the picture: clipped to [0, 1] and rounded."""
        return self.total(as_written(picture))

    def _features(self, picture: Tensor) -> Mapping[str, Tensor]:
        return compared_features(self._network, picture)


def as_written(picture: Tensor) -> Tensor:
    """(1, 3, H, W) clipped to [0, 1] and rounded to 8 bits, as a PNG brings it back."""
    return (picture.detach().clamp(0.0, 1.0) * 255.0).round() / 255.0


def _normalised_gram(f: Tensor) -> Tensor:
    """(1, N, H, W) -> (N, N): F Fᵀ over channels times positions."""
    return gram(f)[0] / float(f.numel())
