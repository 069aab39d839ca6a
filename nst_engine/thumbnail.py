"""A small picture of a picture, made in a process of its own that a hostile file may take down.

Reads the file from stdin and writes a JPEG to stdout. Must start fast: no torch, no numpy.
"""

import io
import sys
from typing import BinaryIO

from PIL import Image

from nst_engine.errors import BadInput, BadPicture, EngineError
from nst_engine.images.decode import MAX_FILE_BYTES, decode_picture
from nst_engine.picture_check import EXIT_BAD_PICTURE, EXIT_READABLE, Part, limit_resources, why_not

QUALITY = 88


def run_thumbnail(part: Part, side_px: int) -> int:
    """Write a small JPEG of the picture on stdin to stdout; the exit status of the process.

    Status 0: stdout is the JPEG, made from the decoded pixels alone, upright, on white where it was transparent, its
    longer side at most `side_px`; of a picture that moves, the first frame. Status 2: the last line of stdout is
    that of `why_not`. Another status means that the file took the process down. Limits the whole
    process it runs in. Raises BadInput or EngineError where a stream fails.
    """
    limit_resources()
    status, said = thumbnail(part, side_px, sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise EngineError(f"standard output cannot be written: {error.strerror or error}") from error
    return status


def thumbnail(part: Part, side_px: int, source: BinaryIO) -> tuple[int, bytes]:
    """The status and the output of `run_thumbnail`, with the stream given and no limits set."""
    try:
        data = source.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadInput(f"standard input cannot be read: {error.strerror or error}") from error
    try:
        picture = decode_picture(data, name=part, min_side_px=1).picture
    except BadPicture as error:
        return EXIT_BAD_PICTURE, why_not(error).encode() + b"\n"
    return EXIT_READABLE, _jpeg(picture, side_px)


def _jpeg(picture: Image.Image, side_px: int) -> bytes:
    picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture.info.clear()  # a comment in the file would be written again
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY, subsampling=0)
    return buffer.getvalue()
