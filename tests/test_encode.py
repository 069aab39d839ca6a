"""A finished picture is made to fit an upload limit, and what was done is said."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from bot.jobs.encode import Fitting, Made, encode_to_fit, limits_to_try
from tests.fake_pictures import encoded, quarters, srgb_profile

KIB = 1024
PROFILE = srgb_profile()  # it holds the second in which it was made


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
    assert (fitted.data, fitted.suffix, fitted.fitting) == (path.read_bytes(), ".png", None)


def test_the_suffix_is_that_of_the_content() -> None:
    assert encode_to_fit(encoded(quarters(), "JPEG"), 100 * KIB).suffix == ".jpg"


def test_lossless_webp_is_tried_first_and_keeps_every_pixel(gradient: Image.Image) -> None:
    png = encoded(gradient, "PNG")
    limit = len(png) - 1
    fitted = encode_to_fit(png, limit)
    assert fitted.suffix == ".webp"
    assert fitted.fitting == Fitting(made=Made.LOSSLESS_WEBP, original="PNG", size=(400, 400), limit_bytes=limit)
    assert Image.open(io.BytesIO(fitted.data)).convert("RGB").tobytes() == gradient.tobytes()


def test_then_jpeg_of_falling_quality(noise: Image.Image) -> None:
    png = encoded(noise, "PNG")
    sizes = []
    for limit in (300 * KIB, 120 * KIB):
        fitted = encode_to_fit(png, limit)
        assert fitted.suffix == ".jpg"
        assert fitted.fitting == Fitting(made=Made.JPEG, original="PNG", size=(400, 400), limit_bytes=limit)
        assert Image.open(io.BytesIO(fitted.data)).size == (400, 400)
        sizes.append(len(fitted.data))
    assert sizes[1] < sizes[0] <= 300 * KIB


def test_a_limit_that_was_refused_all_the_same_is_halved_until_it_is_small() -> None:
    assert list(limits_to_try(2 * 2**20)) == [2 * 2**20, 2**20, 512 * KIB]
    assert list(limits_to_try(100)) == [100]


def test_at_last_the_picture_is_made_smaller_and_its_size_is_said(noise: Image.Image) -> None:
    fitted = encode_to_fit(encoded(noise, "PNG"), 20 * KIB)
    width, height = Image.open(io.BytesIO(fitted.data)).size
    assert width < 400
    assert fitted.fitting is not None
    assert (fitted.fitting.made, fitted.fitting.size) == (Made.SMALLER_JPEG, (width, height))
    assert len(fitted.data) <= 20 * KIB


def test_the_colour_profile_is_kept(noise: Image.Image) -> None:
    fitted = encode_to_fit(encoded(noise, "PNG", icc_profile=PROFILE), 300 * KIB)
    assert Image.open(io.BytesIO(fitted.data)).info["icc_profile"] == PROFILE


def test_a_limit_that_nothing_fits_is_an_error(noise: Image.Image) -> None:
    with pytest.raises(ValueError, match="no picture fits into 10 bytes"):
        encode_to_fit(encoded(noise, "PNG"), 10)


def film(size: int, frames: int, **options: object) -> bytes:
    """An animated WebP of noise, whose frames are shown for 40, 50, … ms."""
    noise = [random.Random(number).randbytes(3 * size * size) for number in range(frames)]
    first, *others = (Image.frombytes("RGB", (size, size), each) for each in noise)
    durations = [40 + 10 * number for number in range(frames)]
    settings = {"quality": 90, "method": 0, "loop": 2, "icc_profile": PROFILE} | options
    return encoded(first, "WEBP", save_all=True, append_images=others, duration=durations, **settings)


def shown(data: bytes) -> tuple[tuple[int, int], list[int], int]:
    """Size, the duration of each frame in ms, and how often it plays."""
    with Image.open(io.BytesIO(data)) as animation:
        durations = []
        for number in range(animation.n_frames):  # type: ignore[attr-defined]  # a WebP has it
            animation.seek(number)
            animation.load()
            durations.append(animation.info["duration"])
        return animation.size, durations, animation.info["loop"]


def test_an_animation_that_fits_is_passed_on_untouched() -> None:
    data = film(32, 3)
    fitted = encode_to_fit(data, len(data))
    assert (fitted.data, fitted.suffix, fitted.fitting) == (data, ".webp", None)


def test_a_large_animation_first_loses_detail_and_goes_on_moving() -> None:
    data = film(64, 4)
    fitted = encode_to_fit(data, len(data) - 1)
    assert (fitted.suffix, shown(fitted.data)) == (".webp", ((64, 64), [40, 50, 60, 70], 2))
    limit = len(data) - 1
    assert fitted.fitting == Fitting(made=Made.LESS_DETAIL, original="WebP", size=(64, 64), limit_bytes=limit)
    assert Image.open(io.BytesIO(fitted.data)).info["icc_profile"] == PROFILE


def test_then_it_is_made_smaller_and_its_size_is_said() -> None:
    data = film(128, 4)
    fitted = encode_to_fit(data, len(data) // 5)
    size, durations, loop = shown(fitted.data)
    assert size[0] < 128
    assert (durations, loop) == ([40, 50, 60, 70], 2)
    assert len(data) // 10 < len(fitted.data) <= len(data) // 5, "not much smaller than it must be"
    assert fitted.fitting is not None
    assert (fitted.fitting.made, fitted.fitting.size) == (Made.SMALLER_ANIMATION, size)


def test_an_animation_that_nothing_fits_is_an_error() -> None:
    with pytest.raises(ValueError, match="no animation of 2 frames fits into 10 bytes"):
        encode_to_fit(film(64, 2), 10)


def test_lossless_webp_is_not_tried_where_it_cannot_fit(gradient: Image.Image) -> None:
    png = encoded(gradient, "PNG", compress_level=0)
    assert encode_to_fit(png, len(png) // 3).suffix == ".jpg"
