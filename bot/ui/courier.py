"""Posts the last word of a job: the finished picture, or one sentence. Once, wherever there still is a place."""

import asyncio
import io
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

import discord

from bot.jobs.address import Address, address_of
from bot.jobs.encode import FittedPicture, encode_to_fit, limits_to_try
from bot.jobs.errors import FileTooLarge, NoPlaceLeft, PlaceGone, Rejected, ResultUnreadable
from bot.ui.places import Post, Spot, own_id, spots
from bot.ui.result_buttons import result_view, view_without_picture
from bot.ui.sources import COVERED
from bot.ui.text import last_word
from bot.ui.text.challenges import entering
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)

MESSAGES_TO_SEARCH = 300
SECONDS_BEFORE_END = 60.0


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
        if may_have_posted and (_was_deleted(job) or await self._was_posted(job, address)):
            log.info("posted by an earlier attempt job=%s", job.id)
            return None
        for limit in limits_to_try(address.upload_limit_bytes):
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
        )

    async def _picture(self, job: Job, limit: int) -> FittedPicture:
        try:
            data = await self._blobs.get(job.result_blob or "")
            return await asyncio.to_thread(encode_to_fit, data, limit)
        except (QueueUnavailable, OSError) as error:
            raise ResultUnreadable(str(error)) from error

    async def _post_somewhere(self, letter: _Letter, job: Job, address: Address) -> None:
        """In the first place that takes it. Raises BotError."""
        async for spot in spots(self._client, address):
            try:
                message_id = await self._post(letter, job, spot, address)
            except PlaceGone as error:
                log.warning("place is closed job=%s spot=%s why=%s", job.id, spot, error)
                continue
            log.info("posted job=%s spot=%s message=%s", job.id, spot, message_id)
            return
        raise NoPlaceLeft(f"guild {address.guild_id}, user {address.user_id}")

    async def _post(self, letter: _Letter, job: Job, spot: Spot, address: Address) -> int:
        requester = discord.Object(address.user_id)
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=[requester])
        say = words_for(address.locale)
        view = result_view(job, say) if letter.picture else view_without_picture(job, say)
        letter = replace(letter, spoiler=address.is_covered_in(spot.guild_id))
        post = Post(content=letter.content, file=letter.file(), view=view, nonce=job.id, mentions=mentions)
        return await spot.post(post)

    async def _was_posted(self, job: Job, address: Address) -> bool:
        async for spot in spots(self._client, address):
            try:
                if await self._is_in(spot, job):
                    return True
            except (PlaceGone, Rejected):
                continue
        return False

    async def _is_in(self, spot: Spot, job: Job) -> bool:
        own = own_id(self._client)
        async for message in spot.since(_shortly_before_end(job), MESSAGES_TO_SEARCH):
            if message.author.id == own and _carries(message, _mark(job)):
                return True
        return False


def _was_deleted(job: Job) -> bool:
    """It was posted, and taken back before we knew that it had been posted."""
    address = address_of(job)
    return address is not None and address.deleted


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
    names = (file.filename.removeprefix(COVERED) for file in message.attachments)
    return mark in message.content or any(name.startswith(f"{mark}.") for name in names)


def _apology(job: Job, address: Address) -> str:
    if job.state is not JobState.DONE:
        return _content(job, address, None)
    say = words_for(address.locale)
    return last_word.not_posted(user_id=address.user_id, names=address.names, job_id=job.id, say=say)


def _content(job: Job, address: Address, picture: FittedPicture | None) -> str:
    say = words_for(address.locale)
    if job.state is JobState.DONE:
        told = last_word.result(
            user_id=address.user_id,
            names=address.names,
            params=job.params,
            summary=job.summary,
            fitting=picture.fitting if picture else None,
            say=say,
        )
        return told if address.challenge_id is None else f"{told}\n-# {say(entering.NOT_ENTERED_BY_ITSELF)}"
    if job.state is JobState.CANCELLED:
        return last_word.cancelled(user_id=address.user_id, names=address.names, job_id=job.id, say=say)
    return last_word.failed(
        user_id=address.user_id,
        names=address.names,
        sentence=last_word.failure(job.failure or FailureReason.ENGINE_ERROR, job.failure_detail or "", say),
        job_id=job.id,
        say=say,
    )
