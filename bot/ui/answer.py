"""The first visible sign of a request, and with it where its job is going to be shown."""

from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.jobs.address import Address
from bot.jobs.picture_names import PictureNames
from bot.jobs.whereabouts import PERMISSIONS_THAT_MATTER, Place, PlaceKind, Plan, Way, plan
from bot.ui import public_line
from bot.ui.direct_answer import answer_directly
from bot.ui.first_answer import answered_message_id, surely
from bot.ui.places import webhook_of
from bot.ui.text.last_word import starter
from bot.ui.text.places import beside_starter
from bot.ui.visit import is_age_restricted
from bot.ui.words import words_for

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

THREADS_MAY_HANG_HERE = frozenset({discord.ChannelType.text, discord.ChannelType.news})
THREADS = frozenset(
    {discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread}
)


async def answer(
    interaction: "discord.Interaction[StylizeClient]",
    names: PictureNames,
    *,
    spoiler: bool,
    private: bool = False,
    remark: str = "",
    language: str | None = None,
) -> Address:
    """Answer in the best way that the place allows, with `remark` in a line of its own. Raises NoWay.

    What everybody sees is said in the server's `language`, where it has one.
    """
    planned = plan(place_of(interaction), private=private)
    address = Address(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        locale=language if language and planned.way is not Way.DIRECT else str(interaction.locale),
        content_name=names.content,
        style_names=names.styles,
        upload_limit_bytes=_upload_limit(interaction, planned),
        wants_thread=planned.thread,
        spoiler=spoiler or (planned.way is not Way.PLACE and is_age_restricted(interaction)),
        private=private,
        missing_permissions=planned.missing,
    )
    if planned.way is Way.DIRECT:
        return await answer_directly(interaction, address, remark)
    return await _answer_in_public(interaction, address, planned, remark)


def place_of(interaction: "discord.Interaction[StylizeClient]") -> Place:
    """What Discord says about where the interaction comes from."""
    may = frozenset(name for name in PERMISSIONS_THAT_MATTER if getattr(interaction.app_permissions, name))
    channel = interaction.channel
    return Place(kind=_kind(interaction), granted=may, locked=isinstance(channel, discord.Thread) and channel.locked)


async def _answer_in_public(
    interaction: "discord.Interaction[StylizeClient]", address: Address, planned: Plan, remark: str
) -> Address:
    """A thread hangs from the answer where that is possible."""
    say = words_for(address.locale)
    lines = (starter(address.names, say, remark), beside_starter(planned, say))
    line = "\n".join(line for line in lines if line)
    sent = await surely(interaction, partial(interaction.response.send_message, line))
    starter_id = sent.message_id if sent is not None else await answered_message_id(interaction)
    public_line.remember(interaction, starter_id)
    address = address.model_copy(update={"starter_message_id": starter_id})
    if planned.way is Way.PLACE:
        return address
    return address.model_copy(update={"direct": True, "webhook": webhook_of(interaction, ephemeral=False)})


def _kind(interaction: "discord.Interaction[StylizeClient]") -> PlaceKind:
    if interaction.guild_id is None:
        return PlaceKind.ELSEWHERE if interaction.context.private_channel else PlaceKind.DIRECT
    if interaction.client.get_guild(interaction.guild_id) is None:
        return PlaceKind.ELSEWHERE
    kind = interaction.channel.type if interaction.channel else None
    if kind in THREADS:
        return PlaceKind.THREAD
    return PlaceKind.CHANNEL if kind in THREADS_MAY_HANG_HERE else PlaceKind.TALK


def _upload_limit(interaction: "discord.Interaction[StylizeClient]", planned: Plan) -> int:
    """What the bot may upload there. The interaction's own limit may be the member's, who may have paid for more."""
    if interaction.guild is not None and planned.way is Way.PLACE:
        return interaction.guild.filesize_limit
    return discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
