"""Whether a picture can be read, found out in a process of its own that a hostile file may take down.

Reads the file from stdin and ends stdout with one JSON object. Must start fast: no torch, no numpy.
"""

import contextlib
import json
import sys
from enum import StrEnum
from typing import BinaryIO

from pi_heif import options as heif_options
from PIL import AvifImagePlugin

from nst_engine.errors import BadInput, BadPicture
from nst_engine.images.animation import frame_count
from nst_engine.images.decode import MAX_FILE_BYTES, decode_mask, decode_picture
from nst_engine.shell import answer

MEMORY_LIMIT_BYTES = 2**31
"""Address space of the checking process: 2 GiB. The largest pictures within the pixel limit take up to 1.6 GiB (WebP
with transparency; most formats stay under 1.2 GiB)."""
CPU_LIMIT_SECONDS = 20

EXIT_READABLE = 0
EXIT_BAD_PICTURE = 2


class Part(StrEnum):
    """What the picture is in a request, which is also what it is called in messages."""

    CONTENT = "content"
    STYLE = "style"
    MASK = "mask"
    START = "start"


def run_check(part: Part) -> int:
    """Check the picture on stdin and say on stdout what it is; the exit status of the process.

    The last line of stdout is `{"ok": true, "width": w, "height": h, "format": "PNG", "frames": n}` (pixels, upright; n
    is 1 but for an animated content) with status 0, or that of `why_not` with status 2. No such line, or another
    status, means that the file took the process down: too much time (`CPU_LIMIT_SECONDS`), or a fault in a decoder.
    Limits the whole process it runs in. Raises BadInput or EngineError where a stream fails.
    """
    limit_resources()
    status, line = check(part, sys.stdin.buffer)
    answer(line)
    return status


def check(part: Part, source: BinaryIO) -> tuple[int, str]:
    """The status and the line of `run_check`, with the stream given and no limits set."""
    try:
        data = source.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadInput(f"standard input cannot be read: {error.strerror or error}") from error
    try:
        decoded = (decode_mask if part is Part.MASK else decode_picture)(data, name=part)
        frames = frame_count(data, name=part) if part is Part.CONTENT else 1
    except BadPicture as error:
        return EXIT_BAD_PICTURE, why_not(error)
    facts = {"ok": True, "width": decoded.width, "height": decoded.height, "format": decoded.format, "frames": frames}
    return EXIT_READABLE, json.dumps(facts)


def why_not(error: BadPicture) -> str:
    """`{"ok": false, "message": "…", "sentence": "…", "values": {…}}`.

    The sentence has its values in braces, so that it can be said in other languages.
    """
    return json.dumps({"ok": False, "message": str(error), "sentence": error.sentence, "values": error.values})


def limit_resources() -> None:
    """Bound memory and time of this process where the platform can, and keep decoders to one thread.

    A decoder with a thread per core would need address space for each one's stack and heap.
    """
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    heif_options.DECODE_THREADS = 1
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    _lower(resource.RLIMIT_AS, MEMORY_LIMIT_BYTES)
    _lower(resource.RLIMIT_CPU, CPU_LIMIT_SECONDS)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, value: int) -> None:
    import resource  # noqa: PLC0415  # not on Windows; only called where it exists

    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS has the constant and refuses the limit
        resource.setrlimit(limit, (value, hard))
