"""However many members send pictures at once, only a few are in memory, and none of them for longer than it is read."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import discord
import pytest

from bot.config import MIB
from bot.jobs.admission import Refused, Role, UploadTooLarge
from bot.jobs.errors import DownloadTooLarge, NotAnswered, PictureGone
from bot.jobs.picture_check import PictureFacts
from bot.ui.reading import BYTES_AT_A_TIME, MOST_HOSTED_BYTES, SMALLEST_SHARE, PictureReader
from bot.ui.sources import Attached, Hosted
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
    limits: list[int] = field(default_factory=list)
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

    async def download(self, url: str, *, limit_bytes: int) -> bytes:
        """Pictures are as large as the last part of their address says."""
        await asyncio.sleep(0)
        self.limits.append(limit_bytes)
        if int(url.rpartition("/")[2]) > limit_bytes:
            raise DownloadTooLarge(limit_bytes)
        return self.fetched()

    async def get(self, key: str) -> bytes:
        raise AssertionError("nothing is read back")

    async def has(self, key: str) -> bool:
        raise AssertionError("nothing is looked for")

    def reader(self) -> PictureReader:
        return PictureReader(self, _Check(self), self.download, limit_bytes=25 * MIB)


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
        await PictureReader(memory, _Check(memory), memory.download, limit_bytes=4).read(attached(memory, 1), "style")
    assert caught.value.refusal == UploadTooLarge("style", len("picture"), 4)


@pytest.mark.parametrize("fault", [OSError("reset"), TimeoutError(), discord.DiscordException("gone")])
async def test_a_file_that_cannot_be_fetched_is_asked_for_again(fault: Exception) -> None:
    memory = Memory()
    with pytest.raises(NotAnswered):
        await memory.reader().read(attached(memory, fault=fault), "content")


def shown(size_bytes: int, *, declared: int | None = None) -> Hosted:
    return Hosted(name="wave", url=f"https://cdn.discordapp.com/emojis/{size_bytes}", size_bytes=declared)


async def test_a_picture_whose_size_only_reading_tells_is_read_up_to_a_limit() -> None:
    memory = Memory()
    kept = await memory.reader().read(shown(1000), "content")
    assert (kept.key, memory.limits) == ("picture", [MOST_HOSTED_BYTES])
    with pytest.raises(Refused) as caught:
        await memory.reader().read(shown(MOST_HOSTED_BYTES + 1), "content")
    assert caught.value.refusal == UploadTooLarge("content", None, MOST_HOSTED_BYTES)


async def test_no_more_is_read_of_a_picture_than_it_was_declared_to_have() -> None:
    memory = Memory()
    with pytest.raises(Refused):
        await memory.reader().read(shown(2000, declared=1000), "style")
    assert memory.limits == [1000]


async def test_pictures_of_unknown_size_take_their_turns() -> None:
    memory = Memory()
    reader = memory.reader()
    await asyncio.gather(*(reader.read(shown(1000), "content") for _ in range(12)))
    assert memory.most == BYTES_AT_A_TIME // MOST_HOSTED_BYTES


async def test_a_file_whose_link_is_too_old_is_gone() -> None:
    answer = type("Answer", (), {"status": 404, "reason": "Not Found"})()
    memory = Memory()
    with pytest.raises(PictureGone):
        await memory.reader().read(attached(memory, fault=discord.NotFound(answer, "gone")), "content")
