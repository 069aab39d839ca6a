"""The losses as pure functions of features and pictures. "Eq." is Gatys, Ecker and Bethge, CVPR 2016.

B pictures are compared at once and never with each other: every loss is (B,), one for each.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from nst_engine.matrix_root import tall_root, trace_of_root
from nst_engine.moments import TINY, Moments, sums_of


def squared_difference(f: Tensor, p: Tensor) -> Tensor:
    """Σ (F − P)², what every content loss is a multiple of: half of it is eq. 1. (B, C, H, W) twice -> (B,)."""
    return (_wide(f) - _wide(p)).square().sum((1, 2, 3))


def gram(f: Tensor) -> Tensor:
    """Eq. 3: G_ij = Σ_k F_ik F_jk, not normalised. (B, C, H, W) -> (B, C, C)."""
    return sums_of(f).second


def layer_style_loss(g: Tensor, a: Tensor, positions: int) -> Tensor:
    """Eq. 4: E_l = Σ (G − A)² / (4 N² M²) with N channels and M positions. (B, N, N) twice -> (B,)."""
    return (g - a).square().sum((1, 2)) / (4.0 * g.shape[1] ** 2 * positions**2)


def seed_layer_style_loss(g: Tensor, a: Tensor, positions: int) -> Tensor:
    """The seed's: the mean of (G − A)², over N channels times M positions."""
    return (g - a).square().mean((1, 2)) / (g.shape[1] * positions)


class WassersteinTarget(NamedTuple):
    """What `wasserstein_loss` needs of the style: its mean, the root of its covariance, and what it is relative to."""

    mean: Tensor
    """(B, C)"""
    root: Tensor
    """(B, C, r): R with R Rᵀ the covariance with `ridge` added in its r largest directions."""
    trace: Tensor
    """(B,): the trace of the covariance alone."""
    ridge: Tensor
    """(B,)"""
    energy: Tensor
    """(B,): what the loss is relative to."""


RIDGE = 1e-3
"""Variance added in every direction, relative to the style's mean variance: the root stays smooth where it is none."""


def wasserstein_target(style: Moments, energy: Tensor) -> WassersteinTarget:
    """Prepare a style's moments once per size."""
    covariance = style.covariance
    channels = style.mean.shape[-1]
    ridge = RIDGE * (trace(covariance).clamp(min=0.0) + TINY) / channels
    root = tall_root(_raised(covariance, ridge), style.positions)
    return WassersteinTarget(style.mean, root, trace(covariance), ridge, energy + TINY)


def wasserstein_loss(x: Moments, target: WassersteinTarget) -> Tensor:
    """Squared 2-Wasserstein distance of two Gaussians, relative to `energy`. -> (B,)

    |μ − μ_t|² + tr(Σ + Σ_t − 2 (Σ_t^½ Σ Σ_t^½)^½); Olkin and Pukelsheim 1982. As a style loss: Katherine Crowson's
    style-transfer-pytorch, 2020. With Σ_t = R Rᵀ the last trace is that of (Rᵀ Σ R)^½, a smaller matrix where a
    painting has fewer positions, and so fewer directions, than the layer has channels.
    """
    covariance = x.covariance
    directions = target.root.shape[-1]
    inside = target.root.mT @ _raised(covariance, target.ridge) @ target.root
    cross = trace_of_root(inside, target.ridge.square())
    widths = trace(covariance) + target.trace + 2.0 * directions * target.ridge
    return ((x.mean - target.mean).square().sum(-1) + widths - 2.0 * cross) / target.energy


def energy(moments: Moments) -> Tensor:
    """Mean square of the features, summed over the channels: (B,)."""
    return trace(moments.second)


def trace(matrices: Tensor) -> Tensor:
    """(B, C, C) -> (B,)"""
    return matrices.diagonal(dim1=-2, dim2=-1).sum(-1)


def total_variation(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbours, across plus down. (B, C, H, W) -> (B,); a checkerboard's is two."""
    across = (picture[..., :, 1:] - picture[..., :, :-1]).square()
    down = (picture[..., 1:, :] - picture[..., :-1, :]).square()
    return _sum_of_means(across, down)


def roughness(picture: Tensor) -> Tensor:
    """Mean squared second difference, across plus down. (B, C, H, W) -> (B,); a ramp has none, a checkerboard eight."""
    across = (picture[..., :, 2:] - 2.0 * picture[..., :, 1:-1] + picture[..., :, :-2]).square()
    down = (picture[..., 2:, :] - 2.0 * picture[..., 1:-1, :] + picture[..., :-2, :]).square()
    return _sum_of_means(across, down)


def weighted_difference(picture: Tensor, other: Tensor, weights: Tensor) -> Tensor:
    """The mean of w (x − y)²: (B, C, H, W) twice and (B, 1, H, W) -> (B,)."""
    return (weights * (picture - other).square()).mean((1, 2, 3))


def total_loss(alpha: float, content: Tensor, beta: float, style: Tensor) -> Tensor:
    """Eq. 7: α · content + β · style."""
    return alpha * content + beta * style


def _sum_of_means(*terms: Tensor) -> Tensor:
    """(B, ...) each -> (B,); a term without values, of a picture too narrow to have any, counts nothing."""
    return torch.stack([d.mean((1, 2, 3)) if d.numel() else d.new_zeros(d.shape[0]) for d in terms]).sum(0)


def _wide(x: Tensor) -> Tensor:
    return x.float() if x.dtype == torch.bfloat16 else x


def _raised(matrices: Tensor, by: Tensor) -> Tensor:
    """(B, C, C) with `by` (B,) added on the diagonal."""
    eye = torch.eye(matrices.shape[-1], dtype=matrices.dtype, device=matrices.device)
    return matrices + by[:, None, None] * eye
