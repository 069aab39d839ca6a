"""Pictures, kept under the SHA-256 of their bytes: one picture is kept once, and a key never changes its meaning."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from nst_engine.errors import BadConfig, QueueUnavailable


class BlobStore(Protocol):
    """Bytes by content address."""

    async def put(self, data: bytes) -> str:
        """Keep `data` and return its key. Raises QueueUnavailable (a full disk, say)."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes under `key`. Raises QueueUnavailable."""
        ...

    async def has(self, key: str) -> bool:
        """Whether there are bytes under `key`."""
        ...


class DirectoryBlobs:
    """Blobs as files of one directory, two levels deep."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def prepare(self) -> None:
        """Make the directory and try it. Raises BadConfig, so that a wrong one is told at the start."""
        try:
            await asyncio.to_thread(_try_writing, self._directory)
        except OSError as error:
            raise BadConfig([f'blobs.directory = "{self._directory}": cannot be written to ({error})']) from error

    async def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        try:
            await asyncio.to_thread(_write_once, self._path(key), data)
        except OSError as error:
            raise QueueUnavailable(f"a picture cannot be kept in {self._directory}: {error}") from error
        return key

    async def get(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except OSError as error:
            raise QueueUnavailable(f"picture {key[:12]} cannot be read from {self._directory}: {error}") from error

    async def has(self, key: str) -> bool:
        return await asyncio.to_thread(self._path(key).is_file)

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / key


def _try_writing(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=directory):
        pass


def _write_once(path: Path, data: bytes) -> None:
    """Write under another name, make it durable, then rename: nobody ever sees half a picture."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
