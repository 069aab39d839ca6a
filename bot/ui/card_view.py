"""The live card as Discord components. Every button is dynamic: it works after a restart, and a view owns no state."""

import io
from typing import assert_never

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.jobs.card import Cancelled, Card, Failed, Finished, Painting, Waiting
from bot.ui.cancel import CancelButton
from bot.ui.sources import COVERED
from bot.ui.text.card import card_settings, card_state, card_title, preview_alt_text
from bot.ui.text.places import remark
from bot.ui.words import words_for


def card_view(card: Card) -> LayoutView:
    """A fresh view of a card; one that was sent must not be sent again."""
    say = words_for(card.locale)
    container: Container[LayoutView] = Container(accent_colour=_colour(card))
    container.add_item(TextDisplay(f"{card_title(card, say)}\n{card_state(card, say)}"))
    if card.preview is not None:
        file = preview_name(card)
        picture = discord.MediaGalleryItem(
            f"attachment://{file}", description=preview_alt_text(card, say), spoiler=card.spoiler
        )
        container.add_item(MediaGallery(picture))
    container.add_item(TextDisplay(card_settings(card, say)))
    if said := remark(card, say):
        container.add_item(TextDisplay(said))
    if _may_be_cancelled(card):
        container.add_item(ActionRow(CancelButton(card.job_id, say)))
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def preview_file(card: Card) -> discord.File | None:
    """The picture that the card refers to. A fresh file, since sending consumes it."""
    if card.preview is None:
        return None
    data = io.BytesIO(card.preview.jpeg)
    description = preview_alt_text(card, words_for(card.locale))
    return discord.File(data, filename=preview_name(card), description=description)


def preview_name(card: Card) -> str:
    """Another name for each preview, so that no cache shows an old one; covered where the card asks for it."""
    name = f"preview-{card.preview.number if card.preview else 0}.jpg"
    return f"{COVERED}{name}" if card.spoiler else name


def _may_be_cancelled(card: Card) -> bool:
    if card.moved:
        return False
    return isinstance(card.state, Waiting) or (isinstance(card.state, Painting) and not card.state.stopping)


def _colour(card: Card) -> discord.Colour:
    """A hint only: the words say it too."""
    match card.state:
        case Waiting():
            return discord.Colour.light_grey()
        case Painting():
            return discord.Colour.blurple()
        case Finished():
            return discord.Colour.green()
        case Failed():
            return discord.Colour.red()
        case Cancelled():
            return discord.Colour.dark_grey()
        case _:
            assert_never(card.state)
