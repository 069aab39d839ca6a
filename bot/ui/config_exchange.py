"""`/config export` and `/config import`: a server's settings as a small file, and such a file put back after a look."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui
from discord.ui import ActionRow, Container, LayoutView, TextDisplay

from bot.settings.catalogue import SETTINGS, Setting, most_allowed
from bot.settings.exchange import MOST_BYTES, Imported, exported, imported
from bot.settings.in_force import InForce
from bot.settings.server import resolve
from bot.settings.typed import Around
from bot.store.proposals import KEPT_FOR, Proposal
from bot.store.setting_changes import ChangedMeanwhile, How
from bot.ui import config_typing as typing
from bot.ui.command_names import command
from bot.ui.config_changing import log_channel_warnings, make, tell_made
from bot.ui.gate import is_manager
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, show, tell
from bot.ui.sources import Attached
from bot.ui.text import config_exchange as text
from bot.ui.text.config import changed, fitting
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

LONGEST_PART = 1700
"""Of what would change, and of what is left out: Discord takes 4000 characters in all."""


async def export_settings(interaction: Interaction) -> None:
    """After `hold`. Raises QueueUnavailable."""
    services, say = interaction.client.services, words_of(interaction)
    in_force = await services.settings.in_force(interaction.guild_id)
    server = interaction.guild.name if interaction.guild else ""
    about = text.about(server, _today(services.clock.now()), say)

    def described(setting: Setting) -> str:
        return text.described(setting, most_allowed(setting, services.limits, in_force.settings), say)

    said = exported(in_force, partial(_around, interaction, in_force), about, described)
    file = discord.File(io.BytesIO(said.encode()), filename=f"settings-{interaction.guild_id}.toml")
    sentence = say(text.EXPORTED, import_=command(interaction.client.command_ids, "config import"))
    await interaction.followup.send(sentence, file=file, ephemeral=True)


async def preview_import(interaction: Interaction, file: discord.Attachment) -> None:
    """After `hold`: what the file would change, and a button that does it. Raises what fetching raises."""
    services, say = interaction.client.services, words_of(interaction)
    if file.size > MOST_BYTES:
        return await tell(interaction, text.too_large(MOST_BYTES, say))
    data = await Attached(file).fetch()
    if len(data) > MOST_BYTES:
        return await tell(interaction, text.too_large(MOST_BYTES, say))
    in_force = await services.settings.in_force(interaction.guild_id)
    found = imported(data, services.limits, in_force, partial(_around, interaction, in_force))
    faults = [text.fault(fault, say) for fault in found.faults]
    values = dict(found.values)
    if closed := log_channel_warnings(interaction, values.get("log_channel_id")):
        faults += closed
        del values["log_channel_id"]
    proposal = _proposal(interaction, Imported(values), in_force)
    if proposal.names:
        too_old = discord.utils.time_snowflake(interaction.created_at - KEPT_FOR)
        await services.proposals.keep(interaction.id, proposal, forget_before=too_old)
    return await show(interaction, _preview(interaction, proposal, in_force, faults, say))


class ApplyButton(ui.DynamicItem[ui.Button[Any]], template=r"config:import:(?P<proposal_id>\d{1,20})"):
    """For members who may manage the server."""

    def __init__(self, proposal_id: int, say: Words) -> None:
        button: ui.Button[Any] = ui.Button(
            style=discord.ButtonStyle.primary, label=say(text.APPLY), custom_id=f"config:import:{proposal_id}"
        )
        super().__init__(button)
        self.proposal_id = proposal_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["proposal_id"]), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(_apply, interaction, self.proposal_id))


async def _apply(interaction: Interaction, proposal_id: int) -> None:
    """As it was shown, or not at all."""
    if not await is_manager(interaction):
        return None
    await hold(interaction)
    services, guild_id, say = interaction.client.services, interaction.guild_id or 0, words_of(interaction)
    proposal = await services.proposals.find(str(guild_id), proposal_id)
    if proposal is None:
        return await tell(interaction, say(text.TOO_OLD))
    agree = partial(
        services.settings.agree, guild_id, proposal.before, proposal.after, by=interaction.user.id, how=How.IMPORT
    )
    try:
        made = await make(interaction, agree)
    except ChangedMeanwhile:
        return await tell(interaction, say(text.OUTDATED))
    return await tell_made(interaction, fitting(made.lines, say), made.change)


def _today(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def _around(interaction: Interaction, in_force: InForce, setting: Setting) -> Around:
    return typing.around(interaction, setting, in_force)


def _proposal(interaction: Interaction, found: Imported, in_force: InForce) -> Proposal:
    """What becomes different."""
    before = dict(in_force.own)
    after = interaction.client.services.settings.as_if(found.values)(before)
    missing = object()
    names = {name for name in {*before, *after} if before.get(name, missing) != after.get(name, missing)}
    return Proposal(
        tenant_id=str(interaction.guild_id),
        before={name: value for name, value in before.items() if name in names},
        after={name: value for name, value in after.items() if name in names},
    )


def _preview(
    interaction: Interaction, proposal: Proposal, in_force: InForce, faults: Sequence[str], say: Words
) -> LayoutView:
    kept = {name: value for name, value in in_force.own.items() if name not in proposal.names}
    after = resolve(in_force.operator, kept | proposal.after)
    settings = [setting for setting in SETTINGS if setting.name in proposal.names]
    lines = [changed(setting, in_force.settings, after, say) for setting in settings]
    container: Container[LayoutView] = Container(TextDisplay(f"### {say(text.PREVIEW_TITLE)}"))
    nothing = say(text.NOTHING_USABLE if faults else text.NOTHING_TO_CHANGE)
    container.add_item(TextDisplay(fitting(lines, say, LONGEST_PART) or nothing))
    if faults:
        left_out = fitting([f"- {fault}" for fault in faults], say, LONGEST_PART)
        container.add_item(TextDisplay(f"**{say(text.LEFT_OUT_TITLE)}**\n{left_out}"))
    view = LayoutView(timeout=None)
    view.add_item(container)
    if lines:
        container.add_item(TextDisplay(f"-# {say(text.REST_STAYS)}"))
        row: ActionRow[Any] = ActionRow(ApplyButton(interaction.id, say))
        view.add_item(row)
    return view
