"""Whether the pixels of a picture can be used, found out in a child process that a hostile file may take down."""

import asyncio
import logging
import os
import sys
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.config import without_token
from bot.jobs.admission import Role
from bot.jobs.errors import CheckUnavailable
from nst_engine.errors import BadPicture

log = logging.getLogger(__name__)

_COMMAND = ("-m", "nst_engine", "check-picture", "--name")
SECONDS_FOR_A_CHECK = 25.0
CHECKS_AT_A_TIME = 2
PIECE_BYTES = 64 * 1024
_SAID_ITS_PIECE = (0, 2)
_FAULT = 1
"""A traceback: our fault, not the picture's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """Size in pixels, upright. A still picture has one frame."""

    width: int
    height: int
    frames: int = 1


class PictureCheck(Protocol):
    """Looks at the bytes of a picture. Raises BadPicture with a sentence for its owner, or CheckUnavailable."""

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts: ...


class ChildPictureCheck:
    """`python -m nst_engine check-picture`, a few at a time, each with a time limit. The child limits its memory."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(CHECKS_AT_A_TIME)

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts:
        async with self._places:
            return await _check(data, role)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    ok: bool
    message: str = ""
    width: int = 0
    height: int = 0
    frames: Annotated[int, Field(ge=1)] = 1


async def _check(data: bytes, role: Role) -> PictureFacts:
    child = await _start(role)
    try:
        async with asyncio.timeout(SECONDS_FOR_A_CHECK):
            stdout, stderr = await exchange(child, data)
    except TimeoutError as error:
        raise BadPicture(f"The {role} picture takes more than {SECONDS_FOR_A_CHECK:.0f} s to read.") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return verdict(child.returncode, stdout, stderr, role=role)


async def exchange(child: asyncio.subprocess.Process, data: bytes) -> tuple[bytes, bytes]:
    """Give the child `data` and return what it said, as `communicate` does, which would copy all of `data` again."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise CheckUnavailable("the picture check has no pipes")
    _, stdout, stderr = await asyncio.gather(_feed(child.stdin, data), child.stdout.read(), child.stderr.read())
    await child.wait()
    return stdout, stderr


async def _feed(stdin: asyncio.StreamWriter, data: bytes) -> None:
    """A piece at a time. A child that has seen enough may stop listening."""
    try:
        for start in range(0, len(data), PIECE_BYTES):
            stdin.write(memoryview(data)[start : start + PIECE_BYTES])
            await stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        log.debug("picture check stopped listening")
    finally:
        stdin.close()


def verdict(status: int | None, stdout: bytes, stderr: bytes, *, role: Role) -> PictureFacts:
    """What the end of a check means. Raises BadPicture or CheckUnavailable."""
    if status in _SAID_ITS_PIECE:
        return _facts(stdout)
    log.warning("picture check died role=%s status=%s stderr=%r", role, status, stderr[-300:])
    if status == _FAULT:
        raise CheckUnavailable(f"the picture check failed: {stderr[-300:].decode(errors='replace')}")
    raise BadPicture(f"The {role} picture takes too much time or memory to read.")


async def _start(role: Role) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *_COMMAND,
            role,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=without_token(os.environ),
        )
    except OSError as error:
        raise CheckUnavailable(f"the picture check does not start: {error}") from error


def _facts(stdout: bytes) -> PictureFacts:
    lines = stdout.splitlines()
    try:
        answer = _Answer.model_validate_json(lines[-1] if lines else b"")
    except ValidationError as error:
        raise CheckUnavailable("the picture check did not answer") from error
    if not answer.ok:
        raise BadPicture(answer.message)
    return PictureFacts(width=answer.width, height=answer.height, frames=answer.frames)
