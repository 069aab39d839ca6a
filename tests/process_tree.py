"""Finds, kills and waits for the processes of one tree on Linux, also those whose parent is gone."""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path

MARK = "STYLIZE_TEST_TREE"
"""The environment variable that every process of a tree inherits from its first one."""


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    command: tuple[str, ...]

    def runs(self, *words: str) -> bool:
        """Whether all these words stand in its command line."""
        return all(word in self.command for word in words)

    def peak_memory_bytes(self) -> int:
        """The most resident memory that it ever had."""
        status = _read(Path(f"/proc/{self.pid}/status")).decode()
        (kibibytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(kibibytes) * 1024

    def has_mapped(self, library: str) -> bool:
        """Whether it has loaded a library whose path contains this."""
        return library.encode() in _read(Path(f"/proc/{self.pid}/maps"))

    def kill(self) -> None:
        """As `kill -9`."""
        os.kill(self.pid, signal.SIGKILL)


def marked_processes(mark: str) -> list[Process]:
    """All living processes that inherited this mark, oldest number first."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and wanted in _read(folder / "environ").split(b"\0"):
            command = _read(folder / "cmdline").decode().split("\0")
            found.append(Process(int(folder.name), tuple(command)))
    return sorted(found, key=lambda process: process.pid)


async def until_ended(process: Process, *, within: float) -> None:
    """Wait for the end of a process that need not be our child; `within` is in seconds."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def end() -> None:
        loop.remove_reader(handle)
        ended.set_result(None)

    loop.add_reader(handle, end)
    try:
        async with asyncio.timeout(within):
            await ended
    except TimeoutError as error:
        raise AssertionError(f"still there after {within} s: {process}") from error
    finally:
        loop.remove_reader(handle)
        os.close(handle)


def _read(path: Path) -> bytes:
    """The file's bytes; none where the process has gone or is another user's."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
