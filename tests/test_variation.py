"""What the buttons change, and where that ends."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.presses import AlreadyPressed, Presses
from bot.jobs.variation import (
    AtLimit,
    NoLarger,
    again,
    anew,
    is_same_request,
    larger,
    less_style,
    more_style,
    other_colours,
)
from nst_engine.contract.params import Init, KeepColours, StylizeParams


@given(seed=st.integers(0, 20_000), drawn=st.integers(0, 9997))
def test_again_always_takes_another_seed_which_is_never_nought(seed: int, drawn: int) -> None:
    asked: list[int] = []

    def draw(most: int) -> int:
        asked.append(most)
        return drawn

    new = again(StylizeParams(seed=seed), draw).seed
    assert asked == [9998]
    assert new not in {0, seed}
    assert new <= 9999


@pytest.mark.parametrize(
    ("strength", "more", "less"), [(50, 65, 35), (90, 100, 75), (10, 25, 0), (99, 100, 84), (1, 16, 0)]
)
def test_the_strength_goes_up_and_down_in_steps_within_its_range(strength: int, more: int, less: int) -> None:
    params = StylizeParams(strength=strength)
    assert (more_style(params).strength, less_style(params).strength) == (more, less)


@pytest.mark.parametrize(
    ("size", "limit", "next_size"),
    [(256, 1024, 384), (512, 1024, 768), (768, 1024, 1024), (650, 1024, 1024), (64, 65, 65)],
)
def test_the_next_size_is_half_as_much_again_up_to_the_largest(size: int, limit: int, next_size: int) -> None:
    assert larger(StylizeParams(size=size), limit_px=limit).size == next_size


@pytest.mark.parametrize("size", [1024, 2048])
def test_there_is_nothing_larger_than_the_largest(size: int) -> None:
    with pytest.raises(AtLimit) as told:
        larger(StylizeParams(size=size), limit_px=1024)
    assert told.value.limit == NoLarger(size, 1024)


@pytest.mark.parametrize(
    "change", [anew, more_style, less_style, other_colours, lambda params: again(params, lambda n: 0)]
)
def test_only_larger_goes_on_from_a_picture(change: Callable[[StylizeParams], StylizeParams]) -> None:
    assert change(StylizeParams(init=Init.PICTURE)).init is None
    assert change(StylizeParams(init=Init.NOISE)).init is Init.NOISE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (KeepColours.NO, KeepColours.LUMINANCE),
        (KeepColours.LUMINANCE, KeepColours.NO),
        (KeepColours.TRANSFER, KeepColours.NO),
    ],
)
def test_colours_are_kept_or_not(before: KeepColours, after: KeepColours) -> None:
    assert other_colours(StylizeParams(keep_colours=before)).keep_colours is after


def test_a_timelapse_makes_no_other_picture() -> None:
    assert is_same_request(StylizeParams(timelapse_frames=24), StylizeParams())
    assert not is_same_request(StylizeParams(seed=1), StylizeParams())


def test_a_press_is_under_way_until_it_has_ended() -> None:
    presses = Presses()
    with presses.one_at_a_time("a"), presses.one_at_a_time("b"), pytest.raises(AlreadyPressed):
        presses.one_at_a_time("a").__enter__()
    with pytest.raises(ZeroDivisionError), presses.one_at_a_time("a"):
        raise ZeroDivisionError
    with presses.one_at_a_time("a"):
        pass
