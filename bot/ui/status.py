"""`/status`: for moderators, in private, how queue, engines and room are. The numbers are those of `bot.stats`."""

import asyncio
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ui import Container, LayoutView, Separator, TextDisplay

from bot.stats import HOURS_OF_A_DAY, EngineSeen, Stats, engines_seen, gather_from
from bot.ui.gate import is_moderator
from bot.ui.private_answer import hold, show
from bot.ui.text import status as text
from bot.ui.words import Words, words_of
from nst_engine.queue.as_it_is import file_of
from nst_engine.queue.database import Database

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """In bytes; None where nobody can tell."""

    database: int | None
    database_free: int | None
    pictures_free: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Where the numbers come from."""

    database: Database
    database_url: str
    blobs: Path

    async def stats(self) -> Stats:
        """Raises QueueUnavailable."""
        return await gather_from(self.database)

    async def engines(self) -> list[EngineSeen]:
        """Of the last day. Raises QueueUnavailable."""
        return await engines_seen(self.database, hours=HOURS_OF_A_DAY)

    async def room(self) -> Room:
        return await asyncio.to_thread(_room, file_of(self.database_url), self.blobs)


def status_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/status` for a command tree."""

    @app_commands.command(name="status", description=app_commands.locale_str(text.DESCRIPTION))
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def status(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_moderator(interaction):
            await _show(interaction)

    return status


async def _show(interaction: "discord.Interaction[StylizeClient]") -> None:
    await hold(interaction)
    figures = interaction.client.services.figures
    stats, engines, room = await figures.stats(), await figures.engines(), await figures.room()
    await show(interaction, _view(stats, engines, room, words_of(interaction)))


def _view(stats: Stats, engines: list[EngineSeen], room: Room, say: Words) -> LayoutView:
    parts = (
        (text.QUEUE, text.queue(stats.waiting, stats.running, stats.deliveries, say)),
        (text.ENGINES, text.engines(engines, say)),
        (text.LAST_DAY, text.last_day(stats.day, say)),
        (text.KEPT, text.kept(room.database, room.database_free, room.pictures_free, say)),
    )
    container: Container[LayoutView] = Container()
    container.add_item(TextDisplay(f"### {say(text.TITLE)}\n-# {say(text.ALL_SERVERS)}"))
    for title, said in parts:
        container.add_item(Separator())
        container.add_item(TextDisplay(f"**{say(title)}**\n{said}"))
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def _room(database: Path | None, blobs: Path) -> Room:
    return Room(
        database=None if database is None else _size(database),
        database_free=None if database is None else _free(database.parent),
        pictures_free=_free(blobs),
    )


def _size(file: Path) -> int | None:
    """With what SQLite has not put into it yet."""
    try:
        log_file = file.with_name(f"{file.name}-wal")
        return file.stat().st_size + (log_file.stat().st_size if log_file.exists() else 0)
    except OSError as error:
        log.warning("size of the database not known why=%r", error)
        return None


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        log.warning("room not known folder=%s why=%r", folder, error)
        return None
