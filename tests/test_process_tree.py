"""The marked processes are found, looked into, killed and waited for."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from tests.process_tree import MARK, Process, marked_processes, until_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

CHILD = "import sys; print('up', flush=True); sys.stdin.read()"
PARENT = f"import sqlite3, subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@asynccontextmanager
async def two_generations(mark: str) -> AsyncIterator[list[Process]]:
    """A Python that has loaded SQLite, and its child, which ends with our end of the pipe."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT), stdin=PIPE, stdout=PIPE, env={**os.environ, MARK: mark}
    )
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readline()
    yield marked_processes(mark)
    process.stdin.close()
    await process.wait()


async def test_a_child_whose_parent_was_killed_is_still_found() -> None:
    mark = uuid4().hex
    async with two_generations(mark) as (parent, child):
        assert parent.runs("-c", PARENT)
        assert child.runs("-c", CHILD)
        parent.kill()
        await until_ended(parent, within=10)
        assert marked_processes(mark) == [child]
    await until_ended(child, within=10)
    assert marked_processes(mark) == []


async def test_memory_and_libraries_of_a_process_are_seen() -> None:
    async with two_generations(uuid4().hex) as (parent, _):
        assert 2**20 < parent.peak_memory_bytes() < 2**30
        assert parent.has_mapped("sqlite3")
        assert not parent.has_mapped("torch")


async def test_waiting_for_the_end_of_a_process_that_goes_on_fails() -> None:
    async with two_generations(uuid4().hex) as (parent, _):
        with pytest.raises(AssertionError, match="still there after"):
            await until_ended(parent, within=0.01)
