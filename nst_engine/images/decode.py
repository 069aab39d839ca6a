"""From a picture file, whatever is in it, to an upright 8-bit sRGB picture, or to BadPicture with one sentence why not.

The border to Pillow and its plug-ins: whatever they raise on malformed bytes is translated here and nowhere else.
"""

import io
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pi_heif

# Image.open() would load all of Pillow's forty plug-ins to find one that is not registered yet.
from PIL import (
    AvifImagePlugin,  # noqa: F401  # registers itself
    Image,
    TiffImagePlugin,  # noqa: F401  # registers itself
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401  # registers itself
)

from nst_engine.contract.params import MAX_SIZE_PX, MIN_INPUT_SIDE_PX
from nst_engine.errors import BadPicture
from nst_engine.images.colour import BLACK, SWAPPING_SIDES, WHITE, to_srgb, turn_upright

MAX_FILE_BYTES = 100 * 1024 * 1024
"""Larger files are not read."""
MAX_DECODED_SIDE_PX = MAX_SIZE_PX
"""Larger pictures are made smaller while reading, so that no later step needs memory for pixels nobody will see."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
_WELL_KNOWN_NAMES = {"MPO": "JPEG", "WEBP": "WebP", "HEIF": "HEIC"}
_READABLE = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPicture:
    """`picture` is upright, RGB and sRGB; `width` and `height` are those of the file, upright, in pixels."""

    picture: Image.Image
    format: str
    width: int
    height: int


def read_picture(path: Path, *, name: str, min_side_px: int = MIN_INPUT_SIDE_PX) -> Image.Image:
    """The picture in the file, upright, RGB, sRGB, on white where it was transparent, its first frame if it moves.

    `name` says in messages which picture is meant: "content" or "style". The type is decided by what is in the file.
    A side longer than `MAX_DECODED_SIDE_PX` is made shorter by a whole factor. A shorter side than `min_side_px` is
    refused; our own results may be narrower than an input. Raises BadPicture, and nothing else.
    """
    return decode_picture(read_file(path, name), name=name, min_side_px=min_side_px).picture


def decode_picture(data: bytes, *, name: str, min_side_px: int = MIN_INPUT_SIDE_PX) -> DecodedPicture:
    """As `read_picture`, from the file's bytes. Raises BadPicture, and nothing else."""
    return _decode_on(WHITE, data, name, min_side_px)


def read_mask(path: Path, *, name: str) -> Image.Image:
    """The mask in the file as a grey picture (mode L) of any size: white is where a style paints, grey where it helps.

    Read as `read_picture` reads, except that what is transparent is black. Raises BadPicture, and nothing else; also
    for a mask that is black all over.
    """
    return decode_mask(read_file(path, name), name=name).picture


def decode_mask(data: bytes, *, name: str) -> DecodedPicture:
    """As `read_mask`, from the file's bytes; the picture has mode L. Raises BadPicture, and nothing else."""
    decoded = _decode_on(BLACK, data, name, 1)
    grey = decoded.picture.convert("L")
    if grey.getextrema() == (0, 0):
        raise BadPicture("The {name} picture is black all over; white is where its style is to paint.", name=name)
    return replace(decoded, picture=grey)


def _decode_on(behind: tuple[int, int, int], data: bytes, name: str, min_side_px: int) -> DecodedPicture:
    if not data:
        raise BadPicture("The {name} picture is an empty file.", name=name)
    if len(data) > MAX_FILE_BYTES:
        raise BadPicture(
            "The {name} picture's file is larger than {limit} MiB, the most that is read.",
            name=name,
            limit=MAX_FILE_BYTES // 2**20,
        )
    damaged_or_other = BadPicture(
        "The {name} picture cannot be read: it is damaged, or not a {formats} file.", name=name, formats=_READABLE
    )
    with translating_errors(name, otherwise=damaged_or_other):
        _enable_heic()
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    file_format = picture.format or "picture"
    file_format = _WELL_KNOWN_NAMES.get(file_format, file_format)
    damaged = BadPicture("The {name} picture is a damaged or incomplete {format}.", name=name, format=file_format)
    with picture, translating_errors(name, otherwise=damaged):
        _check_sides(picture.size, name, min_side_px)
        return _decode(picture, file_format, behind)


def _check_sides(size: tuple[int, int], name: str, min_side_px: int) -> None:
    if min(size) < min_side_px:
        raise BadPicture(
            "The {name} picture is {width}×{height} pixels; at least {least}×{least} is needed.",
            name=name,
            width=size[0],
            height=size[1],
            least=min_side_px,
        )


def _decode(picture: Image.Image, file_format: str, behind: tuple[int, int, int]) -> DecodedPicture:
    width, height = picture.size
    picture.draft(None, (MAX_DECODED_SIDE_PX, MAX_DECODED_SIDE_PX))  # a JPEG can be decoded at 1/2, 1/4 or 1/8
    picture.load()
    turn = turn_upright(picture)
    decoded = to_srgb(picture, longest_side=MAX_DECODED_SIDE_PX, behind=behind)
    if turn is not None:
        decoded = decoded.transpose(turn)
    if turn in SWAPPING_SIDES:
        width, height = height, width
    return DecodedPicture(picture=decoded, format=file_format, width=width, height=height)


def read_file(path: Path, name: str) -> bytes:
    """At most one byte more than `MAX_FILE_BYTES` of an ordinary file. Raises BadPicture."""
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a pipe could be read once, and never twice
            raise BadPicture(
                "The {name} picture cannot be read: {path} is not an ordinary file.", name=name, path=str(path)
            )
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise BadPicture(
            "The {name} picture cannot be read: there is no file {path}.", name=name, path=str(path)
        ) from error
    except IsADirectoryError as error:
        raise BadPicture("The {name} picture cannot be read: {path} is a folder.", name=name, path=str(path)) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise BadPicture(
            "The {name} picture cannot be read from {path}: {why}.", name=name, path=str(path), why=why
        ) from error
    except ValueError as error:  # a name with a null character
        raise BadPicture(
            "The {name} picture cannot be read: {path} is not the name of a file.", name=name, path=repr(str(path))
        ) from error


@contextmanager
def translating_errors(name: str, *, otherwise: BadPicture) -> Iterator[None]:
    """Anything that goes wrong inside leaves as BadPicture; what has no words of its own is `otherwise`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata are for nobody here
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name, str(error)) from error
    except UnidentifiedImageError as error:
        raise otherwise from error
    except MemoryError as error:
        raise BadPicture("The {name} picture needs more memory to read than there is.", name=name) from error
    except Exception as error:  # decoders raise nearly anything on malformed bytes: this is the border
        raise otherwise from error


def _too_many_pixels(name: str, complaint: str) -> BadPicture:
    """Pillow's complaint begins with the number of pixels, which is all it tells of such a picture."""
    limit = _millions(Image.MAX_IMAGE_PIXELS or 0)
    found = re.search(r"\d+", complaint)
    if found is None:
        return BadPicture(
            "The {name} picture has too many pixels; at most {limit} million can be read.", name=name, limit=limit
        )
    return BadPicture(
        "The {name} picture has {count} million pixels; at most {limit} million can be read.",
        name=name,
        count=_millions(int(found.group())),
        limit=limit,
    )


def _millions(pixels: int) -> str:
    return f"{pixels / 1e6:,.0f}"


@cache
def _enable_heic() -> None:
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
