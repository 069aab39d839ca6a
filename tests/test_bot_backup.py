"""`python -m bot db backup`: whole, private, of one moment, and nothing is left of one that failed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.backup import NoBackup, back_up
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job


async def test_a_database_in_use_is_copied_as_it_is_and_opens_again(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await JobStore(database).submit(new_job("before"))
    copy = back_up(database_url, tmp_path / "backup" / "stylize.db")
    await JobStore(database).submit(new_job("after"))
    assert [path.name for path in copy.parent.iterdir()] == ["stylize.db"], "one file, with nothing beside it"
    assert copy.stat().st_mode & 0o777 == 0o600
    async with open_database(f"sqlite:///{copy}") as restored:
        assert [job.id for job in await JobStore(restored).open_jobs()] == ["before"]


async def test_a_backup_is_not_written_over(database: Database, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "old.db").write_text("yesterday's")
    with pytest.raises(NoBackup, match="is there already"):
        back_up(database_url, tmp_path / "old.db")
    assert (tmp_path / "old.db").read_text() == "yesterday's"


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    with closing(sqlite3.connect(broken)) as made:
        made.execute("CREATE TABLE t (x)")
        made.execute("INSERT INTO t VALUES (zeroblob(200000))")
        made.commit()
    broken.write_bytes(broken.read_bytes()[:4096] + bytes(broken.stat().st_size - 4096))
    with pytest.raises(NoBackup, match=r"damaged|cannot be copied"):
        back_up(f"sqlite:///{broken}", tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "source.db").touch()
    (tmp_path / "file").touch()
    with pytest.raises(NoBackup, match="cannot be written"):
        back_up(f"sqlite:///{tmp_path}/source.db", tmp_path / "file" / "copy.db")


def test_the_command_says_what_to_copy_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text("")
    config = ["--config", str(tmp_path / "config.toml")]
    assert main(["db", "backup", str(tmp_path / "b.db"), *config]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert main(["db", "upgrade", *config]) == 0
    assert main(["db", "backup", str(tmp_path / "b.db"), *config]) == 0
    assert f"Now copy the pictures: {tmp_path}/data/blobs" in capsys.readouterr().out
    assert main(["db", "backup", str(tmp_path / "b.db"), *config]) == 1
    assert "is there already" in capsys.readouterr().err
