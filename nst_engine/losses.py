"""The losses as pure functions of features and pictures. "Eq." is Gatys, Ecker and Bethge, CVPR 2016."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor


def content_loss(f: Tensor, p: Tensor) -> Tensor:
    """Eq. 1: ½ Σ (F − P)². (B, C, H, W) twice -> scalar."""
    return 0.5 * (f - p).square().sum()


def mean_square_content_loss(f: Tensor, p: Tensor) -> Tensor:
    """The seed's: the mean of (F − P)²."""
    return (f - p).square().mean()


def relative_content_loss(f: Tensor, p: Tensor, energy: Tensor) -> Tensor:
    """Σ (F − P)² relative to `energy`, the target's own Σ P²: 1 where the features are gone, whatever the layer."""
    return (f - p).square().sum() / energy


def gram(f: Tensor) -> Tensor:
    """Eq. 3: G_ij = Σ_k F_ik F_jk. (1, C, H, W) -> (C, C), not normalised."""
    x = _positions(f)
    return x.T @ x


def layer_style_loss(g: Tensor, a: Tensor, positions: int) -> Tensor:
    """Eq. 4: E_l = Σ (G − A)² / (4 N² M²) with N channels and M positions. (N, N) twice -> scalar."""
    return (g - a).square().sum() / (4.0 * g.shape[0] ** 2 * positions**2)


def seed_layer_style_loss(g: Tensor, a: Tensor, positions: int) -> Tensor:
    """The seed's: the mean of (G − A)², over N channels times M positions."""
    return (g - a).square().mean() / (g.shape[0] * positions)


class Moments(NamedTuple):
    """Mean (C,) and covariance (C, C) of a layer's features over all positions."""

    mean: Tensor
    covariance: Tensor


def moments(f: Tensor) -> Moments:
    """(1, C, H, W) -> mean (C,) and covariance (C, C)."""
    x = _positions(f)
    mean = x.mean(0)
    centred = x - mean
    return Moments(mean, centred.T @ centred / x.shape[0])


def joint_moments(pictures: Sequence[Moments]) -> Moments:
    """The moments of several pictures' positions taken together, every picture with the same weight."""
    mean = torch.stack([m.mean for m in pictures]).mean(0)
    second = torch.stack([m.covariance + torch.outer(m.mean, m.mean) for m in pictures]).mean(0)
    return Moments(mean, second - torch.outer(mean, mean))


class WassersteinTarget(NamedTuple):
    """What `wasserstein_loss` needs of the style: its moments, the root of its covariance, and its energy."""

    mean: Tensor
    """(C,)"""
    root: Tensor
    """(C, C): the square root of the covariance with `ridge` on its diagonal."""
    trace: Tensor
    """Trace of that covariance."""
    ridge: Tensor
    energy: Tensor
    """What the loss is relative to; at first the mean square of the style's features, summed over the channels."""


RIDGE = 1e-3
"""Variance added in every direction, relative to the style's mean variance: the root stays smooth where it is none."""
TINY = 1e-12
"""Added where a uniform picture would divide zero by zero."""


def wasserstein_target(style: Moments) -> WassersteinTarget:
    """Prepare a style's moments once per size."""
    variance, energy = style.covariance.diagonal().sum(), style.mean.square().sum()
    channels = style.mean.shape[0]
    ridge = RIDGE * (variance + TINY) / channels
    eye = torch.eye(channels, dtype=style.mean.dtype, device=style.mean.device)
    covariance = style.covariance + ridge * eye
    values, vectors = torch.linalg.eigh(covariance)
    root = (vectors * values.clamp(min=ridge).sqrt()) @ vectors.T
    return WassersteinTarget(style.mean, root, covariance.diagonal().sum(), ridge, energy + variance + TINY)


def wasserstein_loss(x: Moments, target: WassersteinTarget) -> Tensor:
    """Squared 2-Wasserstein distance of two Gaussians, relative to the target's energy.

    |μ − μ_t|² + tr(Σ + Σ_t − 2 (Σ_t^½ Σ Σ_t^½)^½); Olkin and Pukelsheim 1982. As a style loss: Katherine Crowson's
    style-transfer-pytorch, 2020.
    """
    channels = x.mean.shape[0]
    trace = x.covariance.diagonal().sum() + channels * target.ridge
    middle = target.root @ x.covariance @ target.root + target.ridge * (target.root @ target.root)
    cross: Tensor = _TraceOfRoot.apply(middle, target.ridge.square())  # type: ignore[no-untyped-call]  # torch has no types for it
    return ((x.mean - target.mean).square().sum() + (trace + target.trace - 2.0 * cross)) / target.energy


class _TraceOfRoot(torch.autograd.Function):
    """tr(K^½) of a symmetric positive (C, C), whose gradient is ½ K^-½.

    Autograd through the eigenvectors would divide by differences of eigenvalues, which may be zero.
    """

    @staticmethod
    def forward(ctx: Any, k: Tensor, least: Tensor) -> Tensor:
        values, vectors = torch.linalg.eigh(k)
        roots: Tensor = values.clamp(min=least).sqrt()
        ctx.save_for_backward(roots, vectors)
        return roots.sum()

    @staticmethod
    def backward(ctx: Any, *grad: Tensor) -> tuple[Tensor, None]:
        roots, vectors = ctx.saved_tensors
        gradient: Tensor = grad[0] * 0.5 * (vectors / roots) @ vectors.T
        return gradient, None


def total_variation(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbours, across plus down. (1, C, H, W) -> scalar; a checkerboard's is two."""
    across = (picture[..., :, 1:] - picture[..., :, :-1]).square()
    down = (picture[..., 1:, :] - picture[..., :-1, :]).square()
    terms = [d.mean() for d in (across, down) if d.numel()]
    return torch.stack(terms).sum() if terms else picture.new_zeros(())


def total_loss(alpha: float, content: Tensor, beta: float, style: Tensor) -> Tensor:
    """Eq. 7: α · content + β · style."""
    return alpha * content + beta * style


def _positions(f: Tensor) -> Tensor:
    """(1, C, H, W) -> (H·W, C): a view where the channels lie last."""
    return f.permute(0, 2, 3, 1).reshape(-1, f.shape[1])
