"""The Discord client: commands and buttons. It owns no background work; `bot.app` does."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.config import DiscordSettings, LimitSettings
from bot.jobs.under_way import UnderWay
from bot.store.notes import Notes
from bot.ui.cancel import CancelButton
from bot.ui.modals import Modals
from bot.ui.order import turn_down
from bot.ui.reading import PictureReader
from bot.ui.registration import register
from bot.ui.stylize import stylize_command
from bot.ui.translator import CatalogueTranslator
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.intake import Intake
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What commands and buttons work with."""

    store: JobStore
    blobs: BlobStore
    notes: Notes
    intake: Intake
    reader: PictureReader
    under_way: UnderWay
    limits: LimitSettings


class StylizeClient(discord.Client):
    """Needs no privileged intent."""

    def __init__(self, settings: DiscordSettings) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here: nothing to warn of
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = Commands(self)
        self.tree.add_command(stylize_command())
        self.command_ids: Mapping[str, int] = {}
        """By which Discord knows the commands, by their names; none where nobody knows."""
        self.modals = Modals()
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
        self.logged_in.set()
        await self.tree.set_translator(CatalogueTranslator())
        await self._register_commands()

    async def _register_commands(self) -> None:
        guild = discord.Object(self._settings.sync_guild) if self._settings.sync_guild else None
        self.command_ids = await register(self.tree, self.services.notes, guild)

    async def reopen(self) -> None:
        """Make a client that was closed, or whose login failed, ready to log in again."""
        await self.close()
        self.clear()
        self.http.connector = discord.utils.MISSING
        await self.__aenter__()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self.modals.receive(interaction)

    async def on_ready(self) -> None:
        log.info("online as=%s guilds=%s", self.user, len(self.guilds))


class Commands(app_commands.CommandTree[StylizeClient]):
    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        await turn_down(interaction, error)
