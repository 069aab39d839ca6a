"""Before and after as one picture. Knows Pillow, not Discord; decodes nothing but what this program wrote itself.

Takes a second for a large picture: call it in a thread.
"""

import io

from PIL import Image

LARGEST_SIDE_PX = 1280
"""Of each half; beside each other they are looked at on a screen, not kept."""
_OURS = ("PNG", "JPEG", "WEBP")
_GAP_SHARE = 0.02
_LEAST_GAP_PX = 4
_GAP_COLOUR = (255, 255, 255)


def side_by_side(before: bytes, after: bytes) -> bytes:
    """A JPEG of both at one height with a thin gap between them; of what moves, the first frame."""
    right = _opened(after)
    height = round(right.height * min(1.0, LARGEST_SIDE_PX / max(right.size)))
    halves = [_of_height(half, height) for half in (_opened(before), right)]
    gap = max(_LEAST_GAP_PX, round(height * _GAP_SHARE))
    whole = Image.new("RGB", (halves[0].width + gap + halves[1].width, height), _GAP_COLOUR)
    whole.paste(halves[0], (0, 0))
    whole.paste(halves[1], (halves[0].width + gap, 0))
    buffer = io.BytesIO()
    whole.save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()


def longer_side(picture: bytes) -> int:
    """Of a picture that this program wrote, but no more than is shown of it."""
    with Image.open(io.BytesIO(picture), formats=_OURS) as opened:
        return min(LARGEST_SIDE_PX, max(opened.size))


def _opened(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture), formats=_OURS) as opened:
        return opened.convert("RGB")


def _of_height(picture: Image.Image, height: int) -> Image.Image:
    width = max(1, round(picture.width * height / picture.height))
    return picture.resize((width, height), Image.Resampling.LANCZOS)
