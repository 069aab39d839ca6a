"""A tiny random VGG-19: all thirteen convolutions, a few channels each. Fast, and the same every time."""

from collections.abc import Iterator

import torch
from PIL import Image
from torch import Tensor

from nst_engine.adam import Adam
from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.contract.params import LAYERS, StylizeParams
from nst_engine.stylize import Painted, Snapshot, stylize
from nst_engine.vgg import BLOCKS, Kernel, Vgg19

CHANNELS = (4, 5, 6, 7, 8)
"""Of each block. All different, so that a mixed-up layer cannot pass."""


def tiny_network(dtype: torch.dtype = torch.float32, seed: int = 0) -> Vgg19:
    generator = torch.Generator().manual_seed(seed)
    kernels, channels_in = {}, 3
    for block, (_, convs) in enumerate(BLOCKS):
        for conv in range(1, convs + 1):
            shape = (CHANNELS[block], channels_in, 3, 3)
            weight = torch.randn(shape, generator=generator, dtype=dtype) * (2 / (9 * channels_in)) ** 0.5
            bias = 0.1 * torch.rand(shape[0], generator=generator, dtype=dtype)
            kernels[f"conv{block + 1}_{conv}"] = Kernel(weight, bias)
            channels_in = CHANNELS[block]
    assert tuple(kernels) == LAYERS
    mean = torch.tensor([0.485, 0.456, 0.406], dtype=dtype).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225], dtype=dtype).view(1, 3, 1, 1)
    return Vgg19(kernels, mean, deviation)


def random_tensor(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    """Uniform in [0, 1]."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def random_picture(width: int, height: int, seed: int = 0) -> Image.Image:
    levels = (random_tensor(height, width, 3, seed=seed) * 255).to(torch.uint8)
    return Image.fromarray(levels.numpy())


def events_of(
    content: Image.Image, style: Image.Image, params: StylizeParams, network: Vgg19 | None = None
) -> Iterator[Started | Progress | Snapshot | Painted | Stopped]:
    return stylize(content, [style], params, network or tiny_network(), report_every_seconds=1000)


def painted(content: Image.Image, style: Image.Image, params: StylizeParams, network: Vgg19 | None = None) -> Painted:
    last = list(events_of(content, style, params, network))[-1]
    assert isinstance(last, Painted)
    return last


def loss_curve(solver: Adam, steps: int) -> list[float]:
    return [solver.step().item() for _ in range(steps)]
