"""The loss of neural-style-pt and pastiche."""

import pytest
import torch

from nst_engine.bench.gram_objective import GramObjective, as_written
from nst_engine.bench.loss_weights import NEURAL_STYLE, PASTICHE, LossWeights
from nst_engine.contract.presets import CONTENT_LAYER, STYLE_LAYERS
from tests.fake_network import random_tensor, tiny_network

CONTENT = random_tensor(1, 3, 32, 24, seed=1)
STYLE = random_tensor(1, 3, 40, 40, seed=2)


def objective(weights: LossWeights = NEURAL_STYLE) -> GramObjective:
    return GramObjective(weights, tiny_network(), CONTENT, STYLE)


def test_the_content_has_no_content_loss_and_the_style_no_style_loss() -> None:
    assert objective()(CONTENT).content.item() == 0.0
    own = GramObjective(NEURAL_STYLE, tiny_network(), STYLE, STYLE)
    assert own(STYLE).total.item() == 0.0


@pytest.mark.parametrize("weights", [NEURAL_STYLE, PASTICHE])
def test_it_is_the_formula_written_out(weights: LossWeights) -> None:
    picture = random_tensor(1, 3, 32, 24, seed=3)
    network = tiny_network()
    f, p, s = (network.features(x, (CONTENT_LAYER, *STYLE_LAYERS)) for x in (picture, CONTENT, STYLE))
    expected = weights.content * ((f[CONTENT_LAYER] - p[CONTENT_LAYER]) ** 2).mean()
    for layer in STYLE_LAYERS:
        g, a = (x[layer][0].flatten(1) @ x[layer][0].flatten(1).T / x[layer].numel() for x in (f, s))
        expected = expected + weights.style * ((g - a) ** 2).mean()
    found = objective(weights)(picture).total
    assert found.shape == (1,)
    torch.testing.assert_close(found[0], expected)


def test_the_gradient_is_that_of_the_total() -> None:
    picture = random_tensor(1, 3, 32, 24, seed=3).requires_grad_()
    (expected,) = torch.autograd.grad(objective()(picture).total.sum(), picture)
    found, gradient = objective().evaluate(picture)
    torch.testing.assert_close(gradient, expected)
    assert not found.total.requires_grad


def test_the_delivered_loss_is_that_of_the_clipped_and_rounded_picture() -> None:
    outside = random_tensor(1, 3, 32, 24, seed=3) * 3.0 - 1.0
    written = as_written(outside)
    assert written.min() == 0.0
    assert written.max() == 1.0
    torch.testing.assert_close(written * 255.0, (written * 255.0).round())
    assert objective().delivered(outside) == objective().total(written)
