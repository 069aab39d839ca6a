"""Adam on a picture; the one with the lowest loss is kept. Kingma and Ba, ICLR 2015."""

import torch
from torch import Tensor

from nst_engine.contract.presets import AdamRecipe
from nst_engine.objective import Evaluated


class Adam:
    """One evaluation a step, of B pictures at once; nothing waits for the device, and nothing remembered moves."""

    def __init__(self, objective: Evaluated, start: Tensor, recipe: AdamRecipe) -> None:
        self._objective = objective
        self._recipe = recipe
        self._x = start.clone()
        self._kept = start.clone()
        self._m = torch.zeros_like(start)
        self._v = torch.zeros_like(start)
        self._scale = torch.tensor(recipe.scale, dtype=start.dtype, device=start.device).view(1, 3, 1, 1)
        self._taken = torch.zeros((), dtype=torch.float64, device=start.device)
        self._lowest = start.new_full(start.shape[:1], torch.inf)

    def step(self) -> Tensor:
        """Evaluate the pictures, move them, and return the losses before the move, (B,) on the device."""
        found, gradient = self._objective.evaluate(self._x)
        better = found.total < self._lowest
        self._kept.copy_(torch.where(better[:, None, None, None], self._x, self._kept))
        self._lowest.copy_(torch.where(better, found.total, self._lowest))
        self._move(gradient * self._scale)
        return found.total

    @property
    def picture(self) -> Tensor:
        """The answer so far, (B, 3, H, W) in [0, 1]."""
        return self._kept.clamp(0.0, 1.0)

    def _move(self, gradient: Tensor) -> None:
        self._taken += 1.0
        beta1, beta2 = self._recipe.betas
        self._m.lerp_(gradient, 1.0 - beta1)
        self._v.lerp_(gradient.square(), 1.0 - beta2)
        mean = self._m / (1.0 - beta1**self._taken).to(gradient.dtype)
        spread = (self._v / (1.0 - beta2**self._taken).to(gradient.dtype)).sqrt()
        self._x.sub_(self._recipe.learning_rate * self._scale * mean / (spread + 1e-8))
