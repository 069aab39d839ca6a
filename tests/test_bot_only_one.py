"""Two bots on one database would each post every card and picture: the second one waits, and then gives up."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.app import Parts, open_app
from bot.config import BotConfig
from bot.jobs.only_one import lock_file, only_bot
from nst_engine.contract.settings import parse_config
from nst_engine.errors import QueueUnavailable
from tests.bot_world import QUICK

HOLD = """
import asyncio, sys
from bot.jobs.only_one import only_bot

async def main():
    async with only_bot(sys.argv[1], within=0):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/stylize.db"


async def test_a_second_bot_gives_up_with_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = parse_config({"engine": {"spawn": False}}, BotConfig, folder=tmp_path)
    async with open_app(config, parts=Parts(pace=QUICK)):
        with pytest.raises(QueueUnavailable, match=r"^another bot is running on this database"):
            async with open_app(config, parts=Parts(pace=QUICK, seconds_for_another_bot_to_end=0.25)):
                pass
    assert caplog.text.count("another bot is running on this database; waiting") == 1


async def test_a_second_bot_starts_when_the_first_has_ended(tmp_path: Path) -> None:
    in_turn: list[str] = []

    async def second() -> None:
        async with only_bot(url(tmp_path), within=10):
            in_turn.append("second")

    async with only_bot(url(tmp_path), within=0):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
        in_turn.append("first")
    await waiting
    assert in_turn == ["first", "second"]


async def test_a_killed_bot_lets_the_database_go(tmp_path: Path) -> None:
    command = (sys.executable, "-c", HOLD, url(tmp_path))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    with pytest.raises(QueueUnavailable):
        async with only_bot(url(tmp_path), within=0.05):
            pass
    process.kill()
    await process.communicate()
    async with only_bot(url(tmp_path), within=0.05):
        pass


async def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(QueueUnavailable, match="cannot be made"):
        async with only_bot(url(tmp_path / "data"), within=0):
            pass


def test_the_lock_lies_beside_the_database(tmp_path: Path) -> None:
    assert lock_file(url(tmp_path)) == tmp_path / "stylize.db.bot.lock"
    assert lock_file("postgresql://host/stylize") is None
