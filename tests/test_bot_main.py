"""`python -m bot` as the person who installs it meets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

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
    assert second.startswith("logging.level = 'loud': ")


def test_a_missing_config_says_what_to_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--config", str(tmp_path / "none.toml")]) == 2
    assert "copy config.example.toml" in capsys.readouterr().err


def test_the_database_is_made_by_hand_where_that_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--config", str(config(tmp_path))]) == 0
    assert "up to date" in capsys.readouterr().out
    assert (tmp_path / "data" / "stylize.db").exists()


def test_a_database_that_cannot_be_made_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    assert main(["db", "upgrade", "--config", str(config(tmp_path))]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_help_names_the_commands() -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "bot", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, env=environment, timeout=60)
    assert {"run", "doctor", "db"} <= set(done.stdout.split())
