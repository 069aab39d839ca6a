"""Where every part of a frame was in the frame before: Lucas and Kanade's method (IJCAI 1981) from coarse to fine.

A flow is (1, 2, H, W): the x and y, in pixels, to go from a place in the later frame to its place in the earlier one.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from nst_engine.contract.plan import fit
from nst_engine.pixels import resample

_FINEST_PX = 1024
"""Longer side at which motion is looked for; a larger picture's is found on a smaller copy."""
_COARSEST_PX = 8
_TURNS = 3
_WINDOW_PX = 7
_DAMPING = 1e-4
"""Added to squared gradients, so that where there is nothing to hold on to the flow stays that of the coarser level."""
_REST_BONUS = 0.004
"""How much worse than the motion found, in [0, 1] a channel, no motion may be and still be preferred."""


def flow_between(earlier: Tensor, later: Tensor) -> Tensor:
    """The flow from `later` to `earlier`, both (1, 3, H, W) in [0, 1]; exactly zero where nothing moves."""
    size = fit((later.shape[-1], later.shape[-2]), min(_FINEST_PX, max(later.shape[-2:])))
    levels = [(resample(earlier, size), resample(later, size))]
    while min(levels[-1][0].shape[-2:]) >= 2 * _COARSEST_PX:
        levels.append((_half(levels[-1][0]), _half(levels[-1][1])))
    flow = torch.zeros_like(levels[-1][0][:, :2])
    for smaller_earlier, smaller_later in reversed(levels):
        flow = _refine(smaller_earlier, smaller_later, _grown(flow, smaller_later))
    return _stretched(flow, later)


def warp(picture: Tensor, flow: Tensor) -> Tensor:
    """`picture` (1, C, H, W) with everything moved to where the later frame has it; bicubic, within its range."""
    height, width = picture.shape[-2:]
    x, y = _places(flow)
    grid = torch.stack(((x + 0.5) * 2.0 / width - 1.0, (y + 0.5) * 2.0 / height - 1.0), dim=-1)[None]
    return F.grid_sample(picture, grid, mode="bicubic", padding_mode="border", align_corners=False).clamp(0.0, 1.0)


def comes_from_within(flow: Tensor) -> Tensor:
    """(1, 1, H, W): 1 where the flow points into the earlier frame, 0 where beyond its border."""
    height, width = flow.shape[-2:]
    x, y = _places(flow)
    within = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return within.to(flow.dtype)[None, None]


def _places(flow: Tensor) -> tuple[Tensor, Tensor]:
    """(H, W) each: the x and y where the flow points to."""
    height, width = flow.shape[-2:]
    y = torch.arange(height, dtype=flow.dtype, device=flow.device)[:, None] + flow[0, 1]
    x = torch.arange(width, dtype=flow.dtype, device=flow.device)[None, :] + flow[0, 0]
    return x, y


def _refine(earlier: Tensor, later: Tensor, flow: Tensor) -> Tensor:
    for _ in range(_TURNS):
        flow = _median(flow + _correction(warp(earlier, flow), later))
    at_rest = _mean_near((earlier - later).abs()) <= _mean_near((warp(earlier, flow) - later).abs()) + _REST_BONUS
    return torch.where(at_rest, 0.0, flow)


def _correction(warped: Tensor, later: Tensor) -> Tensor:
    """(1, 2, H, W), at most a pixel: the least squares solution of ∇I · v = later − warped over a window."""
    gx, gy = _gradients(0.5 * (warped + later))
    wrong = later - warped
    xx, yy, xy = _mean_near(gx * gx) + _DAMPING, _mean_near(gy * gy) + _DAMPING, _mean_near(gx * gy)
    x, y = _mean_near(gx * wrong), _mean_near(gy * wrong)
    determinant = xx * yy - xy * xy
    found = torch.cat([yy * x - xy * y, xx * y - xy * x], dim=1) / determinant
    return found.clamp(-1.0, 1.0)


def _gradients(picture: Tensor) -> tuple[Tensor, Tensor]:
    padded = F.pad(picture, (1, 1, 1, 1), mode="replicate")
    across = padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
    down = padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]
    return 0.5 * across, 0.5 * down


def _mean_near(values: Tensor) -> Tensor:
    """(1, C, H, W) -> (1, 1, H, W): over the channels and a window that is soft at its border."""
    near = values.mean(1, keepdim=True)
    for window in (_WINDOW_PX, 3):
        margin = window // 2
        near = F.avg_pool2d(F.pad(near, (margin,) * 4, mode="replicate"), window, stride=1)
    return near


def _half(picture: Tensor) -> Tensor:
    return F.avg_pool2d(picture, 2, ceil_mode=True, count_include_pad=False)


def _grown(flow: Tensor, like: Tensor) -> Tensor:
    """A coarser level's flow for the next finer one."""
    if flow.shape[-2:] == like.shape[-2:]:
        return flow
    grown = F.interpolate(flow, scale_factor=2.0, mode="bilinear", align_corners=False)
    return 2.0 * grown[..., : like.shape[-2], : like.shape[-1]]


def _stretched(flow: Tensor, like: Tensor) -> Tensor:
    """The flow of a smaller copy for the whole picture."""
    height, width = like.shape[-2:]
    if flow.shape[-2:] == like.shape[-2:]:
        return flow
    ratio = flow.new_tensor([width / flow.shape[-1], height / flow.shape[-2]]).view(1, 2, 1, 1)
    return ratio * F.interpolate(flow, size=(height, width), mode="bilinear", align_corners=False)


def _median(flow: Tensor) -> Tensor:
    """Over 3 × 3 pixels: what went astray is outvoted."""
    height, width = flow.shape[-2:]
    near = F.unfold(F.pad(flow, (1, 1, 1, 1), mode="replicate"), 3).view(1, 2, 9, height, width)
    return near.median(2).values
