"""L-BFGS within a box, on functions whose minimum is known and on a tiny network."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS, LbfgsRecipe
from nst_engine.lbfgs import Lbfgs
from nst_engine.objective import Losses, objective_of
from nst_engine.smoothing import Smoothing
from tests.fake_network import random_tensor, tiny_network

PLAIN = LbfgsRecipe(history=8, first_step=0.01)
SMOOTH = LbfgsRecipe(history=8, first_step=0.01, smoothing=1.0)
SHAPE = (1, 3, 6, 5)


class Function:
    """Stands where an Objective stands."""

    def __init__(self, f: Callable[[Tensor], Tensor]) -> None:
        self._f = f

    def evaluate(self, picture: Tensor) -> tuple[Losses, Tensor]:
        leaf = picture.detach().requires_grad_()
        loss = self._f(leaf)
        (gradient,) = torch.autograd.grad(loss, leaf)
        return Losses(loss.detach(), loss.detach(), loss.detach()), gradient


def minimise(f: Callable[[Tensor], Tensor], start: Tensor, recipe: LbfgsRecipe, steps: int) -> Lbfgs:
    solver = Lbfgs(Function(f), start, recipe)
    for _ in range(steps):
        solver.step()
    return solver


def quadratic(centre: Tensor) -> Callable[[Tensor], Tensor]:
    """A bowl a hundred times as steep in some directions as in others."""
    steepness = torch.logspace(0, 2, centre.numel(), dtype=centre.dtype).view_as(centre)
    return lambda x: (steepness * (x - centre).square()).sum()


@pytest.mark.parametrize("recipe", [PLAIN, SMOOTH], ids=["plain", "smooth"])
def test_it_finds_a_minimum_inside_the_box(recipe: LbfgsRecipe) -> None:
    centre = 0.2 + 0.6 * random_tensor(*SHAPE, seed=1, dtype=torch.float64)
    found = minimise(quadratic(centre), torch.full_like(centre, 0.5), recipe, 120).picture
    assert torch.allclose(found, centre, atol=1e-4)


def test_it_finds_a_minimum_on_the_bound() -> None:
    centre = 3.0 * random_tensor(*SHAPE, seed=1, dtype=torch.float64) - 1.0
    found = minimise(quadratic(centre), torch.full_like(centre, 0.5), PLAIN, 120).picture
    assert torch.allclose(found, centre.clamp(0, 1), atol=1e-4)


def test_the_compact_inverse_hessian_is_that_of_the_two_loops() -> None:
    """On a quadratic without bounds or rejected steps, the picture equals that of torch's own L-BFGS."""
    centre = 0.3 + 0.4 * random_tensor(*SHAPE, seed=1, dtype=torch.float64)
    f = quadratic(centre)
    start = centre + 0.01 * (random_tensor(*SHAPE, seed=2, dtype=torch.float64) - 0.5)
    (gradient,) = torch.autograd.grad(f(x := start.clone().requires_grad_()), x)
    rms = gradient.square().mean().sqrt().item()
    ours = Lbfgs(Function(f), start, LbfgsRecipe(history=8, first_step=1e-4))
    theirs = start.clone().requires_grad_()
    # torch's first step is min(1, 1/|g|₁)·lr along the gradient; one of our length is asked for by the rate.
    optimiser = torch.optim.SGD([theirs], lr=1e-4 / rms)
    optimiser.zero_grad()
    f(theirs).backward()  # type: ignore[no-untyped-call]  # torch has no types for it
    optimiser.step()
    ours.step()
    ours.step()
    assert torch.allclose(ours.picture, theirs.detach(), atol=1e-9)
    s, y = (theirs - start).detach().flatten(), None
    (after,) = torch.autograd.grad(f(x := theirs.detach().requires_grad_()), x)
    y = (after - gradient).flatten()
    rho, scale = 1 / (s @ y), (s @ y) / (y @ y)
    q = after.flatten() - rho * (s @ after.flatten()) * y
    step = scale * q + s * rho * (s @ after.flatten() - y @ (scale * q))
    ours.step()
    assert torch.allclose(ours.picture.flatten(), theirs.detach().flatten() - step, atol=1e-9)


def test_the_loss_of_the_answer_never_rises() -> None:
    network = tiny_network()
    content, style = random_tensor(1, 3, 32, 40, seed=1), random_tensor(1, 3, 40, 32, seed=2)
    objective = objective_of(PRESETS[PresetName.DEFAULT], network, content, [style])
    solver = Lbfgs(objective, content, SMOOTH)
    curve = []
    for _ in range(15):
        solver.step()
        curve.append(objective(solver.picture).total.item())
    assert curve == sorted(curve, reverse=True)
    assert curve[-1] < 0.7 * curve[0]


def test_a_start_at_the_minimum_stays_there() -> None:
    centre = torch.full(SHAPE, 0.5)
    found = minimise(quadratic(centre), centre, SMOOTH, 5).picture
    assert torch.equal(found, centre)


def test_a_loss_that_is_not_finite_is_reported_and_its_picture_refused() -> None:
    start = torch.full(SHAPE, 0.5)
    solver = Lbfgs(Function(lambda x: torch.where(x < 0.5, x * torch.nan, x).sum()), start, PLAIN)
    solver.step()
    assert torch.isnan(solver.step())
    assert torch.isfinite(solver.picture).all()


def test_smoothing_keeps_a_flat_picture_and_weakens_a_checkerboard() -> None:
    smoothing = Smoothing(torch.empty(1, 3, 8, 12), power=1.0)
    flat = torch.full((1, 3, 8, 12), 0.7)
    assert torch.allclose(smoothing(flat), flat, atol=1e-6)
    board = ((torch.arange(8)[:, None] + torch.arange(12)[None, :]) % 2 - 0.5).expand(1, 3, 8, 12)
    assert smoothing(board).norm() < 0.05 * board.norm()


def test_smoothing_is_symmetric() -> None:
    smoothing = Smoothing(torch.empty(1, 3, 7, 9, dtype=torch.float64), power=1.3)
    a, b = (random_tensor(1, 3, 7, 9, seed=seed, dtype=torch.float64) for seed in (1, 2))
    assert (a * smoothing(b)).sum().item() == pytest.approx((smoothing(a) * b).sum().item())


def test_no_smoothing_is_the_identity() -> None:
    x = random_tensor(1, 3, 7, 9)
    assert torch.equal(Smoothing(x, power=0.0)(x), x)
