"""Small pictures of pictures, made in a child process: whoever shows an upload shows pixels that we wrote."""

import asyncio
from typing import Protocol

from bot.jobs.admission import Role
from bot.jobs.errors import CheckUnavailable
from bot.jobs.picture_child import ask

THUMBNAIL_SIDE_PX = 400
"""Of a library's styles."""
THUMBNAILS_AT_A_TIME = 1
_JPEG_BEGINS = b"\xff\xd8\xff"


class Thumbnails(Protocol):
    """Makes a JPEG whose longer side is at most `side_px` (16 to 2048) of a picture file of any size and kind.

    Raises BadPicture with a sentence for its owner, or CheckUnavailable.
    """

    async def __call__(self, data: bytes, *, side_px: int = THUMBNAIL_SIDE_PX, role: Role = "content") -> bytes: ...


class ChildThumbnails:
    """`python -m nst_engine thumbnail`, one at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(THUMBNAILS_AT_A_TIME)

    async def __call__(self, data: bytes, *, side_px: int = THUMBNAIL_SIDE_PX, role: Role = "content") -> bytes:
        async with self._places:
            return jpeg(await ask(data, "thumbnail", "--side", str(side_px), role=role))


def jpeg(stdout: bytes) -> bytes:
    """What a child wrote, where it is a JPEG. Raises CheckUnavailable."""
    if not stdout.startswith(_JPEG_BEGINS):
        raise CheckUnavailable("the picture's process wrote no picture")
    return stdout
