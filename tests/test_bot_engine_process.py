"""The bot keeps one engine running, and takes it along when it goes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.jobs.engine_process import EngineProcess, engine_command

NOTE = "import sys; note = lambda words: open(sys.argv[1], 'a').write(words + chr(10)); note('started');"
UNTIL_STDIN_ENDS = f"{NOTE} sys.stdin.read(); note('let go')"
DIE_AT_ONCE = f"{NOTE} sys.exit(3)"


def python(program: str, note: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", program, str(note))


@asynccontextmanager
async def running(engine: EngineProcess) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(engine.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lines(note: Path, number: int) -> list[str]:
    async with asyncio.timeout(20):
        while not note.exists() or len(note.read_text().splitlines()) < number:  # noqa: ASYNC110  # another process's file
            await asyncio.sleep(0.01)
    return note.read_text().splitlines()


async def test_an_engine_that_dies_is_started_again(tmp_path: Path) -> None:
    note = tmp_path / "note"
    async with running(EngineProcess(python(DIE_AT_ONCE, note), waits=(0.0,))):
        assert await lines(note, 3) == ["started"] * 3


async def test_an_engine_is_let_go_by_the_end_of_its_input(tmp_path: Path) -> None:
    note = tmp_path / "note"
    async with running(EngineProcess(python(UNTIL_STDIN_ENDS, note))):
        assert await lines(note, 1) == ["started"]
    assert note.read_text().splitlines() == ["started", "let go"]


async def test_an_engine_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    async with running(EngineProcess((str(tmp_path / "missing"),), waits=(0.0,))) as task:
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()


async def test_the_engine_does_not_get_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    note = tmp_path / "note"
    tell = f"{NOTE} import os; note(str('DISCORD_TOKEN' in os.environ)); sys.stdin.read()"
    async with running(EngineProcess(python(tell, note))):
        assert await lines(note, 2) == ["started", "False"]


def test_the_engine_is_told_that_it_is_supervised() -> None:
    command = engine_command(Path("config.toml"))
    assert command[1:] == ("-m", "nst_engine", "serve", "--config", "config.toml", "--supervised")
