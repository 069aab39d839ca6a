"""The first visible sign of a request, and with it where its job is going to be shown."""

from typing import TYPE_CHECKING

import discord

from bot.jobs.address import Address
from bot.jobs.picture_names import PictureNames
from bot.ui.text.last_word import starter
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

THREADS_MAY_HANG_HERE = frozenset({discord.ChannelType.text, discord.ChannelType.news})
THREADS = frozenset(
    {discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread}
)


async def answer(interaction: "discord.Interaction[StylizeClient]", names: PictureNames, *, spoiler: bool) -> Address:
    """Answer in public; a thread will hang from the answer where that is possible."""
    sent = await interaction.response.send_message(starter(names, words_of(interaction)))
    return Address(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        locale=str(interaction.locale),
        content_name=names.content,
        style_names=names.styles,
        upload_limit_bytes=_upload_limit(interaction),
        wants_thread=_thread_may_be_opened(interaction),
        starter_message_id=sent.message_id,
        spoiler=spoiler,
    )


def missing_permissions(interaction: "discord.Interaction[StylizeClient]") -> tuple[str, ...]:
    """What the bot lacks to answer here. In direct messages it may always answer."""
    if interaction.guild_id is None:
        return ()
    in_thread = interaction.channel is not None and interaction.channel.type in THREADS
    speak = "send_messages_in_threads" if in_thread else "send_messages"
    needed = ("view_channel", speak, "attach_files", "read_message_history")  # the last one to find what was posted
    return tuple(name for name in needed if not getattr(interaction.app_permissions, name))


def _upload_limit(interaction: "discord.Interaction[StylizeClient]") -> int:
    """What the bot may upload here. The interaction's own limit may be the member's, who may have paid for more."""
    return interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES


def _thread_may_be_opened(interaction: "discord.Interaction[StylizeClient]") -> bool:
    if interaction.guild_id is None or interaction.channel is None:
        return False
    may = interaction.app_permissions
    allowed = may.create_public_threads and may.send_messages_in_threads
    return allowed and interaction.channel.type in THREADS_MAY_HANG_HERE
