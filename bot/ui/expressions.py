"""The emojis and stickers of a server as pictures to paint."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.jobs.choices import DrawnSticker, UnknownEmoji, Wrong, WrongChoice, is_plain_emoji
from bot.ui.sources import Hosted, emoji_picture, sticker_picture
from bot.ui.text import commands as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

MOST_CHOICES = 25
_PASTED = re.compile(r"<(?P<animated>a?):(?P<name>\w{1,32}):(?P<id>\d{13,20})>", re.ASCII)
_STICKER = re.compile(r"sticker:(?P<id>\d{13,20})", re.ASCII)


def expression(typed: str, guild: discord.Guild | None) -> Hosted:
    """The emoji or sticker that is meant: as pasted, as chosen from the list, or by name. Raises WrongChoice."""
    if (pasted := _PASTED.fullmatch(typed.strip())) is not None:
        return emoji_picture(pasted["name"], int(pasted["id"]), animated=bool(pasted["animated"]))
    if is_plain_emoji(typed):
        raise WrongChoice(Wrong.PLAIN_EMOJI)
    emoji = _named(typed, guild.emojis if guild else ())
    if emoji is not None:
        return emoji_picture(emoji.name, emoji.id, animated=emoji.animated)
    sticker = _chosen_sticker(typed, guild.stickers if guild else ())
    if sticker is None:
        raise WrongChoice(UnknownEmoji(_bare(typed)))
    return picture_of_sticker(sticker)


def picture_of_sticker(sticker: discord.GuildSticker | discord.StickerItem) -> Hosted:
    """Raises WrongChoice for one that has no pixels."""
    if sticker.format is discord.StickerFormatType.lottie:
        raise WrongChoice(DrawnSticker(sticker.name))
    return sticker_picture(sticker)


async def suggest_expressions(
    interaction: "discord.Interaction[StylizeClient]", typed: str
) -> list[app_commands.Choice[str]]:
    """The server's own whose names are like what was typed."""
    guild = interaction.guild
    return suggestions(typed, guild.emojis, guild.stickers, words_of(interaction)) if guild else []


def suggestions(
    typed: str, emojis: Iterable[discord.Emoji], stickers: Iterable[discord.GuildSticker], say: Words
) -> list[app_commands.Choice[str]]:
    """Names that begin like it first; stickers that cannot be painted are not offered."""
    offered = [(emoji.name, text.emoji_choice(emoji.name, say), str(emoji)) for emoji in emojis]
    offered += [
        (sticker.name, text.sticker_choice(sticker.name, say), f"sticker:{sticker.id}")
        for sticker in stickers
        if sticker.format is not discord.StickerFormatType.lottie
    ]
    wanted = _bare(typed).casefold()
    like = sorted(
        (not name.casefold().startswith(wanted), name.casefold(), shown, value)
        for name, shown, value in offered
        if wanted in name.casefold()
    )
    return [app_commands.Choice(name=shown, value=value) for _, _, shown, value in like[:MOST_CHOICES]]


def _chosen_sticker(typed: str, stickers: Sequence[discord.GuildSticker]) -> discord.GuildSticker | None:
    if (chosen := _STICKER.fullmatch(typed.strip())) is not None:
        return next((sticker for sticker in stickers if sticker.id == int(chosen["id"])), None)
    return _named(typed, stickers)


def _named(typed: str, among: Sequence[Any]) -> Any | None:
    """Written the same, or else the same but for capitals."""
    name = _bare(typed)
    exact = (one for one in among if one.name == name)
    alike = (one for one in among if one.name.casefold() == name.casefold())
    return next(exact, None) or next(alike, None)


def _bare(typed: str) -> str:
    return typed.strip().strip(":").strip()
