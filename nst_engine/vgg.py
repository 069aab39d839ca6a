"""VGG-19's convolutions up to the last layer asked for, frozen. It knows no file formats and no losses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from nst_engine.contract.params import LAYERS, Pooling
from nst_engine.contract.presets import Edges

BLOCKS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 1))
"""Channels and convolutions of each block, up to conv5_1. A pooling stands between two blocks."""
MIN_SIDE_PX = 16
"""Four poolings leave one position of so many pixels."""


class Kernel(NamedTuple):
    """One convolution: weight (C_out, C_in, 3, 3) and bias (C_out,)."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class Vgg19:
    """The frozen network. Its input is RGB in [0, 1]; (x − mean) / deviation is what the first kernel is made for.

    The mean is subtracted from the picture and not folded into the first bias: the zeros around the picture
    must be zeros after the subtraction, so that folding would be wrong along the border.
    """

    kernels: Mapping[str, Kernel]
    mean: Tensor
    """(1, 3, 1, 1)"""
    deviation: Tensor
    """(1, 3, 1, 1)"""

    @property
    def device(self) -> torch.device:
        """Where the kernels lie."""
        return self.mean.device

    @property
    def dtype(self) -> torch.dtype:
        """What convolutions are computed in; the picture itself stays float32."""
        return next(iter(self.kernels.values())).weight.dtype

    def to(self, device: torch.device, dtype: torch.dtype = torch.float32) -> "Vgg19":
        """A frozen copy on `device`, its kernels laid out with channels last, the faster order on CPU and GPU."""
        kernels = {
            name: Kernel(
                weight.detach().to(device, dtype).contiguous(memory_format=torch.channels_last),
                bias.detach().to(device, dtype),
            )
            for name, (weight, bias) in self.kernels.items()
        }
        wide = torch.promote_types(dtype, torch.float32)
        return Vgg19(kernels, self.mean.to(device, wide), self.deviation.to(device, wide))

    def features(
        self,
        picture: Tensor,
        layers: Iterable[str],
        *,
        pooling: Pooling = Pooling.MAX,
        edges: Edges = Edges.ZERO,
    ) -> dict[str, Tensor]:
        """Features after the ReLU, each (B, C, H, W), in one pass that ends at the last layer asked for.

        After the ReLU, as in the paper's own program (and the seed's): Caffe's ReLU overwrites the convolution's
        output. `picture` is (B, 3, H, W), RGB in [0, 1], both sides at least 16 pixels.
        """
        wanted = frozenset(layers)
        found: dict[str, Tensor] = {}
        x = ((picture - self.mean) / self.deviation).to(self.dtype).contiguous(memory_format=torch.channels_last)
        for name in LAYERS:
            if name.endswith("_1") and name != LAYERS[0]:
                x = _pool(x, pooling)
            x = _convolve(x, self.kernels[name], edges if name == LAYERS[0] else Edges.ZERO)
            if name in wanted:
                found[name] = x
            if len(found) == len(wanted):
                break
        return found


def _pool(x: Tensor, pooling: Pooling) -> Tensor:
    return F.max_pool2d(x, 2) if pooling is Pooling.MAX else F.avg_pool2d(x, 2)


def _convolve(x: Tensor, kernel: Kernel, edges: Edges) -> Tensor:
    """(B, C_in, H, W) -> (B, C_out, H, W), after the ReLU, which overwrites the convolution to halve the memory."""
    if edges is Edges.REPLICATE:
        x = F.pad(x, (1, 1, 1, 1), mode="replicate").contiguous(memory_format=torch.channels_last)
        return F.relu_(F.conv2d(x, *kernel))
    return F.relu_(F.conv2d(x, *kernel, padding=1))


def multiply_adds_per_pixel() -> float:
    """Multiply-adds of one forward pass to conv5_1 for each pixel of the picture."""
    total, channels_in = 0.0, 3
    for block, (channels, convs) in enumerate(BLOCKS):
        for _ in range(convs):
            total += 9.0 * channels_in * channels / 4**block
            channels_in = channels
    return total
