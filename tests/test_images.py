"""What comes out of every kind of picture file, and what a written file is like."""

import io
import math
import random
import resource
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from nst_engine.contract.events import MAX_PREVIEW_BYTES
from nst_engine.errors import BadInput, EngineError
from nst_engine.images import decode_picture, encode_preview, read_picture, write_picture
from nst_engine.images.decode import MAX_DECODED_SIDE_PX
from tests.fake_pictures import (
    CORNERS,
    corners_of,
    encoded,
    is_near,
    linear_grey_profile,
    quarters,
    red_cyan_profile,
    rgb16_png,
    srgb_profile,
    swapped_primaries_profile,
    turned,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
CALLED = {"WEBP": "WebP", "HEIF": "HEIC"}


def colour_of(data: bytes) -> tuple[int, ...]:
    """The one colour of a plain picture after reading."""
    picture = decode_picture(data, name="content").picture
    assert picture.mode == "RGB"
    return corners_of(picture)[0]


def assert_quarters(picture: Image.Image, tolerance: int = 12) -> None:
    assert picture.mode == "RGB"
    for found, expected in zip(corners_of(picture), CORNERS, strict=True):
        assert is_near(found, expected, tolerance), (corners_of(picture), CORNERS)


def grey(mode: str, level: float, **options: object) -> bytes:
    return encoded(Image.new(mode, (32, 32), level), "TIFF", **options)


class TestFormats:
    @pytest.mark.parametrize("file_format", FORMATS)
    def test_every_listed_format_is_read(self, file_format: str) -> None:
        decoded = decode_picture(encoded(quarters(), file_format), name="content")
        assert_quarters(decoded.picture, tolerance=25)
        assert (decoded.width, decoded.height) == decoded.picture.size == (64, 48)
        assert decoded.format == CALLED.get(file_format, file_format)

    @pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP", "AVIF"])
    def test_of_a_moving_picture_the_first_frame_is_taken(self, file_format: str) -> None:
        others = [Image.new("RGB", (64, 48), colour) for colour in ("black", "white")]
        data = encoded(quarters(), file_format, save_all=True, append_images=others, duration=100)
        assert getattr(Image.open(io.BytesIO(data)), "n_frames", 1) == 3
        assert_quarters(decode_picture(data, name="content").picture, tolerance=25)

    def test_a_wrong_extension_does_not_matter(self, tmp_path: Path) -> None:
        path = tmp_path / "holiday.jpg"
        path.write_bytes(encoded(quarters(), "PNG"))
        assert_quarters(read_picture(path, name="content"), tolerance=0)

    def test_a_jpeg_with_a_second_picture_in_it_is_called_a_jpeg(self) -> None:
        data = encoded(quarters(), "MPO", save_all=True, append_images=[quarters()])
        assert decode_picture(data, name="content").format == "JPEG"

    @pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_the_picture_is_put_upright(self, file_format: str, orientation: int) -> None:
        decoded = decode_picture(turned(file_format, orientation), name="content")
        assert (decoded.width, decoded.height) == decoded.picture.size == (64, 48)
        assert_quarters(decoded.picture, tolerance=25)

    def test_damaged_exif_turns_nothing(self) -> None:
        data = encoded(quarters(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7fnonsense")
        assert_quarters(decode_picture(data, name="content").picture)


class TestModes:
    def test_cmyk_without_a_profile(self) -> None:
        data = encoded(Image.new("CMYK", (32, 32), (255, 0, 0, 0)), "JPEG", quality=95)
        assert is_near(colour_of(data), (0, 255, 255))

    @pytest.mark.parametrize("level", [0, 0x4000, 0x8000, 65535])
    def test_sixteen_bit_grey_keeps_its_brightness(self, level: int) -> None:
        picture = Image.new("I;16", (32, 32), level)
        expected = round(level / 65535 * 255)
        assert colour_of(encoded(picture, "PNG")) == (expected,) * 3
        assert colour_of(encoded(picture, "TIFF")) == (expected,) * 3

    def test_sixteen_bit_colour_keeps_its_brightness(self) -> None:
        assert is_near(colour_of(rgb16_png(32, 32, 0x8080)), (128, 128, 128), tolerance=1)

    @pytest.mark.parametrize(
        ("mode", "level", "expected"),
        [("I", 200, 200), ("I", 0x8080, 128), ("F", 0.5, 128), ("F", 200.0, 200), ("F", 65535.0, 255)],
    )
    def test_levels_of_32_bits_count_against_the_smallest_usual_white(
        self, mode: str, level: float, expected: int
    ) -> None:
        assert colour_of(grey(mode, level)) == (expected,) * 3

    def test_levels_beyond_any_usual_white_are_stretched_to_fit(self) -> None:
        picture = Image.new("F", (32, 32), -1000.0)
        picture.paste(3000.0, (16, 0, 32, 32))
        found = corners_of(decode_picture(encoded(picture, "TIFF"), name="content").picture)
        assert found[:2] == ((0, 0, 0), (255, 255, 255))

    def test_one_bit_pictures_are_black_and_white(self) -> None:
        picture = Image.new("1", (32, 32), 0)
        picture.paste(1, (16, 0, 32, 32))
        for file_format in ("PNG", "TIFF", "BMP"):
            found = corners_of(decode_picture(encoded(picture, file_format), name="content").picture)
            assert found[:2] == ((0, 0, 0), (255, 255, 255))

    def test_transparency_becomes_white(self) -> None:
        clear = Image.new("RGBA", (32, 32), (200, 0, 0, 0))
        half = Image.new("RGBA", (32, 32), (200, 0, 0, 128))
        assert colour_of(encoded(clear, "PNG")) == (255, 255, 255)
        assert is_near(colour_of(encoded(half, "PNG")), (227, 127, 127), tolerance=1)
        assert colour_of(encoded(Image.new("LA", (32, 32), (0, 0)), "PNG")) == (255, 255, 255)

    def test_a_transparent_palette_entry_becomes_white(self) -> None:
        picture = quarters().quantize(4)
        clear = picture.getpixel((0, 0))
        for file_format in ("PNG", "GIF"):
            found = corners_of(decode_picture(encoded(picture, file_format, transparency=clear), name="x").picture)
            assert found[0] == (255, 255, 255)
            assert is_near(found[3], CORNERS[3])

    def test_a_palette_with_levels_of_transparency_is_blended_with_white(self) -> None:
        picture = Image.new("P", (32, 32), 1)
        picture.putpalette([0, 0, 0, 200, 0, 0])
        assert is_near(colour_of(encoded(picture, "PNG", transparency=bytes([255, 128]))), (227, 127, 127), 1)

    def test_lab_is_read_as_colour(self) -> None:
        assert is_near(colour_of(encoded(Image.new("LAB", (32, 32), (255, 128, 128)), "TIFF")), (255, 255, 255), 3)


class TestProfiles:
    @pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
    def test_an_embedded_profile_changes_the_colours_to_srgb(self, file_format: str) -> None:
        data = encoded(Image.new("RGB", (32, 32), (220, 30, 40)), file_format, icc_profile=swapped_primaries_profile())
        assert is_near(colour_of(data), (30, 220, 40), tolerance=30)

    def test_the_srgb_profile_changes_nothing(self) -> None:
        noise = Image.frombytes("RGB", (64, 64), random.Random(1).randbytes(64 * 64 * 3))
        read = decode_picture(encoded(noise, "PNG", icc_profile=srgb_profile()), name="content").picture
        assert read.tobytes() == noise.tobytes()

    def test_a_grey_profile_is_obeyed(self) -> None:
        data = encoded(Image.new("L", (32, 32), 128), "PNG", icc_profile=linear_grey_profile())
        assert is_near(colour_of(data), (188, 188, 188), tolerance=2)

    def test_a_cmyk_profile_is_obeyed(self) -> None:
        picture = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
        red, green, blue = colour_of(encoded(picture, "JPEG", quality=95, icc_profile=red_cyan_profile()))
        assert red > 180
        assert max(green, blue) < 80

    def test_transparency_and_profile_work_together(self) -> None:
        picture = Image.new("RGBA", (32, 32), (220, 30, 40, 255))
        picture.paste((0, 0, 0, 0), (16, 0, 32, 32))
        data = encoded(picture, "PNG", icc_profile=swapped_primaries_profile())
        found = corners_of(decode_picture(data, name="content").picture)
        assert is_near(found[0], (30, 220, 40), 3)
        assert found[1] == (255, 255, 255)

    @pytest.mark.parametrize("profile", [b"nonsense", srgb_profile()[:200], linear_grey_profile(), red_cyan_profile()])
    def test_a_broken_or_unfitting_profile_is_ignored(self, profile: bytes) -> None:
        data = encoded(Image.new("RGB", (32, 32), (220, 30, 40)), "PNG", icc_profile=profile)
        assert colour_of(data) == (220, 30, 40)

    def test_cmyk_with_a_broken_profile_counts_as_plain_cmyk(self) -> None:
        broken = red_cyan_profile()[:300]
        data = encoded(Image.new("CMYK", (32, 32), (0, 0, 0, 255)), "TIFF", icc_profile=broken)
        assert colour_of(data) == (0, 0, 0)


class TestSizes:
    @pytest.mark.parametrize("size", [(4000, 20), (20, 4000), (16, 16)])
    def test_any_shape_of_at_least_sixteen_pixels_is_kept(self, size: tuple[int, int]) -> None:
        assert decode_picture(encoded(Image.new("RGB", size), "PNG"), name="content").picture.size == size

    @pytest.mark.parametrize(("file_format", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "1"), ("GIF", "P")])
    def test_a_large_picture_comes_out_smaller_and_its_own_size_is_told(self, file_format: str, mode: str) -> None:
        quick = {"compress_level": 1} if file_format == "PNG" else {}
        data = encoded(quarters(9000, 3000).convert(mode, dither=Image.Dither.NONE), file_format, **quick)
        decoded = decode_picture(data, name="content")
        assert (decoded.width, decoded.height) == (9000, 3000)
        assert MAX_DECODED_SIDE_PX / 2 < max(decoded.picture.size) <= MAX_DECODED_SIDE_PX
        assert math.isclose(decoded.picture.width / decoded.picture.height, 3, rel_tol=0.01)

    def test_a_nearly_square_large_picture_keeps_its_own_order_of_sides(self) -> None:
        decoded = decode_picture(encoded(Image.new("1", (8193, 8192)), "PNG"), name="content")
        assert (decoded.width, decoded.height) == (8193, 8192)

    def test_a_large_picture_that_is_stored_turned_tells_its_upright_size(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        decoded = decode_picture(encoded(Image.new("RGB", (9000, 100)), "JPEG", exif=exif.tobytes()), name="content")
        assert (decoded.width, decoded.height) == (100, 9000)
        assert decoded.picture.width < decoded.picture.height


class TestWriting:
    @pytest.mark.parametrize(
        ("suffix", "file_format", "tolerance"),
        [(".png", "PNG", 0), (".webp", "WEBP", 0), (".jpg", "JPEG", 6), (".JPEG", "JPEG", 6)],
    )
    def test_the_suffix_decides_and_the_file_is_tagged_srgb(
        self, tmp_path: Path, suffix: str, file_format: str, tolerance: int
    ) -> None:
        path = tmp_path / f"out{suffix}"
        write_picture(quarters(), path)
        with Image.open(path) as written:
            assert written.format == file_format
            profile = ImageCms.ImageCmsProfile(io.BytesIO(written.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)
        assert_quarters(read_picture(path, name="content"), tolerance)
        assert list(tmp_path.iterdir()) == [path]

    def test_a_jpeg_keeps_full_colour_resolution(self, tmp_path: Path) -> None:
        stripes = Image.new("RGB", (64, 64), (220, 30, 40))
        for x in range(0, 64, 2):
            stripes.paste((30, 170, 60), (x, 0, x + 1, 64))
        write_picture(stripes, tmp_path / "out.jpg")
        read = read_picture(tmp_path / "out.jpg", name="content")
        pixels = [read.getpixel((x, 32)) for x in (32, 33)]
        assert isinstance(pixels[0], tuple)
        assert isinstance(pixels[1], tuple)
        assert is_near(pixels[0], (30, 170, 60), 20)
        assert is_near(pixels[1], (220, 30, 40), 20)

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
    def test_a_picture_of_pure_noise_is_written_too(self, tmp_path: Path, suffix: str) -> None:
        noise = Image.frombytes("RGB", (500, 500), random.Random(1).randbytes(500 * 500 * 3))
        write_picture(noise, tmp_path / f"out{suffix}")
        assert read_picture(tmp_path / f"out{suffix}", name="content").size == (500, 500)

    def test_the_same_picture_gives_the_same_file(self, tmp_path: Path) -> None:
        for name in ("a.png", "b.png"):
            write_picture(quarters(), tmp_path / name)
        assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()

    def test_an_older_file_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "out.png"
        path.write_bytes(b"older")
        write_picture(quarters(), path)
        assert_quarters(read_picture(path, name="content"), tolerance=0)

    @pytest.mark.parametrize("name", ["out.bmp", "out", "out.png.txt"])
    def test_another_suffix_is_refused_with_the_allowed_ones(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(BadInput, match=r"written as \.png, \.jpg, \.jpeg, \.webp\."):
            write_picture(quarters(), tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_a_disk_that_is_full_is_our_own_error_and_leaves_nothing(self, tmp_path: Path) -> None:
        noise = Image.frombytes("RGB", (100, 100), random.Random(1).randbytes(100 * 100 * 3))
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
        try:
            with pytest.raises(EngineError, match=r"out\.png cannot be written: File too large\.") as caught:
                write_picture(noise, tmp_path / "out.png")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        assert not isinstance(caught.value, BadInput)
        assert list(tmp_path.iterdir()) == []

    def test_the_longest_name_that_a_file_can_have_is_written(self, tmp_path: Path) -> None:
        path = tmp_path / ("🎨" * 62 + ".png")  # 252 bytes of 255
        write_picture(quarters(), path)
        assert list(tmp_path.iterdir()) == [path]

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=r"missing/out\.png cannot be written: No such file or directory\."):
            write_picture(quarters(), tmp_path / "missing" / "out.png")

    def test_a_write_that_fails_leaves_nothing_behind(self, tmp_path: Path) -> None:
        (tmp_path / "out.png").mkdir()
        with pytest.raises(BadInput):
            write_picture(quarters(), tmp_path / "out.png")
        assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


class TestPreviews:
    def test_even_noise_fits(self) -> None:
        noise = Image.frombytes("RGB", (1024, 1024), random.Random(1).randbytes(1024 * 1024 * 3))
        assert len(encode_preview(noise)) <= MAX_PREVIEW_BYTES

    @pytest.mark.parametrize(("size", "expected"), [((1024, 768), (512, 384)), ((300, 200), (300, 200))])
    def test_the_longer_side_is_at_most_512(self, size: tuple[int, int], expected: tuple[int, int]) -> None:
        preview = Image.open(io.BytesIO(encode_preview(quarters(*size))))
        assert (preview.format, preview.size) == ("JPEG", expected)

    def test_a_ribbon_stays_a_picture(self) -> None:
        assert Image.open(io.BytesIO(encode_preview(quarters(4000, 20)))).size == (512, 3)
