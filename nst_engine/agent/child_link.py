"""One GPU child as a process: commands in, events out, and what became of it. Knows no queue."""

import asyncio
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from nst_engine.contract.commands import ChildExit, EngineCommand, Paint
from nst_engine.contract.events import ENGINE_EVENT, EngineEvent

log = logging.getLogger(__name__)

MAX_LINE_BYTES = 1024 * 1024
"""Several times the largest event, a preview in base64."""
SECONDS_FROM_EOF_TO_EXIT = 1.0


class ChildLost(Exception):
    """The child is gone, or has been put down; `str()` says how, fit for "the GPU child ..."."""


class ChildLink:
    """A running child. Its events are taken off the pipe at once, whatever the reader of `next_event` is doing."""

    def __init__(self, process: Process, ring: Callable[[], None]) -> None:
        self.pid = process.pid
        self.fate: str | None = None
        """What became of it; None while it lives."""
        self.has_worked = False
        """It has said something about a job, so that a new child is worth starting at once."""
        self.gone = asyncio.Event()
        self._process = process
        self._ring = ring
        self._why_killed: str | None = None
        self._events: asyncio.Queue[EngineEvent | None] = asyncio.Queue()
        self._pump = asyncio.create_task(self._take_events(), name=f"child {process.pid}")

    @classmethod
    async def start(cls, command: Sequence[str], ring: Callable[[], None]) -> "ChildLink":
        """Start a child; `ring` is called when it goes. Raises OSError where there is no such program."""
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=MAX_LINE_BYTES)
        return cls(process, ring)

    def send(self, command: EngineCommand) -> None:
        """Tell it something; a child that is gone hears nothing, and `next_event` says so. Raises ChildLost."""
        if isinstance(command, Paint) and self.fate is None and not self._events.empty():
            self.kill("spoke while it had no job and was killed")
            raise ChildLost(self._why_killed)
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(command.model_dump_json().encode() + b"\n")

    async def next_event(self, silence_seconds: float) -> EngineEvent:
        """What it says next. Raises ChildLost when it is gone, or kills it when it says nothing for so long."""
        try:
            async with asyncio.timeout(silence_seconds):
                event = await self._events.get()
        except TimeoutError:
            self.kill(f"said nothing for {silence_seconds:g} s and was killed")
            await self.gone.wait()
            raise ChildLost(self.fate) from None
        if event is None:
            self._events.put_nowait(None)
            raise ChildLost(self.fate)
        return event

    def kill(self, why: str) -> None:
        """Put it down at once. `gone` is set, and `next_event` ends, when it has ended."""
        if self._process.returncode is None:
            self._why_killed = self._why_killed or why
            self._process.kill()

    async def close(self) -> None:
        """Put it down and wait until nothing of it is left."""
        self.kill("was not needed any more")
        await self._pump

    async def _take_events(self) -> None:
        broke_the_wire = await self._until_wire_ends()
        if broke_the_wire is not None:
            self.kill(broke_the_wire)
        self.fate = await self._fate()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self.gone.set()
        self._events.put_nowait(None)
        self._ring()

    async def _until_wire_ends(self) -> str | None:
        """Read events until the pipe ends; returns what was wrong with it, or None for an ordinary end."""
        if self._process.stdout is None:
            return "has no pipe"
        try:
            while (line := await self._process.stdout.readline()).endswith(b"\n"):
                event = ENGINE_EVENT.validate_json(line)
                self.has_worked = self.has_worked or event.kind not in {"ready", "failed"}
                self._events.put_nowait(event)
        except ValidationError:
            return f"wrote {line[:80]!r} on the wire, which is no event, and was killed"
        except ValueError:
            return f"wrote a line of over {MAX_LINE_BYTES} bytes on the wire and was killed"
        return None

    async def _fate(self) -> str:
        try:
            async with asyncio.timeout(SECONDS_FROM_EOF_TO_EXIT):
                code = await self._process.wait()
        except TimeoutError:
            self.kill("closed its pipe without ending and was killed")
            code = await self._process.wait()
        return self._why_killed or _say_exit(code)


def _say_exit(code: int) -> str:
    if code == -signal.SIGKILL:
        return "was killed by SIGKILL (the system does that when memory runs out)"
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    if code in set(ChildExit):
        return f"ended with exit code {code} ({ChildExit(code).name.lower().replace('_', ' ')})"
    return f"ended with exit code {code}"
