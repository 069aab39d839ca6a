"""What comes out of every kind of animated file, what a written one is like, and files that are no usable animation."""

import itertools
import random
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops, ImageDraw

from nst_engine.errors import BadInput, BadPicture
from nst_engine.images import animation as under_test
from nst_engine.images import decode_picture, encode
from nst_engine.images.animation import (
    MAX_DURATION_MS,
    Animation,
    animation_writer_for,
    frame_count,
    is_animated,
    read_animation,
    write_animation,
)
from tests.fake_pictures import BLUE, CORNERS, GREEN, RED, corners_of, encoded, is_near, quarters, srgb_profile

SUFFIXES = (".webp", ".gif", ".png")
FORMATS = {".webp": "WEBP", ".gif": "GIF", ".png": "PNG"}
DURATIONS = (100, 50, 70, 200, 90, 40)


def moving_square(frames: int = 6, size: tuple[int, int] = (64, 48)) -> tuple[Image.Image, ...]:
    """A white square over four plain quarters."""
    found = []
    for k in range(frames):
        frame = quarters(*size)
        ImageDraw.Draw(frame).rectangle((4 + 5 * k, 10, 14 + 5 * k, 20), fill="white")
        found.append(frame)
    return tuple(found)


SAMPLE = Animation(frames=moving_square(), durations_ms=DURATIONS, loop=3)


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    histogram = ImageChops.difference(one, other).histogram()
    return sum((k % 256) * count for k, count in enumerate(histogram)) / (3 * one.width * one.height)


def stored(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "content"
    path.write_bytes(data)
    return path


def animated(file_format: str, frames: tuple[Image.Image, ...] = SAMPLE.frames, **options: object) -> bytes:
    others = list(frames[1:])
    return encoded(frames[0], file_format, **{"save_all": True, "append_images": others, "duration": 80, **options})


def read(data: bytes, tmp_path: Path, max_frames: int = 240, longest_side: int = 8192) -> Animation:
    path = stored(tmp_path, data)
    return read_animation(path, name="content", max_frames=max_frames, longest_side=longest_side)


class TestWrittenAndReadAgain:
    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("loop", [0, 1, 2, 7])
    def test_frames_times_and_loops_are_kept(self, suffix: str, loop: int, tmp_path: Path) -> None:
        path = tmp_path / f"moving{suffix}"
        write_animation(replace(SAMPLE, loop=loop), path)
        found = read_animation(path, name="content", max_frames=240)
        assert (found.durations_ms, found.loop, len(found.frames)) == (DURATIONS, loop, 6)
        for one, other in zip(SAMPLE.frames, found.frames, strict=True):
            assert other.mode == "RGB"
            assert mean_difference(one, other) < {".webp": 0.001, ".gif": 5.0, ".png": 0.001}[suffix]

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_what_stands_still_stands_still_in_the_file(self, suffix: str, tmp_path: Path) -> None:
        """Twelve frames, so that a key frame in between would be seen."""
        noise = Image.effect_noise((64, 48), 60).convert("RGB")
        frames = [noise.copy() for _ in range(12)]
        for k, frame in enumerate(frames):
            ImageDraw.Draw(frame).rectangle((2 + 2 * k, 2, 6 + 2 * k, 6), fill=RED)
        path = tmp_path / f"still{suffix}"
        write_animation(Animation(frames=tuple(frames), durations_ms=(50,) * 12, loop=0), path)
        found = read_animation(path, name="content", max_frames=240).frames
        below = [frame.crop((0, 24, 64, 48)).tobytes() for frame in found]
        assert len(found) == 12
        assert set(below) == {below[0]}

    def test_a_webp_with_loss_is_smaller_and_stands_still_too(self, tmp_path: Path) -> None:
        noise = Image.effect_noise((64, 48), 60).convert("RGB")
        frames = [noise.copy() for _ in range(12)]
        for k, frame in enumerate(frames):
            ImageDraw.Draw(frame).rectangle((2 + 2 * k, 2, 6 + 2 * k, 6), fill=RED)
        noisy = Animation(frames=tuple(frames), durations_ms=(50,) * 12, loop=0)
        write_animation(noisy, tmp_path / "whole.webp")
        write_animation(noisy, tmp_path / "small.webp", webp_quality=80)
        assert (tmp_path / "small.webp").stat().st_size < 0.8 * (tmp_path / "whole.webp").stat().st_size
        found = read_animation(tmp_path / "small.webp", name="content", max_frames=240).frames
        assert len({frame.crop((0, 24, 64, 48)).tobytes() for frame in found}) == 1
        assert mean_difference(found[11], frames[11]) < 12.0

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_equal_frames_in_a_row_become_one(self, suffix: str, tmp_path: Path) -> None:
        frames = tuple(SAMPLE.frames[k] for k in (0, 0, 1, 1, 1, 0))
        path = tmp_path / f"repeats{suffix}"
        write_animation(Animation(frames=frames, durations_ms=DURATIONS, loop=0), path)
        assert read_animation(path, name="content", max_frames=240).durations_ms == (150, 360, 40)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_one_frame_alone_and_many_alike_are_a_still_picture(self, suffix: str, tmp_path: Path) -> None:
        path = tmp_path / f"still{suffix}"
        for count in (1, 3):
            alike = Animation(frames=SAMPLE.frames[:1] * count, durations_ms=(60_000,) * count, loop=1)
            write_animation(alike, path)
            assert not is_animated(path.read_bytes(), name="content")
            assert mean_difference(decode_picture(path.read_bytes(), name="content").picture, SAMPLE.frames[0]) < 5.0

    @pytest.mark.parametrize("suffix", [".webp", ".png"])
    def test_they_are_tagged_as_srgb(self, suffix: str, tmp_path: Path) -> None:
        write_animation(SAMPLE, tmp_path / f"x{suffix}")
        with Image.open(tmp_path / f"x{suffix}") as file:
            assert file.info["icc_profile"] == encode.srgb_profile()

    def test_a_gif_has_one_palette_of_the_colours_there_are(self, tmp_path: Path) -> None:
        write_animation(SAMPLE, tmp_path / "x.gif")
        frame = read((tmp_path / "x.gif").read_bytes(), tmp_path).frames[0]
        for colour, corner in zip(CORNERS, corners_of(frame), strict=True):
            assert is_near(colour, corner, 12)

    def test_other_suffixes_are_refused_with_those_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=r"x\.jpg has \.jpg; an animation is written as \.webp, \.gif, \.png\."):
            write_animation(SAMPLE, tmp_path / "x.jpg")
        with pytest.raises(BadInput, match="no suffix"):
            animation_writer_for(tmp_path / "x")

    def test_a_folder_that_is_not_there_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="cannot be written"):
            write_animation(SAMPLE, tmp_path / "gone" / "x.gif")
        assert list(tmp_path.iterdir()) == []


class TestReading:
    def test_frames_are_counted_without_being_decoded(self) -> None:
        for file_format in FORMATS.values():
            assert frame_count(animated(file_format), name="content") == 6
        assert frame_count(encoded(quarters(), "JPEG"), name="content") == 1
        assert frame_count(encoded(quarters(), "TIFF", save_all=True, append_images=[quarters()]), name="content") == 1
        assert frame_count(b"no picture", name="content") == 1

    @pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
    def test_a_still_picture_is_an_animation_of_one_frame(self, file_format: str, tmp_path: Path) -> None:
        found = read(encoded(quarters(), file_format), tmp_path, longest_side=32)
        assert (len(found.frames), found.frames[0].size, found.durations_ms) == (1, (32, 24), (100,))

    @pytest.mark.parametrize("file_format", FORMATS.values())
    def test_of_too_many_frames_so_many_are_kept_evenly_and_the_time_too(
        self, file_format: str, tmp_path: Path
    ) -> None:
        data = animated(file_format, moving_square(10), duration=list(range(50, 150, 10)))
        found = read(data, tmp_path, max_frames=4)
        assert found.durations_ms == (50 + 60, 70 + 80 + 90, 100 + 110, 120 + 130 + 140)
        for frame, number in zip(found.frames, (0, 2, 5, 7), strict=True):
            assert mean_difference(frame, moving_square(10)[number]) < 5.0

    def test_a_longer_side_is_made_shorter(self, tmp_path: Path) -> None:
        found = read(animated("GIF"), tmp_path, longest_side=40)
        assert {frame.size for frame in found.frames} == {(40, 30)}
        for colour, corner in zip(CORNERS, corners_of(found.frames[0]), strict=True):
            assert is_near(colour, corner, 30)

    @pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
    def test_times_are_mended_as_browsers_do(self, file_format: str, tmp_path: Path) -> None:
        data = animated(file_format, moving_square(4), duration=[0, 10, 20, 65_000])
        assert read(data, tmp_path).durations_ms == (100, 100, 20, MAX_DURATION_MS)

    def test_a_gif_that_does_not_say_how_often_is_shown_once(self, tmp_path: Path) -> None:
        assert read(animated("GIF"), tmp_path).loop == 1
        assert read(animated("GIF", loop=0), tmp_path).loop == 0
        assert read(animated("GIF", loop=4), tmp_path).loop == 5

    @pytest.mark.parametrize("disposal", [1, 2, 3])
    def test_frames_are_whole_however_the_file_puts_them_together(self, disposal: int, tmp_path: Path) -> None:
        frames = []
        for k in range(4):
            frame = Image.new("RGBA", (64, 48))
            ImageDraw.Draw(frame).rectangle((10 * k, 10, 10 * k + 9, 20), fill=RED)
            frames.append(frame)
        found = read(animated("GIF", tuple(frames), disposal=disposal), tmp_path)
        assert len(found.frames) == 4
        for k, frame in enumerate(found.frames):
            assert frame.getpixel((10 * k + 5, 15)) == RED
            assert frame.getpixel((60, 40)) == (255, 255, 255)
            if disposal == 2 and k:
                assert frame.getpixel((10 * k - 5, 15)) == (255, 255, 255)

    def test_a_transparent_webp_is_on_white(self, tmp_path: Path) -> None:
        frames = tuple(Image.new("RGBA", (32, 32), (*colour, 0 if k else 255)) for k, colour in enumerate((RED, BLUE)))
        found = read(animated("WEBP", frames, lossless=True), tmp_path)
        assert [frame.getpixel((5, 5)) for frame in found.frames] == [RED, (255, 255, 255)]

    @pytest.mark.parametrize("file_format", ["WEBP", "PNG"])
    def test_frames_are_turned_upright(self, file_format: str, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        lying = tuple(frame.transpose(Image.Transpose.ROTATE_90) for frame in SAMPLE.frames)
        found = read(animated(file_format, lying, exif=exif.tobytes(), lossless=True), tmp_path)
        for frame, upright in zip(found.frames, SAMPLE.frames, strict=True):
            assert mean_difference(frame, upright) < 1.0

    def test_colours_are_brought_to_srgb(self, tmp_path: Path) -> None:
        swapped = srgb_profile().replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
        frames = tuple(Image.new("RGB", (32, 32), colour) for colour in ((255, 0, 0), (0, 0, 255)))
        found = read(animated("WEBP", frames, lossless=True, icc_profile=swapped), tmp_path)
        assert is_near(found.frames[0].getpixel((5, 5)), (0, 255, 0))  # type: ignore[arg-type]  # RGB

    def test_a_png_whose_first_picture_is_for_other_programs(self, tmp_path: Path) -> None:
        """The default image is no part of the animation."""
        frames = (Image.new("RGB", (32, 32), GREEN), *moving_square(2, (32, 32)))
        data = animated("PNG", frames, default_image=True)
        assert frame_count(data, name="content") == 2
        found = read(data, tmp_path)
        assert len(found.frames) == 2
        assert found.frames[0].getpixel((1, 1)) == RED


class TestRefused:
    def test_frames_too_small_for_the_network(self, tmp_path: Path) -> None:
        data = animated("GIF", tuple(Image.new("RGB", (8, 40), colour) for colour in (RED, GREEN)))
        assert refusal(data, tmp_path) == "The content picture has 2 frames of 8×40 pixels; at least 16×16 is needed."

    def test_too_many_pixels_to_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(under_test, "MAX_READ_PIXELS", 15_000_000)
        data = _png_that_claims(frames=20, width=1000, height=1000)
        assert refusal(data, tmp_path) == (
            "The content picture has 20 frames of 1000×1000 pixels, 20 million pixels together; "
            "at most 15 million pixels can be read."
        )

    def test_too_many_pixels_to_keep(self, tmp_path: Path) -> None:
        data = _png_that_claims(frames=300, width=1000, height=1000)
        with pytest.raises(BadPicture) as caught:
            read(data, tmp_path, max_frames=200, longest_side=900)
        assert str(caught.value) == (
            "The content picture has 300 frames of 1000×1000 pixels; "
            "200 of them at 900×900 are 162 million pixels, and at most 134 million pixels can be painted."
        )

    def test_a_number_of_frames_that_no_file_has(self, tmp_path: Path) -> None:
        assert "4,294,967" not in refusal(_png_that_claims(frames=2**31 - 1, width=100, height=100), tmp_path)
        assert "damaged" in refusal(_png_that_claims(frames=100, width=100, height=100), tmp_path)

    def test_a_later_frame_that_stands_out_of_a_gif(self, tmp_path: Path) -> None:
        """Pillow makes the picture larger then; a browser shows what is within."""
        data = bytearray(animated("GIF", loop=0))
        box = data.index(b"\x2c" + struct.pack("<4H", 4, 10, 16, 11))  # what the second frame changes
        data[box + 1 : box + 3] = struct.pack("<H", 60)
        found = read(bytes(data), tmp_path)
        assert {frame.size for frame in found.frames} == {(64, 48)}
        assert is_near(found.frames[1].getpixel((62, 15)), RED)  # type: ignore[arg-type]  # RGB

    @pytest.mark.parametrize("file_format", FORMATS.values())
    def test_a_file_cut_off_anywhere(self, file_format: str, tmp_path: Path) -> None:
        data = animated(file_format)
        for length in range(0, len(data), 10):
            _works_or_refuses(data[:length], tmp_path)
        assert "damaged" in refusal(data[: len(data) // 2], tmp_path)

    @pytest.mark.parametrize("file_format", FORMATS.values())
    def test_whatever_is_changed_in_a_file_only_bad_picture_escapes(
        self, file_format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_test, "MAX_READ_PIXELS", 1_000_000)  # so that a changed size does not take long
        chance = random.Random(file_format)
        data = animated(file_format, moving_square(3, (32, 32)))
        for _ in range(120):
            mutable = bytearray(data)
            for _ in range(chance.choice((1, 1, 3))):
                place = int(len(mutable) * chance.random() ** 2)
                match chance.randrange(3):
                    case 0:
                        mutable[place] = chance.randrange(256)
                    case 1:
                        mutable[place : place + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff"))
                    case _:
                        del mutable[place : place + chance.randrange(1, 9)]
            _works_or_refuses(bytes(mutable), tmp_path)

    def test_an_empty_file_a_missing_one_and_one_that_is_no_picture(self, tmp_path: Path) -> None:
        assert refusal(b"", tmp_path) == "The content picture is an empty file."
        assert refusal(b"hello", tmp_path).startswith("The content picture cannot be read: it is damaged, or not a")
        with pytest.raises(BadPicture, match="there is no file"):
            read_animation(tmp_path / "gone.gif", name="content", max_frames=2)


def refusal(data: bytes, tmp_path: Path) -> str:
    with pytest.raises(BadPicture) as caught:
        read(data, tmp_path)
    return str(caught.value)


def _works_or_refuses(data: bytes, tmp_path: Path) -> None:
    try:
        found = read(data, tmp_path)
    except BadPicture as error:
        assert str(error).startswith("The content picture")  # either outcome is right
    else:
        assert len({(frame.mode, frame.size) for frame in found.frames}) == 1
        assert len(found.durations_ms) == len(found.frames)
        assert all(11 <= duration <= MAX_DURATION_MS for duration in found.durations_ms)


def _png_that_claims(frames: int, width: int, height: int) -> bytes:
    """A PNG header of that size and number of frames, with a few bytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    control = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"acTL", struct.pack(">II", frames, 0)),
        (b"fcTL", control),
        (b"IDAT", zlib.compress(bytes(height * (1 + 3 * width)))),
        (b"IEND", b""),
    ]
    signed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(itertools.chain(signed))
