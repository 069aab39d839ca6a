"""What a preset minimises: the total reads as equation 7, targets are met, and one evaluation is one pass."""

from dataclasses import replace

import pytest
import torch

from nst_engine import losses
from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS, Measure
from nst_engine.objective import objective_of
from tests.fake_network import random_tensor, tiny_network

NETWORK = tiny_network()
CONTENT, STYLE = random_tensor(1, 3, 40, 56, seed=1), random_tensor(1, 3, 48, 32, seed=2)
EVERY_PRESET = pytest.mark.parametrize("name", tuple(PresetName))


@EVERY_PRESET
def test_the_total_is_alpha_content_plus_beta_style_plus_tv(name: PresetName) -> None:
    preset = replace(PRESETS[name], tv=0.5, roughness=0.25)
    picture = random_tensor(1, 3, 40, 56, seed=3)
    found = objective_of(preset, NETWORK, CONTENT, [STYLE], style_factor=3.0)(picture)
    by_hand = preset.alpha * found.content + 3.0 * preset.beta * found.style + 0.5 * losses.total_variation(picture)
    by_hand += 0.25 * losses.roughness(picture)
    assert found.total.item() == pytest.approx(by_hand.item(), rel=1e-5)


def test_with_less_style_there_is_as_much_less_total_variation() -> None:
    preset = replace(PRESETS[PresetName.DEFAULT], tv=0.5, roughness=0.0)
    picture = random_tensor(1, 3, 40, 56, seed=3)
    found = objective_of(preset, NETWORK, CONTENT, [STYLE], style_factor=0.25)(picture)
    rest = preset.alpha * found.content + 0.25 * preset.beta * found.style
    assert (found.total - rest).item() == pytest.approx(0.125 * losses.total_variation(picture).item(), rel=1e-3)


@EVERY_PRESET
def test_the_content_picture_has_no_content_loss_and_the_style_picture_no_style_loss(name: PresetName) -> None:
    objective = objective_of(PRESETS[name], NETWORK, CONTENT, [STYLE])
    noise = objective(random_tensor(1, 3, 40, 56, seed=3))
    assert objective(CONTENT).content.item() == pytest.approx(0.0, abs=1e-6 * noise.content.item())
    same_size = objective_of(PRESETS[name], NETWORK, STYLE, [STYLE])
    assert same_size(STYLE).style.item() == pytest.approx(0.0, abs=1e-4 * noise.style.item())


def test_the_papers_style_loss_is_equation_5_on_activations_with_a_mean_of_one() -> None:
    preset = PRESETS[PresetName.PAPER]
    picture = random_tensor(1, 3, 40, 56, seed=3)
    layers = dict(preset.style_layers)
    x, c, s = (NETWORK.features(p, layers, pooling=preset.pooling) for p in (picture, CONTENT, STYLE))
    expected = 0.0
    for layer, weight in layers.items():
        mean = (c[layer].mean() + s[layer].mean()) / 2
        n, m = x[layer].shape[1], x[layer][0, 0].numel()
        g = losses.gram(x[layer] / mean)
        a = losses.gram(s[layer] / mean) * m / s[layer][0, 0].numel()
        expected += weight * ((g - a) ** 2).sum().item() / (4 * n**2 * m**2)
    found = objective_of(preset, NETWORK, CONTENT, [STYLE])(picture)
    assert found.style.item() == pytest.approx(expected, rel=1e-4)


def test_an_evaluation_is_one_pass_of_the_network() -> None:
    passes = []

    class Counting(type(NETWORK)):  # type: ignore[misc]  # the class of a value
        def features(self, *args: object, **kwargs: object) -> object:
            passes.append(1)
            return super().features(*args, **kwargs)

    network = Counting(NETWORK.kernels, NETWORK.mean, NETWORK.deviation)
    objective = objective_of(PRESETS[PresetName.DEFAULT], network, CONTENT, [STYLE])
    passes.clear()
    objective.evaluate(CONTENT)
    assert len(passes) == 1


@EVERY_PRESET
def test_the_gradient_is_right_in_float64(name: PresetName) -> None:
    network = tiny_network(torch.float64)
    content, style = (random_tensor(1, 3, 16, 17, seed=seed, dtype=torch.float64) for seed in (1, 2))
    objective = objective_of(PRESETS[name], network, content, [style])
    picture = random_tensor(1, 3, 16, 17, seed=3, dtype=torch.float64)
    _, gradient = objective.evaluate(picture)
    direction = random_tensor(1, 3, 16, 17, seed=4, dtype=torch.float64) - 0.5
    step = 1e-6
    ahead, behind = (objective(picture + sign * step * direction).total.item() for sign in (1, -1))
    assert (gradient * direction).sum().item() == pytest.approx((ahead - behind) / (2 * step), rel=1e-4)


@EVERY_PRESET
def test_two_equal_styles_are_one(name: PresetName) -> None:
    picture = random_tensor(1, 3, 40, 56, seed=3)
    one = objective_of(PRESETS[name], NETWORK, CONTENT, [STYLE])(picture).style.item()
    # Twice the positions might have more directions, to each of which the Wasserstein loss adds its ridge.
    rel = 5e-3 if name is PresetName.DEFAULT else 1e-4
    both = objective_of(PRESETS[name], NETWORK, CONTENT, [STYLE, STYLE])(picture).style.item()
    assert both == pytest.approx(one, rel=rel)


@EVERY_PRESET
@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_uniform_pictures_have_finite_losses_and_gradients(name: PresetName, level: float) -> None:
    flat = torch.full((1, 3, 20, 24), level)
    for content, style, picture in ((flat, STYLE, CONTENT[..., :20, :24]), (CONTENT[..., :20, :24], flat, flat)):
        found, gradient = objective_of(PRESETS[name], NETWORK, content, [style]).evaluate(picture)
        assert torch.isfinite(found.total)
        assert torch.isfinite(gradient).all()


@EVERY_PRESET
def test_pictures_narrower_than_the_network_needs_are_padded(name: PresetName) -> None:
    thin = random_tensor(1, 3, 3, 64, seed=5)
    _, gradient = objective_of(PRESETS[name], NETWORK, thin, [thin.transpose(2, 3)]).evaluate(
        random_tensor(1, 3, 3, 64)
    )
    assert gradient.shape == thin.shape
    assert torch.isfinite(gradient).all()


def test_every_measure_is_used_by_a_preset() -> None:
    assert {preset.measure for preset in PRESETS.values()} == set(Measure)
