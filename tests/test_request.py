"""The parts of a request fit together, or one sentence says which do not."""

from typing import Any

import pytest

from nst_engine.contract.params import Init, StylizeParams
from nst_engine.contract.request import check_frames, check_request, most_frames, name_of
from nst_engine.errors import BadInput

Choices = dict[str, object]
Parts = dict[str, Any]

GOOD: tuple[tuple[Choices, Parts], ...] = (
    ({}, {"styles": 1}),
    ({"style_weights": (1, 2, 0)}, {"styles": 3, "masks": 3}),
    ({}, {"styles": 4, "masks": 4}),
    ({"init": Init.PICTURE}, {"styles": 1, "has_start": True}),
    ({"init": Init.NOISE}, {"styles": 1}),
)


@pytest.mark.parametrize(("choices", "parts"), GOOD)
def test_what_fits_together_is_not_mentioned(choices: Choices, parts: Parts) -> None:
    check_request(StylizeParams.model_validate(choices), **parts)


BAD: tuple[tuple[Choices, Parts, str], ...] = (
    ({}, {"styles": 0}, "There are 0 styles; give 1 to 4."),
    ({}, {"styles": 5}, "There are 5 styles; give 1 to 4."),
    ({"style_weights": (1,)}, {"styles": 2}, "There is 1 style weight; give one for each of the 2 styles, or none at"),
    ({"style_weights": (1, 2)}, {"styles": 1}, "There are 2 style weights; give one for the style, or none at all."),
    ({}, {"styles": 3, "masks": 2}, "There are 2 masks; give one for each of the 3 styles, or none at all."),
    ({"frames": 9, "timelapse_frames": 2}, {"styles": 1}, "one picture is painted, and up to 9 frames are"),
    ({"init": Init.PICTURE}, {"styles": 1}, "To start from a picture, that picture is needed too."),
    ({"init": Init.NOISE}, {"styles": 1, "has_start": True}, "but the painting is to start from noise."),
    ({}, {"styles": 1, "has_start": True}, "but the painting is to start as the recipe says."),
)


@pytest.mark.parametrize(("choices", "parts", "sentence"), BAD)
def test_what_does_not_is_one_sentence_with_the_numbers(choices: Choices, parts: Parts, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_request(StylizeParams.model_validate(choices), **parts)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("size", "most"), [((64, 64), 240), ((512, 512), 240), ((1024, 1024), 128), ((8192, 8192), 2), ((8192, 16384), 1)]
)
def test_there_may_be_as_many_frames_as_the_memory_holds(size: tuple[int, int], most: int) -> None:
    assert most_frames(size) == most
    check_frames(most, size)
    with pytest.raises(BadInput, match=f"{most} can be painted"):
        check_frames(most + 1, size)


def test_one_style_is_just_the_style_and_one_of_several_has_a_number() -> None:
    assert name_of("style", 0, 1) == "style"
    assert [name_of("mask", index, 4) for index in range(4)] == [
        "first mask",
        "second mask",
        "third mask",
        "fourth mask",
    ]
