"""Small pictures made in a process of their own, and the bot's side of it."""

import asyncio
import io
import json
import random
import subprocess
import sys

import pytest
from PIL import Image

from bot.jobs.errors import CheckUnavailable
from bot.jobs.thumbnails import ChildThumbnails, jpeg
from nst_engine.errors import BadPicture
from nst_engine.picture_check import EXIT_BAD_PICTURE, EXIT_READABLE, Part
from nst_engine.thumbnail import thumbnail
from tests.fake_pictures import encoded, png_of_claimed_size, quarters, turned


def small(data: bytes, side_px: int = 320) -> Image.Image:
    status, made = thumbnail(Part.STYLE, side_px, io.BytesIO(data))
    assert status == EXIT_READABLE
    return Image.open(io.BytesIO(made))


def test_the_longer_side_is_as_asked_for_and_the_shape_is_kept() -> None:
    made = small(encoded(Image.effect_noise((900, 600), 90).convert("RGB"), "PNG"), 300)
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (300, 200))


def test_a_small_picture_is_not_made_larger() -> None:
    assert small(encoded(quarters(64, 48), "WEBP")).size == (64, 48)


def test_what_is_transparent_becomes_white() -> None:
    made = small(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))
    assert made.getpixel((30, 30)) == (255, 255, 255)


def test_it_stands_upright() -> None:
    assert small(turned("JPEG", 6)).size == (64, 48)


def test_nothing_of_the_file_but_its_pixels_is_passed_on() -> None:
    secret = b"51 degrees north"
    exif = Image.Exif()
    exif[0x010E] = secret.decode()
    data = encoded(quarters(64, 48), "JPEG", exif=exif.tobytes(), comment=secret) + secret
    assert secret in data
    assert secret not in thumbnail(Part.CONTENT, 320, io.BytesIO(data))[1]


def test_a_bad_picture_is_explained_under_its_name() -> None:
    status, said = thumbnail(Part.STYLE, 320, io.BytesIO(png_of_claimed_size(20000, 20000)))
    assert status == EXIT_BAD_PICTURE
    answer = json.loads(said)
    assert answer["message"] == "The style picture has 400 million pixels; at most 89 million can be read."
    assert answer["sentence"].format(**answer["values"]) == answer["message"]


@pytest.mark.parametrize("side", ["8", "4000", "wide"])
def test_the_program_refuses_other_sizes(side: str) -> None:
    program = [sys.executable, "-m", "nst_engine", "thumbnail", "--side", side]
    done = subprocess.run(program, input=b"", capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert b"take a whole number from 16 to 2048" in done.stderr


def test_starting_it_imports_nothing_heavy() -> None:
    code = "import sys, nst_engine.thumbnail; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert not {"torch", "torchvision", "numpy", "discord", "sqlalchemy"} & set(done.stdout.decode().split())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its address space")
def test_a_picture_that_needs_too_much_memory_is_refused_and_not_fatal() -> None:
    code = (
        "from nst_engine import picture_check, thumbnail; picture_check.MEMORY_LIMIT_BYTES = 2**28\n"
        "raise SystemExit(thumbnail.run_thumbnail(picture_check.Part.CONTENT, 320))"
    )
    data = png_of_claimed_size(9000, 9000)
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=False, timeout=60)
    assert done.returncode == EXIT_BAD_PICTURE
    assert json.loads(done.stdout)["message"] == "The content picture needs more memory to read than there is."


async def test_the_bot_gets_the_small_picture_of_a_child() -> None:
    data = encoded(Image.effect_noise((900, 600), 90).convert("RGB"), "PNG")
    made, smaller = await asyncio.gather(ChildThumbnails()(data), ChildThumbnails()(data, side_px=16, role="style"))
    assert Image.open(io.BytesIO(made)).size == (400, 267)
    assert Image.open(io.BytesIO(smaller)).size == (16, 11)


async def test_the_bot_is_told_why_there_is_none() -> None:
    with pytest.raises(BadPicture, match=r"^The style picture cannot be read"):
        await ChildThumbnails()(random.Random(2).randbytes(999), role="style")


def test_what_is_no_picture_is_not_taken_for_one() -> None:
    with pytest.raises(CheckUnavailable):
        jpeg(b"<html>")
