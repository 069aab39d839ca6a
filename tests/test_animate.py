"""The frames of an animation: counted together, held where nothing happens, and stopped between any two steps."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nst_engine.animate import PaintedAnimation, animate
from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.contract.params import KeepColours, PresetName, StylizeParams
from nst_engine.contract.presets import following_stage_of, steps_of
from nst_engine.errors import NotFinite
from nst_engine.images.animation import Animation
from nst_engine.vgg import Kernel
from tests.fake_network import random_picture, tiny_network

STYLE = random_picture(50, 70, seed=2)
PARAMS = StylizeParams(size=64, steps=10, frames=9)
FOLLOWING = following_stage_of(PARAMS, (64, 48)).steps
NETWORK = tiny_network()
Event = Started | Progress | PaintedAnimation | Stopped


def background() -> Image.Image:
    return random_picture(16, 12, seed=5).resize((64, 48), Image.Resampling.BICUBIC)


def moving_square(frames: int) -> tuple[Image.Image, ...]:
    """A white square that goes to the right, two pixels a frame, over the upper half of a still background."""
    found = [background() for _ in range(frames)]
    for k, frame in enumerate(found):
        ImageDraw.Draw(frame).rectangle((8 + 2 * k, 4, 22 + 2 * k, 18), fill="white")
    return tuple(found)


def animation(frames: Sequence[Image.Image]) -> Animation:
    return Animation(frames=tuple(frames), durations_ms=tuple(range(50, 50 + len(frames))), loop=4)


def events_of(frames: Sequence[Image.Image], params: StylizeParams = PARAMS, **options: object) -> list[Event]:
    return list(animate(animation(frames), [STYLE], params, NETWORK, **{"report_every_seconds": 1000.0, **options}))  # type: ignore[arg-type]  # any of its options


def painted(frames: Sequence[Image.Image], params: StylizeParams = PARAMS) -> PaintedAnimation:
    last = events_of(frames, params)[-1]
    assert isinstance(last, PaintedAnimation)
    return last


def levels(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(picture, dtype=np.float64)


def test_steps_are_those_of_all_frames() -> None:
    events = events_of(moving_square(3))
    steps = steps_of(PARAMS) + 2 * FOLLOWING
    assert events[0] == Started(width=64, height=48, steps=steps)
    reports = [event for event in events if isinstance(event, Progress)]
    assert {report.steps for report in reports} == {steps}
    assert [report.step for report in reports] == [1, steps]
    assert reports[-1].seconds_left == 0.0
    assert all(report.preview for report in reports)


def test_reports_come_in_every_frame_and_never_go_back() -> None:
    reports = [event for event in events_of(moving_square(3), report_every_seconds=0.0) if isinstance(event, Progress)]
    assert [report.step for report in reports] == list(range(1, steps_of(PARAMS) + 2 * FOLLOWING + 1))
    assert all(report.seconds_left >= 0.0 for report in reports)


def test_times_and_loops_are_kept_and_frames_have_the_size_asked_for() -> None:
    frames = [frame.resize((32, 24)) for frame in moving_square(3)]
    found = painted(frames)
    assert (found.animation.durations_ms, found.animation.loop) == ((50, 51, 52), 4)
    assert [frame.size for frame in found.animation.frames] == [(64, 48)] * 3
    assert found.steps == steps_of(PARAMS) + 2 * FOLLOWING
    assert found.last.picture.tobytes() == found.animation.frames[-1].tobytes()


def test_where_nothing_moves_the_painting_stands_still_to_the_last_bit() -> None:
    frames = painted(moving_square(4)).animation.frames
    below = [levels(frame)[34:] for frame in frames]
    above = [levels(frame)[:28] for frame in frames]
    for k in range(1, 4):
        assert (below[k] == below[0]).all()
        assert np.abs(above[k] - above[k - 1]).mean() > 1.0


def test_a_moving_thing_takes_its_painting_along() -> None:
    """In the new frame, what is where the square went is nearer to the old frame's square than to what was there."""
    before, after = (levels(frame) for frame in painted(moving_square(2)).animation.frames)
    inside = np.abs(after[7:16, 13:22] - before[7:16, 11:20]).mean()
    assert inside < np.abs(after[7:16, 13:22] - before[30:39, 13:22]).mean()
    assert inside < 40.0


def test_equal_frames_in_a_row_cost_nothing() -> None:
    one, other = moving_square(2)
    events = events_of([one, one, other, other, other])
    assert isinstance(events[0], Started)
    assert events[0].steps == steps_of(PARAMS) + FOLLOWING
    assert isinstance(events[-1], PaintedAnimation)
    frames = events[-1].animation.frames
    assert len(frames) == 5
    assert frames[0] is frames[1]
    assert frames[2] is frames[3] is frames[4]


def test_one_frame_is_painted_as_a_still_picture() -> None:
    assert painted(moving_square(1)).steps == steps_of(PARAMS)


def test_a_new_scene_is_painted_by_the_whole_recipe() -> None:
    other = random_picture(16, 12, seed=50).resize((64, 48), Image.Resampling.BICUBIC)
    found = painted([background(), other])
    assert found.steps == 2 * steps_of(PARAMS)
    alone = painted([other])
    assert found.animation.frames[1].tobytes() == alone.animation.frames[0].tobytes()


def test_the_same_request_gives_the_same_frames() -> None:
    one, other = (painted(moving_square(3)).animation.frames for _ in range(2))
    assert [frame.tobytes() for frame in one] == [frame.tobytes() for frame in other]


@pytest.mark.parametrize("keep", [KeepColours.LUMINANCE, KeepColours.TRANSFER])
def test_colours_are_kept_in_every_frame(keep: KeepColours) -> None:
    frames = painted(moving_square(3), PARAMS.model_copy(update={"keep_colours": keep})).animation.frames
    still = [levels(frame)[34:] for frame in frames]
    assert (still[1] == still[0]).all()
    assert (still[2] == still[0]).all()


@pytest.mark.parametrize("preset", PresetName)
def test_every_preset_paints_frames(preset: PresetName) -> None:
    assert len(painted(moving_square(2), PARAMS.model_copy(update={"preset": preset})).animation.frames) == 2


def test_a_given_start_is_that_of_the_first_frame() -> None:
    params = PARAMS.model_copy(update={"init": "picture", "steps": 1})
    start = random_picture(64, 48, seed=9)
    events = events_of(moving_square(2), params, start=start)
    assert isinstance(events[-1], PaintedAnimation)
    assert np.abs(levels(events[-1].animation.frames[0]) - levels(start)).mean() < 1.0


@pytest.mark.parametrize("calls", [0, 5, 14])
def test_it_stops_between_any_two_steps(calls: int) -> None:
    answers = iter([False] * calls + [True] * 1000)
    events = events_of(moving_square(3), should_stop=lambda: next(answers))
    assert isinstance(events[-1], Stopped)
    assert not any(isinstance(event, PaintedAnimation) for event in events)


def test_a_loss_that_is_not_finite_is_an_error_with_the_step_of_all() -> None:
    params = PARAMS.model_copy(update={"preset": PresetName.SEED})
    broken = Kernel(NETWORK.kernels["conv3_1"].weight.clone(), NETWORK.kernels["conv3_1"].bias)
    network = replace(NETWORK, kernels={**NETWORK.kernels, "conv3_1": broken})
    events = animate(animation(moving_square(2)), [STYLE], params, network, report_every_seconds=0.0)
    for event in events:
        if isinstance(event, Progress) and event.step == steps_of(params):
            broken.weight.fill_(float("nan"))
            break
    with pytest.raises(NotFinite) as caught:
        list(events)
    assert caught.value.step == steps_of(params) + 1
