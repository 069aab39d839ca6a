"""From a finished RGB picture to a file or a small preview."""

import contextlib
import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageCms

from nst_engine.contract.events import MAX_PREVIEW_BYTES
from nst_engine.errors import BadInput, EngineError

PREVIEW_SIDE_PX = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFormat:
    """A format we write: Pillow's name for it and the options that keep the picture as it was painted."""

    name: str
    options: dict[str, Any]


# Not optimize=True: Pillow reserves too small a buffer for it, and a noisy picture then fails to be written.
_JPEG = OutputFormat(name="JPEG", options={"quality": 95, "subsampling": 0})
_FORMATS = {
    ".png": OutputFormat(name="PNG", options={"compress_level": 6}),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    # Without loss: of the three only JPEG trades detail for size, and brush strokes are detail.
    ".webp": OutputFormat(name="WEBP", options={"lossless": True, "quality": 50, "method": 4}),
}


def format_for(path: Path) -> OutputFormat:
    """The format that the suffix asks for. Raises BadInput with the ones there are, so ask before long work."""
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        suffix = path.suffix or "no suffix"
        raise BadInput(f"{path.name} has {suffix}; a picture is written as {', '.join(_FORMATS)}.")
    return found


def write_picture(picture: Image.Image, path: Path) -> None:
    """Write an RGB picture as its suffix says, tagged as sRGB; the file appears whole or not at all.

    PNG and WebP without loss, JPEG with quality 95 and full colour resolution (4:4:4). Raises BadInput for a suffix
    or a folder that cannot be used, and EngineError where the disk fails.
    """
    output = format_for(path)
    with whole_file(path) as file:
        picture.convert("RGB").save(file, format=output.name, icc_profile=srgb_profile(), **output.options)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that appears at `path` whole, when the block ends, or not at all.

    Raises BadInput for a folder that cannot be used, and EngineError where the disk fails.
    """
    unfinished = path.with_name(f".{path.stem[:32]}.{secrets.token_hex(4)}.part")  # a letter takes up to four bytes
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    except OSError as error:
        raise EngineError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        _remove(unfinished)


def encode_preview(picture: Image.Image) -> bytes:
    """A small JPEG: at most `MAX_PREVIEW_BYTES`, the longer side at most `PREVIEW_SIDE_PX`."""
    side = PREVIEW_SIDE_PX
    small = picture.convert("RGB")
    while True:
        small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        for quality in (85, 70, 50):
            encoded = _jpeg(small, quality)
            if len(encoded) <= MAX_PREVIEW_BYTES:
                return encoded
        side = side * 3 // 4


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=quality)
    return buffer.getvalue()


@cache
def srgb_profile() -> bytes:
    """An ICC profile of sRGB. Its date is fixed, so that the same picture gives the same file."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    date = b"".join(part.to_bytes(2, "big") for part in (2000, 1, 1, 0, 0, 0))
    return profile[:24] + date + profile[36:]


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # the folder itself is missing or closed to us, and that has been said
        path.unlink(missing_ok=True)
