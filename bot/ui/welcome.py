"""Greets a server that the bot has joined, once: how to try it, and what its admins may want to set first."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import discord
from discord.ui import Container, LayoutView, TextDisplay

from bot.jobs.errors import NotAnswered, PlaceGone, Rejected
from bot.jobs.pace import Clock, Pace
from bot.store.notes import Notes
from bot.store.servers import ServerStore
from bot.ui.command_names import command
from bot.ui.places import direct_channel, place, translated
from bot.ui.text import welcome as text
from bot.ui.words import Words, words_for
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

SINCE = "welcomes since"
"""The note of when this bot began to greet: servers that it was in before that are not greeted."""
SECONDS_BEFORE_THE_FIRST_START = 3600.0
"""Who joins a new bot to a server may do so a little before it is started for the first time."""


class Welcome:
    """In the system channel, else in the first channel where the bot may speak, else to the owner."""

    def __init__(self, client: "StylizeClient", servers: ServerStore, notes: Notes, pace: Pace, clock: Clock) -> None:
        self._client = client
        self._servers = servers
        self._notes = notes
        self._pace = pace
        self._clock = clock
        self._joined: asyncio.Queue[int] = asyncio.Queue()

    def joined(self, guild_id: int) -> None:
        """The bot has just been added to a server."""
        self._joined.put_nowait(guild_id)

    def online(self) -> None:
        """The client knows its servers; some may have been joined while no bot ran."""
        for guild in self._client.guilds:
            self.joined(guild.id)

    async def run(self) -> None:
        """Greet whoever is to be greeted, until cancelled."""
        since = await self._since()
        welcomed = await self._servers.welcomed()
        while True:
            guild_id = await self._joined.get()
            guild = self._client.get_guild(guild_id)
            if guild is None or str(guild_id) in welcomed or not _joined_after(guild, since):
                continue
            await asyncio.sleep(self._pace.before_welcome)
            if await self._greet(guild):
                welcomed.add(str(guild_id))

    async def _since(self) -> float:
        """In seconds since 1970. Raises QueueUnavailable."""
        noted = await self._notes.read(SINCE)
        if noted is not None:
            return float(noted)
        since = self._clock.now() - SECONDS_BEFORE_THE_FIRST_START
        await self._notes.write(SINCE, str(since))
        return since

    async def _greet(self, guild: discord.Guild) -> bool:
        """Said first and noted then: Discord does not post the same nonce twice. False where the next start tries."""
        for attempt in range(1, self._pace.attempts_at_a_fault + 1):
            try:
                await self._say(guild)
                await self._servers.note_welcomed(str(guild.id))
            except (NotAnswered, QueueUnavailable) as error:
                wait = self._pace.retry_after(attempt)
                log.warning("welcome again guild=%s in_s=%s why=%r", guild.id, wait, error)
                await asyncio.sleep(wait)
            else:
                return True
        return False

    async def _say(self, guild: discord.Guild) -> None:
        """In the first place that takes it; where none does, the log says so. Raises NotAnswered."""
        say = words_for(str(guild.preferred_locale))
        for channel in _channels(guild):
            if await self._posted(guild, channel.id, welcome_view(self._client.command_ids, say)):
                return
        direct = await direct_channel(self._client, guild.owner_id) if guild.owner_id else None
        about = text.for_server(guild.name, say)
        if direct is None or not await self._posted(guild, direct, welcome_view(self._client.command_ids, say, about)):
            log.warning("nobody could be welcomed guild=%s", guild.id)

    async def _posted(self, guild: discord.Guild, channel_id: int, view: LayoutView) -> bool:
        in_guild = guild.id if guild.get_channel(channel_id) else None
        try:
            with translated():
                await place(self._client, channel_id, in_guild).send(
                    view=view, nonce=str(guild.id), allowed_mentions=discord.AllowedMentions.none()
                )
        except NotAnswered:
            raise
        except (PlaceGone, Rejected) as error:
            log.info("welcome not taken guild=%s channel=%s why=%r", guild.id, channel_id, error)
            return False
        log.info("welcomed guild=%s channel=%s", guild.id, channel_id)
        return True


def welcome_view(command_ids: Mapping[str, int], say: Words, about: str = "") -> LayoutView:
    show, set_ = command(command_ids, "config show"), command(command_ids, "config set")
    settings = "\n".join(f"- {say(one)}" for one in (text.CHANNELS, text.QUOTA, text.LOG, text.LANGUAGE))
    paragraphs = [
        f"### {say(text.TITLE)}",
        about,
        say(text.TRY, stylize=command(command_ids, "stylize")),
        f"{say(text.FIRST)}\n{settings}",
        say(text.HOW, show=show, set=set_),
        say(text.HELP, help=command(command_ids, "help")),
    ]
    container: Container[LayoutView] = Container()
    for paragraph in filter(None, paragraphs):
        container.add_item(TextDisplay(paragraph))
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def _channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Where the bot may speak, the system channel first."""
    system = [guild.system_channel] if guild.system_channel else []
    for channel in (*system, *(one for one in guild.text_channels if one != guild.system_channel)):
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            yield channel


def _joined_after(guild: discord.Guild, since: float) -> bool:
    """A server that Discord cannot show for now has no members, not even the bot."""
    me: discord.Member | None = guild.me
    joined_at = me.joined_at if me is not None else None
    return joined_at is not None and joined_at.timestamp() >= since
