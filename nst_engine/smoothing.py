"""A symmetric filter that weakens high spatial frequencies: the solver's first guess of the inverse Hessian."""

import math

import torch
from torch import Tensor

_CORNER = 1 / 64
"""Cycles per pixel under which the filter is flat."""


class Smoothing:
    """Multiplies the cosine transform of a picture by (1 + f / f₀)^-power, f in cycles per pixel.

    Cosines see a mirror at the border where a Fourier transform would see the opposite side. The transform is two
    small matrix products, little beside the network.
    """

    def __init__(self, like: Tensor, power: float) -> None:
        """For pictures of `like`'s size (1, 3, H, W)."""
        height, width = like.shape[-2:]
        self._down = _cosines(height, like) if power else None
        self._across = _cosines(width, like) if power else None
        rows = torch.arange(height, dtype=like.dtype, device=like.device)[:, None] / (2 * height)
        columns = torch.arange(width, dtype=like.dtype, device=like.device)[None, :] / (2 * width)
        self._gain = (1.0 + (rows.square() + columns.square()).sqrt() / _CORNER) ** -power

    def __call__(self, x: Tensor) -> Tensor:
        """(1, 3, H, W) -> the same shape."""
        if self._down is None or self._across is None:
            return x
        spectrum = (self._down @ x @ self._across.T) * self._gain
        return self._down.T @ spectrum @ self._across


def _cosines(size: int, like: Tensor) -> Tensor:
    """The orthonormal type-II cosine transform, (size, size)."""
    k = torch.arange(size, dtype=torch.float64, device=like.device)
    matrix = torch.cos(math.pi * k[:, None] * (k[None, :] + 0.5) / size) * math.sqrt(2.0 / size)
    matrix[0] /= math.sqrt(2.0)
    return matrix.to(like.dtype)
