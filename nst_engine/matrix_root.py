"""Square roots of symmetric positive matrices, and the trace of one with its gradient."""

from typing import Any

import torch
from torch import Tensor

from nst_engine.device import exact_products

NEWTON_STEPS = 16


def tall_root(k: Tensor, directions: int) -> Tensor:
    """R of (B, C, r) with R Rᵀ the part of K, symmetric, in its r largest directions, `directions` or C of them."""
    values, vectors = _eigen(k)
    largest = min(directions, k.shape[-1])
    root: Tensor = vectors[..., -largest:] * values[..., -largest:].clamp(min=0.0).sqrt()[..., None, :]
    return root


def trace_of_root(k: Tensor, least: Tensor) -> Tensor:
    """tr(K^½) of (B, C, C) -> (B,), eigenvalues under `least` (B,) taken for it.

    Its gradient is the closed form ½ K^-½: autograd through the eigenvectors would divide by differences of
    eigenvalues, which may be zero. Never waits for a GPU.
    """
    way = _ByEigenvalues if k.device.type == "cpu" else _ByNewtonSchulz
    traces: Tensor = way.apply(k, least)  # type: ignore[no-untyped-call]  # torch has no types for it
    return traces


def newton_schulz(k: Tensor, steps: int = NEWTON_STEPS) -> tuple[Tensor, Tensor]:
    """K^½ and K^-½ of (B, C, C) by products alone, for a GPU, where eigenvalues would have the host wait.

    The coupled iteration: Higham, Functions of Matrices, SIAM 2008, eq. 6.35. Directions whose eigenvalue is less
    than some 2.25^-steps of the norm have not arrived; their part of K^-½ is too small, never too large.
    """
    norm = torch.linalg.matrix_norm(k)[:, None, None] + 1e-30
    y = k / norm
    eye = torch.eye(k.shape[-1], dtype=k.dtype, device=k.device).expand_as(k)
    z = eye
    with exact_products(k.device):  # rounded products would let the two iterates drift apart
        for _ in range(steps):
            t = torch.baddbmm(eye, z, y, beta=1.5, alpha=-0.5)
            y, z = y @ t, t @ z
    return y * norm.sqrt(), z / norm.sqrt()


def _eigen(k: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors; infinite where K (B, C, C) has what is no number, which torch would refuse.

    In float64: in float32 the small eigenvalues of a layer's covariance are rounding errors, and steps were wasted.
    """
    values, vectors = torch.linalg.eigh(torch.nan_to_num(k, 0.0, 0.0, 0.0).double())
    known = torch.isfinite(k).all(-1).all(-1)[:, None]
    return torch.where(known, values, torch.inf).to(k.dtype), vectors.to(k.dtype)


def _where_it_is_one(k: Tensor, root: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
    """Nothing for both where `root` is none of K: a matrix of rounding errors has negative eigenvalues.

    Such a matrix is that of a uniform picture; what it would add to the loss is as little. What is no number stays.
    """
    off = torch.linalg.matrix_norm(root @ root - k)
    good = ~(off > 0.1 * torch.linalg.matrix_norm(k)) & torch.isfinite(off)
    keep = (good | ~torch.isfinite(k).all(-1).all(-1))[:, None, None]
    return torch.where(keep, root, 0.0), torch.where(keep, inverse, 0.0)


class _ByEigenvalues(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, k: Tensor, least: Tensor) -> Tensor:
        values, vectors = _eigen(k)
        roots: Tensor = values.clamp(min=least[:, None]).sqrt()
        ctx.save_for_backward(roots, vectors)
        return roots.sum(-1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        roots, vectors = ctx.saved_tensors
        return (vectors * (0.5 * grads[0][:, None] / roots)[:, None, :]) @ vectors.mT, None


class _ByNewtonSchulz(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, k: Tensor, least: Tensor) -> Tensor:
        raised = k + least[:, None, None] * torch.eye(k.shape[-1], dtype=k.dtype, device=k.device)
        found, inverse = _where_it_is_one(raised, *newton_schulz(raised))
        ctx.save_for_backward(inverse)
        return found.diagonal(dim1=-2, dim2=-1).sum(-1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        (inverse,) = ctx.saved_tensors
        return 0.5 * grads[0][:, None, None] * inverse, None
