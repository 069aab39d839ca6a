"""Means and second moments: worked out by hand, added up from parts, weighted, and their gradients."""

import pytest
import torch

from nst_engine.moments import blend, moments_of, sums_of
from tests.fake_network import random_tensor

F2 = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]], dtype=torch.float64)
"""Two channels, two positions: F = ((1, 2), (3, 4))."""


def test_moments_are_mean_and_covariance_over_positions() -> None:
    found = moments_of(sums_of(F2))
    assert torch.allclose(found.mean, torch.tensor([[1.5, 3.5]], dtype=torch.float64))
    assert torch.allclose(found.covariance, torch.full((1, 2, 2), 0.25, dtype=torch.float64))


def test_sums_of_parts_add_up_to_those_of_the_whole() -> None:
    f = random_tensor(2, 3, 6, 5, dtype=torch.float64)
    whole, parts = sums_of(f), sums_of(f[..., :2, :]).plus(sums_of(f[..., 2:, :]))
    for mine, theirs in zip(whole, parts, strict=True):
        assert torch.allclose(mine.double(), theirs.double())


def test_a_weight_of_nought_leaves_a_position_out() -> None:
    f = random_tensor(1, 3, 4, 4, dtype=torch.float64)
    left = torch.zeros(1, 1, 4, 4, dtype=torch.float64)
    left[..., :2] = 1.0
    found, expected = moments_of(sums_of(f, left)), moments_of(sums_of(f[..., :2]))
    assert torch.allclose(found.mean, expected.mean)
    assert torch.allclose(found.second, expected.second)


def test_an_empty_region_has_moments_of_nought() -> None:
    found = moments_of(sums_of(random_tensor(1, 3, 4, 4), torch.zeros(1, 1, 4, 4)))
    assert not found.mean.any()
    assert not found.second.any()


def test_a_blend_is_that_of_all_positions_together_each_picture_with_its_weight() -> None:
    one, other = (random_tensor(1, 3, 4, 5, seed=seed, dtype=torch.float64) for seed in (1, 2))
    joint = blend([moments_of(sums_of(one)), moments_of(sums_of(other))], [2.0, 1.0])
    together = moments_of(sums_of(torch.cat([one, one, other], dim=3)))
    assert torch.allclose(joint.mean, together.mean)
    assert torch.allclose(joint.covariance, together.covariance)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_closed_form_gradient_is_right_in_float64(weighted: bool) -> None:
    weights = random_tensor(2, 1, 3, 4, seed=5, dtype=torch.float64) if weighted else None
    slope = random_tensor(2, 3, 3, seed=6, dtype=torch.float64)
    f = random_tensor(2, 3, 3, 4, dtype=torch.float64).requires_grad_()

    def functional(f: torch.Tensor) -> torch.Tensor:
        sums = sums_of(f, weights)
        return (slope * sums.second).sum() + sums.first.double().square().sum()

    assert torch.autograd.gradcheck(functional, (f,), atol=1e-4, rtol=1e-3)


def test_features_in_bfloat16_are_added_up_in_float32() -> None:
    f = torch.full((1, 1, 64, 64), 1.0, dtype=torch.bfloat16)
    sums = sums_of(f)
    assert sums.second.dtype == sums.first.dtype == torch.float32
    assert sums.second.item() == sums.first.item() == 64 * 64
