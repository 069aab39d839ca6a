"""The Discord client: commands and buttons. It owns no background work; `bot.app` does."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands

from bot.challenges.desk import ChallengeDesk
from bot.config import DiscordSettings, LimitSettings
from bot.jobs.pace import Clock
from bot.jobs.presses import Presses
from bot.jobs.thumbnails import Thumbnails
from bot.jobs.trial_keeper import TrialDesk
from bot.jobs.under_way import UnderWay
from bot.settings.in_force import Settings
from bot.settings.of_members import MembersSettings
from bot.store.blocked import BlockList
from bot.store.found_pictures import FoundPictures
from bot.store.notes import Notes
from bot.store.presets import PresetStore
from bot.store.proposals import Proposals
from bot.store.styles import StyleLibrary
from bot.ui.cancel import CancelButton
from bot.ui.challenges.buttons import ChallengeButton
from bot.ui.challenges.commands import challenge_commands
from bot.ui.challenges.draft_change import CHANGE_DRAFT
from bot.ui.challenges.duel import DuelButton
from bot.ui.challenges.enter_form import ENTER
from bot.ui.challenges.enter_result import EnterPictureButton, ReplaceByButton
from bot.ui.challenges.gallery import GalleryPageButton, HeartButton
from bot.ui.challenges.history import HistoryButton, ResultPicker
from bot.ui.challenges.judging import REMOVE, JudgeButton
from bot.ui.challenges.listing import ListPageButton
from bot.ui.challenges.manage import CANCEL, EXTEND, ManageButton
from bot.ui.challenges.mine import MineButton
from bot.ui.challenges.preview import DraftButton
from bot.ui.challenges.result_page import ResultPageButton
from bot.ui.challenges.standings import StandingsButton
from bot.ui.config_changing import UndoButton
from bot.ui.config_command import config_commands
from bot.ui.config_exchange import ApplyButton
from bot.ui.config_form import CHANGE_SETTINGS, SettingsFormButton
from bot.ui.config_history import HistoryPageButton
from bot.ui.config_try_acts import SAVE_ONE, USE_ONE
from bot.ui.config_try_buttons import TrialButton
from bot.ui.context_menus import context_menus
from bot.ui.help import help_command
from bot.ui.library import StyleCommands
from bot.ui.library_page import PageButton, StylePicker
from bot.ui.log_channel import ModerationLog
from bot.ui.member_settings import CHANGE_OWN, ChangeOwnButton, ForgetOwnButton, settings_command
from bot.ui.modals import Modals
from bot.ui.moderation import moderation_commands
from bot.ui.order import turn_down
from bot.ui.picture_forms import PAINT, USE_AS_STYLE
from bot.ui.reading import PictureReader
from bot.ui.registration import register
from bot.ui.result_buttons import ResultButton
from bot.ui.status import Figures, status_command
from bot.ui.style_card import USE_STYLE, UseButton
from bot.ui.stylize import stylize_command
from bot.ui.translator import CatalogueTranslator
from bot.ui.tweak import TWEAK, FormButton
from bot.ui.welcome import Welcome
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
    found: FoundPictures
    thumbnails: Thumbnails
    library: StyleLibrary
    settings: Settings
    members: MembersSettings
    proposals: Proposals
    presets: PresetStore
    trials: TrialDesk
    blocked: BlockList
    moderation_log: ModerationLog
    welcome: Welcome
    under_way: UnderWay
    challenges: ChallengeDesk
    clock: Clock
    figures: Figures
    presses: Presses = field(default_factory=Presses)
    limits: LimitSettings


EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
BY_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
"""Commands that are about a server say otherwise themselves."""


class StylizeClient(discord.Client):
    """Needs no privileged intent."""

    def __init__(self, settings: DiscordSettings) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.expressions = True
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here: nothing to warn of
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = Commands(self, allowed_contexts=EVERYWHERE, allowed_installs=BY_ANYBODY)
        self.tree.add_command(stylize_command())
        self.tree.add_command(StyleCommands())
        self.tree.add_command(help_command())
        self.tree.add_command(config_commands())
        self.tree.add_command(settings_command())
        self.tree.add_command(challenge_commands())
        self.tree.add_command(moderation_commands())
        self.tree.add_command(status_command())
        for menu in context_menus():
            self.tree.add_command(menu)
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
        self.add_dynamic_items(ChallengeButton, DraftButton, ListPageButton)
        self.add_dynamic_items(GalleryPageButton, HeartButton, DuelButton)
        self.add_dynamic_items(EnterPictureButton, ReplaceByButton, MineButton)
        self.add_dynamic_items(ResultButton, FormButton, CancelButton, UseButton, PageButton, StylePicker)
        self.add_dynamic_items(ManageButton, JudgeButton, StandingsButton)
        self.add_dynamic_items(HistoryButton, ResultPicker, ResultPageButton)
        self.modals.add(EXTEND, CANCEL, REMOVE, CHANGE_DRAFT)
        self.add_dynamic_items(UndoButton, HistoryPageButton, ApplyButton, SettingsFormButton)
        self.add_dynamic_items(ChangeOwnButton, ForgetOwnButton)
        self.modals.add(CHANGE_SETTINGS, CHANGE_OWN)
        self.add_dynamic_items(TrialButton)
        self.modals.add(USE_ONE, SAVE_ONE)
        self.modals.add(TWEAK, PAINT, USE_AS_STYLE, USE_STYLE, ENTER)
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
        self.services.welcome.online()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        log.info("joined guild=%s", guild.id)
        self.services.welcome.joined(guild.id)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """After an outage of its own; a server joined meanwhile comes like this."""
        self.services.welcome.joined(guild.id)


class Commands(app_commands.CommandTree[StylizeClient]):
    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        await turn_down(interaction, error)
