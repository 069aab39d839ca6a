"""What comes out of a picture file that is read as a mask."""

from pathlib import Path

import pytest
from PIL import Image

from nst_engine.errors import BadPicture
from nst_engine.images import decode_mask, read_mask
from tests.fake_pictures import encoded, turned


def mask_of(data: bytes) -> Image.Image:
    return decode_mask(data, name="mask").picture


def test_white_black_and_grey_are_kept_as_they_are() -> None:
    ramp = Image.linear_gradient("L")
    assert mask_of(encoded(ramp, "PNG")).tobytes() == ramp.tobytes()
    assert mask_of(encoded(ramp.convert("RGB"), "PNG")).tobytes() == ramp.tobytes()


def test_of_colours_the_luminance_counts() -> None:
    assert mask_of(encoded(Image.new("RGB", (4, 4), (255, 0, 0)), "PNG")).getpixel((0, 0)) == 76


def test_one_bit_and_sixteen_bits_are_read() -> None:
    assert mask_of(encoded(Image.new("1", (4, 4), 1), "PNG")).getpixel((0, 0)) == 255
    assert mask_of(encoded(Image.new("I;16", (4, 4), 0x8080), "PNG")).getpixel((0, 0)) == 128


def test_what_is_transparent_is_black() -> None:
    picture = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    picture.paste((255, 255, 255, 255), (4, 0, 8, 8))
    picture.putpixel((0, 0), (255, 255, 255, 128))
    mask = mask_of(encoded(picture, "PNG"))
    assert [mask.getpixel(spot) for spot in ((1, 1), (5, 5), (0, 0))] == [0, 255, 128]


def test_it_may_be_as_small_as_one_pixel_and_is_put_upright(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    Image.new("1", (1, 1), 1).save(path)
    assert read_mask(path, name="mask").size == (1, 1)
    assert mask_of(turned("PNG", 6)).size == (64, 48)


def test_a_mask_that_is_black_or_transparent_all_over_is_refused() -> None:
    for nothing in (Image.new("L", (9, 9)), Image.new("RGBA", (9, 9), (255, 255, 255, 0))):
        with pytest.raises(BadPicture, match=r"^The mask picture is black all over; white is where"):
            mask_of(encoded(nothing, "PNG"))


def test_what_is_no_picture_is_refused_as_any_picture_is(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"^The second mask picture cannot be read: it is damaged, or not a JPEG,"):
        decode_mask(b"hello", name="second mask")
    with pytest.raises(BadPicture, match=r"^The mask picture cannot be read: there is no file"):
        read_mask(tmp_path / "none.png", name="mask")
