"""The network's shape and arithmetic, on a tiny random one."""

import pytest
import torch
import torch.nn.functional as F

from nst_engine.contract.params import LAYERS, Pooling
from nst_engine.contract.presets import Edges
from nst_engine.vgg import multiply_adds_per_pixel
from tests.fake_network import CHANNELS, random_tensor, tiny_network

PICTURE = random_tensor(1, 3, 33, 50)


def test_each_layer_has_its_channels_and_half_the_sides_of_the_block_before() -> None:
    found = tiny_network().features(PICTURE, LAYERS)
    assert [tuple(found[f"conv{b}_1"].shape) for b in range(1, 6)] == [
        (1, channels, 33 // 2**block, 50 // 2**block) for block, channels in enumerate(CHANNELS)
    ]


def test_features_are_those_after_the_relu() -> None:
    network = tiny_network()
    expected = F.relu(F.conv2d((PICTURE - network.mean) / network.deviation, *network.kernels["conv1_1"], padding=1))
    assert torch.allclose(network.features(PICTURE, ["conv1_1"])["conv1_1"], expected, atol=1e-6)


def test_a_pass_ends_at_the_last_layer_asked_for() -> None:
    network = tiny_network()
    kernels = {name: kernel for name, kernel in network.kernels.items() if name < "conv2_2"}
    shorter = type(network)(kernels, network.mean, network.deviation)
    assert set(shorter.features(PICTURE, ["conv1_1", "conv2_1"])) == {"conv1_1", "conv2_1"}


@pytest.mark.parametrize(("pooling", "pool"), [(Pooling.MAX, F.max_pool2d), (Pooling.AVERAGE, F.avg_pool2d)])
def test_pooling_is_as_asked(pooling: Pooling, pool: object) -> None:
    network = tiny_network()
    before = network.features(PICTURE, ["conv1_2"])["conv1_2"]
    expected = F.relu(F.conv2d(pool(before, 2), *network.kernels["conv2_1"], padding=1))  # type: ignore[operator]
    found = network.features(PICTURE, ["conv2_1"], pooling=pooling)["conv2_1"]
    assert torch.allclose(found, expected, atol=1e-5)


def test_replicated_edges_leave_a_uniform_picture_uniform_after_the_first_layer() -> None:
    grey = torch.full((1, 3, 20, 20), 0.5)
    network = tiny_network()
    replicated = network.features(grey, ["conv1_1"], edges=Edges.REPLICATE)["conv1_1"]
    assert torch.allclose(replicated, replicated[..., :1, :1].expand_as(replicated), atol=1e-6)
    zeros = network.features(grey, ["conv1_1"])["conv1_1"]
    assert not torch.allclose(zeros, replicated)
    assert torch.allclose(zeros[..., 1:-1, 1:-1], replicated[..., 1:-1, 1:-1], atol=1e-6)


def test_sixteen_pixels_are_enough() -> None:
    assert tiny_network().features(random_tensor(1, 3, 16, 16), ["conv5_1"])["conv5_1"].shape[-2:] == (1, 1)


def test_a_moved_network_lays_its_kernels_out_with_channels_last_and_asks_for_no_gradients() -> None:
    moved = tiny_network().to(torch.device("cpu"))
    weight = moved.kernels["conv3_1"].weight
    assert weight.is_contiguous(memory_format=torch.channels_last)
    assert not weight.requires_grad


def test_a_forward_pass_takes_357_thousand_multiply_adds_a_pixel() -> None:
    """Summed by hand: 38,592 + 55,296 + 119,808... per block of (C_in · C_out · 9 / 4^block)."""
    by_hand = 9 * (
        (3 * 64 + 64 * 64)
        + (64 * 128 + 128 * 128) / 4
        + (128 * 256 + 3 * 256 * 256) / 16
        + (256 * 512 + 3 * 512 * 512) / 64
        + (512 * 512) / 256
    )
    assert multiply_adds_per_pixel() == by_hand
