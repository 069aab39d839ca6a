"""One style of a library, large, with a button that paints a picture in it."""

import io
import logging
import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, MediaGallery, TextDisplay

from bot.jobs.errors import CheckUnavailable
from bot.store.styles import LibraryStyle
from bot.ui import modals
from bot.ui.defaults import in_time, own_defaults
from bot.ui.errors import always_answered
from bot.ui.from_library import kept
from bot.ui.modals import Form, Route, modal
from bot.ui.picture_forms import content_fields, paint_content
from bot.ui.private_answer import tell
from bot.ui.text import library as text
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_of
from nst_engine.errors import BadPicture, QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import Services, StylizeClient

log = logging.getLogger(__name__)

SHOWN_SIDE_PX = 1024


class UseButton(DynamicItem[Button[Any]], template=r"style:(?P<style_id>\d{1,18}):use"):
    """Asks for the picture to paint; usable by everybody who sees it."""

    def __init__(self, style_id: int, label: str) -> None:
        button: Button[Any] = Button(style=discord.ButtonStyle.primary, label=label, custom_id=f"style:{style_id}:use")
        super().__init__(button)
        self.style_id = style_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["style_id"]), words_of(interaction)(text.USE))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """The form has to be the first answer, so the style is looked up in little time."""
        say = words_of(interaction)
        async with always_answered(interaction):
            style = await in_time(_find(interaction, self.style_id))
            if style is None:
                await tell(interaction, say(text.GONE))
            else:
                fields = content_fields(await own_defaults(interaction), say)
                form = modal(f"style:{style.id}:use", text.form_title(style, say), *fields)
                await modals.show(interaction, form)


async def show_style(interaction: "discord.Interaction[StylizeClient]", style_id: int) -> None:
    """In the answer to an interaction, which was deferred. Raises QueueUnavailable."""
    style = await _find(interaction, style_id)
    if style is None:
        await interaction.edit_original_response(content=words_of(interaction)(text.GONE))
    else:
        await show(interaction, style)


async def show(interaction: "discord.Interaction[StylizeClient]", style: LibraryStyle, *, remark: str = "") -> None:
    """The same for a style that was found; `remark` stands above it."""
    say = words_of(interaction)
    picture = await _large(interaction.client.services, style)
    file = discord.File(io.BytesIO(picture), filename=f"style-{style.id}.jpg")
    await interaction.edit_original_response(view=style_view(style, file.filename, remark, say), attachments=[file])


def style_view(style: LibraryStyle, file: str, remark: str, say: Words) -> LayoutView:
    """A fresh view of one style."""
    picture = discord.MediaGalleryItem(f"attachment://{file}", description=text.alt_text(style, say))
    row: ActionRow[Any] = ActionRow(UseButton(style.id, say(text.USE)))
    container: Container[LayoutView] = Container(
        TextDisplay(text.style_title(style, say)),
        MediaGallery(picture),
        row,
    )
    view = LayoutView(timeout=None)
    if remark:
        view.add_item(TextDisplay(remark))
    view.add_item(container)
    return view


async def _find(interaction: "discord.Interaction[StylizeClient]", style_id: int) -> LibraryStyle | None:
    return await interaction.client.services.library.find_id(tenant_of(interaction), style_id)


async def _large(services: "Services", style: LibraryStyle) -> bytes:
    """The picture as large as it is shown; the small one where that cannot be made now. Raises QueueUnavailable."""
    try:
        whole = await services.blobs.get(style.blob)
        return await services.thumbnails(whole, side_px=SHOWN_SIDE_PX, role="style")
    except (BadPicture, CheckUnavailable, QueueUnavailable) as error:
        log.warning("a style is shown small style=%s why=%r", style.id, error)
        return await services.blobs.get(style.thumbnail_blob)


async def _received(interaction: "discord.Interaction[StylizeClient]", match: re.Match[str], form: Form) -> None:
    """The form of `UseButton`."""
    style = await in_time(_find(interaction, int(match["style_id"])))
    if style is None:
        await tell(interaction, words_of(interaction)(text.GONE))
    else:
        await paint_content(interaction, form, kept(style))


USE_STYLE = Route(r"style:(?P<style_id>\d{1,18}):use", _received)
