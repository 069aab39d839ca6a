"""Where the optimisation starts."""

import torch
from torch import Tensor

from nst_engine.start import match_colours, noise, varied
from tests.fake_network import random_tensor


def colours(picture: Tensor) -> tuple[Tensor, Tensor]:
    pixels = picture[0].flatten(1)
    return pixels.mean(1), torch.cov(pixels, correction=0)


def muted(seed: int, low: float, high: float) -> Tensor:
    return low + (high - low) * random_tensor(1, 3, 30, 40, seed=seed)


def test_noise_is_the_same_for_a_seed_and_leaves_torchs_own_generator_alone() -> None:
    like = torch.empty(1, 3, 8, 9)
    before = torch.get_rng_state()
    assert torch.equal(noise(like, 7), noise(like, 7))
    assert not torch.equal(noise(like, 7), noise(like, 8))
    assert torch.equal(before, torch.get_rng_state())


def test_seed_nought_leaves_a_start_as_it_is() -> None:
    picture = muted(1, 0.3, 0.7)
    assert varied(picture, 0) is picture


def test_another_seed_is_another_start_and_the_same_seed_the_same() -> None:
    picture = torch.full((1, 3, 48, 64), 0.5)
    assert torch.equal(varied(picture, 7), varied(picture, 7))
    assert not torch.equal(varied(picture, 7), varied(picture, 8))


def test_a_varied_start_is_softly_blotched_about_what_it_was() -> None:
    blotches = varied(torch.full((1, 3, 96, 128), 0.5), 7) - 0.5
    assert 0.04 < blotches.std() < 0.16
    assert abs(blotches.mean()) < 0.03
    steps = blotches.diff(dim=-1)
    assert steps.std() < blotches.std() / 4, "neighbours differ little"


def test_matched_colours_have_the_styles_mean_and_covariance() -> None:
    style = muted(2, 0.3, 0.6)
    mean, covariance = colours(match_colours(muted(1, 0.4, 0.8), [style]))
    expected_mean, expected_covariance = colours(style)
    assert torch.allclose(mean, expected_mean, atol=1e-3)
    assert torch.allclose(covariance, expected_covariance, atol=3e-4)


def test_two_styles_are_matched_together() -> None:
    dark, light = muted(2, 0.1, 0.3), muted(3, 0.7, 0.9)
    mean, _ = colours(match_colours(muted(1, 0.4, 0.6), [dark, light]))
    assert torch.allclose(mean, (colours(dark)[0] + colours(light)[0]) / 2, atol=2e-2)


def test_colours_that_match_already_stay() -> None:
    content = muted(1, 0.2, 0.7)
    assert torch.allclose(match_colours(content, [content]), content, atol=1e-5)


def test_no_share_changes_nothing() -> None:
    content = muted(1, 0.2, 0.7)
    assert torch.equal(match_colours(content, [muted(2, 0.0, 1.0)], share=0.0), content)


def test_a_uniform_picture_takes_the_styles_mean() -> None:
    style = muted(2, 0.3, 0.6)
    matched = match_colours(torch.full((1, 3, 20, 20), 0.5), [style])
    assert torch.allclose(matched[0, :, 0, 0], colours(style)[0], atol=1e-5)
