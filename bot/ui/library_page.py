"""A page of the style library: small pictures with their names, buttons to turn pages, a menu to look at one.

Whoever presses sees their own server's library as it is now. Nothing here but ids in buttons: it works after a restart.
"""

import asyncio
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import (
    ActionRow,
    Button,
    Container,
    DynamicItem,
    Item,
    LayoutView,
    MediaGallery,
    Select,
    Separator,
    TextDisplay,
)

from bot.store.styles import LibraryStyle
from bot.ui.command_names import command
from bot.ui.errors import always_answered
from bot.ui.first_answer import surely
from bot.ui.paging import Turn, nearest, page_button, pressed_turn, turning
from bot.ui.private_answer import hold
from bot.ui.style_card import show_style
from bot.ui.text import library as text
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_of
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

STYLES_ON_A_PAGE = 6
STYLES_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is shown of a library; `number` counts from 1."""

    title: str
    empty: str
    styles: tuple[LibraryStyle, ...]
    number: int
    pages: int


class PageButton(DynamicItem[Button[Any]], template=r"style:page:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(page_button(f"style:page:{turn.number}", turn))
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await surely(interaction, interaction.response.defer)
            await show_page(interaction, self.number)


class StylePicker(DynamicItem[Select[Any]], template=r"style:pick"):
    """Shows the chosen style to whoever chose it."""

    def __init__(self, styles: tuple[LibraryStyle, ...], placeholder: str) -> None:
        options = [discord.SelectOption(label=style.name, value=str(style.id)) for style in styles]
        super().__init__(Select(custom_id="style:pick", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls((), words_of(interaction)(text.PICK))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await hold(interaction)
            await show_style(interaction, int(self.item.values[0]))


async def show_page(interaction: "discord.Interaction[StylizeClient]", number: int) -> None:
    """In the answer to an interaction, which was deferred. Raises QueueUnavailable."""
    services, say = interaction.client.services, words_of(interaction)
    styles = await services.library.listed(tenant_of(interaction))
    page = _page(interaction, styles, number, say)
    pictures = await asyncio.gather(*(_picture(services.blobs, style) for style in page.styles))
    files = [picture for picture in pictures if picture is not None]
    view = page_view(page, {file.filename for file in files}, say)
    await interaction.edit_original_response(view=view, attachments=files)


def page_view(page: Page, files: set[str], say: Words) -> LayoutView:
    """A fresh view of a page; `files` are the names of the pictures that there are."""
    container: Container[LayoutView] = Container(TextDisplay(page.title))
    for first in range(0, len(page.styles), STYLES_IN_A_ROW):
        if first:
            container.add_item(Separator(visible=False))
        for item in _row(page.styles[first : first + STYLES_IN_A_ROW], files, say):
            container.add_item(item)
    if not page.styles:
        container.add_item(TextDisplay(page.empty))
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in _controls(page, say):
        view.add_item(row)
    return view


def thumbnail_name(style: LibraryStyle) -> str:
    return f"style-{style.id}.jpg"


def _row(styles: tuple[LibraryStyle, ...], files: set[str], say: Words) -> Iterator[Item[LayoutView]]:
    """Pictures side by side, their names under them in the same order."""
    shown = [(style, name) for style in styles if (name := thumbnail_name(style)) in files]
    if shown:
        yield MediaGallery(
            *(
                discord.MediaGalleryItem(f"attachment://{name}", description=text.alt_text(style, say))
                for style, name in shown
            )
        )
    yield TextDisplay(" · ".join(text.entry(style, say) for style in styles))


def _controls(page: Page, say: Words) -> Iterator[ActionRow[Any]]:
    if page.styles:
        yield ActionRow(StylePicker(page.styles, say(text.PICK)))
    yield from turning(page.number, page.pages, PageButton, say)


def _page(
    interaction: "discord.Interaction[StylizeClient]", styles: list[LibraryStyle], number: int, say: Words
) -> Page:
    part = nearest(number, len(styles), STYLES_ON_A_PAGE)
    server = interaction.guild.name if interaction.guild else None
    is_direct = interaction.guild_id is None
    title = text.list_title(server, say, is_direct=is_direct)
    how = text.HOW_TO_ADD_OWN if is_direct else text.HOW_TO_ADD
    return Page(
        title=f"{title}\n-# {text.list_place(len(styles), part.number, part.pages, say)}",
        empty=f"{say(text.NOTHING_HERE)} {say(how, command=command(interaction.client.command_ids, 'style add'))}",
        styles=part.of(styles),
        number=part.number,
        pages=part.pages,
    )


async def _picture(blobs: BlobStore, style: LibraryStyle) -> discord.File | None:
    """A fresh file; None where the picture cannot be read, which keeps nobody from reading the names."""
    try:
        data = await blobs.get(style.thumbnail_blob)
    except QueueUnavailable as error:
        log.warning("no small picture of a style style=%s why=%r", style.id, error)
        return None
    return discord.File(io.BytesIO(data), filename=thumbnail_name(style))
