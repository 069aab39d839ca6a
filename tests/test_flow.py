"""Motion that is known comes out as it is, and what is at rest stays exactly at rest."""

import pytest
import torch
from torch import Tensor

from nst_engine import flow
from nst_engine.flow import comes_from_within, flow_between, warp
from nst_engine.pixels import resample
from tests.fake_network import random_tensor


def texture(height: int, width: int, seed: int = 0) -> Tensor:
    """Blobs of some ten pixels with smaller ones on them."""
    coarse = resample(random_tensor(1, 3, height // 10, width // 10, seed=seed), (width, height))
    fine = resample(random_tensor(1, 3, height // 3, width // 3, seed=seed + 1), (width, height))
    return 0.6 * coarse + 0.4 * fine


SCENE = texture(90, 120)


@pytest.mark.parametrize(("x", "y"), [(1, 0), (3, -2), (-6, 4)])
def test_a_camera_that_moves_by_whole_pixels(x: int, y: int) -> None:
    earlier, later = SCENE[..., 10:70, 10:98], SCENE[..., 10 + y : 70 + y, 10 + x : 98 + x]
    found = flow_between(earlier, later)[..., 8:-8, 8:-8]
    assert (found - torch.tensor([x, y]).view(1, 2, 1, 1)).norm(dim=1).median() < 0.1
    assert (warp(earlier, flow_between(earlier, later)) - later)[..., 8:-8, 8:-8].abs().mean() < 0.01


def test_a_fraction_of_a_pixel_is_found() -> None:
    shift = torch.tensor([0.5, -0.25]).view(1, 2, 1, 1)
    earlier, later = SCENE[..., :64, :64], warp(SCENE, shift.expand(1, 2, *SCENE.shape[-2:]))[..., :64, :64]
    found = flow_between(earlier, later)[..., 4:-4, 4:-4]
    assert (found - shift).norm(dim=1).median() < 0.05


def test_a_thing_moves_and_the_rest_is_exactly_at_rest() -> None:
    thing = texture(30, 30, seed=7)
    earlier, later = SCENE.clone(), SCENE.clone()
    earlier[..., 30:60, 40:70], later[..., 32:62, 44:74] = thing, thing
    found = flow_between(earlier, later)
    assert (found[..., 38:56, 50:68] - torch.tensor([-4, -2]).view(1, 2, 1, 1)).norm(dim=1).median() < 0.2
    assert found[..., :16, :].abs().max() == 0.0
    assert found[..., :, 92:].abs().max() == 0.0


def test_noise_is_no_motion() -> None:
    noise = 0.01 * (random_tensor(1, 3, 90, 120, seed=3) - 0.5)
    assert flow_between(SCENE, (SCENE + noise).clamp(0.0, 1.0)).abs().max() == 0.0


def test_plain_pictures_and_pictures_of_a_single_row_have_no_motion() -> None:
    for shape in ((1, 3, 40, 40), (1, 3, 1, 64), (1, 3, 33, 17)):
        assert flow_between(torch.full(shape, 0.5), torch.full(shape, 0.5)).abs().max() == 0.0


def test_the_motion_of_a_large_picture_is_found_on_a_smaller_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "_FINEST_PX", 48)
    found = flow_between(SCENE[..., :80, :96], SCENE[..., 2:82, 4:100])
    assert found.shape == (1, 2, 80, 96)
    assert (found[..., 8:-8, 8:-8] - torch.tensor([4, 2]).view(1, 2, 1, 1)).norm(dim=1).median() < 0.6


def test_warping_by_nothing_changes_nothing() -> None:
    assert torch.allclose(warp(SCENE, torch.zeros(1, 2, 90, 120)), SCENE, atol=1e-5)


def test_what_comes_in_from_beyond_the_border_is_told_apart() -> None:
    flow = torch.tensor([2.0, -1.0]).view(1, 2, 1, 1).expand(1, 2, 6, 8)
    within = comes_from_within(flow)
    assert within.shape == (1, 1, 6, 8)
    assert within[0, 0, 1:, :6].min() == 1.0
    assert within.sum() == 5 * 6
