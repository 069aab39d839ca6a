"""`python -m bot db backup`: a copy of the database as it is at one moment, while bot and engines go on working."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from nst_engine.errors import EngineError, QueueUnavailable
from nst_engine.queue.as_it_is import file_of

ONLY_FOR_US = 0o600


class NoBackup(EngineError):
    """The copy cannot be made, and none is left."""


def back_up(url: str, target: Path) -> Path:
    """Write a whole and checked copy of the database to `target`, a new file. Raises QueueUnavailable and NoBackup.

    Pictures are files of their own. They are written before the rows that name them and never changed, so those copied
    after the database hold all that it names.
    """
    source = file_of(url)
    if source is None:
        raise NoBackup(f"{url} is not a file; its own tools make its backups")
    if not source.is_file():
        raise QueueUnavailable(f"there is no database yet: {source}")
    if target.exists():
        raise NoBackup(f"{target} is there already; choose another name")
    with _unfinished(target) as copy:
        _copy(source, copy)
        copy.replace(target)
    return target


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside `target` that only this user may read, and that is gone in the end."""
    copy = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(copy, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, ONLY_FOR_US))
        yield copy
    except OSError as error:
        raise NoBackup(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)


def _copy(source: Path, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(copy)) as written:
            database.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            (found,) = written.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise NoBackup(f"{source} cannot be copied: {error}") from error
    if found != "ok":
        raise NoBackup(f"{source} is damaged: {found}")
