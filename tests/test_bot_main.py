"""`python -m bot` as the person who installs it meets it."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import BotConfig
from bot.jobs.only_one import only_bot
from nst_engine.contract.settings import load_config

PROJECT = Path(__file__).parent.parent
MIB = 2**20
LOOK_AT_THE_BOT = """
import asyncio, sys
from pathlib import Path
import bot.__main__
from bot.app import open_app
from bot.config import BotConfig
from nst_engine.contract.settings import load_config

async def main():
    config = load_config(Path(sys.argv[1]), BotConfig)
    async with open_app(config) as app:
        await app.store.open_jobs()

asyncio.run(main())
heavy = sorted({"torch", "torchvision", "numpy", "scipy"} & set(sys.modules))
(peak,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak) * 1024, *heavy)
"""


def config(folder: Path, text: str = "[engine]\nspawn = false\n") -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_bot_stays_under_150_mb_and_without_torch(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOOK_AT_THE_BOT, str(config(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, timeout=60)
    peak, *heavy = done.stdout.split()
    assert heavy == []
    assert int(peak) < 150 * MIB


def test_a_missing_token_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    assert main(["run", "--config", str(config(tmp_path))]) == 2
    assert capsys.readouterr().err.startswith("There is no token: set the environment variable DISCORD_TOKEN")


def test_bad_settings_are_named_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = config(tmp_path, "[limits]\nmax_size_px = 9\n\n[logging]\nlevel = 'loud'\n")
    assert main(["run", "--config", str(path)]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("limits.max_size_px = 9: ")
    assert second.startswith('logging.level = "loud": ')


def test_a_missing_config_says_what_to_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--config", str(tmp_path / "none.toml")]) == 2
    assert "copy config.example.toml" in capsys.readouterr().err


def test_the_database_is_made_by_hand_where_that_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--config", str(config(tmp_path))]) == 0
    assert "up to date" in capsys.readouterr().out
    assert (tmp_path / "data" / "stylize.db").exists()


@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"]])
def test_a_database_that_does_not_open_now_is_one_sentence_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "unused")
    (tmp_path / "data").write_text("a file where a folder should be")
    assert main([*command, "--config", str(config(tmp_path))]) == 1
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"]])
def test_a_database_of_another_version_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "unused")
    path = str(config(tmp_path))
    assert main(["db", "upgrade", "--config", path]) == 0
    with closing(sqlite3.connect(tmp_path / "data" / "stylize.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'from the future'")
        database.commit()
    assert main([*command, "--config", path]) == 2
    assert "which this version does not know" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "status"), [(["db", "upgrade"], 0), (["doctor"], 1)])
def test_beside_a_running_bot_the_other_commands_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], status: int
) -> None:
    path = config(tmp_path)

    async def beside_a_bot() -> int:
        async with only_bot(load_config(path, BotConfig).database.url, within=0):
            return await asyncio.to_thread(main, [*command, "--config", str(path)])

    assert asyncio.run(beside_a_bot()) == status
    assert "another bot" not in capsys.readouterr().out


def test_help_names_the_commands() -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "bot", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, env=environment, timeout=60)
    assert {"run", "doctor", "db"} <= set(done.stdout.split())


def test_a_blob_directory_that_is_a_file_is_refused_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "token")
    (tmp_path / "file").touch()
    text = '[engine]\nspawn = false\n[blobs]\ndirectory = "file"\n'
    assert main(["run", "--config", str(config(tmp_path, text))]) == 2
    assert f'blobs.directory = "{tmp_path}/file": cannot be written to' in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_token_that_was_pasted_wrongly_is_one_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "half\ntoken")
    assert main([command, "--config", str(config(tmp_path))]) == 2
    complaint = capsys.readouterr().err
    assert "DISCORD_TOKEN: has a space, a line break" in complaint
    assert "half" not in complaint
