"""The two measures of how a picture looks."""

import pytest
import torch

from nst_engine.bench.measures import looks, relative_change, sliced_wasserstein
from tests.fake_network import random_tensor, tiny_network


def test_a_picture_is_at_no_distance_from_itself() -> None:
    picture = random_tensor(1, 3, 32, 32)
    assert looks(tiny_network(), picture, picture, picture) == (0.0, 0.0)


def test_features_that_are_gone_have_changed_by_one() -> None:
    features = random_tensor(1, 4, 5, 6)
    assert relative_change(torch.zeros_like(features), features) == 1.0


def test_moving_one_channel_by_its_mean_deviation_is_a_distance_of_one() -> None:
    """With one channel every direction is the axis: values 0 and 1 deviate by a half from their mean."""
    style = torch.tensor([0.0, 1.0]).repeat(500).view(1, 1, 20, 50)
    assert sliced_wasserstein(style + 0.5, style) == pytest.approx(1.0, abs=1e-5)


def test_the_order_of_positions_does_not_matter() -> None:
    features = random_tensor(1, 4, 8, 8)
    assert sliced_wasserstein(features.flip(-1), features) == pytest.approx(0.0, abs=1e-6)


def test_the_number_of_positions_does_not_matter() -> None:
    features = random_tensor(1, 4, 32, 32)
    assert sliced_wasserstein(features.repeat(1, 1, 2, 1), features) < 0.02
