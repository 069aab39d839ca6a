"""Every loss against numbers worked out by hand, and its gradient in float64."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nst_engine import losses
from nst_engine.moments import Moments, moments_of, sums_of
from tests.fake_network import random_tensor

F2 = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]], dtype=torch.float64)
"""Two channels, two positions: F = ((1, 2), (3, 4))."""


def features(seed: int) -> Tensor:
    return random_tensor(1, 3, 4, 5, seed=seed, dtype=torch.float64)


def test_squared_difference_is_twice_equation_1() -> None:
    assert losses.squared_difference(F2, torch.zeros_like(F2)).tolist() == [1 + 4 + 9 + 16]


def test_gram_is_the_product_of_channels_over_positions() -> None:
    assert losses.gram(F2).tolist() == [[[1 + 4, 3 + 8], [3 + 8, 9 + 16]]]


def test_layer_style_loss_is_equation_4() -> None:
    g, a = losses.gram(F2), torch.zeros(1, 2, 2, dtype=torch.float64)
    squares = 5**2 + 11**2 + 11**2 + 25**2
    assert losses.layer_style_loss(g, a, positions=2).item() == squares / (4 * 2**2 * 2**2)


def test_the_seeds_layer_style_loss_divides_the_mean_by_the_number_of_features() -> None:
    g, a = losses.gram(F2), torch.zeros(1, 2, 2, dtype=torch.float64)
    squares = 5**2 + 11**2 + 11**2 + 25**2
    assert losses.seed_layer_style_loss(g, a, positions=2).item() == squares / 4 / (2 * 2)


def test_total_loss_is_equation_7() -> None:
    assert losses.total_loss(2.0, torch.tensor(3.0), 5.0, torch.tensor(7.0)).item() == 41.0


def gaussian(mean: list[float], variances: list[float]) -> Moments:
    """Moments of a Gaussian whose covariance is diagonal."""
    m = torch.tensor([mean], dtype=torch.float64)
    return Moments(m, torch.diag_embed(torch.tensor([variances], dtype=torch.float64)) + m[:, :, None] * m[:, None, :])


def target_of(style: Moments) -> losses.WassersteinTarget:
    return losses.wasserstein_target(style, losses.energy(style))


def test_energy_is_the_mean_square_summed_over_the_channels() -> None:
    assert losses.energy(moments_of(sums_of(F2))).item() == pytest.approx((1 + 4 + 9 + 16) / 2)


def test_wasserstein_loss_of_diagonal_gaussians_is_the_distance_of_means_and_deviations() -> None:
    target = target_of(gaussian([0.0, 0.0], [4.0, 9.0]))
    expected = (1 + 4) + (2 - 1) ** 2 + (5 - 3) ** 2
    # The ridge, a thousandth of the mean variance 6.5, widens both Gaussians a little.
    found = losses.wasserstein_loss(gaussian([1.0, 2.0], [1.0, 25.0]), target)
    assert found.item() * (4 + 9) == pytest.approx(expected, rel=5e-3)


def test_wasserstein_loss_of_equal_moments_is_zero() -> None:
    same = moments_of(sums_of(features(1)))
    assert losses.wasserstein_loss(same, target_of(same)).item() == pytest.approx(0.0, abs=1e-9)


def test_wasserstein_loss_of_commuting_covariances_is_symmetric_up_to_the_energy() -> None:
    a, b = (moments_of(sums_of(features(seed))) for seed in (1, 2))
    forth = (losses.wasserstein_loss(a, target_of(b)) * losses.energy(b)).item()
    back = (losses.wasserstein_loss(b, target_of(a)) * losses.energy(a)).item()
    assert forth == pytest.approx(back, rel=1e-2)


def test_wasserstein_loss_of_features_without_any_variance_is_finite() -> None:
    flat = torch.zeros(1, 3, 4, 5, requires_grad=True)
    target = target_of(moments_of(sums_of(torch.zeros(1, 3, 4, 5))))
    loss = losses.wasserstein_loss(moments_of(sums_of(flat)), target)
    (gradient,) = torch.autograd.grad(loss.sum(), flat)
    assert math.isfinite(loss.item())
    assert torch.isfinite(gradient).all()


def test_pictures_of_a_batch_are_not_compared_with_each_other() -> None:
    """Every loss of two pictures at once is the loss of each alone."""
    both = torch.cat([features(1), features(2)])
    other = features(9)
    target = target_of(moments_of(sums_of(other)))
    for loss in (
        lambda f: losses.squared_difference(f, other),
        lambda f: losses.layer_style_loss(losses.gram(f), losses.gram(other), 20),
        lambda f: losses.wasserstein_loss(moments_of(sums_of(f)), target),
        losses.total_variation,
    ):
        alone = [loss(both[k : k + 1]).item() for k in range(2)]
        assert loss(both).tolist() == pytest.approx(alone)


def test_total_variation_of_a_checkerboard_is_exactly_two() -> None:
    board = (torch.arange(4)[:, None] + torch.arange(6)[None, :]) % 2
    assert losses.total_variation(board.expand(1, 3, 4, 6).double()).item() == 2.0


def test_roughness_of_a_checkerboard_is_exactly_eight_and_of_a_ramp_nothing() -> None:
    board = (torch.arange(4)[:, None] + torch.arange(6)[None, :]) % 2
    assert losses.roughness(board.expand(1, 3, 4, 6).double()).item() == 8.0
    ramp = (torch.arange(4)[:, None] + 3.0 * torch.arange(6)[None, :]).expand(1, 3, 4, 6)
    assert losses.roughness(ramp).item() == 0.0


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (1, 9)])
def test_roughness_of_narrow_pictures_is_finite(size: tuple[int, int]) -> None:
    assert math.isfinite(losses.roughness(random_tensor(1, 3, *size)).item())


def test_total_variation_of_a_single_pixel_is_zero() -> None:
    assert losses.total_variation(torch.ones(1, 3, 1, 1)).item() == 0.0


@pytest.mark.parametrize(
    "loss",
    [
        lambda f: losses.squared_difference(f, features(9)),
        lambda f: losses.layer_style_loss(losses.gram(f), losses.gram(features(9)), 20),
        lambda f: losses.seed_layer_style_loss(losses.gram(f), losses.gram(features(9)), 20),
        lambda f: losses.wasserstein_loss(moments_of(sums_of(f)), target_of(moments_of(sums_of(features(9))))),
        losses.total_variation,
        losses.roughness,
        lambda f: losses.weighted_difference(f, features(9), features(8)[:, :1]),
    ],
    ids=["content", "style", "seed_style", "wasserstein", "tv", "roughness", "anchor"],
)
def test_gradients_are_right_in_float64(loss: Callable[[Tensor], Tensor]) -> None:
    assert torch.autograd.gradcheck(loss, (features(1).requires_grad_(),))
