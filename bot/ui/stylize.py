"""`/stylize`: check what is declared, answer at once, read the pictures, save the job. Its steward does the rest."""

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.config import MIB, LimitSettings
from bot.jobs.address import Address
from bot.jobs.admission import Refused, Request, Role, Upload, UploadTooLarge, refuse, refuse_open_jobs
from bot.jobs.errors import NotAnswered
from bot.jobs.picture_check import PictureFacts
from bot.ui import text
from bot.ui.errors import EXPECTED, answer_error
from nst_engine.contract.params import MAX_SIZE_PX, MIN_SIZE_PX, NEUTRAL_STRENGTH, PresetName, StylizeParams
from nst_engine.contract.presets import estimated_cost
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import NewJob
from nst_engine.queue.store import QueueLimits

if TYPE_CHECKING:
    from bot.ui.client import Services, StylizeClient

log = logging.getLogger(__name__)

SECONDS_FOR_A_FIRST_LOOK = 1.0
"""The queue may take so long to say that it is full; after that the command is answered first."""
SECONDS_TO_FETCH = 60.0
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    data: bytes
    facts: PictureFacts


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
            await answer_error(interaction, error)

    return stylize


async def _take(interaction: "discord.Interaction[StylizeClient]", order: _Order) -> None:
    services = interaction.client.services
    if (why := refuse(_request(interaction, order), services.limits)) is not None:
        raise Refused(why)
    await refuse_a_crowd(interaction.user.id, services)
    address = await _answer(interaction, order)
    pictures = await _read_both(order, services)
    await _submit(interaction, order, address, pictures, services)


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
    needed = ("view_channel", speak, "attach_files")
    return tuple(name for name in needed if not getattr(interaction.app_permissions, name))


async def refuse_a_crowd(user_id: int, services: "Services", *, within: float = SECONDS_FOR_A_FIRST_LOOK) -> None:
    """Refuse before anything is shown, where the queue can tell in time; saving the job checks it for good."""
    try:
        async with asyncio.timeout(within):
            of_member = await services.store.open_count(owner_id=str(user_id))
            of_all = await services.store.open_count()
    except (TimeoutError, QueueUnavailable) as error:
        log.warning("answering before asking the queue user=%s why=%r", user_id, error)
        return
    if (why := refuse_open_jobs(of_member=of_member, of_all=of_all, limits=services.limits)) is not None:
        raise Refused(why)


async def _read_both(order: _Order, services: "Services") -> tuple[_Picture, _Picture]:
    """Both at a time; where both are bad, the content picture is named."""
    content, style = await asyncio.gather(
        _read(order.content, "content", services), _read(order.style, "style", services), return_exceptions=True
    )
    if isinstance(content, BaseException):
        raise content
    if isinstance(style, BaseException):
        raise style
    return content, style


async def _read(file: discord.Attachment, role: Role, services: "Services") -> _Picture:
    """Fetch a file that is small enough by declaration, and have its pixels checked."""
    data = await _fetch(file)
    limit = services.limits.max_upload_mib * MIB
    if len(data) > limit:
        raise Refused(UploadTooLarge(role, len(data), limit))
    return _Picture(data=data, facts=await services.check(data, role=role))


async def _fetch(file: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(SECONDS_TO_FETCH):
            return await file.read()
    except (discord.DiscordException, OSError, TimeoutError) as error:
        raise NotAnswered(f"the file could not be fetched: {error!r}") from error


async def _submit(
    interaction: "discord.Interaction[StylizeClient]",
    order: _Order,
    address: Address,
    pictures: tuple[_Picture, _Picture],
    services: "Services",
) -> None:
    content, style = pictures
    job = NewJob(
        id=str(interaction.id),
        owner_id=str(interaction.user.id),
        tenant_id=str(interaction.guild_id or interaction.user.id),
        params=order.params,
        content_blob=await services.blobs.put(content.data),
        style_blobs=(await services.blobs.put(style.data),),
        cost=estimated_cost(order.params, (content.facts.width, content.facts.height)),
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
    allowed = may.create_public_threads and may.send_messages_in_threads and may.read_message_history
    return allowed and interaction.channel.type in THREADS_MAY_HANG_HERE
