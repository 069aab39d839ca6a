"""The Discord client: commands and buttons. It owns no background work; `bot.app` does."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.config import DiscordSettings, LimitSettings
from bot.jobs.picture_check import PictureCheck
from bot.ui.cancel import CancelButton
from bot.ui.errors import answer_error
from bot.ui.stylize import stylize_command
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What commands and buttons work with."""

    store: JobStore
    blobs: BlobStore
    check: PictureCheck
    limits: LimitSettings


class StylizeClient(discord.Client):
    """Needs no privileged intent."""

    def __init__(self, settings: DiscordSettings) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = Commands(self)
        self.tree.add_command(stylize_command())
        self.logged_in = asyncio.Event()
        """Requests can be made from now on, if need be before the gateway is there."""
        self._settings = settings
        self._services: Services | None = None

    @property
    def services(self) -> Services:
        if self._services is None:
            raise RuntimeError("the client was started before it was given its services")
        return self._services

    def serve(self, services: Services) -> None:
        """Say what to work with; to be called before the client starts."""
        self._services = services

    async def setup_hook(self) -> None:
        """May run again on the same client, after a restart."""
        await super().setup_hook()
        self.add_dynamic_items(CancelButton)
        if self._settings.sync_guild:
            guild = discord.Object(self._settings.sync_guild)
            self.tree.copy_global_to(guild=guild)
            await self.tree.sync(guild=guild)
        else:
            await self.tree.sync()
        self.logged_in.set()

    async def reopen(self) -> None:
        """Make a client that was closed, or whose login failed, ready to log in again."""
        await self.close()
        self.clear()
        self.http.connector = discord.utils.MISSING
        await self.__aenter__()

    async def on_ready(self) -> None:
        log.info("online as=%s guilds=%s", self.user, len(self.guilds))


class Commands(app_commands.CommandTree[StylizeClient]):
    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        await answer_error(interaction, error)
