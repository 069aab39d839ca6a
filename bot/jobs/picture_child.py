"""A short-lived child process that decodes a picture, so that a hostile file takes down nothing but the child."""

import asyncio
import logging

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.jobs.admission import Role
from bot.jobs.child_process import start_module
from bot.jobs.errors import CheckUnavailable
from nst_engine.errors import BadPicture

log = logging.getLogger(__name__)

SECONDS_FOR_A_PICTURE = 25.0
PIECE_BYTES = 64 * 1024
_SAID_WHY_NOT = 2
_FAULT = 1
"""A traceback: our fault, not the picture's."""


class _Refusal(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    sentence: str
    values: dict[str, str | int]


async def ask(data: bytes, *command: str, role: Role) -> bytes:
    """What `python -m nst_engine COMMAND --name ROLE` says about the picture. The child limits its own memory.

    Raises BadPicture with a sentence for its owner, or CheckUnavailable.
    """
    child = await _start(*command, "--name", role)
    try:
        async with asyncio.timeout(SECONDS_FOR_A_PICTURE):
            stdout, stderr = await exchange(child, data)
    except TimeoutError as error:
        limit = round(SECONDS_FOR_A_PICTURE)
        raise BadPicture("The {name} picture takes more than {limit} s to read.", name=role, limit=limit) from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return heard(child.returncode, stdout, stderr, role=role)


async def exchange(child: asyncio.subprocess.Process, data: bytes) -> tuple[bytes, bytes]:
    """Give the child `data` and return what it said, as `communicate` does, which would copy all of `data` again."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise CheckUnavailable("the picture's process has no pipes")
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
        log.debug("the picture's process stopped listening")
    finally:
        stdin.close()


def heard(status: int | None, stdout: bytes, stderr: bytes, *, role: Role) -> bytes:
    """What a child said that ended with `status`. Raises BadPicture or CheckUnavailable."""
    if status == 0:
        return stdout
    if status == _SAID_WHY_NOT:
        raise _why_not(stdout)
    log.warning("the picture's process died role=%s status=%s stderr=%r", role, status, stderr[-300:])
    if status == _FAULT:
        raise CheckUnavailable(f"the picture's process failed: {stderr[-300:].decode(errors='replace')}")
    raise BadPicture("The {name} picture takes too much time or memory to read.", name=role)


def last_line(stdout: bytes) -> bytes:
    lines = stdout.splitlines()
    return lines[-1] if lines else b""


def _why_not(stdout: bytes) -> BadPicture:
    try:
        refusal = _Refusal.model_validate_json(last_line(stdout))
    except ValidationError as error:
        raise CheckUnavailable("the picture's process did not answer") from error
    return BadPicture(refusal.sentence, **refusal.values)


async def _start(*command: str) -> asyncio.subprocess.Process:
    try:
        return await start_module("nst_engine", *command)
    except OSError as error:
        raise CheckUnavailable(f"the picture's process does not start: {error}") from error
