"""What is kept of a painting: all of what stands still, the moved of what moves, nothing of what is new."""

import torch

from nst_engine.carry import Canvas, agreement, carry, is_cut
from nst_engine.flow import warp
from tests.fake_network import random_tensor
from tests.test_flow import SCENE, texture

PAINTING = 1.0 - SCENE
ALL = torch.ones(1, 1, 90, 120)


def canvas(**changes: torch.Tensor) -> Canvas:
    return Canvas(**{"content": SCENE, "painting": PAINTING, "finished": ALL, **changes})


def test_of_a_frame_that_stands_still_everything_stays() -> None:
    carried = carry(canvas(), SCENE)
    assert torch.allclose(carried.picture, PAINTING, atol=1e-5)
    assert carried.finished.min() > 0.999
    assert carried.rest.min() == 1.0


def test_faint_noise_moves_nothing() -> None:
    noise = 0.02 * (random_tensor(1, 3, 90, 120, seed=3) - 0.5)
    assert carry(canvas(), (SCENE + noise).clamp(0.0, 1.0)).rest.min() == 1.0


def test_what_moves_takes_its_painting_along_and_is_not_at_rest() -> None:
    content = SCENE[..., :80, 4:108]
    still = Canvas(content=SCENE[..., :80, :104], painting=PAINTING[..., :80, :104], finished=ALL[..., :80, :104])
    carried = carry(still, content)
    inner = (..., slice(8, -8), slice(8, -16))
    assert (carried.picture - PAINTING[..., :80, 4:108])[inner].abs().mean() < 0.02
    assert carried.finished[inner].median() > 0.9
    assert carried.rest[inner].mean() < 0.05
    assert carried.finished[..., 8:-8, -3:].mean() < 0.1  # was not in the picture


def test_what_is_new_starts_from_the_frame_in_the_colours_of_the_painting() -> None:
    content = SCENE.clone()
    content[..., 30:60, 40:70] = texture(30, 30, seed=9).flip(1) * 0.3 + 0.7
    painting = torch.full_like(SCENE, 0.25)
    carried = carry(canvas(painting=painting), content)
    assert carried.finished[..., 35:55, 45:65].mean() < 0.3
    assert carried.rest[..., 30:60, 40:70].max() < 0.5
    assert carried.rest[..., :20, :].min() == 1.0
    assert (carried.picture - 0.25).abs().mean() < 0.05


def test_what_has_just_come_to_light_is_worked_on_until_it_is_finished() -> None:
    finished = ALL.clone()
    finished[..., 40:50, 50:60] = 0.5
    carried = carry(canvas(finished=finished), SCENE)
    assert carried.rest[..., 40:50, 50:60].max() == 0.0
    assert carried.rest.mean() > 0.95
    assert torch.allclose(carried.finished[..., 43:47, 53:57], torch.tensor(0.5), atol=1e-3)


def test_agreement_is_soft_between_noise_and_another_colour() -> None:
    grey = torch.full((1, 3, 20, 20), 0.5)
    values = [agreement(grey, grey + levels / 255).mean().item() for levels in (2, 6.5, 9, 11.5, 20)]
    assert torch.allclose(torch.tensor(values), torch.tensor([1.0, 0.75, 0.5, 0.25, 0.0]), atol=1e-3)


def test_a_new_scene_is_noticed_and_a_moving_camera_is_none() -> None:
    shift = torch.tensor([5.0, -3.0]).view(1, 2, 1, 1).expand(1, 2, 90, 120)
    assert is_cut(SCENE, texture(90, 120, seed=20))
    assert not is_cut(SCENE, warp(SCENE, shift))
    assert not is_cut(SCENE, SCENE)
