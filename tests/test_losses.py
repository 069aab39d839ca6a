"""Every loss against numbers worked out by hand, and its gradient in float64."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nst_engine import losses
from tests.fake_network import random_tensor

F2 = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]], dtype=torch.float64)
"""Two channels, two positions: F = ((1, 2), (3, 4))."""


def features(seed: int) -> Tensor:
    return random_tensor(1, 3, 4, 5, seed=seed, dtype=torch.float64)


def test_content_loss_is_half_the_sum_of_squares() -> None:
    assert losses.content_loss(F2, torch.zeros_like(F2)).item() == 0.5 * (1 + 4 + 9 + 16)


def test_the_seeds_content_loss_is_the_mean_of_squares() -> None:
    assert losses.mean_square_content_loss(F2, torch.zeros_like(F2)).item() == (1 + 4 + 9 + 16) / 4


def test_relative_content_loss_is_one_where_the_features_are_gone() -> None:
    assert losses.relative_content_loss(torch.zeros_like(F2), F2, F2.square().sum()).item() == 1.0


def test_gram_is_the_product_of_channels_over_positions() -> None:
    assert losses.gram(F2).tolist() == [[1 + 4, 3 + 8], [3 + 8, 9 + 16]]


def test_layer_style_loss_is_equation_4() -> None:
    g, a = losses.gram(F2), torch.zeros(2, 2, dtype=torch.float64)
    squares = 5**2 + 11**2 + 11**2 + 25**2
    assert losses.layer_style_loss(g, a, positions=2).item() == squares / (4 * 2**2 * 2**2)


def test_the_seeds_layer_style_loss_divides_the_mean_by_the_number_of_features() -> None:
    g, a = losses.gram(F2), torch.zeros(2, 2, dtype=torch.float64)
    squares = 5**2 + 11**2 + 11**2 + 25**2
    assert losses.seed_layer_style_loss(g, a, positions=2).item() == squares / 4 / (2 * 2)


def test_total_loss_is_equation_7() -> None:
    assert losses.total_loss(2.0, torch.tensor(3.0), 5.0, torch.tensor(7.0)).item() == 41.0


def test_moments_are_mean_and_covariance_over_positions() -> None:
    found = losses.moments(F2)
    assert found.mean.tolist() == [1.5, 3.5]
    assert found.covariance.tolist() == [[0.25, 0.25], [0.25, 0.25]]


def test_joint_moments_of_two_pictures_are_those_of_all_their_positions() -> None:
    one, other = features(1), features(2)
    joint = losses.joint_moments([losses.moments(one), losses.moments(other)])
    together = losses.moments(torch.cat([one, other], dim=3))
    assert torch.allclose(joint.mean, together.mean)
    assert torch.allclose(joint.covariance, together.covariance)


def test_wasserstein_loss_of_diagonal_gaussians_is_the_distance_of_means_and_deviations() -> None:
    target = losses.wasserstein_target(
        losses.Moments(torch.zeros(2).double(), torch.diag(torch.tensor([4.0, 9.0]).double()))
    )
    x = losses.Moments(torch.tensor([1.0, 2.0]).double(), torch.diag(torch.tensor([1.0, 25.0]).double()))
    expected = (1 + 4) + (2 - 1) ** 2 + (5 - 3) ** 2
    # The ridge, a thousandth of the mean variance 6.5, widens both Gaussians a little.
    assert losses.wasserstein_loss(x, target).item() * (4 + 9) == pytest.approx(expected, rel=5e-3)


def test_wasserstein_loss_of_equal_moments_is_zero() -> None:
    same = losses.moments(features(1))
    assert losses.wasserstein_loss(same, losses.wasserstein_target(same)).item() == pytest.approx(0.0, abs=1e-12)


def test_wasserstein_loss_of_commuting_covariances_is_symmetric_up_to_the_energy() -> None:
    a, b = losses.moments(features(1)), losses.moments(features(2))
    to_a, to_b = losses.wasserstein_target(a), losses.wasserstein_target(b)
    forth = (losses.wasserstein_loss(a, to_b) * to_b.energy).item()
    back = (losses.wasserstein_loss(b, to_a) * to_a.energy).item()
    assert forth == pytest.approx(back, rel=1e-2)


def test_wasserstein_loss_of_features_without_any_variance_is_finite() -> None:
    flat = torch.zeros(1, 3, 4, 5, requires_grad=True)
    loss = losses.wasserstein_loss(
        losses.moments(flat), losses.wasserstein_target(losses.moments(torch.zeros(1, 3, 4, 5)))
    )
    (gradient,) = torch.autograd.grad(loss, flat)
    assert math.isfinite(loss.item())
    assert torch.isfinite(gradient).all()


def test_total_variation_of_a_checkerboard_is_exactly_two() -> None:
    board = (torch.arange(4)[:, None] + torch.arange(6)[None, :]) % 2
    assert losses.total_variation(board.expand(1, 3, 4, 6).double()).item() == 2.0


def test_total_variation_of_a_single_pixel_is_zero() -> None:
    assert losses.total_variation(torch.ones(1, 3, 1, 1)).item() == 0.0


@pytest.mark.parametrize(
    "loss",
    [
        lambda f: losses.content_loss(f, features(9)),
        lambda f: losses.mean_square_content_loss(f, features(9)),
        lambda f: losses.relative_content_loss(f, features(9), features(9).square().sum()),
        lambda f: losses.layer_style_loss(losses.gram(f), losses.gram(features(9)), 20),
        lambda f: losses.seed_layer_style_loss(losses.gram(f), losses.gram(features(9)), 20),
        lambda f: losses.wasserstein_loss(losses.moments(f), losses.wasserstein_target(losses.moments(features(9)))),
        losses.total_variation,
    ],
    ids=["content", "mean_square", "relative", "style", "seed_style", "wasserstein", "tv"],
)
def test_gradients_are_right_in_float64(loss: Callable[[Tensor], Tensor]) -> None:
    assert torch.autograd.gradcheck(loss, (features(1).requires_grad_(),))
