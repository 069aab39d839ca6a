"""The forms that are opened for a picture in a message or for an avatar, and what is chosen in them as an order."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.jobs.choices import Wrong, WrongChoice, the_styles
from bot.settings.request import usual_params
from bot.settings.server import ServerSettings
from bot.store.found_pictures import FoundPicture
from bot.store.styles import LibraryStyle
from bot.ui.defaults import in_time, own_defaults
from bot.ui.from_library import kept
from bot.ui.modals import Form, Route, modal
from bot.ui.order import Order, take
from bot.ui.sources import Attached, Hosted, Source, avatar_of
from bot.ui.text import picture_forms as text
from bot.ui.visit import tenant_of
from bot.ui.words import Words
from nst_engine.contract.params import MAX_STYLES, KeepColours

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

MOST_OPTIONS = 25


def stylize_form(picture_id: int, library: Sequence[LibraryStyle], usual: ServerSettings, say: Words) -> ui.Modal:
    """For a picture that is to be painted: choose a style."""
    chosen = [_library(library, say)] if library else []
    styles = _upload("styles", text.UPLOAD_STYLE, text.UPLOAD_STYLE_MORE, say, most=MAX_STYLES)
    return modal(f"paint:{picture_id}", say(text.STYLIZE_TITLE), *chosen, styles, *_choices(usual, say))


def style_form(picture_id: int, usual: ServerSettings, say: Words) -> ui.Modal:
    """For a picture whose style is to be used: choose what to paint."""
    return modal(f"style:{picture_id}", say(text.STYLE_TITLE), *content_fields(usual, say))


def content_fields(usual: ServerSettings, say: Words) -> tuple[ui.Label[Any], ...]:
    """What to paint, and how; for `paint_content`."""
    content = _upload("content", text.UPLOAD_CONTENT, text.UPLOAD_CONTENT_MORE, say)
    avatar = ui.Label[Any](text=say(text.AVATAR), component=ui.Checkbox[Any](custom_id="avatar"))
    return (content, avatar, *_choices(usual, say))


async def _paint(interaction: "discord.Interaction[StylizeClient]", match: re.Match[str], form: Form) -> None:
    content = await _found(interaction, match)
    styles: list[Source] = [Attached(file) for file in form.files("styles")]
    styles = [*await _from_library(interaction, form.chosen("library")), *styles]
    await _order(interaction, form, content, the_styles(styles, none=Wrong.NO_STYLE_IN_FORM))


async def _use_as_style(interaction: "discord.Interaction[StylizeClient]", match: re.Match[str], form: Form) -> None:
    await paint_content(interaction, form, await _found(interaction, match))


async def paint_content(interaction: "discord.Interaction[StylizeClient]", form: Form, style: Source) -> None:
    """Take the order of a form with `content_fields`. Raises WrongChoice."""
    uploads = form.files("content")
    if uploads and form.ticked("avatar"):
        raise WrongChoice(Wrong.TWO_CONTENTS_IN_FORM)
    if not uploads and not form.ticked("avatar"):
        raise WrongChoice(Wrong.NO_CONTENT_IN_FORM)
    content = Attached(uploads[0]) if uploads else avatar_of(interaction.user)
    await _order(interaction, form, content, (style,))


PAINT = Route(r"paint:(?P<picture_id>\d{1,20})", _paint)
USE_AS_STYLE = Route(r"style:(?P<picture_id>\d{1,20})", _use_as_style)


async def _found(interaction: "discord.Interaction[StylizeClient]", match: re.Match[str]) -> Hosted:
    """The picture that the form was opened for. Raises WrongChoice and QueueUnavailable."""
    found = await in_time(interaction.client.services.found.find(int(match["picture_id"])))
    if found is None:
        raise WrongChoice(Wrong.FORM_TOO_OLD)
    return Hosted(**found.model_dump())


def as_found(picture: Hosted) -> FoundPicture:
    """As it is remembered until the form is sent."""
    return FoundPicture(
        name=picture.name,
        url=picture.url,
        size_bytes=picture.size_bytes,
        content_type=picture.content_type,
        is_covered=picture.is_covered,
    )


async def _from_library(interaction: "discord.Interaction[StylizeClient]", ids: Sequence[str]) -> list[Source]:
    """Those that are still there, in the order of the list. Raises QueueUnavailable."""
    if not ids:
        return []
    listed = await in_time(interaction.client.services.library.listed(tenant_of(interaction)))
    return [kept(style) for style in listed if str(style.id) in ids]


async def _order(
    interaction: "discord.Interaction[StylizeClient]", form: Form, content: Source, styles: tuple[Source, ...]
) -> None:
    usual = await own_defaults(interaction)
    strength, colours = form.choice("strength"), form.choice("colours")
    params = usual_params(
        usual,
        strength=None if strength is None else int(strength),
        keep_colours=None if colours is None else KeepColours(colours),
    )
    also = form.chosen("also")
    order = Order(content=content, styles=styles, params=params, spoiler="spoiler" in also, private="private" in also)
    await take(interaction, order)


def _library(library: Sequence[LibraryStyle], say: Words) -> ui.Label[Any]:
    """The server's own first: they were put there to be used."""
    ordered = sorted(library, key=lambda style: not style.is_own)[:MOST_OPTIONS]
    select = ui.Select[Any](
        custom_id="library",
        placeholder=say(text.LIBRARY_PLACEHOLDER),
        options=[discord.SelectOption(label=style.name, value=str(style.id)) for style in ordered],
        min_values=0,
        max_values=min(MAX_STYLES, len(ordered)),
        required=False,
    )
    note = text.library_note(len(ordered), len(library), say)
    return ui.Label(text=say(text.LIBRARY), description=note, component=select)


def _upload(field: str, label: str, description: str, say: Words, *, most: int = 1) -> ui.Label[Any]:
    upload = ui.FileUpload[Any](custom_id=field, required=False, min_values=0, max_values=most)
    return ui.Label(text=say(label), description=say(description), component=upload)


def _choices(usual: ServerSettings, say: Words) -> tuple[ui.Label[Any], ...]:
    """What can be chosen in every form."""
    return (
        ui.Label(text=say(text.STRENGTH), component=_strengths(usual.default_strength, say)),
        ui.Label(text=say(text.COLOURS), component=_colours(usual.keep_colours, say)),
        ui.Label(text=say(text.ALSO), component=_also(usual, say)),
    )


def _strengths(usual: int, say: Words) -> ui.RadioGroup[Any]:
    names = {strength: say(name) for strength, name in text.STRENGTHS.items()}
    names.setdefault(usual, text.other_strength(usual, say))
    group = ui.RadioGroup[Any](custom_id="strength", required=False)
    for strength in sorted(names):
        group.add_option(label=names[strength], value=str(strength), default=strength == usual)
    return group


def _colours(usual: KeepColours, say: Words) -> ui.RadioGroup[Any]:
    group = ui.RadioGroup[Any](custom_id="colours", required=False)
    for colours, name in text.COLOUR_NAMES.items():
        group.add_option(label=say(name), value=colours.value, default=colours is usual)
    return group


def _also(usual: ServerSettings, say: Words) -> ui.CheckboxGroup[Any]:
    group = ui.CheckboxGroup[Any](custom_id="also", required=False, min_values=0)
    group.add_option(label=say(text.SPOILER), value="spoiler")
    group.add_option(label=say(text.PRIVATE), value="private", default=usual.private)
    return group
