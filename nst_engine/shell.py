"""What a shell gives a process: Ctrl-C, and streams that may be closed or full. Imports nothing slow."""

import atexit
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from nst_engine.errors import EngineError

EXIT_INTERRUPTED = 130


def leave_on_interrupt() -> None:
    """From here on Ctrl-C ends the process at once, with one line and `EXIT_INTERRUPTED`.

    A KeyboardInterrupt would not do while slow libraries are imported: some swallow it, and the others show where.
    """
    signal.signal(signal.SIGINT, _leave)


@contextmanager
def raising_on_interrupt() -> Iterator[None]:
    """Within, Ctrl-C is a KeyboardInterrupt: for work that leaves something to clean up."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def make_streams_safe() -> None:
    """Treat a closed stream as an empty one, a letter that a stream does not have as "?", and a full stderr as silence.

    What stdout does not take is an error where it is written, in `answer`.
    """
    _occupy_closed_descriptors()
    nothing = Path(os.devnull)
    sys.stdin = sys.stdin or nothing.open()
    sys.stdout = sys.stdout or nothing.open("w")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    bytes_out, encoding = (sys.stderr.buffer, sys.stderr.encoding) if sys.stderr else (nothing.open("wb"), "utf-8")
    sys.stderr = _Unfailing(bytes_out, encoding=encoding, errors="replace", line_buffering=True)
    atexit.register(_drop_what_stdout_refuses)


def answer(text: str) -> None:
    """One line on stdout, there and then. Raises EngineError where it cannot be written."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise EngineError(f"standard output cannot be written: {error.strerror or error}") from error


class _Unfailing(io.TextIOWrapper):
    """A text stream that drops what it cannot write: a painting must not end for want of somebody to tell."""

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def _leave(_number: int, _frame: FrameType | None) -> None:
    with suppress(OSError):
        os.write(2, b"nst_engine: interrupted\n")
    os._exit(EXIT_INTERRUPTED)


def _occupy_closed_descriptors() -> None:
    """A file opened later must not get the number of a closed stream, or stray prints would be written in it."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)  # noqa: FBT003 - the function takes it no other way
    os.close(number)


def _drop_what_stdout_refuses() -> None:
    """The interpreter flushes stdout once more at its end, and would complain in its own words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
