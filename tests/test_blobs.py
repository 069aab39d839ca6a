"""Pictures by content, `nst_engine/queue/blobs.py`."""

import hashlib
from pathlib import Path

import pytest

from nst_engine.errors import BadConfig, QueueUnavailable
from nst_engine.queue.blobs import DirectoryBlobs


async def test_a_blob_comes_back_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    blobs = DirectoryBlobs(tmp_path)
    key = await blobs.put(b"picture")
    assert key == hashlib.sha256(b"picture").hexdigest()
    assert await blobs.get(key) == b"picture"


async def test_the_same_bytes_are_kept_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    blobs = DirectoryBlobs(tmp_path)
    assert await blobs.put(b"picture") == await blobs.put(b"picture")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [hashlib.sha256(b"picture").hexdigest()]


async def test_a_missing_blob_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(QueueUnavailable, match="cannot be read"):
        await DirectoryBlobs(tmp_path).get("0" * 64)


async def test_a_directory_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(QueueUnavailable, match="cannot be kept"):
        await DirectoryBlobs(tmp_path / "file").put(b"picture")


async def test_a_directory_is_made_and_tried_at_the_start(tmp_path: Path) -> None:
    await DirectoryBlobs(tmp_path / "new" / "blobs").prepare()
    assert list((tmp_path / "new" / "blobs").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(BadConfig, match=r"blobs\.directory = .*file"):
        await DirectoryBlobs(tmp_path / "file").prepare()


async def test_a_store_knows_what_it_has(tmp_path: Path) -> None:
    blobs = DirectoryBlobs(tmp_path)
    key = await blobs.put(b"picture")
    assert await blobs.has(key)
    assert not await blobs.has("0" * 64)
