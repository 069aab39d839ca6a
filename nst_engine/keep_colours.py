"""A result in the content's own colours: Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer".

Pictures are tensors (B, 3, H, W), RGB in [0, 1]; where colours are counted, B is 1. Pure functions that know nothing of
how a picture is painted.
"""

import torch
from torch import Tensor

from nst_engine.start import match_colours

_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114
"""The first row of the matrix from RGB to YIQ. A change of all three channels by the same amount is one of Y alone."""
_LEAST_DEVIATION = 0.01
"""Of a style's luminance, two or three levels of 255: what varies less is noise, and would only be made coarse."""


def luminance_of(picture: Tensor) -> Tensor:
    """The picture in grey, every channel the Y of YIQ."""
    return _luminance(picture).repeat(1, 3, 1, 1)


def match_luminance(style: Tensor, content: Tensor) -> Tensor:
    """A grey style with the mean and variance of a grey content's luminance: σ_c/σ_s (L_s − μ_s) + μ_c."""
    variance, mean = torch.var_mean(style, correction=0)
    wanted_variance, wanted_mean = torch.var_mean(content, correction=0)
    factor = wanted_variance.sqrt() / variance.sqrt().clamp(min=_LEAST_DEVIATION)
    return (wanted_mean + factor * (style - mean)).clamp(0.0, 1.0)


def with_luminance_of(content: Tensor, result: Tensor) -> Tensor:
    """The content's I and Q with the Y of the result; where that colour does not exist, the nearest paler one.

    Unlike the paper, which lets each channel be cut off for itself: that would turn the hue and change the luminance.
    """
    grey = _luminance(result)
    chroma = content - _luminance(content)
    room = torch.where(chroma > 0.0, 1.0 - grey, grey)
    share = (room / chroma.abs().clamp(min=1e-6)).amin(1, keepdim=True).clamp(0.0, 1.0)
    return (grey + share * chroma).clamp(0.0, 1.0)


def transfer_colours(style: Tensor, content: Tensor) -> Tensor:
    """The style with the mean and covariance of the content's colours.

    Of the linear maps that do this ours moves the colours least; the paper has two others, by Cholesky factors and by
    the square roots of both covariances.
    """
    return match_colours(style, [content])


def _luminance(picture: Tensor) -> Tensor:
    """(B, 3, H, W) -> (B, 1, H, W)"""
    weights = picture.new_tensor((_RED, _GREEN, _BLUE)).view(1, 3, 1, 1)
    return (picture * weights).sum(1, keepdim=True)
