"""From RGB frames to frames of 255 colours for a GIF, so that what stands still in the one stands still in the other.

One palette for all frames, and a dither that depends on a pixel's place and colour alone: error diffusion would carry a
change in one corner over the whole picture, and it would boil.
"""

from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops

COLOURS = 255
"""One of a GIF's 256 is left for "as in the frame before"."""
_SAMPLES = 16
_SAMPLE_SIDE_PX = 128
_PATTERN_SIDE_PX = 128
_DITHER_LEVELS = 20
"""From the lowest to the highest value that the dither adds: about what lies between two colours of a palette."""


def with_few_colours(frames: Sequence[Image.Image]) -> Iterator[Image.Image]:
    """Each RGB frame in mode "P", all with one palette."""
    palette = _palette(frames)
    pattern = _pattern(frames[0].size)
    for frame in frames:
        dithered = ImageChops.add(frame, pattern, offset=-128)
        yield dithered.quantize(palette=palette, dither=Image.Dither.NONE)


def _palette(frames: Sequence[Image.Image]) -> Image.Image:
    """From up to `_SAMPLES` frames, evenly chosen, pixels picked and not averaged, so that rare colours stay pure."""
    count = min(len(frames), _SAMPLES)
    mosaic = Image.new("RGB", (_SAMPLE_SIDE_PX, _SAMPLE_SIDE_PX * count))
    for place in range(count):
        frame = frames[place * len(frames) // count]
        sample = frame.resize((_SAMPLE_SIDE_PX, _SAMPLE_SIDE_PX), Image.Resampling.NEAREST)
        mosaic.paste(sample, (0, _SAMPLE_SIDE_PX * place))
    return mosaic.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1)


def _pattern(size: tuple[int, int]) -> Image.Image:
    """Around 128: interleaved gradient noise (Jimenez, SIGGRAPH 2014), for each channel from another place.

    The same value in all channels would be a change of brightness, which the eye sees sooner than one of hue.
    """
    side = _PATTERN_SIDE_PX
    channels = []
    for shift in (0, 41, 83):
        levels = (_noise(x + shift, y + 2 * shift) for y in range(side) for x in range(side))
        tile = Image.frombytes(
            "L", (side, side), bytes(round(128 + _DITHER_LEVELS * (level - 0.5)) for level in levels)
        )
        channel = Image.new("L", size)
        for top in range(0, size[1], side):
            for left in range(0, size[0], side):
                channel.paste(tile, (left, top))
        channels.append(channel)
    return Image.merge("RGB", channels)


def _noise(x: int, y: int) -> float:
    return (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0)) % 1.0
