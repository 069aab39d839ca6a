"""Pictures to tensors and back. Tensors are (1, 3, H, W), RGB, float32 in [0, 1]."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from nst_engine.contract.plan import Size


def to_tensor(picture: Image.Image, size: Size, device: torch.device) -> Tensor:
    """An RGB picture at `size` (width, height), resampled where it has another."""
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    levels = torch.from_numpy(np.array(picture, dtype=np.uint8))
    return levels.to(device).permute(2, 0, 1)[None].float() / 255.0


def to_mask(mask: Image.Image, size: Size, device: torch.device) -> Tensor:
    """A picture of mode "L" as (1, 1, H, W) in [0, 1] at `size` (width, height), whatever size it has."""
    levels = torch.from_numpy(np.array(mask.resize(size, Image.Resampling.BILINEAR), dtype=np.uint8))
    return levels.to(device)[None, None].float() / 255.0


def to_picture(tensor: Tensor) -> Image.Image:
    """To 8 bits, rounded to the nearest level. Waits for the device."""
    levels = (tensor[0].clamp(0.0, 1.0) * 255.0).round().to(torch.uint8)
    return Image.fromarray(np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy()))


def resample(tensor: Tensor, size: Size) -> Tensor:
    """Bicubic to `size` (width, height), kept within [0, 1]."""
    width, height = size
    if tuple(tensor.shape[-2:]) == (height, width):
        return tensor
    return F.interpolate(
        tensor, size=(height, width), mode="bicubic", align_corners=False, antialias=width < tensor.shape[-1]
    ).clamp(0.0, 1.0)


def pad_to(tensor: Tensor, least: int) -> Tensor:
    """Repeat the last row and column until both sides have `least` pixels."""
    height, width = tensor.shape[-2:]
    if height >= least and width >= least:
        return tensor
    return F.pad(tensor, (0, max(0, least - width), 0, max(0, least - height)), mode="replicate")
