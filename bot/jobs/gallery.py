"""The project's own paintings, drawn in a child process: it takes seconds, and numpy, which the
bot itself needs for duels only."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from bot.jobs.child_process import start_module
from bot.jobs.errors import NotDrawn

SECONDS_TO_DRAW = 300.0
_TITLES = TypeAdapter(dict[str, str])


class Gallery(Protocol):
    """Both may raise NotDrawn."""

    async def titles(self) -> Mapping[str, str]:
        """What the paintings are called, by name."""
        ...

    async def draw(self, name: str) -> bytes:
        """That painting, as a PNG file."""
        ...


class ChildGallery:
    """`python -m bot.paintings.worker`."""

    async def titles(self) -> Mapping[str, str]:
        answer = await _ask()
        try:
            return _TITLES.validate_json(answer)
        except ValidationError as error:
            raise NotDrawn("the worker did not say what there is") from error

    async def draw(self, name: str) -> bytes:
        return await _ask(name)


async def _ask(*names: str) -> bytes:
    child = await _start(*names)
    try:
        async with asyncio.timeout(SECONDS_TO_DRAW):
            stdout, stderr = await child.communicate()
    except TimeoutError as error:
        raise NotDrawn(f"the worker took more than {SECONDS_TO_DRAW:.0f} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        last = (stderr.decode(errors="replace").splitlines() or [""])[-1]
        raise NotDrawn(f"the worker ended with {child.returncode}: {last}")
    return stdout


async def _start(*names: str) -> asyncio.subprocess.Process:
    try:
        return await start_module("bot.paintings.worker", *names, stdin=asyncio.subprocess.DEVNULL)
    except OSError as error:
        raise NotDrawn(f"the worker does not start: {error}") from error
