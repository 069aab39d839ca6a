"""The picture that the optimisation starts from."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

_NOISE = 0.1
"""From the darkest to the lightest value."""
_BLOTCHES = 12
"""Along the longer side."""
_BLOTCH_DEPTH = 0.12
"""Standard deviation: enough for another painting, too little for a blotch to be seen in it."""
_RIDGE = 1e-4
"""Variance added to colours, in [0, 1] squared, so that a grey or uniform picture can be matched too."""


def noise(like: Tensor, seed: int) -> Tensor:
    """Faint uniform white noise around grey in `like`'s shape, the same for a seed on every device.

    Faint, because the losses hardly see the finest noise and would leave what there is of it in the result.
    """
    generator = torch.Generator("cpu").manual_seed(seed)
    return 0.5 + _NOISE * (torch.rand(like.shape, generator=generator).to(like.device, like.dtype) - 0.5)


def varied(picture: Tensor, seed: int) -> Tensor:
    """`picture` (1, 3, H, W) with soft blotches of colour, others for each seed; none for seed 0.

    The optimisation finds another of its many answers from there, as good and in the same look. Soft, because of fine
    noise the losses would leave something in the result, and find nearly the same answer.
    """
    if seed == 0:
        return picture
    height, width = picture.shape[-2:]
    cells = [max(2, round(_BLOTCHES * side / max(height, width))) for side in (height, width)]
    generator = torch.Generator("cpu").manual_seed(seed)
    coarse = torch.randn((1, 3, *cells), generator=generator).to(picture.device, picture.dtype)
    blotches = F.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False)
    return (picture + _BLOTCH_DEPTH * blotches).clamp(0.0, 1.0)


def match_colours(
    content: Tensor, styles: Sequence[Tensor], share: float = 1.0, weights: Sequence[float] | None = None
) -> Tensor:
    """`content` (1, 3, H, W) with the mean and covariance of the styles' colours, or `share` of the way there.

    Of several styles each counts with its weight, whatever its size; None: all the same.

    The straight map between two Gaussians: μ_t + T (x − μ), T = Σ^-½ (Σ^½ Σ_t Σ^½)^½ Σ^-½.
    """
    mean, covariance = _colours(content[0].flatten(1))
    mean_t, covariance_t = _blended([_colours(style[0].flatten(1)) for style in styles], weights or [1.0] * len(styles))
    root = _power(covariance, 0.5)
    back = _power(covariance, -0.5)
    matrix = back @ _power(root @ covariance_t @ root, 0.5) @ back
    pixels = content[0].flatten(1).double()
    matched = (mean_t + matrix @ (pixels - mean)).to(content.dtype).view_as(content)
    return torch.lerp(content, matched, share).clamp(0.0, 1.0)


def _colours(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """(3, M) -> mean (3, 1) and covariance (3, 3) in float64."""
    pixels = pixels.double()
    mean = pixels.mean(1, keepdim=True)
    centred = pixels - mean
    eye = torch.eye(3, dtype=pixels.dtype, device=pixels.device)
    return mean, centred @ centred.T / pixels.shape[1] + _RIDGE * eye


def _blended(colours: Sequence[tuple[Tensor, Tensor]], weights: Sequence[float]) -> tuple[Tensor, Tensor]:
    """The colours of several pictures thrown together."""
    shares = [weight / sum(weights) for weight in weights]
    mean = torch.stack([share * m for share, (m, _) in zip(shares, colours, strict=True)]).sum(0)
    second = torch.stack([share * (c + m @ m.T) for share, (m, c) in zip(shares, colours, strict=True)]).sum(0)
    return mean, second - mean @ mean.T


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    powered: Tensor = (vectors * values.clamp(min=1e-12) ** exponent) @ vectors.T
    return powered
