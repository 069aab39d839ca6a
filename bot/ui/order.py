"""One request for a picture, whatever it came from: check what is declared, answer at once, have the pictures read,
save the job. A steward does the rest."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.config import LimitSettings
from bot.jobs.address import Address
from bot.jobs.admission import Refused, Request, Role, Upload, refuse
from bot.jobs.picture_names import PictureNames
from bot.ui.answer import answer, missing_permissions
from bot.ui.errors import EXPECTED, answer_error
from bot.ui.reading import KeptPicture
from bot.ui.sources import Kept, Source
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.plan import fit
from nst_engine.contract.presets import estimated_cost
from nst_engine.contract.request import most_frames
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import NewJob
from nst_engine.queue.store import JobStore, QueueLimits

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

SECONDS_FOR_A_FIRST_LOOK = 1.0
"""The queue may take so long to say that it is full; after that the request is answered first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a member asks for."""

    content: Source
    styles: tuple[Source, ...]
    params: StylizeParams
    start_blob: str | None = None
    """The picture to go on from, where `params.init` says so."""
    spoiler: bool = False

    @property
    def names(self) -> PictureNames:
        return PictureNames(content=self.content.name, styles=tuple(style.name for style in self.styles))

    @property
    def pictures(self) -> tuple[tuple[Source, Role], ...]:
        return ((self.content, "content"), *((style, "style") for style in self.styles))


async def take(interaction: "discord.Interaction[StylizeClient]", order: Order) -> None:
    """Carry out a command, button or modal that asks for a picture, or say why not; nothing was answered yet."""
    try:
        await _take(interaction, order)
    except EXPECTED as error:
        await turn_down(interaction, error)


async def turn_down(interaction: "discord.Interaction[StylizeClient]", error: BaseException) -> None:
    """Tell the member why there will be no job. Never raises."""
    was_answered = interaction.response.is_done()
    await answer_error(interaction, error)
    if not was_answered:
        return
    try:
        await interaction.client.services.intake.end(str(interaction.id))
    except QueueUnavailable as silence:
        log.warning("the next start will look for this request again interaction=%s why=%r", interaction.id, silence)


async def _take(interaction: "discord.Interaction[StylizeClient]", order: Order) -> None:
    services = interaction.client.services
    if (why := refuse(_request(interaction, order), services.limits)) is not None:
        raise Refused(why)
    of_member, of_all = await open_jobs(interaction.user.id, services.store)
    with services.under_way.admitted(interaction.user.id, open_of_member=of_member, open_of_all=of_all):
        address = await answer(interaction, order.names, spoiler=order.spoiler)
        await services.intake.begin(str(interaction.id), address.saved())
        pictures = await services.reader.read_all(order.pictures)
        await _submit(interaction, order, address, pictures)


def _request(interaction: "discord.Interaction[StylizeClient]", order: Order) -> Request:
    return Request(
        uploads=tuple(_declared(order)),
        size_px=order.params.size,
        missing_permissions=missing_permissions(interaction),
    )


def _declared(order: Order) -> list[Upload]:
    return [source.declared(role) for source, role in order.pictures if not isinstance(source, Kept)]


async def open_jobs(member_id: int, store: JobStore, *, within: float = SECONDS_FOR_A_FIRST_LOOK) -> tuple[int, int]:
    """The member's and everybody's, where the queue can tell in time; saving the job counts them for good."""
    try:
        async with asyncio.timeout(within):
            return await store.open_count(owner_id=str(member_id)), await store.open_count()
    except (TimeoutError, QueueUnavailable) as error:
        log.warning("answering before asking the queue user=%s why=%r", member_id, error)
        return 0, 0


async def _submit(
    interaction: "discord.Interaction[StylizeClient]", order: Order, address: Address, pictures: Sequence[KeptPicture]
) -> None:
    services = interaction.client.services
    content, *styles = pictures
    size = (content.facts.width, content.facts.height)
    params = _with_frames(order.params, content, services.limits)
    job = NewJob(
        id=str(interaction.id),
        owner_id=str(interaction.user.id),
        tenant_id=str(interaction.guild_id or interaction.user.id),
        params=params,
        content_blob=content.key,
        style_blobs=tuple(style.key for style in styles),
        start_blob=order.start_blob,
        cost=estimated_cost(params, size, frames=params.frames),
        address=address.saved(),
    )
    await services.store.submit(job, _queue_limits(services.limits))
    log.info("submitted job=%s guild=%s user=%s cost=%.1f", job.id, interaction.guild_id, job.owner_id, job.cost)


def _with_frames(params: StylizeParams, content: KeptPicture, limits: LimitSettings) -> StylizeParams:
    """As many frames as the content has, within what is allowed."""
    size = fit((content.facts.width, content.facts.height), params.size)
    frames = min(content.facts.frames, limits.max_frames, most_frames(size))
    return params.model_copy(update={"frames": frames})


def _queue_limits(limits: LimitSettings) -> QueueLimits:
    return QueueLimits(open_per_owner=limits.max_open_jobs_per_member, open_in_all=limits.max_open_jobs)
