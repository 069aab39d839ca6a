"""Files that are no usable picture: each ends as BadPicture with one sentence, whatever the bytes are."""

import os
import random
import struct
from pathlib import Path

import pytest
from PIL import Image

from nst_engine.errors import BadPicture
from nst_engine.images import decode_picture, read_picture
from nst_engine.images.decode import MAX_FILE_BYTES
from tests.fake_pictures import encoded, png_of_claimed_size, quarters, turned

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")


def refusal(data: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        decode_picture(data, name="content")
    return str(caught.value)


def test_an_empty_file() -> None:
    assert refusal(b"") == "The content picture is an empty file."


@pytest.mark.parametrize(
    "data", [b"hello", b"\0" * 5000, random.Random(1).randbytes(5000), b"<svg></svg>", b"%PDF-1.4"]
)
def test_a_file_that_is_no_picture(data: bytes) -> None:
    assert refusal(data) == (
        "The content picture cannot be read: it is damaged, or not a JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC file."
    )


@pytest.mark.parametrize("file_format", ["ICO", "PPM", "TGA", "JPEG2000", "PCX"])
def test_formats_that_are_not_listed_are_not_opened(file_format: str) -> None:
    assert "or not a JPEG, PNG," in refusal(encoded(quarters(), file_format))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_truncated_file(file_format: str) -> None:
    data = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), file_format)
    assert "damaged" in refusal(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (4000, 10)])
def test_a_picture_too_small_for_the_network(size: tuple[int, int]) -> None:
    expected = f"The content picture is {size[0]}×{size[1]} pixels; at least 16×16 is needed."
    assert refusal(encoded(Image.new("RGB", size), "PNG")) == expected


def test_a_picture_of_our_own_may_be_as_small_as_it_is() -> None:
    data = encoded(Image.new("RGB", (64, 1)), "PNG")
    assert decode_picture(data, name="result", min_side_px=1).picture.size == (64, 1)


def test_a_header_that_claims_400_million_pixels() -> None:
    expected = "The content picture has 400 million pixels; at most 89 million can be read."
    assert refusal(png_of_claimed_size(20000, 20000)) == expected


def test_a_header_that_claims_more_than_the_pixel_limit_but_less_than_twice() -> None:
    expected = "The content picture has 100 million pixels; at most 89 million can be read."
    assert refusal(png_of_claimed_size(10000, 10000)) == expected


def test_a_tiff_of_impossible_size() -> None:
    entries = [(256, 4, 1 << 30), (257, 4, 1 << 30), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 8)]
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    assert refusal(b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + directory + bytes(4))


def test_grey_levels_that_are_not_numbers() -> None:
    assert "damaged" in refusal(encoded(Image.new("F", (32, 32), float("nan")), "TIFF"))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.bmp"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # sparse: takes no room
    with pytest.raises(BadPicture, match=r"The style picture's file is larger than 100 MiB, the most that is read\."):
        read_picture(path, name="style")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"The style picture cannot be read: there is no file .*gone\.png\."):
        read_picture(tmp_path / "gone.png", name="style")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"is a folder\."):
        read_picture(tmp_path, name="content")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(BadPicture, match=r"pipe\.png is not an ordinary file\."):
        read_picture(tmp_path / "pipe.png", name="style")


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadPicture, match="Not a directory"):
        read_picture(tmp_path / "file" / "x.png", name="content")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.touch(mode=0)
    with pytest.raises(BadPicture, match="Permission denied"):
        read_picture(path, name="content")


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(BadPicture, match="is not the name of a file"):
        read_picture(Path("a\0b.png"), name="content")


@pytest.mark.parametrize("file_format", FORMATS)
def test_whatever_is_changed_in_a_file_only_bad_picture_escapes(file_format: str) -> None:
    chance = random.Random(file_format)
    extras = {"save_all": True, "append_images": [quarters()]} if file_format in {"GIF", "PNG"} else {}
    originals = [encoded(quarters(), file_format, **extras)]
    if file_format not in {"GIF", "BMP"}:
        originals.append(turned(file_format, 6))
    for _ in range(80):
        try:
            picture = decode_picture(_mutated(chance.choice(originals), chance), name="content").picture
        except BadPicture as error:
            assert str(error).startswith("The content picture")  # either outcome is right
        else:
            assert picture.mode == "RGB"


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, doubled, dropped, or cut off; most changes are near the start."""
    mutable = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = int(len(mutable) * chance.random() ** 3)
        match chance.randrange(5):
            case 0:
                mutable[place : place + 1] = bytes((chance.randrange(256),))
            case 1:
                mutable[place : place + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
            case 2:
                mutable[place:place] = mutable[place : place + chance.randrange(64)]
            case 3:
                del mutable[place : place + chance.randrange(1, 16)]
            case _:
                del mutable[len(mutable) - chance.randrange(len(mutable) // 2 + 1) :]
    return bytes(mutable)
