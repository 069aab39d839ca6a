"""Paintings measured once: what is remembered, what is forgotten, and that no choice is mixed up with another."""

from collections.abc import Callable

import pytest
import torch
from PIL import Image

from nst_engine.contract.params import StylizeParams
from nst_engine.contract.presets import stages_of
from nst_engine.measures import ByLayer
from nst_engine.moments import Moments
from nst_engine.scales import Scales, Sources
from nst_engine.style_cache import StyleCache, digest_of
from tests.fake_network import random_picture, tiny_network


def found(value: float) -> Callable[[], ByLayer]:
    return lambda: {"conv1_1": Moments(torch.tensor([[value]]), torch.tensor([[[value]]]))}


def test_what_is_known_is_not_measured_again() -> None:
    cache = StyleCache()
    first = cache.get("a", found(1.0))
    assert cache.get("a", found(2.0)) is first


def test_the_one_not_used_for_longest_is_forgotten() -> None:
    cache = StyleCache(most=2)
    a = cache.get("a", found(1.0))
    cache.get("b", found(2.0))
    cache.get("a", found(3.0))
    cache.get("c", found(4.0))
    assert cache.get("a", found(5.0)) is a
    assert cache.get("b", found(6.0))["conv1_1"].mean.item() == 6.0


def test_a_digest_is_that_of_the_pixels_and_their_shape() -> None:
    assert digest_of(random_picture(8, 6)) == digest_of(random_picture(8, 6))
    assert digest_of(random_picture(8, 6)) != digest_of(random_picture(8, 6, seed=1))
    assert digest_of(Image.new("RGB", (4, 2))) != digest_of(Image.new("RGB", (2, 4)))


def measured(cache: StyleCache, content: Image.Image, style: Image.Image, **choices: object) -> int:
    """How many paintings the job measured anew."""
    params = StylizeParams.model_validate({"size": 64, **choices})
    before = len(cache)
    scales = Scales([Sources(content=content, styles=[style])], params, tiny_network(), cache=cache)
    scales.objective(stages_of(params, content.size)[-1])
    return len(cache) - before


CONTENT, OTHER, STYLE = random_picture(80, 60, seed=1), random_picture(80, 60, seed=3), random_picture(50, 70, seed=2)


def test_entries_of_a_challenge_share_the_measured_style() -> None:
    cache = StyleCache()
    assert measured(cache, CONTENT, STYLE) == 1
    assert measured(cache, OTHER, STYLE) == 0
    assert measured(cache, CONTENT, STYLE, strength=80, tv=1.0) == 0


@pytest.mark.parametrize(
    "choices",
    [
        {"style_scale": 0.5},
        {"size": 128},
        {"pooling": "average"},
        {"style_layers": (("conv2_2", 1.0),)},
        {"keep_colours": "luminance"},
        {"keep_colours": "transfer"},
    ],
)
def test_another_choice_that_changes_what_is_measured_is_measured(choices: dict[str, object]) -> None:
    cache = StyleCache()
    measured(cache, CONTENT, STYLE)
    assert measured(cache, CONTENT, STYLE, **choices) == 1


def test_with_kept_colours_the_content_counts_too() -> None:
    cache = StyleCache()
    measured(cache, CONTENT, STYLE, keep_colours="transfer")
    assert measured(cache, CONTENT, STYLE, keep_colours="transfer") == 0
    assert measured(cache, OTHER, STYLE, keep_colours="transfer") == 1
