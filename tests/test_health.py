"""Signs of life: what the bot notes, what it means, and the two commands that say so."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.__main__ import main as bot_main
from bot.health import SECONDS_OF_SILENCE, SECONDS_OFFLINE, Seen, bot_sign, signs
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.pace import Pace, SystemClock
from bot.store.notes import Notes
from bot.store.pulse import NOTE, Pulse
from nst_engine.cli import main as engine_main
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.jobs import EngineInfo
from nst_engine.queue.leases import Leases
from tests.bot_world import bot_world

PROJECT = Path(__file__).parent.parent
NOW = 10_000.0


class StoppedClock(SystemClock):
    def now(self) -> float:
        return NOW


@pytest.mark.parametrize(
    ("pulse", "is_well", "line"),
    [
        (None, False, "bot: has never run on this database"),
        (Pulse(at=NOW - SECONDS_OF_SILENCE - 1, online_at=NOW), False, "bot: no sign of life for 61 s"),
        (Pulse(at=NOW), False, "bot: runs, and has not reached Discord yet"),
        (
            Pulse(at=NOW, online_at=NOW - SECONDS_OFFLINE - 1),
            False,
            "bot: runs, without a connection to Discord for 181 s",
        ),
        (Pulse(at=NOW - 5, online_at=NOW - 20), True, "bot: online, seen 5 s ago"),
        (Pulse(at=NOW + 5, online_at=NOW), True, "bot: online, seen 0 s ago"),
    ],
)
def test_what_a_sign_of_life_means(pulse: Pulse | None, is_well: bool, line: str) -> None:
    sign = bot_sign(pulse, now=NOW)
    assert (sign.is_well, sign.line) == (is_well, line)


@pytest.mark.parametrize(
    ("engines", "with_engine", "well"), [(0, False, [True]), (0, True, [True, False]), (1, True, [True, True])]
)
def test_a_bot_with_an_engine_of_its_own_needs_it(engines: int, with_engine: bool, well: list[bool]) -> None:
    seen = Seen(pulse=Pulse(at=NOW, online_at=NOW), engines=engines)
    assert [sign.is_well for sign in signs(seen, now=NOW, with_engine=with_engine)] == well


@pytest.mark.parametrize("note", [None, "", "{}", "later", '{"at": "soon"}'])
def test_a_note_that_cannot_be_read_is_no_sign_of_life(note: str | None) -> None:
    assert Pulse.read(note) is None


async def test_the_heart_beats_and_remembers_when_it_was_online(database: Database) -> None:
    notes, online = Notes(database), True
    heart = Heartbeat(notes, lambda: online, StoppedClock(), Pace(between_heartbeats=0.001))

    async def noted() -> Pulse | None:
        return Pulse.read(await notes.read(NOTE))

    task = asyncio.create_task(heart.run())
    while await noted() is None:
        pass
    online = False
    await notes.write(NOTE, "")
    while (after := await noted()) is None:
        pass
    task.cancel()
    assert after == Pulse(at=NOW, online_at=NOW)


async def test_the_bot_in_discord_is_alive_and_online(tmp_path: Path) -> None:
    async with bot_world(tmp_path, pace=Pace(between_heartbeats=0.01)) as world:
        path = tmp_path / "config.toml"
        path.write_text("[engine]\nspawn = false\n")

        def health() -> int:
            return bot_main(["health", "--config", str(path)])

        deadline = time.monotonic() + 10
        while await asyncio.to_thread(health) != 0:
            assert time.monotonic() < deadline
        world.env.bot.ws.open = False
        pulse = Pulse.read(await world.app.client.services.notes.read(NOTE))
        assert pulse is not None
        assert pulse.online_at > 0


def test_the_commands_say_it_and_change_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[engine]\nspawn = false\n")
    assert bot_main(["health", "--config", str(path)]) == 1
    assert capsys.readouterr().out.startswith("there is no database yet")
    assert engine_main(["health", "--config", str(path)]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(("host", "status"), [(socket.gethostname(), 0), ("another-host", 1)])
def test_an_engine_counts_on_its_own_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, status: int
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("")

    async def check_in() -> None:
        async with open_database(f"sqlite:///{tmp_path}/data/stylize.db") as database:
            info = EngineInfo(id="e", host=host, device="cuda:0", version="0")
            await Leases(database, lease_seconds=10).check_in(info)

    asyncio.run(check_in())
    assert engine_main(["health", "--config", str(path)]) == status
    assert capsys.readouterr().out.startswith("alive on" if status == 0 else "no engine on")


def test_a_health_check_loads_nothing_heavy() -> None:
    code = "import sys, bot.__main__, bot.health, nst_engine.health; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert not {"discord", "torch", "numpy", "PIL", "aiohttp"} & set(done.stdout.split())


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_command_whose_reader_has_seen_enough_ends_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    command = [sys.executable, "-m", "bot", "health", "--config", str(tmp_path / "config.toml")]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, cwd=PROJECT)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
