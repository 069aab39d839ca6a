"""One bot at a time on one database: two would each post every card. A process that ends in any way lets it go."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import sqlalchemy

from nst_engine.errors import QueueUnavailable

try:
    import fcntl
except ImportError:  # Windows, where nobody keeps a second bot away
    fcntl = None  # type: ignore[assignment]  # looked at before it is used

log = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 0.1


@asynccontextmanager
async def only_bot(database_url: str, *, within: float) -> AsyncIterator[None]:
    """Keep every other bot off this database. Waits so many seconds for one to end, then raises QueueUnavailable."""
    path = lock_file(database_url)
    if fcntl is None or path is None:
        yield
        return
    with _opened(path) as file:
        await _lock(file, path, within)
        yield


def lock_file(database_url: str) -> Path | None:
    """The file beside a database that its bot holds; None for a database that is not a file."""
    url = sqlalchemy.make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    database = Path(url.database).resolve()
    return database.with_name(f"{database.name}.bot.lock")


def _opened(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError as error:
        raise QueueUnavailable(f"the lock file {path} cannot be made: {error}") from error


async def _lock(file: IO[bytes], path: Path, within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await _until_locked(file, path)
    except TimeoutError as error:
        raise QueueUnavailable(f"another bot is running on this database and holds {path}; stop it first") from error
    except OSError as error:
        raise QueueUnavailable(f"{path} cannot be locked: {error}") from error


async def _until_locked(file: IO[bytes], path: Path) -> None:
    if _is_locked(file):
        return
    log.warning("another bot is running on this database; waiting for it to end lock=%s", path)
    while not _is_locked(file):  # noqa: ASYNC110  # the event would have to come from another process
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)


def _is_locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
