"""Two measures of a stylised picture that no engine here minimises; lower is better on both."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from nst_engine.contract.params import LAYERS
from nst_engine.contract.presets import CONTENT_LAYER, STYLE_LAYERS
from nst_engine.pixels import pad_to
from nst_engine.vgg import MIN_SIDE_PX, Vgg19

_DIRECTIONS = 128
_QUANTILES = 200
_READ = tuple(layer for layer in LAYERS if layer in {CONTENT_LAYER, *STYLE_LAYERS})


class Looks(NamedTuple):
    """How far a picture is from its style and from its content."""

    swd: float
    """Sliced Wasserstein distance of the features to the style's, relative to the style's spread; the layers' mean."""
    crel: float
    """Change of conv4_2 relative to the content: 1 where as much has changed as there was."""


def looks(network: Vgg19, picture: Tensor, content: Tensor, style: Tensor) -> Looks:
    """Measure a picture (1, 3, H, W) in [0, 1] against a content of the same size and a style of any."""
    with torch.no_grad():
        of_picture, of_content, of_style = (compared_features(network, x) for x in (picture, content, style))
        distances = [sliced_wasserstein(of_picture[layer], of_style[layer]) for layer in STYLE_LAYERS]
        return Looks(
            swd=sum(distances) / len(distances),
            crel=relative_change(of_picture[CONTENT_LAYER], of_content[CONTENT_LAYER]),
        )


def relative_change(f: Tensor, p: Tensor) -> float:
    """Σ (F − P)² / Σ P²."""
    return float((f - p).square().sum() / p.square().sum().clamp(min=1e-30))


def sliced_wasserstein(f: Tensor, g: Tensor) -> float:
    """Mean over directions d of ∫ |Q_f(t) − Q_g(t)| dt, over the same of |Q_g(t) − mean Q_g|.

    Q_f is the quantile function of the features (1, C, H, W) projected on the unit vector d: the distance is the
    1-Wasserstein distance of the two projections (Rabin et al. 2011), and 1 is the style's own mean deviation.
    The directions are the same for every picture.
    """
    channels = f.shape[1]
    generator = torch.Generator("cpu").manual_seed(0)
    directions = torch.randn(_DIRECTIONS, channels, generator=generator)
    directions = (directions / directions.norm(dim=1, keepdim=True)).to(f.device, f.dtype)
    of_f, of_g = _quantiles(directions, f), _quantiles(directions, g)
    spread = (of_g - of_g.mean(dim=1, keepdim=True)).abs().mean()
    return float((of_f - of_g).abs().mean() / spread.clamp(min=1e-30))


def _quantiles(directions: Tensor, f: Tensor) -> Tensor:
    """(D, C) and (1, C, H, W) -> (D, Q): the quantiles in the middle of Q equal shares, interpolated linearly."""
    values = (directions @ f[0].flatten(1)).sort(dim=1).values
    last = values.shape[1] - 1
    middles = (torch.arange(_QUANTILES, dtype=torch.float64) + 0.5) / _QUANTILES * last
    below = middles.floor().long().to(f.device)
    above = (below + 1).clamp(max=last)
    share = (middles - middles.floor()).to(f.device, f.dtype)
    return torch.lerp(values[:, below], values[:, above], share)


def compared_features(network: Vgg19, picture: Tensor) -> Mapping[str, Tensor]:
    """The features of a picture (1, 3, H, W) in [0, 1] in the paper's layers of content and style."""
    return network.features(pad_to(picture, MIN_SIDE_PX), _READ)
