"""What a preset minimises at one size: targets are computed once, and an evaluation is one pass of the network."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from nst_engine import losses
from nst_engine.contract.presets import Measure, Preset
from nst_engine.pixels import pad_to
from nst_engine.vgg import LAYERS, MIN_SIDE_PX, Vgg19

Features = Mapping[str, Tensor]


class Losses(NamedTuple):
    """Scalars on the device. `content` and `style` come without α and β."""

    total: Tensor
    content: Tensor
    style: Tensor


class Objective:
    """Eq. 7 for one content picture, its styles and one size."""

    def __init__(
        self,
        preset: Preset,
        network: Vgg19,
        content: Tensor,
        styles: Sequence[Tensor],
        *,
        style_factor: float = 1.0,
    ) -> None:
        """`content` and `styles` are (1, 3, H, W) in [0, 1]; `style_factor` multiplies β.

        Total variation is there against what the style stirs up: with less style there is less of it, or it would
        blur the photo. More style does not mean more of it.
        """
        self._preset = preset
        self._network = network
        self._beta = preset.beta * style_factor
        self._tv = preset.tv * min(1.0, style_factor)
        asked = {layer for layer, _ in (*preset.content_layers, *preset.style_layers)}
        self._layers = tuple(layer for layer in LAYERS if layer in asked)
        with torch.no_grad():
            of_content = self._features(content)
            self._measure = _MEASURES[preset.measure](of_content, [self._features(style) for style in styles])

    def __call__(self, picture: Tensor) -> Losses:
        """The losses of a picture (1, 3, H, W) in [0, 1], differentiable."""
        features = self._features(picture)
        content = _sum(weight * self._measure.content(layer, features[layer]) for layer, weight in self._content)
        style = _sum(weight * self._measure.style(layer, features[layer]) for layer, weight in self._style)
        total = losses.total_loss(self._preset.alpha, content, self._beta, style)
        if self._tv:
            total = total + self._tv * losses.total_variation(picture)
        return Losses(total, content, style)

    def evaluate(self, picture: Tensor) -> tuple[Losses, Tensor]:
        """The losses and the gradient of their total in the picture, without a wait for the device."""
        leaf = picture.detach().requires_grad_()
        found = self(leaf)
        (gradient,) = torch.autograd.grad(found.total, leaf)
        return Losses(*(loss.detach() for loss in found)), gradient

    @property
    def _content(self) -> tuple[tuple[str, float], ...]:
        return self._preset.content_layers

    @property
    def _style(self) -> tuple[tuple[str, float], ...]:
        return self._preset.style_layers

    def _features(self, picture: Tensor) -> Features:
        return self._network.features(
            pad_to(picture, MIN_SIDE_PX), self._layers, pooling=self._preset.pooling, edges=self._preset.edges
        )


def _sum(terms: Iterable[Tensor]) -> Tensor:
    return torch.stack(list(terms)).sum()


class _Measure(Protocol):
    """Content and style losses of one layer against targets that it holds."""

    def content(self, layer: str, f: Tensor) -> Tensor: ...

    def style(self, layer: str, f: Tensor) -> Tensor: ...


class _GramTargets:
    """Content features and the styles' Gram matrices for one position, averaged over the styles."""

    def __init__(self, content: Features, styles: Sequence[Features]) -> None:
        self.features = content
        self._grams = {
            layer: torch.stack([losses.gram(style[layer]) / _positions(style[layer]) for style in styles]).mean(0)
            for layer in content
        }

    def gram(self, layer: str, positions: int) -> Tensor:
        """The style's Gram matrix as if it had as many positions as the result; equal sizes give eq. 3 exactly."""
        return self._grams[layer] * positions


class _SeedMeasure:
    def __init__(self, content: Features, styles: Sequence[Features]) -> None:
        self._targets = _GramTargets(content, styles)

    def content(self, layer: str, f: Tensor) -> Tensor:
        return losses.mean_square_content_loss(f, self._targets.features[layer])

    def style(self, layer: str, f: Tensor) -> Tensor:
        positions = _positions(f)
        return losses.seed_layer_style_loss(losses.gram(f), self._targets.gram(layer, positions), positions)


class _PaperMeasure:
    """The paper scales the network so that activations have a mean of one over its training pictures.

    ReLU and pooling pass a factor through, so the same is done to the losses: with activations a times as large, eq. 1
    is a² and eq. 4 is a⁴ times as large. Our mean is over the two pictures at hand, a layer at a time.
    """

    def __init__(self, content: Features, styles: Sequence[Features]) -> None:
        self._targets = _GramTargets(content, styles)
        self._means = {
            layer: 0.5 * (f.mean() + torch.stack([style[layer].mean() for style in styles]).mean()) + losses.TINY
            for layer, f in content.items()
        }

    def content(self, layer: str, f: Tensor) -> Tensor:
        scale = 1.0 / self._means[layer]
        return losses.content_loss(scale * f, scale * self._targets.features[layer])

    def style(self, layer: str, f: Tensor) -> Tensor:
        scale, positions = 1.0 / self._means[layer], _positions(f)
        target = scale.square() * self._targets.gram(layer, positions)
        return losses.layer_style_loss(losses.gram(scale * f), target, positions)


class _WassersteinMeasure:
    """Both losses are relative to the energy of the photo's features.

    Relative to the style's own, a painting paler than the photo would be as hard to satisfy as a loud one, and the
    photo would drown in it. A hundredth of the style's energy keeps an empty layer of the photo from dividing by zero.
    """

    def __init__(self, content: Features, styles: Sequence[Features]) -> None:
        self._features = content
        self._energies: dict[str, Tensor] = {}
        self._targets: dict[str, losses.WassersteinTarget] = {}
        for layer, f in content.items():
            both = losses.joint_moments([losses.moments(style[layer]) for style in styles])
            target = losses.wasserstein_target(both)
            own = f.square().sum() / _positions(f)
            self._targets[layer] = target._replace(energy=own + 0.01 * target.energy)
            self._energies[layer] = (own + 0.01 * target.energy) * _positions(f)

    def content(self, layer: str, f: Tensor) -> Tensor:
        return losses.relative_content_loss(f, self._features[layer], self._energies[layer])

    def style(self, layer: str, f: Tensor) -> Tensor:
        return losses.wasserstein_loss(losses.moments(f), self._targets[layer])


_MEASURES: Mapping[Measure, Callable[[Features, Sequence[Features]], _Measure]] = {
    Measure.PAPER: _PaperMeasure,
    Measure.SEED: _SeedMeasure,
    Measure.WASSERSTEIN: _WassersteinMeasure,
}


def _positions(f: Tensor) -> int:
    return f.shape[-2] * f.shape[-1]
