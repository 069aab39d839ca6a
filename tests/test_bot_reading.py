"""However many members send pictures at once, only a few are in memory, and none of them for longer than it is read."""

import asyncio
from dataclasses import dataclass
from typing import cast

import discord
import pytest

from bot.config import MIB
from bot.jobs.admission import Refused, Role, UploadTooLarge
from bot.jobs.errors import NotAnswered
from bot.jobs.picture_check import PictureFacts
from bot.ui.reading import BYTES_AT_A_TIME, SMALLEST_SHARE, PictureReader
from bot.ui.sources import Attached
from nst_engine.errors import BadPicture

FACTS = PictureFacts(width=4, height=3)


class Data(bytes):
    """Bytes whose end is noted."""

    memory: "Memory"

    def __del__(self) -> None:
        self.memory.pictures -= 1


@dataclass
class Memory:
    """How many pictures are in memory; each of them claims the size that is declared."""

    pictures: int = 0
    most: int = 0
    is_bad: bool = False

    def fetched(self) -> Data:
        data = Data(b"picture")
        data.memory = self
        self.pictures += 1
        self.most = max(self.most, self.pictures)
        return data

    async def check(self, data: bytes, *, role: Role) -> PictureFacts:
        await asyncio.sleep(0)
        if self.is_bad:
            await self._time_out(data)
        return FACTS

    async def _time_out(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(1)
        except TimeoutError as error:
            raise BadPicture("The picture takes more than 0 s to read.") from error

    async def put(self, data: bytes) -> str:
        await asyncio.sleep(0)
        return data.decode()

    async def get(self, key: str) -> bytes:
        raise AssertionError("nothing is read back")

    def reader(self) -> PictureReader:
        return PictureReader(self, _Check(self), limit_bytes=25 * MIB)


@dataclass
class _Check:
    memory: Memory

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts:
        return await self.memory.check(data, role=role)


@dataclass
class File:
    """What is used of an attachment."""

    memory: Memory
    size: int
    fault: Exception | None = None
    filename: str = "cat.png"
    content_type: str = "image/png"

    async def read(self) -> bytes:
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return self.memory.fetched()


def attached(memory: Memory, size: int = 1000, fault: Exception | None = None) -> Attached:
    return Attached(cast(discord.Attachment, File(memory, size, fault)))


@pytest.mark.parametrize(("size", "at_a_time"), [(1000, 3), (10 * MIB, 2), (25 * MIB, 1)])
async def test_twelve_commands_at_once_have_few_pictures_in_memory(size: int, at_a_time: int) -> None:
    assert BYTES_AT_A_TIME // max(size, SMALLEST_SHARE) == at_a_time
    memory = Memory()
    reader = memory.reader()
    kept = await asyncio.gather(
        *(reader.read_all(((attached(memory, size), "content"), (attached(memory, size), "style"))) for _ in range(12)),
    )
    assert memory.most == at_a_time
    assert len(kept) == 12
    assert memory.pictures == 0, "what was read is in the blob store alone"


async def test_a_refused_picture_is_not_kept_in_memory_while_its_owner_is_told() -> None:
    memory = Memory(is_bad=True)
    with pytest.raises(BadPicture) as caught:
        await memory.reader().read(attached(memory), "content")
    assert caught.value.__cause__ is not None
    assert memory.most == 1
    assert memory.pictures == 0


async def test_a_file_larger_than_declared_is_refused() -> None:
    memory = Memory()
    with pytest.raises(Refused) as caught:
        await PictureReader(memory, _Check(memory), limit_bytes=4).read(attached(memory, 1), "style")
    assert caught.value.refusal == UploadTooLarge("style", len("picture"), 4)


@pytest.mark.parametrize("fault", [OSError("reset"), TimeoutError(), discord.DiscordException("gone")])
async def test_a_file_that_cannot_be_fetched_is_asked_for_again(fault: Exception) -> None:
    memory = Memory()
    with pytest.raises(NotAnswered):
        await memory.reader().read(attached(memory, fault=fault), "content")
