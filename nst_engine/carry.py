"""What of one frame's painting is carried over to the next: where things went, and how far that can be trusted."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from nst_engine.flow import comes_from_within, flow_between, warp
from nst_engine.pixels import resample
from nst_engine.start import match_colours

_SAME, _OTHER = 4 / 255, 14 / 255
"""A difference of colours up to the first is none (noise, compression); from the second on there is something else."""
_MARGIN = 1 / 64
"""Of the shorter side: how near to something else a pixel must be for the painting there to become another, too."""
_GLANCE_PX = 64
_CUT = 0.3
"""A frame that has less than this of the one before it begins a new scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A painted frame. All are (1, C, H, W) in [0, 1] with C = 3, 3 and 1."""

    content: Tensor
    """What the painting shows; of a slow change, what it showed when it was painted."""
    painting: Tensor
    finished: Tensor
    """How much of the work has been done that a pixel needs: one that has just come to light has not had it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """`picture` is (1, 3, H, W), the others (1, 1, H, W), all in [0, 1]."""

    picture: Tensor
    """The painting so far with everything where the new frame has it, and the new frame's own colours elsewhere."""
    finished: Tensor
    """How much of the work has been done there; 0 for what is new."""
    rest: Tensor
    """1 where all the work has been done and nothing has moved or changed since."""


def carry(canvas: Canvas, content: Tensor) -> Carried:
    """`content` is that of the new frame, (1, 3, H, W) in [0, 1]."""
    flow = flow_between(canvas.content, content)
    trust = agreement(warp(canvas.content, flow), content) * comes_from_within(flow)
    at_rest = (flow == 0.0).all(1, keepdim=True).to(content.dtype)
    still = torch.minimum(agreement(canvas.content, content), _eroded(at_rest))
    fresh = match_colours(content, [canvas.painting])
    return Carried(
        picture=torch.lerp(fresh, warp(canvas.painting, flow), trust),
        finished=trust * warp(canvas.finished, flow),
        rest=still * (canvas.finished >= 1.0),
    )


def agreement(one: Tensor, other: Tensor) -> Tensor:
    """(1, 1, H, W): from 1 where both show the same to 0 where they do not, soft at the border."""
    difference = _soft(one - other).abs().amax(1, keepdim=True)
    return _eroded(((_OTHER - difference) / (_OTHER - _SAME)).clamp(0.0, 1.0))


def is_cut(before: Tensor, after: Tensor) -> bool:
    """Whether a frame has next to nothing of the one before it, by a glance at both. Waits for the device."""
    height, width = before.shape[-2:]
    scale = min(1.0, _GLANCE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small_before, small_after = resample(before, size), resample(after, size)
    moved = warp(small_before, flow_between(small_before, small_after))
    return agreement(moved, small_after).mean().item() < _CUT


def _eroded(mask: Tensor) -> Tensor:
    """Smaller by a margin, and soft beyond it."""
    margin = max(1, round(_MARGIN * min(mask.shape[-2:])))
    eroded = -F.max_pool2d(F.pad(-mask, (margin,) * 4, mode="replicate"), 2 * margin + 1, stride=1)
    return torch.minimum(mask, _soft(eroded))


def _soft(values: Tensor) -> Tensor:
    """Over 5 × 5 pixels with the weights 1 4 6 4 1."""
    kernel = values.new_tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    channels = values.shape[1]
    padded = F.pad(values, (2, 2, 2, 2), mode="replicate")
    down = F.conv2d(padded, kernel.view(1, 1, 5, 1).expand(channels, 1, 5, 1), groups=channels)
    return F.conv2d(down, kernel.view(1, 1, 1, 5).expand(channels, 1, 1, 5), groups=channels)
