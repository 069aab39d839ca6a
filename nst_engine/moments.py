"""What a style loss looks at: means and second moments of a layer's features, summed over positions.

Sums of parts of a picture add up to those of the whole, which is what makes exact tiling possible.
"""

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor


class Sums(NamedTuple):
    """Of B pictures' features in one layer, float32 whatever the features are."""

    weight: Tensor
    """(B,): the number of positions, or the sum of their weights."""
    first: Tensor
    """(B, C): Σ_k w_k F_k"""
    second: Tensor
    """(B, C, C): Σ_k w_k F_k F_kᵀ, the Gram matrix of eq. 3 where all weights are 1."""

    def plus(self, other: "Sums") -> "Sums":
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Moments(NamedTuple):
    """Means over positions: of the features (B, C), and of their products (B, C, C)."""

    mean: Tensor
    second: Tensor
    positions: int = sys.maxsize
    """Of how many positions, at most: a covariance has no more directions than that."""

    @property
    def covariance(self) -> Tensor:
        """(B, C, C)"""
        return self.second - self.mean[..., :, None] * self.mean[..., None, :]


TINY = 1e-12
"""Added where a uniform picture, or an empty region, would divide zero by zero."""


def sums_of(f: Tensor, weights: Tensor | None = None) -> Sums:
    """Features (B, C, H, W), and weights (B, 1, H, W) of the positions where they differ, differentiable in f."""
    if weights is None:
        weight = torch.full((f.shape[0],), float(f.shape[2] * f.shape[3]), device=f.device)
    else:
        weight = weights.float().sum((1, 2, 3))
    first, second = _FirstAndSecond.apply(f, weights)  # type: ignore[no-untyped-call]  # torch has no types for it
    return Sums(weight, first, second)


def moments_of(sums: Sums, positions: int = sys.maxsize) -> Moments:
    """An empty region has moments of zero."""
    weight = sums.weight + TINY
    return Moments(sums.first / weight[:, None], sums.second / weight[:, None, None], positions)


def blend(pictures: Sequence[Moments], weights: Sequence[float]) -> Moments:
    """The moments of several pictures' positions thrown together, each picture with its weight."""
    whole = sum(weights)
    means = torch.stack([m.mean * (w / whole) for m, w in zip(pictures, weights, strict=True)]).sum(0)
    seconds = torch.stack([m.second * (w / whole) for m, w in zip(pictures, weights, strict=True)]).sum(0)
    return Moments(means, seconds, sum(m.positions for m in pictures))


class _FirstAndSecond(torch.autograd.Function):
    """Both sums in one node, with the closed-form gradient F (S' + S'ᵀ) + s'.

    The features are read where they lie, channels last, and never copied to float32: products of bfloat16 are
    accumulated in float32.
    """

    @staticmethod
    def forward(ctx: Any, f: Tensor, weights: Tensor | None) -> tuple[Tensor, Tensor]:
        x = _rows(f)
        w = None if weights is None else _rows(weights).to(x.dtype)
        ctx.save_for_backward(f, w)
        weighed = x if w is None else x * w
        return weighed.sum(1, dtype=torch.promote_types(x.dtype, torch.float32)), _product(weighed.mT, x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        f, w = ctx.saved_tensors
        b, c, height, width = f.shape
        x = _rows(f)
        slope = (grads[1] + grads[1].mT).to(x.dtype)
        rows = torch.baddbmm(grads[0][:, None, :].to(x.dtype), x, slope)
        if w is not None:
            rows = rows * w
        return rows.view(b, height, width, c).permute(0, 3, 1, 2), None


def _rows(f: Tensor) -> Tensor:
    """(B, C, H, W) -> (B, H·W, C): a view where the channels lie last."""
    return f.permute(0, 2, 3, 1).reshape(f.shape[0], -1, f.shape[1])


def _product(a: Tensor, b: Tensor) -> Tensor:
    """(B, C, M) times (B, M, C) in float32, or in float64 where they are that."""
    if a.dtype in (torch.float32, torch.float64):
        return a @ b
    if a.device.type == "cuda":
        return torch.bmm(a, b, out_dtype=torch.float32)
    return a.float() @ b.float()
