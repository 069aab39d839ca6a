"""Before and after in one picture."""

import io

from PIL import Image

from bot.jobs.side_by_side import LARGEST_SIDE_PX, longer_side, side_by_side
from tests.fake_engine import picture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_both_have_one_height_and_a_thin_gap_between_them() -> None:
    both = opened(side_by_side(picture("red", (100, 50), "JPEG"), picture("blue", (400, 300))))
    assert both.size == (600 + 6 + 400, 300)
    pixels: list[tuple[int, int, int]] = [both.getpixel((x, 150)) for x in (300, 602, 800)]  # type: ignore[misc]  # it is RGB
    assert [max(range(3), key=pixel.__getitem__) for pixel in (pixels[0], pixels[2])] == [0, 2]
    assert min(pixels[1]) > 240


def test_large_pictures_are_shown_smaller() -> None:
    large = picture("blue", (3000, 1500))
    assert longer_side(large) == LARGEST_SIDE_PX
    assert longer_side(picture("blue", (64, 48))) == 64
    both = opened(side_by_side(picture("red", (640, 320), "JPEG"), large))
    assert both.height == LARGEST_SIDE_PX // 2
