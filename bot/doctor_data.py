"""The doctor's look at what is kept: database, pictures and the room for both. It changes neither."""

import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select, text

from bot.config import BotConfig
from bot.doctor_finding import Finding
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.as_it_is import file_of, open_as_it_is
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.database import Database, SchemaVersion, schema_version
from nst_engine.queue.schema import jobs

GIB = 2**30
LEAST_FREE_BYTES = GIB
LITTLE_FREE_BYTES = 5 * GIB
PICTURES_LOOKED_FOR = 50
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs"})
SET_URL = "Set database.url to a file that this user may write, on a local disk."
RESTORE = "Stop the bot and restore the last backup: docs/operate.md says how."


def examine_data(config: BotConfig) -> Iterator[Finding]:
    url = config.database.url
    file = file_of(url)
    if file is not None and not file.exists():
        yield _place_for(url, file)
    else:
        yield from _database(config)
    if file is not None:
        yield from _disk_of(file.parent)
    yield blob_directory(config.blobs.directory)
    yield _room(nearest_folder(config.blobs.directory))


def _place_for(url: str, file: Path) -> Finding:
    """Where the first start will make the database."""
    folder = nearest_folder(file.parent)
    if folder.is_dir() and os.access(folder, os.W_OK):
        return Finding(what=f"database {url}: not there yet, the first start makes it")
    return Finding(what=f"database {url}", is_well=False, remedy=f"{folder} cannot be written to. {SET_URL}")


def nearest_folder(path: Path) -> Path:
    """`path`, or what is there already of the way to it."""
    return next((place for place in (path, *path.parents) if place.exists()), path)


def _database(config: BotConfig) -> Iterator[Finding]:
    url = config.database.url
    try:
        version, damage, missing = asyncio.run(_look(config))
    except QueueUnavailable as error:
        yield Finding(what=f"database {url}", is_well=False, remedy=f"{error}. {SET_URL}")
        return
    yield schema_finding(url, version)
    if damage:
        yield Finding(what=f"the database is damaged: {damage}", is_well=False, remedy=RESTORE)
    if missing:
        yield Finding(
            what=f"pictures: {missing} of the newest {PICTURES_LOOKED_FOR} results are not in {config.blobs.directory}",
            is_well=False,
            remedy="The folder is another one, or older than the database: restore its backup, or set blobs.directory.",
        )


def schema_finding(url: str, version: SchemaVersion) -> Finding:
    if not version.is_known:
        remedy = "Install the version of stylize-bot that made it, or a newer one."
        return Finding(what=f"database {url}: schema {version.current} is unknown here", is_well=False, remedy=remedy)
    if version.current is not None and version.current != version.newest:
        advice = f"The next start changes it to {version.newest}. Make a backup before: docs/operate.md says how."
        return Finding(what=f"database {url}: schema {version.current}, of an earlier version", advice=advice)
    return Finding(what=f"database {url}: schema {version.newest}")


async def _look(config: BotConfig) -> tuple[SchemaVersion, str, int]:
    """The schema, what is damaged, and how many of the newest pictures are missing. Raises QueueUnavailable."""
    async with open_as_it_is(config.database.url) as database:
        version = await database.write(schema_version)  # a transaction that could write, and does not
        damage = await database.read(_damage)
        complete = version.current == version.newest
        return version, damage, await _missing_pictures(database, config.blobs.directory) if complete else 0


def _damage(connection: Connection) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if found == "ok" else found


async def _missing_pictures(database: Database, directory: Path) -> int:
    query = select(jobs.c.result_blob).where(jobs.c.result_blob.is_not(None)).order_by(jobs.c.seq.desc())
    newest = query.limit(PICTURES_LOOKED_FOR)
    keys = await database.read(lambda connection: list(connection.execute(newest).scalars()))
    blobs = DirectoryBlobs(directory)
    return sum([not await blobs.has(key) for key in keys])


def blob_directory(directory: Path) -> Finding:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory) as file:
            file.write(b"x")
    except OSError as error:
        remedy = f"It cannot be written to ({error}). Set blobs.directory to a folder that this user may write."
        return Finding(what=f"pictures in {directory}", is_well=False, remedy=remedy)
    return Finding(what=f"pictures in {directory}")


def _disk_of(folder: Path) -> Iterator[Finding]:
    kind = file_system_of(folder, _mounts())
    if kind in NETWORK_FILE_SYSTEMS:
        remedy = "SQLite's locks and its shared memory do not work over a network. Put the database on a local disk."
        yield Finding(what=f"the database is on a network file system ({kind})", is_well=False, remedy=remedy)
    if folder.is_dir() and folder.stat().st_mode & stat.S_IRWXO:
        advice = f"It holds members' pictures and ids: chmod o-rwx {folder}"
        yield Finding(what=f"{folder} is open to every user of this machine", advice=advice)


def file_system_of(folder: Path, mounts: str) -> str:
    """The kind of file system that `folder` is on, as /proc/mounts has it; empty where nobody knows."""
    places = [line.split()[1:3] for line in mounts.splitlines() if len(line.split()) > 2]
    path = folder.resolve()
    holding = [(len(place), kind) for place, kind in places if path.is_relative_to(place)]
    return max(holding, default=(0, ""))[1]


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # not Linux


def _room(folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(what=f"room in {folder}", is_well=False, remedy=f"It cannot be looked at ({error}).")
    return room_finding(folder, free)


def room_finding(folder: Path, free_bytes: int) -> Finding:
    what = f"room in {folder}: {free_bytes / GIB:.1f} GiB free"
    if free_bytes < LEAST_FREE_BYTES:
        return Finding(what=what, is_well=False, remedy="Make room: on a full disk every request is refused.")
    if free_bytes < LITTLE_FREE_BYTES:
        return Finding(what=what, advice="Pictures stay until you delete them: make room before it is used up.")
    return Finding(what=what)
