"""Posts the last word of a job: the finished picture, or one sentence. Once, wherever there still is a place."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import discord

from bot.jobs.address import Address
from bot.jobs.encode import FittedPicture, encode_to_fit
from bot.jobs.errors import FileTooLarge, NoPlaceLeft, PlaceGone, Rejected, ResultUnreadable
from bot.ui.card_view import SPOILER_PREFIX
from bot.ui.places import own_id, place, translated
from bot.ui.text import last_word
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)

MESSAGES_TO_SEARCH = 300
SECONDS_BEFORE_END = 60.0
SMALLEST_UPLOAD_LIMIT_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A message to post."""

    content: str
    picture: FittedPicture | None = None
    title: str = ""
    """The picture's file name without its ending."""
    alt_text: str = ""
    spoiler: bool = False

    def file(self) -> discord.File | None:
        """A fresh file each time: a failed attempt may have read it to its end."""
        if self.picture is None:
            return None
        name = f"{self.title}{self.picture.suffix}"
        data = io.BytesIO(self.picture.data)
        return discord.File(data, filename=name, description=self.alt_text, spoiler=self.spoiler)


class DiscordCourier:
    """A `Courier` for `bot.jobs`."""

    def __init__(self, client: discord.Client, blobs: BlobStore) -> None:
        self._client = client
        self._blobs = blobs

    async def deliver(self, job: Job, address: Address, *, may_have_posted: bool) -> None:
        if job.state is JobState.CANCELLED and address.has_card:
            return None  # who cancelled it knows, and the card says so
        if may_have_posted and await self._was_posted(job, address):
            log.info("posted by an earlier attempt job=%s", job.id)
            return None
        for limit in _limits(address.upload_limit_bytes):
            try:
                return await self._post_somewhere(await self._letter(job, address, limit), job, address)
            except FileTooLarge as error:
                log.warning("too large for Discord job=%s why=%s limit=%s", job.id, error, limit)
        raise Rejected("no picture is small enough for Discord")

    async def apologize(self, job: Job, address: Address) -> None:
        """Has the nonce of what it stands for, so that Discord does not post it beside that."""
        await self._post_somewhere(_Letter(content=_apology(job, address)), job, address)

    async def _letter(self, job: Job, address: Address, limit: int) -> _Letter:
        picture = await self._picture(job, limit) if job.state is JobState.DONE else None
        return _Letter(
            content=_content(job, address, picture),
            picture=picture,
            title=_mark(job),
            alt_text=last_word.result_alt_text(address.names, words_for(address.locale)),
            spoiler=address.spoiler,
        )

    async def _picture(self, job: Job, limit: int) -> FittedPicture:
        try:
            data = await self._blobs.get(job.result_blob or "")
            return await asyncio.to_thread(encode_to_fit, data, limit)
        except (QueueUnavailable, OSError) as error:
            raise ResultUnreadable(str(error)) from error

    async def _post_somewhere(self, letter: _Letter, job: Job, address: Address) -> None:
        """In the first place that takes it. Raises BotError."""
        async for channel_id in self._places(address):
            try:
                await self._post(letter, job, channel_id, address)
            except PlaceGone as error:
                log.warning("place is closed job=%s channel=%s why=%s", job.id, channel_id, error)
                continue
            log.info("posted job=%s channel=%s", job.id, channel_id)
            return
        raise NoPlaceLeft(f"guild {address.guild_id}, user {address.user_id}")

    async def _post(self, letter: _Letter, job: Job, channel_id: int, address: Address) -> None:
        file = letter.file()
        with translated():
            await place(self._client, channel_id, address.guild_id).send(
                letter.content,
                files=[file] if file else [],
                nonce=job.id,
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, users=[discord.Object(address.user_id)]
                ),
            )

    async def _was_posted(self, job: Job, address: Address) -> bool:
        async for channel_id in self._places(address):
            try:
                if await self._is_in(channel_id, job, address):
                    return True
            except (PlaceGone, Rejected):
                continue
        return False

    async def _is_in(self, channel_id: int, job: Job, address: Address) -> bool:
        history = place(self._client, channel_id, address.guild_id).history(
            limit=MESSAGES_TO_SEARCH, after=_shortly_before_end(job)
        )
        own = own_id(self._client)
        with translated():
            async for message in history:
                if message.author.id == own and _carries(message, _mark(job)):
                    return True
        return False

    async def _places(self, address: Address) -> AsyncIterator[int]:
        """The thread, the channel it was asked for in, and at last the requester's direct messages."""
        yield address.place_id
        if address.place_id != address.channel_id:
            yield address.channel_id
        if address.guild_id is not None and (direct := await self._direct_channel(address.user_id)):
            yield direct

    async def _direct_channel(self, user_id: int) -> int | None:
        try:
            with translated():
                return (await self._client.create_dm(discord.Object(user_id))).id
        except (PlaceGone, Rejected):
            return None


def _limits(limit: int) -> Iterator[int]:
    """Upload limits in bytes, each to be tried where the one before it was refused all the same."""
    yield limit
    while limit > SMALLEST_UPLOAD_LIMIT_BYTES:
        limit //= 2
        yield limit


def _mark(job: Job) -> str:
    """In the last word of this job and in no other message: by it we find out whether it was posted already."""
    return f"stylized-{job.id}" if job.state is JobState.DONE else job.id


def _shortly_before_end(job: Job) -> discord.Object:
    """The last word comes after this. On Discord's clock, which the job's id was made by, whatever our own clocks say.

    To search from the job's beginning would not get through the talk of a busy channel.
    """
    seconds = (job.finished_at or job.created_at) - job.created_at - SECONDS_BEFORE_END
    asked_at = discord.utils.snowflake_time(int(job.id))
    return discord.Object(max(int(job.id), discord.utils.time_snowflake(asked_at + timedelta(seconds=seconds))))


def _carries(message: discord.Message, mark: str) -> bool:
    names = (file.filename.removeprefix(SPOILER_PREFIX) for file in message.attachments)
    return mark in message.content or any(name.startswith(f"{mark}.") for name in names)


def _apology(job: Job, address: Address) -> str:
    if job.state is not JobState.DONE:
        return _content(job, address, None)
    say = words_for(address.locale)
    return last_word.not_posted(user_id=address.user_id, names=address.names, job_id=job.id, say=say)


def _content(job: Job, address: Address, picture: FittedPicture | None) -> str:
    say = words_for(address.locale)
    if job.state is JobState.DONE:
        return last_word.result(
            user_id=address.user_id,
            names=address.names,
            params=job.params,
            summary=job.summary,
            note=picture.note if picture else None,
            say=say,
        )
    if job.state is JobState.CANCELLED:
        return last_word.cancelled(user_id=address.user_id, names=address.names, job_id=job.id, say=say)
    return last_word.failed(
        user_id=address.user_id,
        names=address.names,
        sentence=last_word.failure(job.failure or FailureReason.ENGINE_ERROR, job.failure_detail or "", say),
        job_id=job.id,
        say=say,
    )
