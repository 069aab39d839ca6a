"""The doctor finds what is missing and says what to do about it."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.config import BotConfig
from bot.doctor import examine, told
from bot.doctor_data import LEAST_FREE_BYTES, LITTLE_FREE_BYTES, file_system_of, room_finding, schema_finding
from bot.doctor_finding import Finding
from bot.doctor_settings import unwise_settings
from bot.ui.checkup import Checkup, lacking
from nst_engine.contract.settings import parse_config
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.database import SchemaVersion, open_database
from nst_engine.queue.store import JobStore
from tests.fake_engine import FakeEngine
from tests.queue_samples import new_job


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


def test_advice_is_no_fault(tmp_path: Path) -> None:
    assert Finding(what="a", advice="b").line == "!   a\n    → b"
    assert Finding(what="a", advice="b").is_well
    assert Finding(what="a").line == "ok  a"


def test_looking_makes_no_database(tmp_path: Path) -> None:
    assert "not there yet, the first start makes it" in lines(findings(tmp_path))
    assert not (tmp_path / "data" / "stylize.db").exists()


@pytest.mark.parametrize(
    ("current", "is_known", "said"),
    [
        ("0002", True, "ok  database u: schema 0002"),
        ("0001", True, "!   database u: schema 0001, of an earlier version\n    → The next start changes it to 0002."),
        ("0009", False, "✗   database u: schema 0009 is unknown here\n    → Install the version of stylize-bot"),
    ],
)
def test_the_schema_is_that_of_this_version_or_there_is_something_to_do(
    current: str, is_known: bool, said: str
) -> None:
    version = SchemaVersion(current=current, newest="0002", is_known=is_known)
    assert schema_finding("u", version).line.startswith(said)


def test_a_damaged_database_is_told_from_a_whole_one(tmp_path: Path) -> None:
    assert main(["db", "upgrade", "--config", str(empty_config(tmp_path))]) == 0
    assert "schema 0" in lines(findings(tmp_path))
    file = tmp_path / "data" / "stylize.db"
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
    said = lines(findings(tmp_path))
    assert "✗   " in said
    assert "docs/operate.md" in said or "does not answer" in said


async def test_pictures_that_are_gone_are_counted(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/data/stylize.db") as database:
        engine = FakeEngine(database, DirectoryBlobs(tmp_path / "data" / "blobs"))
        for number in range(2):
            await JobStore(database).submit(new_job(f"job-{number}"))
            await engine.finish(await engine.claim(), result=bytes([number]))
    assert "not in" not in lines(await asyncio.to_thread(findings, tmp_path))
    for blob in (tmp_path / "data" / "blobs").glob("*/*"):
        blob.unlink()
    assert "pictures: 2 of the newest 50 results are not in" in lines(await asyncio.to_thread(findings, tmp_path))


@pytest.mark.parametrize(
    ("free", "begins"), [(LEAST_FREE_BYTES - 1, "✗"), (LITTLE_FREE_BYTES - 1, "!"), (LITTLE_FREE_BYTES, "ok")]
)
def test_a_disk_that_is_almost_full_is_a_fault_and_one_that_will_be_is_advice(free: int, begins: str) -> None:
    assert room_finding(Path("/data"), free).line.startswith(begins)


def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\nbroken line\n"
    assert file_system_of(tmp_path / "data", mounts) == "nfs4"
    assert file_system_of(Path("/"), mounts) == "ext4"
    assert file_system_of(tmp_path, "") == ""


@pytest.mark.parametrize(
    ("tables", "word"),
    [
        ({"limits": {"max_open_jobs_per_member": 5, "max_open_jobs": 5}}, "one can fill the queue"),
        ({"limits": {"max_upload_mib": 51}}, "holds uploads in memory"),
        ({"engine": {"threads": 256}}, "more than this machine has"),
        ({"engine": {"device": "cpu"}, "limits": {"max_size_px": 4096}}, "max_size_px = 4096 on a CPU"),
        ({"engine": {"device": "cpu"}, "limits": {"default_size_px": 1000}}, "default_size_px = 1000 on a CPU"),
        ({"engine": {"lease_seconds": 2.0}}, "lease_seconds = 2:"),
        ({"engine": {"silence_seconds": 10.0}}, "silence_seconds = 10:"),
        ({"engine": {"report_every_seconds": 30.0}}, "report_every_seconds = 30:"),
        ({"logging": {"level": "debug"}}, "what people send"),
    ],
)
def test_unwise_settings_are_told_with_what_is_wiser(tables: dict[str, dict[str, object]], word: str) -> None:
    (finding,) = unwise_settings(parse_config(tables, BotConfig, folder=Path()))
    assert word in finding.what
    assert finding.advice
    assert finding.is_well


def test_the_defaults_are_wise() -> None:
    (finding,) = unwise_settings(parse_config({}, BotConfig, folder=Path()))
    assert finding.line == "ok  settings: none is unwise"


def empty_config(folder: Path) -> Path:
    path = folder / "config.toml"
    path.write_text("[engine]\nspawn = false\n")
    return path
