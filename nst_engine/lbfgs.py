"""L-BFGS within the box [0, 1], written so that nothing in a step waits for the device.

The inverse Hessian is used in its compact form (Byrd, Nocedal and Schnabel 1994, theorem 2.2): two tall matrices and
a few small ones instead of the usual two loops, so that a step is a fixed sequence of operations. Decisions (accept a
step, use a curvature pair) are values of tensors and never of the host.
"""

import torch
from torch import Tensor

from nst_engine.contract.presets import LbfgsRecipe
from nst_engine.objective import Objective
from nst_engine.smoothing import Smoothing

_LARGEST_STEP = 0.25
"""Root mean square change of the picture that no step exceeds."""
_SHORTER = 0.4
"""What a step is multiplied by when the loss rose."""


class Lbfgs:
    """One evaluation a step. The answer is the accepted picture, the one with the lowest loss so far."""

    def __init__(self, objective: Objective, start: Tensor, recipe: LbfgsRecipe) -> None:
        self._objective = objective
        self._recipe = recipe
        self._smoothing = Smoothing(start, recipe.smoothing)
        self._x = start.clamp(0.0, 1.0)
        self._candidate = self._x
        self._gradient = torch.zeros_like(start)
        self._loss = torch.full((), torch.inf, dtype=start.dtype, device=start.device)
        self._length = torch.ones_like(self._loss)
        self._pairs = _Pairs(recipe.history, start)
        self._taken = 0

    @property
    def picture(self) -> Tensor:
        """The answer so far, (1, 3, H, W) in [0, 1]."""
        return self._x

    def step(self) -> Tensor:
        """Evaluate the candidate, keep it if the loss fell, choose the next, and return its loss."""
        found, gradient = self._objective.evaluate(self._candidate)
        if self._taken > 0:
            y = gradient - self._gradient
            self._pairs.push(self._candidate - self._x, y, self._smoothing(y))
        fell = found.total < self._loss
        self._x = torch.where(fell, self._candidate, self._x)
        self._gradient = torch.where(fell, gradient, self._gradient)
        self._loss = torch.where(fell, found.total, self._loss)
        self._length = torch.where(fell, torch.ones_like(self._length), self._length * _SHORTER)
        self._candidate = self._next()
        self._taken += 1
        return found.total

    def _next(self) -> Tensor:
        """A quasi-Newton step over the free pixels: those at a bound that the gradient pushes outward stay."""
        outward = ((self._x <= 0.0) & (self._gradient > 0.0)) | ((self._x >= 1.0) & (self._gradient < 0.0))
        gradient = self._gradient.masked_fill(outward, 0.0)
        smooth = self._smoothing(gradient)
        if self._taken == 0:
            self._pairs.scale = self._recipe.first_step / (_rms(smooth) + 1e-20)
        direction = self._pairs.times(gradient, smooth).masked_fill(outward, 0.0)
        length = torch.minimum(self._length, _LARGEST_STEP / (_rms(direction) + 1e-20))
        return (self._x - length * direction).clamp(0.0, 1.0)


class _Pairs:
    """The last changes of picture (s) and gradient (y), and the inverse Hessian that they stand for.

    P is the smoothing, γ the scale, Z = P Y. A pair that shows no positive curvature is kept as zeros, which count
    for nothing.
    """

    def __init__(self, history: int, like: Tensor) -> None:
        self._history = history
        self._count = 0
        self._s = like.new_zeros(history, like.numel())
        self._z = like.new_zeros(history, like.numel())
        self._sy = like.new_zeros(history, history, dtype=torch.float64)
        self._ypy = like.new_zeros(history, history, dtype=torch.float64)
        self.scale = like.new_ones(())

    def push(self, s: Tensor, y: Tensor, z: Tensor) -> None:
        """Take in a pair and its smoothed y, each (1, 3, H, W), in place of the oldest."""
        slot = self._count % self._history
        s, y, z = s.flatten(), y.flatten(), z.flatten()
        curvature, bend = s @ y, y @ z
        valid = curvature > 1e-8 * s.norm() * y.norm()
        self.scale = torch.where(valid, curvature / bend.clamp(min=1e-30), self.scale)
        self._s[slot] = torch.where(valid, s, 0.0)
        self._z[slot] = torch.where(valid, z, 0.0)
        y = torch.where(valid, y, 0.0)
        self._sy[slot] = 0.0
        self._sy[:, slot] = (self._s @ y).double()
        self._ypy[:, slot] = self._ypy[slot] = (self._z @ y).double()
        self._count += 1

    def times(self, g: Tensor, smooth: Tensor) -> Tensor:
        """The inverse Hessian times g (1, 3, H, W); `smooth` is P g."""
        first = self.scale * smooth
        if self._count == 0:
            return first
        order = [(self._count + k) % self._history for k in range(self._history)]
        r, ypy = self._sy[order][:, order], self._ypy[order][:, order]
        d = r.diagonal()
        r = r + torch.diag((d == 0.0).double())
        scale = self.scale.double()
        sg, zg = (self._s @ g.flatten()).double()[order], (self._z @ g.flatten()).double()[order]
        u = torch.linalg.solve_triangular(r, sg[:, None], upper=True)
        inner = d[:, None] * u + scale * (ypy @ u) - scale * zg[:, None]
        a = torch.linalg.solve_triangular(r.T, inner, upper=False)
        back = torch.empty_like(a).index_copy_(0, torch.tensor(order, device=a.device), a)
        forth = torch.empty_like(u).index_copy_(0, torch.tensor(order, device=u.device), scale * u)
        change = back[:, 0].to(self._s.dtype) @ self._s - forth[:, 0].to(self._s.dtype) @ self._z
        return first + change.view_as(g)


def _rms(x: Tensor) -> Tensor:
    return x.square().mean().sqrt()
