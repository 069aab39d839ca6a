"""A job of some time ago, found again from the id that a button carries, and orders that go on from it."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.jobs.address import Address, address_of
from bot.jobs.picture_check import PictureFacts
from bot.jobs.variation import is_same_request
from bot.ui.defaults import defaults, in_time
from bot.ui.order import Order
from bot.ui.sources import Kept
from bot.ui.text import result_buttons as text
from bot.ui.words import Words, words_for
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.errors import UnreadableJob
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.jobs import Job
from nst_engine.queue.store import JobStore

if TYPE_CHECKING:
    from bot.ui.client import Services

SECONDS_TO_LOOK = 1.2
"""Discord waits three seconds for an answer."""


class CannotGoOn(Exception):
    """Nothing can be done with a job; `sentence` says why, before it is translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Earlier:
    """A job that somebody on Discord asked for, and where it was answered."""

    job: Job
    address: Address

    @property
    def facts(self) -> PictureFacts:
        """Of the content: its shape and its frames, as far as the result tells them."""
        params, summary = self.job.params, self.job.summary
        width, height = (summary.width, summary.height) if summary else (params.size, params.size)
        return PictureFacts(width=width, height=height, frames=params.frames)


async def earlier(store: JobStore, job_id: str, *, may_be_deleted: bool = False) -> Earlier:
    """Raises CannotGoOn and QueueUnavailable."""
    try:
        job = await store.get(job_id)
    except UnreadableJob as error:
        raise CannotGoOn(text.UNKNOWN) from error
    address = address_of(job) if job else None
    if job is None or address is None:
        raise CannotGoOn(text.UNKNOWN)
    if address.deleted and not may_be_deleted:
        raise CannotGoOn(text.DELETED)
    return Earlier(job, address)


async def earlier_in_time(interaction: discord.Interaction[Any], job_id: str) -> Earlier:
    """The same, where nothing was answered yet. Raises CannotGoOn and QueueUnavailable."""
    services: Services = interaction.client.services
    return await in_time(earlier(services.store, job_id), within=SECONDS_TO_LOOK)


def finished(found: Earlier) -> Earlier:
    """Raises CannotGoOn where there is no picture."""
    if found.job.state is not JobState.DONE or found.job.result_blob is None:
        raise CannotGoOn(text.NOT_FINISHED)
    return found


async def public_words(interaction: discord.Interaction[Any]) -> Words:
    """What is said in public is said with these. Raises QueueUnavailable."""
    settings = await defaults(interaction)
    return words_for(settings.language or str(interaction.locale))


def order_like(
    found: Earlier,
    params: StylizeParams,
    remark: str,
    *,
    member_id: int,
    start_blob: str | None = None,
    spoiler: bool | None = None,
) -> Order:
    """The same pictures with other choices, in public or private as before. `spoiler` None: covered as before.

    For the same challenge only where the same member asks.
    """
    job, address = found.job, found.address
    is_theirs = member_id == address.user_id
    styles = zip(address.style_names, job.style_blobs, strict=True)
    return Order(
        content=Kept(name=address.content_name, key=job.content_blob, facts=found.facts),
        styles=tuple(Kept(name=name, key=key, facts=found.facts) for name, key in styles),
        params=params,
        mask_blobs=job.mask_blobs,
        start_blob=start_blob,
        spoiler=address.spoiler if spoiler is None else spoiler,
        private=address.private,
        age_restricted=address.age_restricted,
        remark=remark,
        challenge_id=address.challenge_id if is_theirs else None,
        replaces_entry_id=address.replaces_entry_id if is_theirs else None,
    )


async def check_kept(order: Order, blobs: BlobStore) -> None:
    """Raises CannotGoOn where a picture of the order is no longer kept."""
    sources = (order.content, *order.styles)
    keys = {source.key for source in sources if isinstance(source, Kept)} | set(order.mask_blobs)
    if not all(await asyncio.gather(*(blobs.has(key) for key in keys if key is not None))):
        raise CannotGoOn(text.PICTURES_GONE)
    if order.start_blob is not None and not await blobs.has(order.start_blob):
        raise CannotGoOn(text.RESULT_GONE)


async def check_new(order: Order, member_id: int, store: JobStore) -> None:
    """Raises CannotGoOn where the member has asked for the very same, which is not done yet."""
    wanted = _pictures_of_order(order)
    for job in await store.open_jobs():
        is_theirs = job.owner_id == str(member_id) and not job.is_final
        if is_theirs and _pictures_of_job(job) == wanted and is_same_request(job.params, order.params):
            raise CannotGoOn(text.ASKED_ALREADY)


def _pictures_of_order(order: Order) -> tuple[object, ...]:
    content, *styles = (source.key if isinstance(source, Kept) else None for source in (order.content, *order.styles))
    return content, tuple(styles), order.mask_blobs, order.start_blob


def _pictures_of_job(job: Job) -> tuple[object, ...]:
    return job.content_blob, job.style_blobs, job.mask_blobs, job.start_blob
