"""The doctor finds what is missing and says what to do about it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.config import BotConfig
from bot.doctor import Finding, examine, told
from bot.ui.checkup import Checkup, lacking
from nst_engine.contract.settings import parse_config


def findings(folder: Path, **tables: dict[str, object]) -> list[Finding]:
    config = parse_config({"engine": {"spawn": False}, **tables}, BotConfig, folder=folder)
    return list(examine(config, folder / "config.toml", None))


def lines(found: list[Finding]) -> str:
    return "\n".join(finding.line for finding in found)


def test_a_healthy_installation_lacks_only_its_token_and_an_engine(tmp_path: Path) -> None:
    unwell = [finding for finding in findings(tmp_path) if not finding.is_well]
    assert [finding.what for finding in unwell] == [
        "no token: DISCORD_TOKEN is not set",
        "no engine is running, and the bot is not to start one",
    ]
    assert "Reset Token" in unwell[0].remedy
    assert "python -m nst_engine serve --config" in unwell[1].remedy


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    said = lines(findings(tmp_path))
    assert "✗   database sqlite:///" in said
    assert "Set database.url to a file that this user may write" in said
    assert "Set blobs.directory to a folder that this user may write" in said


def test_missing_weights_are_named(tmp_path: Path) -> None:
    said = lines(findings(tmp_path, engine={"spawn": True, "device": "cpu", "weights": "none.safetensors"}))
    assert "none.safetensors" in said
    assert "See engine.device and engine.weights." in said


def test_the_command_is_1_where_something_is_unwell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    (tmp_path / "config.toml").write_text("[engine]\nspawn = false\n")
    assert main(["doctor", "--config", str(tmp_path / "config.toml")]) == 1
    assert "→" in capsys.readouterr().out


def test_a_servers_missing_permissions_are_named() -> None:
    assert lacking("Art School", 0).startswith("Art School: ")
    assert "attach files" in lacking("Art School", 0)
    assert lacking("Art School", 8) == "", "an administrator lacks nothing"


@pytest.mark.parametrize(("sync_guild", "unwell"), [(0, []), (4711, []), (5, ["server 5 for the commands"])])
def test_the_server_for_the_commands_is_one_that_the_bot_is_in(sync_guild: int, unwell: list[str]) -> None:
    checkup = Checkup(
        name="bot#0",
        invite_url="https://discord.com/invite",
        servers=("Art School",),
        server_ids=(4711,),
        lacking=(),
        interactions_go_elsewhere=False,
    )
    found = [finding for finding in told(checkup, sync_guild) if not finding.is_well]
    assert [finding.what.removesuffix(" (discord.sync_guild)") for finding in found] == unwell
    assert all("set discord.sync_guild to 0" in finding.remedy for finding in found)


def test_the_process_that_loads_the_network_gets_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    seen: list[dict[str, str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.append(options["env"])
        return subprocess.CompletedProcess(command, 0, stdout="cpu", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    findings(tmp_path, engine={"spawn": True})
    (environment,) = seen
    assert "DISCORD_TOKEN" not in environment
    assert "PATH" in environment
