"""`/stylize`: what a member chooses, as an order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.jobs.choices import ContentOption, parse_weights, the_content, the_styles
from bot.settings.presets import params_with
from bot.settings.request import usual_params
from bot.settings.server import ServerSettings
from bot.ui.config_presets import chosen_preset, suggest_presets
from bot.ui.defaults import in_time, own_defaults
from bot.ui.errors import mistakes_answered
from bot.ui.expressions import expression, suggest_expressions
from bot.ui.from_library import named_styles, suggest_styles
from bot.ui.order import Order, take
from bot.ui.sources import Attached, Source, avatar_of
from bot.ui.text import commands as text
from bot.ui.visit import tenant_of
from nst_engine.contract.params import (
    MAX_SEED,
    MAX_SIZE_PX,
    MAX_STYLE_SCALE,
    MIN_SIZE_PX,
    MIN_STYLE_SCALE,
    KeepColours,
    PresetName,
    StylizeParams,
)

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

COLOURS = [app_commands.Choice(name=text.COLOURS[name], value=name.value) for name in KeepColours]


def stylize_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/stylize` for a command tree. Discord requires no option, so that the picture may come from anywhere."""

    @app_commands.command(name="stylize", description=text.STYLIZE_DESCRIPTION)
    @app_commands.describe(**text.STYLIZE_OPTIONS)
    @app_commands.choices(keep_colours=COLOURS)
    @app_commands.autocomplete(from_library=suggest_styles, emoji=suggest_expressions, preset=suggest_presets)
    async def stylize(  # noqa: PLR0913  # Discord shows an option for each
        interaction: "discord.Interaction[StylizeClient]",
        *,
        content: discord.Attachment | None = None,
        style: discord.Attachment | None = None,
        from_library: str = "",
        avatar: discord.User | None = None,
        emoji: str = "",
        strength: app_commands.Range[int, 0, 100] | None = None,
        keep_colours: str | None = None,
        size: app_commands.Range[int, MIN_SIZE_PX, MAX_SIZE_PX] | None = None,
        style2: discord.Attachment | None = None,
        style3: discord.Attachment | None = None,
        style4: discord.Attachment | None = None,
        weights: str = "",
        style_scale: app_commands.Range[float, MIN_STYLE_SCALE, MAX_STYLE_SCALE] | None = None,
        preset: str = "",
        seed: app_commands.Range[int, 0, MAX_SEED] = 0,
        spoiler: bool = False,
        private: bool | None = None,
    ) -> None:
        async with mistakes_answered(interaction):
            usual = await own_defaults(interaction)
            picture = _content(interaction, content, avatar, emoji)
            styles = await _styles(interaction, (style, style2, style3, style4), from_library)
            named = await chosen_preset(interaction, preset)
            colours = KeepColours(keep_colours) if keep_colours else None
            params = _params(usual, named, size=size, strength=strength, keep_colours=colours)
            scale = params.style_scale if style_scale is None else style_scale
            share = parse_weights(weights, styles=len(styles))
            params = params.model_copy(update={"seed": seed, "style_scale": scale, "style_weights": share})
            is_private = usual.private if private is None else private
            order = Order(content=picture, styles=styles, params=params, spoiler=spoiler, private=is_private)
            await take(interaction, order)

    return stylize


def _params(
    usual: ServerSettings,
    named: PresetName | StylizeParams | None,
    *,
    size: int | None,
    strength: int | None,
    keep_colours: KeepColours | None,
) -> StylizeParams:
    """`named` is a preset of the project, or what one of the server's means."""
    if isinstance(named, StylizeParams):
        return params_with(named, usual, size=size, strength=strength, keep_colours=keep_colours)
    return usual_params(usual, preset=named, size=size, strength=strength, keep_colours=keep_colours)


def _content(
    interaction: "discord.Interaction[StylizeClient]",
    content: discord.Attachment | None,
    avatar: discord.Member | discord.User | None,
    emoji: str,
) -> Source:
    """Raises WrongChoice."""
    given: dict[ContentOption, Source] = {}
    if content is not None:
        given[ContentOption.CONTENT] = Attached(content)
    if avatar is not None:
        given[ContentOption.AVATAR] = avatar_of(avatar)
    if emoji.strip():
        given[ContentOption.EMOJI] = expression(emoji, interaction.guild)
    return the_content(given)


async def _styles(
    interaction: "discord.Interaction[StylizeClient]", files: Sequence[discord.Attachment | None], names: str
) -> tuple[Source, ...]:
    """Raises WrongChoice and QueueUnavailable."""
    styles: list[Source] = [Attached(file) for file in files if file is not None]
    library = interaction.client.services.library
    if names.strip():
        styles += await in_time(named_styles(library, tenant_of(interaction), names))
    return the_styles(styles)
