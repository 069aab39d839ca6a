"""Adam on a picture: the seed's curve against a short reference, and what is kept."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from nst_engine.adam import Adam
from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS, AdamRecipe
from nst_engine.objective import Objective, objective_of
from tests.fake_network import loss_curve, random_tensor, tiny_network

SEED = PRESETS[PresetName.SEED]
NETWORK = tiny_network()
CONTENT, STYLE = random_tensor(1, 3, 32, 40, seed=1), random_tensor(1, 3, 32, 40, seed=2)


def objective() -> Objective:
    return objective_of(SEED, NETWORK, CONTENT, [STYLE])


def recipe() -> AdamRecipe:
    assert isinstance(SEED.solver, AdamRecipe)
    return SEED.solver


def gram(f: Tensor) -> Tensor:
    return f.flatten(2)[0] @ f.flatten(2)[0].T


def reference_curve(steps: int) -> tuple[list[float], Tensor]:
    """The seed's program in its own terms: torch's Adam on the normalised picture, un-normalised Gram matrices."""
    mean, std = NETWORK.mean, NETWORK.deviation
    styles = [f"conv{b}_1" for b in range(1, 6)]
    p, a = NETWORK.features(CONTENT, ["conv4_2"]), NETWORK.features(STYLE, styles)
    x = ((CONTENT - mean) / std).requires_grad_()
    adam, curve, best = torch.optim.Adam([x], lr=0.003), [], (float("inf"), x)
    for _ in range(steps):
        f = NETWORK.features(x * std + mean, [*styles, "conv4_2"])
        style = sum(0.2 * ((gram(f[k]) - gram(a[k])) ** 2).mean() / f[k].numel() for k in styles)
        loss = ((f["conv4_2"] - p["conv4_2"]) ** 2).mean() + 1e6 * style
        curve.append(loss.item())
        best = min(best, (loss.item(), (x * std + mean).detach().clone()), key=lambda b: b[0])
        (x.grad,) = torch.autograd.grad(loss, x)
        adam.step()
    return curve, best[1]


def test_the_seeds_loss_curve_and_result_agree_with_the_reference() -> None:
    expected, best = reference_curve(12)
    solver = Adam(objective(), CONTENT, recipe())
    assert loss_curve(solver, 12) == pytest.approx(expected, rel=1e-4)
    assert torch.allclose(solver.picture, best.clamp(0, 1), atol=1e-4)


def test_the_picture_with_the_lowest_loss_is_kept_even_when_the_last_is_worse() -> None:
    wild = replace(recipe(), learning_rate=3.0)
    solver = Adam(objective(), CONTENT, wild)
    curve = loss_curve(solver, 6)
    assert min(curve) < curve[-1]
    assert objective()(solver.picture).total.item() <= min(curve) * 1.0001 or curve[0] == min(curve)
