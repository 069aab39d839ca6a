"""A finished picture is made to fit an upload limit, and what was done is said."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from bot.jobs.encode import encode_to_fit
from tests.fake_pictures import encoded, quarters, srgb_profile

KIB = 1024


@pytest.fixture(scope="module")
def noise() -> Image.Image:
    """Three bytes a pixel as a PNG, whatever the compressor tries."""
    return Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(400 * 400 * 3))


@pytest.fixture(scope="module")
def gradient() -> Image.Image:
    """Much smaller as a lossless WebP than as a PNG."""
    return Image.linear_gradient("L").resize((400, 400)).convert("RGB")


def test_a_picture_that_fits_is_passed_on_untouched(tmp_path: Path) -> None:
    path = tmp_path / "result.png"
    path.write_bytes(encoded(quarters(), "PNG"))
    fitted = encode_to_fit(path, 10 * KIB)
    assert (fitted.data, fitted.suffix, fitted.note) == (path.read_bytes(), ".png", None)


def test_the_suffix_is_that_of_the_content() -> None:
    assert encode_to_fit(encoded(quarters(), "JPEG"), 100 * KIB).suffix == ".jpg"


def test_lossless_webp_is_tried_first_and_keeps_every_pixel(gradient: Image.Image) -> None:
    png = encoded(gradient, "PNG")
    fitted = encode_to_fit(png, len(png) - 1)
    assert fitted.suffix == ".webp"
    assert fitted.note == f"as lossless WebP, because the PNG is larger than this server allows ({len(png) // KIB} KiB)"
    assert Image.open(io.BytesIO(fitted.data)).convert("RGB").tobytes() == gradient.tobytes()


def test_then_jpeg_of_falling_quality(noise: Image.Image) -> None:
    png = encoded(noise, "PNG")
    sizes = []
    for limit in (300 * KIB, 120 * KIB):
        fitted = encode_to_fit(png, limit)
        assert fitted.suffix == ".jpg"
        assert fitted.note == f"as JPEG, because the PNG is larger than this server allows ({limit // KIB} KiB)"
        assert Image.open(io.BytesIO(fitted.data)).size == (400, 400)
        sizes.append(len(fitted.data))
    assert sizes[1] < sizes[0] <= 300 * KIB


def test_a_limit_of_mebibytes_is_said_in_mebibytes() -> None:
    picture = Image.frombytes("RGB", (600, 600), random.Random(1).randbytes(600 * 600 * 3))
    note = encode_to_fit(encoded(picture, "PNG"), 2**20).note
    assert note == "as JPEG, because the PNG is larger than this server allows (1 MiB)"


def test_at_last_the_picture_is_made_smaller_and_its_size_is_said(noise: Image.Image) -> None:
    fitted = encode_to_fit(encoded(noise, "PNG"), 20 * KIB)
    width, height = Image.open(io.BytesIO(fitted.data)).size
    assert width < 400
    assert fitted.note is not None
    assert fitted.note.startswith(f"as JPEG and smaller ({width}×{height} pixels), because")
    assert len(fitted.data) <= 20 * KIB


def test_the_colour_profile_is_kept(noise: Image.Image) -> None:
    fitted = encode_to_fit(encoded(noise, "PNG", icc_profile=srgb_profile()), 300 * KIB)
    assert Image.open(io.BytesIO(fitted.data)).info["icc_profile"] == srgb_profile()


def test_a_limit_that_nothing_fits_is_an_error(noise: Image.Image) -> None:
    with pytest.raises(ValueError, match="no picture fits into 10 bytes"):
        encode_to_fit(encoded(noise, "PNG"), 10)
