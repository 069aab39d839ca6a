"""L-BFGS within the box [0, 1], written so that nothing in a step waits for the device.

The inverse Hessian is used in its compact form (Byrd, Nocedal and Schnabel 1994, theorem 2.2): two tall matrices and
a few small ones instead of the usual two loops. Decisions (accept a step, use a curvature pair, which pair is the
oldest) are values of tensors and never of the host, and all that is remembered stays where it lies in memory: every
step is the same sequence of operations, so that it can be recorded once and replayed. B pictures are optimised at once,
each on its own.
"""

import torch
from torch import Tensor

from nst_engine.contract.presets import LbfgsRecipe
from nst_engine.memory import history_that_fits
from nst_engine.objective import Evaluated
from nst_engine.smoothing import Smoothing

_LARGEST_STEP = 0.25
"""Root mean square change of the picture that no step exceeds."""
_SHORTER = 0.4
"""What a step is multiplied by when the loss rose."""


class Lbfgs:
    """One evaluation a step. The answer is the accepted picture, the one with the lowest loss so far."""

    def __init__(self, objective: Evaluated, start: Tensor, recipe: LbfgsRecipe) -> None:
        """`start` is (B, 3, H, W)."""
        self._objective = objective
        self._recipe = recipe
        self._smoothing = Smoothing(start, recipe.smoothing)
        history = history_that_fits(recipe.history, start.device, start.numel())
        self._pairs = _Pairs(history, start)
        self._x = start.clamp(0.0, 1.0)
        self._candidate = self._x.clone()
        self._gradient = torch.zeros_like(start)
        self._loss = start.new_full(start.shape[:1], torch.inf)
        self._length = torch.ones_like(self._loss)

    @property
    def picture(self) -> Tensor:
        """The answer so far, (B, 3, H, W) in [0, 1]. It changes with the next step: copy what you keep."""
        return self._x

    def step(self) -> Tensor:
        """Evaluate the candidate, keep it if the loss fell, choose the next, and return its loss (B,)."""
        found, gradient = self._objective.evaluate(self._candidate)
        is_first = torch.isinf(self._loss)
        y = gradient - self._gradient
        self._pairs.push(self._candidate - self._x, y, self._smoothing(y))
        fell = found.total < self._loss
        _take(self._x, self._candidate, fell)
        _take(self._gradient, gradient, fell)
        self._loss.copy_(torch.where(fell, found.total, self._loss))
        self._length.copy_(torch.where(fell, torch.ones_like(self._length), self._length * _SHORTER))
        self._choose_next(is_first)
        return found.total

    def _choose_next(self, is_first: Tensor) -> None:
        """A quasi-Newton step over the free pixels: those at a bound that the gradient pushes outward stay."""
        outward = ((self._x <= 0.0) & (self._gradient > 0.0)) | ((self._x >= 1.0) & (self._gradient < 0.0))
        gradient = self._gradient.masked_fill(outward, 0.0)
        smooth = self._smoothing(gradient)
        self._pairs.begin_with(self._recipe.first_step / (_rms(smooth) + 1e-20), is_first)
        direction = self._pairs.times(gradient, smooth).masked_fill_(outward, 0.0)
        length = torch.minimum(self._length, _LARGEST_STEP / (_rms(direction) + 1e-20))
        torch.sub(self._x, direction.mul_(length[:, None, None, None]), out=self._candidate)
        self._candidate.clamp_(0.0, 1.0)


class _Pairs:
    """The last changes of picture (s) and gradient (y), and the inverse Hessian that they stand for.

    P is the smoothing, γ the scale, Z = P Y. A pair that shows no positive curvature is kept as zeros, which count
    for nothing; so does the first step, which has no change to show.
    """

    def __init__(self, history: int, like: Tensor) -> None:
        pictures, numbers = like.shape[0], like[0].numel()
        self._s = like.new_zeros(pictures, history, numbers)
        self._z = like.new_zeros(pictures, history, numbers)
        self._sy = like.new_zeros(pictures, history, history, dtype=torch.float64)
        self._ypy = like.new_zeros(pictures, history, history, dtype=torch.float64)
        self._scale = like.new_ones(pictures)
        self._slots = torch.arange(history, device=like.device)
        self._oldest = self._slots[:1].clone()

    def begin_with(self, scale: Tensor, where: Tensor) -> None:
        """Before any pair is known, γ is `scale` (B,) where it says so."""
        self._scale.copy_(torch.where(where, scale, self._scale))

    def push(self, s: Tensor, y: Tensor, z: Tensor) -> None:
        """Take in a pair and its smoothed y, each (B, 3, H, W), in place of the oldest."""
        s, y, z = s.flatten(1), y.flatten(1), z.flatten(1)
        curvature, bend = _dot(s, y), _dot(y, z)
        valid = curvature > 1e-8 * s.norm(dim=1) * y.norm(dim=1)
        self._scale.copy_(torch.where(valid, curvature / bend.clamp(min=1e-30), self._scale))
        keep = valid[:, None]
        s, y, z = (torch.where(keep, change, 0.0) for change in (s, y, z))
        self._s.index_copy_(1, self._oldest, s[:, None])
        self._z.index_copy_(1, self._oldest, z[:, None])
        self._sy.index_fill_(1, self._oldest, 0.0)
        self._sy.index_copy_(2, self._oldest, _times(self._s, y)[:, :, None].double())
        bends = _times(self._z, y).double()
        self._ypy.index_copy_(1, self._oldest, bends[:, None])
        self._ypy.index_copy_(2, self._oldest, bends[:, :, None])
        self._oldest.copy_((self._oldest + 1) % len(self._slots))

    def times(self, g: Tensor, smooth: Tensor) -> Tensor:
        """The inverse Hessian times g (B, 3, H, W); `smooth` is P g."""
        order = (self._oldest + self._slots) % len(self._slots)
        r, ypy = (m.index_select(1, order).index_select(2, order) for m in (self._sy, self._ypy))
        d = r.diagonal(dim1=1, dim2=2)
        r = r + torch.diag_embed((d == 0.0).double())
        scale = self._scale.double()[:, None, None]
        sg, zg = (_times(m, g.flatten(1)).double().index_select(1, order)[..., None] for m in (self._s, self._z))
        u = torch.linalg.solve_triangular(r, sg, upper=True)
        inner = d[..., None] * u + scale * (ypy @ u) - scale * zg
        a = torch.linalg.solve_triangular(r.mT, inner, upper=False)
        weights = torch.stack((a[..., 0], -scale[..., 0] * u[..., 0])).to(self._s.dtype)
        weights = torch.empty_like(weights).index_copy_(2, order, weights)
        change = smooth.flatten(1) * self._scale[:, None]
        change = torch.baddbmm(change[:, None], weights[0][:, None], self._s)
        change = torch.baddbmm(change, weights[1][:, None], self._z)
        return change.view_as(g)


def _take(kept: Tensor, new: Tensor, where: Tensor) -> None:
    """Replace the pictures (B, 3, H, W) that `where` (B,) names, in place."""
    kept.copy_(torch.where(where[:, None, None, None], new, kept))


def _times(rows: Tensor, x: Tensor) -> Tensor:
    """(B, m, N) times (B, N) -> (B, m)"""
    return (rows @ x[..., None])[..., 0]


def _dot(a: Tensor, b: Tensor) -> Tensor:
    """(B, N) twice -> (B,)"""
    return (a[:, None] @ b[..., None])[:, 0, 0]


def _rms(x: Tensor) -> Tensor:
    """(B, 3, H, W) -> (B,)"""
    return x.square().mean((1, 2, 3)).sqrt()
