"""What becomes of a screenshot: put side by side, and written small without a difference that the eye could see."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

MOST_BYTES = 400 * 1024
COLOURS = 256
PLAIN_COLOURS = 48
"""So many keep their exact value, so that areas stay plain and only pictures are dithered."""
MARGIN_PX, GAP_PX = 32, 8
SCALES = (1.0, 0.85, 0.75, 0.65, 0.5, 0.4)
BETWEEN = (30, 31, 34)
"""Discord's own colour of what is behind everything."""


def framed(shot: Image.Image) -> Image.Image:
    """With a little more of what is around it."""
    wide = Image.new("RGB", (shot.width + 2 * MARGIN_PX, shot.height + 2 * MARGIN_PX), shot.getpixel((0, 0)))
    wide.paste(shot, (MARGIN_PX, MARGIN_PX))
    return wide


def side_by_side(shots: Sequence[Image.Image]) -> Image.Image:
    """Next to each other, the tops in line."""
    width = sum(shot.width for shot in shots) + GAP_PX * (len(shots) - 1)
    canvas = Image.new("RGB", (width, max(shot.height for shot in shots)), BETWEEN)
    left = 0
    for shot in shots:
        canvas.paste(shot, (left, 0))
        left += shot.width + GAP_PX
    return canvas


def small_png(shot: Image.Image) -> bytes:
    """A PNG with a palette, as large as there is room for; made smaller without colours that were not there."""
    for scale in SCALES:
        size = (round(shot.width * scale), round(shot.height * scale))
        data = _encoded(shot if scale == 1 else shot.resize(size, Image.Resampling.HAMMING))
        if len(data) <= MOST_BYTES:
            break
    return data


def _encoded(shot: Image.Image) -> bytes:
    buffer = io.BytesIO()
    _with_palette(shot).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _with_palette(shot: Image.Image) -> Image.Image:
    exact = _plain_colours(shot)
    values = [value for colour in exact for value in colour]
    values += shot.quantize(COLOURS - len(exact), method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(values[: 3 * COLOURS])
    return shot.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def _plain_colours(shot: Image.Image) -> list[tuple[int, ...]]:
    """Of areas, not of photographs and the edges of letters: those of pixels with equals on the right and below."""
    pixels = np.asarray(shot)
    corner = pixels[:-1, :-1]
    is_plain = (corner == pixels[1:, :-1]).all(axis=2) & (corner == pixels[:-1, 1:]).all(axis=2)
    colours, counts = np.unique(corner[is_plain], axis=0, return_counts=True)
    commonest = np.argsort(-counts, kind="stable")[:PLAIN_COLOURS]
    return [tuple(int(value) for value in colour) for colour in colours[commonest]]
