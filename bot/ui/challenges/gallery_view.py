"""A page of a challenge's gallery as a view: large pictures one below the other, each with what belongs to it.

Knows neither who looks nor what they may do: that is in what it is given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord.ui import ActionRow, Container, Item, LayoutView, MediaGallery, Separator, TextDisplay

from bot.challenges.values import Entry
from bot.ui.challenges.pictures import entry_file_name
from bot.ui.text.challenges import gallery as text
from bot.ui.words import Words

ENTRIES_ON_A_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One picture; `button` is a fresh one that stands under it."""

    entry: Entry
    alt_text: str
    caption: str = ""
    button: Item[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage:
    """`footing` stands under the pictures, and `turning` is the row that turns pages, where there are several."""

    heading: str
    exhibits: tuple[Exhibit, ...]
    footing: str
    turning: tuple[ActionRow[Any], ...]


def gallery_view(page: GalleryPage, files: frozenset[str], say: Words) -> LayoutView:
    """A fresh view; `files` are the names of the pictures that there are."""
    container: Container[LayoutView] = Container(TextDisplay(page.heading))
    for exhibit in page.exhibits:
        container.add_item(Separator())
        for item in _shown(exhibit, files, say):
            container.add_item(item)
    if page.footing:
        container.add_item(Separator())
        container.add_item(TextDisplay(page.footing))
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in page.turning:
        view.add_item(row)
    return view


def picture_item(entry: Entry, alt_text: str) -> discord.MediaGalleryItem:
    """To be enlarged by pressing it; a covered one is uncovered first."""
    return discord.MediaGalleryItem(
        f"attachment://{entry_file_name(entry)}", description=alt_text, spoiler=entry.picture.covered
    )


def _shown(exhibit: Exhibit, files: frozenset[str], say: Words) -> Iterator[Item[LayoutView]]:
    if exhibit.caption:
        yield TextDisplay(exhibit.caption)
    if entry_file_name(exhibit.entry) in files:
        yield MediaGallery(picture_item(exhibit.entry, exhibit.alt_text))
    else:
        yield TextDisplay(say(text.NO_PICTURE))
    if exhibit.button is not None:
        row: ActionRow[Any] = ActionRow(exhibit.button)
        yield row
