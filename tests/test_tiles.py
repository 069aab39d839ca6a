"""Tiles: their geometry, and that a picture in parts gives the losses, Gram matrices and gradients of the whole."""

import weakref
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from nst_engine.contract.params import LAYERS, PresetName
from nst_engine.contract.presets import PRESETS
from nst_engine.errors import OutOfMemory
from nst_engine.feature_pass import Pass
from nst_engine.objective import Anchor, Objective, measure_style, pass_for
from nst_engine.regions import Region, Style, regions_of
from nst_engine.tiles import GRID_PX, halo_of, smaller, spans_of, stride_of, tiles_of
from nst_engine.vgg import Vgg19
from tests.fake_network import random_tensor, tiny_network

EVERY_PRESET = pytest.mark.parametrize("name", tuple(PresetName))
SIZES = ((200, 333), (128, 128), (131, 90), (177, 17))


@given(length=st.integers(16, 9000), side=st.integers(16, 2048), halo=st.sampled_from((16, 48, 80)))
def test_spans_cover_a_side_without_overlap_and_see_their_halo(length: int, side: int, halo: int) -> None:
    spans = spans_of(length, side, halo)
    assert spans[0].start == spans[0].first == 0
    assert spans[-1].stop == spans[-1].last == length
    for span, following in pairwise(spans):
        assert span.stop == following.start
        assert span.stop % GRID_PX == 0
    for span in spans:
        assert span.first == max(0, span.start - halo)
        assert span.last == min(length, span.stop + halo)
        assert span.stop - span.start <= side + 2 * GRID_PX


@given(height=st.integers(16, 700), width=st.integers(16, 700), side=st.integers(16, 256))
def test_every_position_of_every_layer_is_some_tiles_own_once(height: int, width: int, side: int) -> None:
    for layer in ("conv1_1", "conv3_1", "conv5_1"):
        stride = stride_of(layer)
        owned = torch.zeros(height // stride, width // stride)
        for tile in tiles_of(height, width, side, 80):
            owned[tile.down.own(stride), tile.across.own(stride)] += 1
            down, across = tile.down.own_seen(stride), tile.across.own_seen(stride)
            assert (down.stop - down.start) == len(range(*tile.down.own(stride).indices(height // stride)))
            assert (across.stop - across.start) == len(range(*tile.across.own(stride).indices(width // stride)))
        assert (owned == 1).all()


def test_a_halo_is_what_the_convolutions_can_see() -> None:
    """By hand: 2 at stride 1, 2 at 2, 4 at 4, 4 at 8 and 1 at 16 make 70, and 80 on the grid; up to conv4_2, 38."""
    assert halo_of(("conv5_1",)) == 80
    assert halo_of(("conv4_2",)) == 48
    assert halo_of(("conv1_1", "conv1_2")) == 16


def test_smaller_tiles_end_somewhere() -> None:
    assert smaller(4096, 1000, 600) == 512
    assert smaller(512, 1000, 600) == 256
    assert smaller(256, 1000, 600) == 128
    assert smaller(128, 1000, 600) is None


def double_network() -> Vgg19:
    return tiny_network(torch.float64)


def pictures(size: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
    return (
        random_tensor(1, 3, *size, seed=1, dtype=torch.float64),
        random_tensor(1, 3, 150, 140, seed=2, dtype=torch.float64),
        random_tensor(1, 3, *size, seed=3, dtype=torch.float64),
    )


@EVERY_PRESET
@pytest.mark.parametrize("size", SIZES)
def test_losses_and_gradient_in_tiles_are_those_of_the_whole(name: PresetName, size: tuple[int, int]) -> None:
    network, preset = double_network(), replace(PRESETS[name], tv=3.0)
    content, style, picture = pictures(size)
    regions = regions_of([Style(moments=measure_style(pass_for(preset, network), style))])
    anchor = Anchor(picture=content, weights=random_tensor(1, 1, *size, dtype=torch.float64), strength=2.0)

    def evaluated(tile_px: int) -> tuple[int, list[float], Tensor]:
        objective = Objective(preset, network, content, regions, anchor=anchor, tile_px=tile_px)
        found, gradient = objective.evaluate(picture)
        return objective.tiles, [loss.item() for loss in found], gradient

    one, whole, gradient = evaluated(4096)
    many, parts, in_tiles = evaluated(64)
    assert one == 1
    assert many > 1
    assert parts == pytest.approx(whole, rel=1e-9)
    assert (gradient - in_tiles).abs().max() < 1e-8 * gradient.abs().max()


@EVERY_PRESET
def test_masked_regions_in_tiles_are_those_of_the_whole(name: PresetName) -> None:
    network, preset = double_network(), PRESETS[name]
    content, style, picture = pictures((160, 144))
    moments = measure_style(pass_for(preset, network), style)
    mask = torch.zeros(1, 1, 160, 144, dtype=torch.float64)
    mask[..., 60:] = 1.0
    regions = [Region(moments=moments, mask=mask), Region(moments=moments, weight=0.5, mask=1.0 - mask)]
    (whole, gradient), (parts, in_tiles) = (
        Objective(preset, network, content, regions, tile_px=tile_px).evaluate(picture) for tile_px in (4096, 64)
    )
    assert parts.total.item() == pytest.approx(whole.total.item(), rel=1e-9)
    assert (gradient - in_tiles).abs().max() < 1e-8 * gradient.abs().max()


def test_gram_matrices_in_tiles_are_those_of_the_whole() -> None:
    network = double_network()
    way = Pass(network=network, preset=PRESETS[PresetName.PAPER], layers=LAYERS, halo=halo_of(LAYERS))
    picture = pictures((177, 250))[0]
    whole, parts = way.moments(picture, 4096), way.moments(picture, 64)
    for layer in LAYERS:
        assert torch.allclose(whole[layer].second, parts[layer].second, rtol=1e-12)


def test_gram_matrices_and_gradient_in_tiles_agree_in_float32_to_its_rounding() -> None:
    network, preset = tiny_network(), PRESETS[PresetName.PAPER]
    content, style, picture = (tensor.float() for tensor in pictures((200, 333)))
    regions = regions_of([Style(moments=measure_style(pass_for(preset, network), style))])
    (_, gradient), (_, in_tiles) = (
        Objective(preset, network, content, regions, tile_px=tile_px).evaluate(picture) for tile_px in (4096, 64)
    )
    assert (gradient - in_tiles).abs().max() < 1e-5 * gradient.abs().max()


def cramped(most_pixels: int) -> Vgg19:
    """A network on a device that holds no more than so many pixels."""

    class Cramped(Vgg19):
        def features(self, picture: Tensor, *args: object, **kwargs: object) -> dict[str, Tensor]:
            if picture.shape[-1] * picture.shape[-2] > most_pixels:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
            return Vgg19.features(self, picture, *args, **kwargs)  # type: ignore[arg-type]  # passed through

    network = tiny_network()
    return Cramped(network.kernels, network.mean, network.deviation)


def test_a_picture_that_does_not_fit_is_evaluated_in_smaller_tiles() -> None:
    preset, small = PRESETS[PresetName.DEFAULT], tiny_network()
    content, style, picture = (tensor.float() for tensor in pictures((600, 500)))
    regions = regions_of([Style(moments=measure_style(pass_for(preset, small), style))])
    objective = Objective(preset, cramped(320 * 320), content, regions, tile_px=4096)
    assert objective.tiles > 1
    expected, gradient = Objective(preset, small, content, regions, tile_px=4096).evaluate(picture)
    found, in_tiles = objective.evaluate(picture)
    assert found.total.item() == pytest.approx(expected.total.item(), rel=1e-3)
    assert torch.nn.functional.cosine_similarity(gradient.flatten(), in_tiles.flatten(), dim=0) > 0.999


def test_a_pass_with_gradients_that_does_not_fit_is_done_again_without_holding_all_tiles() -> None:
    """A network whose memory is what is alive: the features of a pass that are still needed for gradients."""
    alive: list[weakref.ref[Tensor]] = []

    class Filling(Vgg19):
        def features(self, picture: Tensor, *args: object, **kwargs: object) -> dict[str, Tensor]:
            held = sum(f.shape[-2] * f.shape[-1] for ref in alive if (f := ref()) is not None)
            if held + picture.shape[-2] * picture.shape[-1] > 420 * 420:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
            found = Vgg19.features(self, picture, *args, **kwargs)  # type: ignore[arg-type]  # passed through
            alive.append(weakref.ref(found["conv1_1"]))
            return found

    preset, small = PRESETS[PresetName.DEFAULT], tiny_network()
    content, style, picture = (tensor.float() for tensor in pictures((512, 512)))
    regions = regions_of([Style(moments=measure_style(pass_for(preset, small), style))])
    objective = Objective(preset, Filling(small.kernels, small.mean, small.deviation), content, regions, tile_px=4096)
    found, _ = objective.evaluate(picture)
    expected, _ = Objective(preset, small, content, regions, tile_px=4096).evaluate(picture)
    assert found.total.item() == pytest.approx(expected.total.item(), rel=1e-3)


def test_where_not_even_the_smallest_part_fits_the_error_says_so() -> None:
    preset = PRESETS[PresetName.DEFAULT]
    content, style, _ = (tensor.float() for tensor in pictures((600, 500)))
    regions = regions_of([Style(moments=measure_style(pass_for(preset, tiny_network()), style))])
    with pytest.raises(OutOfMemory, match="even a part of 160 pixels"):
        Objective(preset, cramped(100), content, regions)
