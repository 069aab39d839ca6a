"""A duel as a view: two pictures side by side, and what can be done. Knows not what its buttons do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from discord.ui import ActionRow, Container, Item, LayoutView, MediaGallery, TextDisplay

from bot.challenges.values import Challenge, Duel
from bot.ui.challenges.gallery_view import picture_item
from bot.ui.challenges.pictures import entry_file_name
from bot.ui.text.challenges import voting as text
from bot.ui.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DuelPage:
    """`judged` and `possible` count pairs; `remark` is what there is to say about this one."""

    challenge: Challenge
    duel: Duel
    judged: int
    possible: int
    remark: str = ""


def duel_view(page: DuelPage, row: ActionRow[Any], files: frozenset[str], say: Words) -> LayoutView:
    """A fresh view; `files` are the names of the pictures that there are."""
    return _in_a_frame(
        TextDisplay(text.question(page.challenge, say)),
        *_pictures(page.duel, files, say),
        TextDisplay("\n".join(line for line in _lines(page, say) if line)),
        row,
    )


def words_view(words: str, row: ActionRow[Any] | None = None) -> LayoutView:
    """A fresh view without pictures: there is nothing to judge."""
    return _in_a_frame(TextDisplay(words), *(() if row is None else (row,)))


def _pictures(duel: Duel, files: frozenset[str], say: Words) -> Iterator[Item[LayoutView]]:
    sides = ((duel.left, text.LEFT_ALT_TEXT), (duel.right, text.RIGHT_ALT_TEXT))
    shown = [picture_item(entry, say(alt_text)) for entry, alt_text in sides if entry_file_name(entry) in files]
    if shown:
        yield MediaGallery(*shown)
    if len(shown) < len(sides):
        yield TextDisplay(say(text.NO_PICTURE))


def _lines(page: DuelPage, say: Words) -> Iterator[str]:
    yield page.remark
    yield text.progress(page.judged, page.possible, say)
    yield text.secrecy(page.challenge, say)


def _in_a_frame(*items: Item[LayoutView]) -> LayoutView:
    container: Container[LayoutView] = Container(*items)
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view
