"""What a person can choose about one picture, seen in the result: masks, weights, colours, layers, scale, start."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image

from nst_engine.contract.params import Init, StylizeParams
from nst_engine.contract.plan import Stage
from nst_engine.contract.presets import stages_of
from nst_engine.errors import BadInput
from nst_engine.objective import Anchor
from nst_engine.stylize import Painted, Snapshot, stylize, stylize_together
from tests.fake_network import random_picture, tiny_network

NETWORK = tiny_network()
CONTENT, STYLE, OTHER = random_picture(80, 60, seed=1), random_picture(50, 70, seed=2), random_picture(60, 60, seed=3)
DARK, LIGHT = Image.new("RGB", (48, 48), (40, 20, 20)), Image.new("RGB", (48, 48), (220, 230, 240))


def params(**changes: object) -> StylizeParams:
    return StylizeParams.model_validate({"size": 64, "steps": 6, **changes})


Levels = npt.NDArray[np.float64]


def levels(picture: Image.Image) -> Levels:
    return np.asarray(picture, dtype=np.float64)


def painted(
    *styles: Image.Image,
    content: Image.Image = CONTENT,
    masks: tuple[Image.Image | None, ...] = (),
    start: Image.Image | None = None,
    **changes: Any,
) -> Levels:
    events = list(stylize(content, styles, params(**changes), NETWORK, masks=masks, start=start, previews=False))
    assert isinstance(events[-1], Painted)
    return levels(events[-1].picture)


def left_half() -> Image.Image:
    mask = Image.new("L", (40, 30), 0)
    mask.paste(255, (0, 0, 20, 30))
    return mask


def test_each_style_paints_where_its_mask_is_white() -> None:
    grey = Image.new("RGB", (80, 60), (128, 128, 128))
    right = left_half().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = painted(DARK, LIGHT, content=grey, masks=(left_half(), right), init="content", steps=15, strength=80)
    assert found[:, :24].mean() < found[:, 40:].mean() - 5


def test_outside_a_lone_mask_the_photo_stays() -> None:
    found = painted(STYLE, masks=(left_half(),))
    photo = levels(CONTENT.resize((64, 48), Image.Resampling.LANCZOS))
    assert np.array_equal(found[:, 40:], photo[:, 40:])
    assert np.abs(found - photo)[:, :24].mean() > 10


def test_weights_decide_between_two_styles() -> None:
    only = painted(STYLE)
    mostly = painted(STYLE, OTHER, style_weights=(50.0, 1.0))
    hardly = painted(STYLE, OTHER, style_weights=(1.0, 50.0))
    assert np.abs(mostly - only).mean() < np.abs(hardly - only).mean()


def test_a_style_of_no_weight_counts_for_nothing() -> None:
    assert np.array_equal(painted(STYLE, OTHER, style_weights=(1.0, 0.0)), painted(STYLE))


def test_with_kept_luminance_the_hues_are_the_photos() -> None:
    red = Image.new("RGB", (80, 60), (180, 60, 60))
    found = painted(STYLE, content=red, keep_colours="luminance")
    assert (found[..., 0] >= found[..., 1] - 1).all()
    assert np.allclose(found[..., 1], found[..., 2], atol=1.5)


def test_with_transferred_colours_the_result_is_nearer_to_the_photos_mean_colour() -> None:
    blue = Image.fromarray((np.asarray(CONTENT) * [0.2, 0.3, 0.9]).astype(np.uint8))
    mean = levels(blue).mean((0, 1))
    plain, kept = (painted(STYLE, content=blue, keep_colours=way, steps=12).mean((0, 1)) for way in ("no", "transfer"))
    assert np.abs(kept - mean).sum() < np.abs(plain - mean).sum()


@pytest.mark.parametrize(
    "choices",
    [
        {"style_scale": 0.5},
        {"pooling": "average"},
        {"tv": 500.0},
        {"style_layers": (("conv1_1", 1.0),)},
        {"content_layers": (("conv2_2", 3.0),)},
        {"init": "noise"},
        {"init": "content"},
        {"seed": 3},
    ],
)
def test_every_choice_changes_the_picture(choices: dict[str, Any]) -> None:
    assert not np.array_equal(painted(STYLE, **choices), painted(STYLE))


def test_a_layer_of_no_weight_may_be_named() -> None:
    plain = painted(STYLE, style_layers=(("conv1_1", 1.0),))
    assert np.array_equal(painted(STYLE, style_layers=(("conv1_1", 1.0), ("conv4_1", 0.0))), plain)


def test_a_start_from_a_picture_goes_on_from_it_at_the_last_two_sizes() -> None:
    chosen = params(size=512, init=Init.PICTURE, steps=None)
    sizes = [max(stage.size) for stage in stages_of(chosen, CONTENT.size)]
    assert sizes == [256, 512]
    earlier = random_picture(64, 48, seed=9)
    found = painted(STYLE, init="picture", start=earlier, steps=1)
    assert np.abs(found - levels(earlier)).mean() < 1.0


def test_a_start_that_is_not_there_is_an_error_in_words() -> None:
    with pytest.raises(BadInput, match="no picture to start from"):
        painted(STYLE, init="picture")


def test_an_anchor_holds_the_picture_where_it_weighs() -> None:
    target, weights = torch.full((1, 3, 48, 64), 0.5), torch.zeros(1, 1, 48, 64)
    weights[..., :32] = 1.0
    anchor = Anchor(picture=target, weights=weights, strength=1e5)
    *_, last = stylize(CONTENT, [STYLE], params(steps=25), NETWORK, anchor=anchor, previews=False)
    assert isinstance(last, Painted)
    distance = np.abs(levels(last.picture) - 127.5)
    assert distance[:, :32].mean() < 0.2 * distance[:, 32:].mean()


def test_other_stages_are_run_instead_of_the_presets() -> None:
    *_, last = stylize(CONTENT, [STYLE], params(), NETWORK, stages=[Stage(size=(64, 48), steps=2)], previews=False)
    assert isinstance(last, Painted)
    assert last.steps == 2


@pytest.mark.parametrize("frames", [1, 2, 7])
def test_a_timelapse_has_as_many_pictures_as_asked_for_from_start_to_result(frames: int) -> None:
    events = list(stylize(CONTENT, [STYLE], params(steps=8, timelapse_frames=frames, init="content"), NETWORK))
    snapshots = [event.picture for event in events if isinstance(event, Snapshot)]
    assert len(snapshots) == frames
    assert {picture.size for picture in snapshots} == {(64, 48)}
    assert isinstance(events[-1], Painted)
    assert np.array_equal(levels(snapshots[-1]), levels(events[-1].picture))
    if frames > 1:
        assert np.array_equal(levels(snapshots[0]), levels(CONTENT.resize((64, 48), Image.Resampling.LANCZOS)))


def test_pictures_painted_together_are_as_if_painted_alone() -> None:
    contents = [CONTENT, random_picture(80, 60, seed=4), random_picture(80, 60, seed=5)]
    together = stylize_together([(content, [STYLE]) for content in contents], params(steps=3), NETWORK)
    for content, result in zip(contents, together, strict=True):
        assert np.abs(levels(result) - painted(STYLE, content=content, steps=3)).mean() < 1.0


def test_pictures_of_different_shapes_are_not_painted_together() -> None:
    turned = CONTENT.transpose(Image.Transpose.ROTATE_90)
    with pytest.raises(BadInput, match="48×64 and 64×48"):
        stylize_together([(CONTENT, [STYLE]), (turned, [STYLE])], params(), NETWORK)
