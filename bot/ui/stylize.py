"""`/stylize`: check what is declared, answer at once, have the pictures read, save the job. A steward does the rest."""

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.config import LimitSettings
from bot.jobs.address import Address
from bot.jobs.admission import Refused, Request, Role, Upload, refuse
from bot.ui import text
from bot.ui.errors import EXPECTED, answer_error
from bot.ui.reading import KeptPicture
from nst_engine.contract.params import MAX_SIZE_PX, MIN_SIZE_PX, NEUTRAL_STRENGTH, PresetName, StylizeParams
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
"""The queue may take so long to say that it is full; after that the command is answered first."""
THREADS_MAY_HANG_HERE = frozenset({discord.ChannelType.text, discord.ChannelType.news})
THREADS = frozenset(
    {discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """One invocation of the command."""

    content: discord.Attachment
    style: discord.Attachment
    params: StylizeParams


def stylize_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/stylize` for a command tree."""

    @app_commands.command(name="stylize", description=text.STYLIZE_DESCRIPTION)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(
        content=text.CONTENT_OPTION,
        style=text.STYLE_OPTION,
        strength=text.STRENGTH_OPTION,
        size=text.SIZE_OPTION,
        preset=text.PRESET_OPTION,
    )
    @app_commands.choices(preset=[app_commands.Choice(name=text.PRESET_NAMES[name], value=name) for name in PresetName])
    async def stylize(
        interaction: "discord.Interaction[StylizeClient]",
        content: discord.Attachment,
        style: discord.Attachment,
        strength: app_commands.Range[int, 0, 100] = NEUTRAL_STRENGTH,
        size: app_commands.Range[int, MIN_SIZE_PX, MAX_SIZE_PX] | None = None,
        preset: str = PresetName.DEFAULT,
    ) -> None:
        size_px = size or interaction.client.services.limits.default_size_px
        params = StylizeParams(preset=PresetName(preset), size=size_px, strength=strength)
        try:
            await _take(interaction, _Order(content=content, style=style, params=params))
        except EXPECTED as error:
            await turn_down(interaction, error)

    return stylize


async def _take(interaction: "discord.Interaction[StylizeClient]", order: _Order) -> None:
    services = interaction.client.services
    if (why := refuse(_request(interaction, order), services.limits)) is not None:
        raise Refused(why)
    of_member, of_all = await open_jobs(interaction.user.id, services.store)
    with services.under_way.admitted(interaction.user.id, open_of_member=of_member, open_of_all=of_all):
        address = await _answer(interaction, order)
        await services.intake.begin(str(interaction.id), address.saved())
        pictures = await services.reader.read_both(order.content, order.style)
        await _submit(interaction, order, address, pictures)


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


async def _answer(interaction: "discord.Interaction[StylizeClient]", order: _Order) -> Address:
    """The first visible sign, and the message that the thread will hang from."""
    content_name, style_name = order.content.filename, order.style.filename
    answer = await interaction.response.send_message(text.starter(content_name, style_name))
    return Address(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        locale=str(interaction.locale),
        content_name=content_name,
        style_name=style_name,
        upload_limit_bytes=_upload_limit(interaction),
        wants_thread=_thread_may_be_opened(interaction),
        starter_message_id=answer.message_id,
    )


def _request(interaction: "discord.Interaction[StylizeClient]", order: _Order) -> Request:
    return Request(
        uploads=(_upload("content", order.content), _upload("style", order.style)),
        size_px=order.params.size,
        missing_permissions=_missing_permissions(interaction),
    )


def _upload(role: Role, file: discord.Attachment) -> Upload:
    return Upload(role=role, name=file.filename, size_bytes=file.size, content_type=file.content_type)


def _missing_permissions(interaction: "discord.Interaction[StylizeClient]") -> tuple[str, ...]:
    """What the bot lacks to answer here. In direct messages it may always answer."""
    if interaction.guild_id is None:
        return ()
    in_thread = interaction.channel is not None and interaction.channel.type in THREADS
    speak = "send_messages_in_threads" if in_thread else "send_messages"
    needed = ("view_channel", speak, "attach_files", "read_message_history")  # the last one to find what was posted
    return tuple(name for name in needed if not getattr(interaction.app_permissions, name))


async def open_jobs(member_id: int, store: JobStore, *, within: float = SECONDS_FOR_A_FIRST_LOOK) -> tuple[int, int]:
    """The member's and everybody's, where the queue can tell in time; saving the job counts them for good."""
    try:
        async with asyncio.timeout(within):
            return await store.open_count(owner_id=str(member_id)), await store.open_count()
    except (TimeoutError, QueueUnavailable) as error:
        log.warning("answering before asking the queue user=%s why=%r", member_id, error)
        return 0, 0


async def _submit(
    interaction: "discord.Interaction[StylizeClient]",
    order: _Order,
    address: Address,
    pictures: tuple[KeptPicture, KeptPicture],
) -> None:
    services = interaction.client.services
    content, style = pictures
    size = (content.facts.width, content.facts.height)
    most = min(services.limits.max_frames, most_frames(fit(size, order.params.size)))
    params = order.params.model_copy(update={"frames": min(content.facts.frames, most)})
    job = NewJob(
        id=str(interaction.id),
        owner_id=str(interaction.user.id),
        tenant_id=str(interaction.guild_id or interaction.user.id),
        params=params,
        content_blob=content.key,
        style_blobs=(style.key,),
        cost=estimated_cost(params, size, frames=params.frames),
        address=address.saved(),
    )
    await services.store.submit(job, _queue_limits(services.limits))
    log.info("submitted job=%s guild=%s user=%s cost=%.1f", job.id, interaction.guild_id, job.owner_id, job.cost)


def _queue_limits(limits: LimitSettings) -> QueueLimits:
    return QueueLimits(open_per_owner=limits.max_open_jobs_per_member, open_in_all=limits.max_open_jobs)


def _upload_limit(interaction: "discord.Interaction[StylizeClient]") -> int:
    """What the bot may upload here. The interaction's own limit may be the member's, who may have paid for more."""
    return interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES


def _thread_may_be_opened(interaction: "discord.Interaction[StylizeClient]") -> bool:
    if interaction.guild_id is None or interaction.channel is None:
        return False
    may = interaction.app_permissions
    allowed = may.create_public_threads and may.send_messages_in_threads
    return allowed and interaction.channel.type in THREADS_MAY_HANG_HERE
