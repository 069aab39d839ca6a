"""Keeping the content's colours: by luminance alone, and by giving the style other colours first."""

import pytest
import torch
from torch import Tensor

from nst_engine.keep_colours import luminance_of, match_luminance, transfer_colours, with_luminance_of
from tests.fake_network import random_tensor

YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])


def colour(red: float, green: float, blue: float) -> Tensor:
    return torch.tensor([red, green, blue], dtype=torch.float32).view(1, 3, 1, 1)


def yiq(picture: Tensor) -> Tensor:
    """(1, 3, H, W) -> (3, H·W)"""
    return YIQ @ picture[0].flatten(1)


@pytest.mark.parametrize(
    ("rgb", "expected"), [((1, 0, 0), 0.299), ((0, 1, 0), 0.587), ((0, 0, 1), 0.114), ((1, 1, 1), 1.0), ((0, 0, 0), 0)]
)
def test_the_luminance_of_the_primaries(rgb: tuple[float, float, float], expected: float) -> None:
    assert luminance_of(colour(*rgb)).flatten().tolist() == pytest.approx([expected] * 3)


def test_a_grey_picture_is_its_own_luminance() -> None:
    grey = random_tensor(1, 1, 8, 9).repeat(1, 3, 1, 1)
    assert torch.allclose(luminance_of(grey), grey, atol=1e-6)


def test_a_matched_luminance_has_the_contents_mean_and_deviation() -> None:
    style = torch.tensor([0.1, 0.3]).view(1, 1, 1, 2)  # mean 0.2, deviation 0.1
    content = torch.tensor([0.3, 0.7]).view(1, 1, 1, 2)  # mean 0.5, deviation 0.2
    assert match_luminance(style, content).flatten().tolist() == pytest.approx([0.3, 0.7])


def test_a_style_of_one_grey_takes_the_contents_mean_and_no_more() -> None:
    content = torch.tensor([0.2, 0.8]).view(1, 1, 1, 2)
    assert match_luminance(torch.full((1, 1, 1, 2), 0.9), content).flatten().tolist() == pytest.approx([0.5, 0.5])


def test_noise_in_a_nearly_uniform_style_is_not_blown_up() -> None:
    style = torch.tensor([0.499, 0.501]).view(1, 1, 1, 2)  # deviation 0.001 of at least 0.01
    content = torch.tensor([0.4, 0.6]).view(1, 1, 1, 2)  # deviation 0.1: a factor of 10, and not 100
    assert match_luminance(style, content).flatten().tolist() == pytest.approx([0.49, 0.51], abs=1e-5)


def test_grey_content_gives_the_results_luminance_in_grey() -> None:
    found = with_luminance_of(colour(0.5, 0.5, 0.5), colour(1.0, 0.0, 0.0))
    assert found.flatten().tolist() == pytest.approx([0.299] * 3)


def test_a_result_of_the_same_luminance_changes_nothing() -> None:
    content = random_tensor(1, 3, 8, 9)
    assert torch.allclose(with_luminance_of(content, luminance_of(content)), content, atol=1e-6)


def test_within_the_gamut_the_chroma_is_the_contents_to_the_last_digit() -> None:
    content = 0.4 + 0.2 * random_tensor(1, 3, 20, 20, seed=1)
    result = 0.3 + 0.4 * random_tensor(1, 3, 20, 20, seed=2)
    found = yiq(with_luminance_of(content, result))
    assert torch.allclose(found[0], yiq(result)[0], atol=1e-6)
    assert torch.allclose(found[1:], yiq(content)[1:], atol=1e-6)


def test_a_colour_that_does_not_exist_becomes_paler_and_keeps_its_hue_and_the_results_luminance() -> None:
    found = with_luminance_of(colour(1.0, 0.0, 0.0), colour(0.9, 0.9, 0.9))
    # chroma (0.701, −0.299, −0.299) has room for 0.1/0.701 of it above a grey of 0.9
    assert found.flatten().tolist() == pytest.approx([1.0, 0.9 - 0.0299 / 0.701, 0.9 - 0.0299 / 0.701], abs=1e-6)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_black_stays_black_and_white_white(level: float) -> None:
    assert with_luminance_of(colour(0.9, 0.1, 0.3), colour(level, level, level)).flatten().tolist() == [level] * 3


def test_whatever_the_pictures_are_luminance_and_hue_are_right() -> None:
    content, result = random_tensor(1, 3, 40, 40, seed=3), random_tensor(1, 3, 40, 40, seed=4)
    found = with_luminance_of(content, result)
    assert found.min() >= 0
    assert found.max() <= 1
    assert torch.allclose(luminance_of(found), luminance_of(result), atol=1e-5)
    (_, i, q), (_, wanted_i, wanted_q) = yiq(found), yiq(content)
    assert torch.allclose(i * wanted_q, q * wanted_i, atol=1e-5)
    assert (i * wanted_i + q * wanted_q).min() >= -1e-6


def test_a_style_with_transferred_colours_has_the_contents_mean_and_covariance() -> None:
    style, content = 0.3 + 0.5 * random_tensor(1, 3, 30, 40, seed=5), 0.4 + 0.2 * random_tensor(1, 3, 20, 20, seed=6)
    found, wanted = (picture[0].flatten(1) for picture in (transfer_colours(style, content), content))
    assert torch.allclose(found.mean(1), wanted.mean(1), atol=1e-3)
    assert torch.allclose(torch.cov(found, correction=0), torch.cov(wanted, correction=0), atol=3e-4)


@pytest.mark.parametrize("keep", [match_luminance, with_luminance_of, transfer_colours])
def test_the_pictures_that_are_given_stay_as_they_are(keep: object) -> None:
    one, other = random_tensor(1, 3, 8, 8, seed=1), random_tensor(1, 3, 8, 8, seed=2)
    before = one.clone(), other.clone()
    assert callable(keep)
    keep(one, other)
    assert torch.equal(one, before[0])
    assert torch.equal(other, before[1])
