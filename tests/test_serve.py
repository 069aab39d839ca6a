"""The engine process as the shell sees it: signals, exit codes, what it logs, and what survives its death."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nst_engine.child import parse_settings
from nst_engine.contract.jobs import JobState
from nst_engine.contract.settings import EngineSettings
from nst_engine.serve import command_of
from tests.agent_rig import Queue, open_queue
from tests.fake_child import fake_child

CHECKOUT = Path(__file__).parent.parent


@asynccontextmanager
async def serving(folder: Path, plan: dict[str, Sequence[str]], *options: str) -> AsyncIterator[Process]:
    """A `serve` process with a fake child; killed at the end, if it has not ended by then."""
    command = (sys.executable, "-m", "tests.run_serve", str(folder), json.dumps(fake_child(folder, plan)), *options)
    private = os.environ | {"TMPDIR": str(folder)}
    process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, env=private, stdin=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> tuple[int, str]:
    """Its exit code and its log."""
    async with asyncio.timeout(60):
        _, log = await process.communicate()
        return await process.wait(), log.decode()


async def until_gone(queue: Queue, pid: int) -> None:
    def is_gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return b") Z " in Path(f"/proc/{pid}/stat").read_bytes()  # an orphan that nobody has buried yet

    await queue.until_true(is_gone)


async def test_sigterm_hands_the_job_back_uncounted_and_exits_0(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {"a": ["gate"]}) as process:
        await queue.submit("a")
        await queue.until_progress("a")
        process.terminate()
        code, log = await ended(process)
        assert code == 0, log
        job = await queue.until_state(JobState.QUEUED, "a")
        assert job.attempts == 0
        assert "job=a claimed attempt=1" in log
        assert "job=a handed back to the queue" in log
        await until_gone(queue, queue.lives[0])


async def test_an_idle_engine_ends_at_sigint(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {}) as process:
        await queue.until_engine()
        process.send_signal(signal.SIGINT)
        code, log = await ended(process)
        assert code == 0, log
        assert await queue.store.engines() == []


async def test_a_second_signal_ends_it_at_once_and_its_child_with_it(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {"a": ["ignore stop"]}) as process:
        await queue.submit("a")
        await queue.until_progress("a")
        process.terminate()
        assert process.stderr is not None
        while b"draining" not in await process.stderr.readline():
            pass
        process.terminate()
        code, _ = await ended(process)
        assert code == 128 + signal.SIGTERM
        await until_gone(queue, queue.lives[0])


async def test_a_supervised_engine_drains_when_its_supervisor_is_gone(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {"a": ["gate"]}, "--supervised") as process:
        await queue.submit("a")
        await queue.until_progress("a")
        assert process.stdin is not None
        process.stdin.close()
        code, log = await ended(process)
        assert code == 0, log
        job = await queue.until_state(JobState.QUEUED, "a")
        assert job.attempts == 0


async def test_kill_9_of_the_engine_in_mid_job_ends_its_child_and_another_engine_finishes_the_job(
    tmp_path: Path,
) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {"a": ["gate"]}) as first:
        await queue.submit("a")
        await queue.until_progress("a")
        first.kill()
        await until_gone(queue, queue.lives[0])
        (left,) = tmp_path.glob("stylize-job-*")
        os.utime(left, (0, 0))
        async with serving(tmp_path, {}) as second:
            job = await queue.until_done("a")
            assert (await queue.picture(job), job.attempts) == (b"picture of a/2", 2)
            second.terminate()
            code, log = await ended(second)
            assert code == 0, log
            assert "job=a its engine's lease ran out, now queued" in log
    assert list(tmp_path.glob("stylize-job-*")) == []


async def test_a_database_of_another_version_is_one_line_and_exit_2(tmp_path: Path) -> None:
    async with open_queue(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "stylize.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    connection.close()
    async with serving(tmp_path, {}) as process:
        code, log = await ended(process)
    assert code == 2
    assert "the engine cannot start: the database has schema from the future" in log
    assert "Traceback" not in log


async def test_a_database_that_cannot_be_opened_is_one_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "stylize.db").mkdir()
    async with serving(tmp_path, {}) as process:
        code, log = await ended(process)
    assert code == 1
    assert "the engine cannot start now: the database cannot be opened" in log
    assert "Traceback" not in log


@pytest.mark.parametrize("settings", [EngineSettings(), EngineSettings(device="cpu", weights="a b.pth", threads=3)])
def test_the_child_understands_the_command_line_that_the_engine_makes(settings: EngineSettings) -> None:
    command = command_of(settings)
    assert command[:3] == (sys.executable, "-m", "nst_engine.child")
    read = parse_settings(command[3:])
    assert (read.device, read.weights) == (settings.device, settings.weights)
    assert (read.threads, read.report_every_seconds) == (settings.threads, settings.report_every_seconds)
