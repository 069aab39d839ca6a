"""Lists that are shown a page at a time: which part of one is shown, and the buttons that turn to the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from discord.ui import ActionRow, Button, Item

from bot.ui.text import paging as text
from bot.ui.words import Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of a list; `number` counts from 1."""

    number: int
    pages: int
    per_page: int

    def of(self, items: Sequence[T]) -> tuple[T, ...]:
        first = (self.number - 1) * self.per_page
        return tuple(items[first : first + self.per_page])


def nearest(number: int, total: int, per_page: int) -> Part:
    """The page that was asked for, or the nearest there is."""
    pages = max(1, -(-total // per_page))
    return Part(number=min(max(number, 1), pages), pages=pages, per_page=per_page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a button that turns to a page says."""

    number: int
    label: str
    is_there: bool = True


def page_button(custom_id: str, turn: Turn) -> Button[Any]:
    return Button(
        style=discord.ButtonStyle.secondary, label=turn.label, custom_id=custom_id, disabled=not turn.is_there
    )


def pressed_turn(item: Item[Any], number: str) -> Turn:
    """Of the button of a message."""
    return Turn(number=int(number), label=str(getattr(item, "label", "")))


def turning(number: int, pages: int, button: Callable[[Turn], Item[Any]], say: Words) -> Iterator[ActionRow[Any]]:
    """A row of fresh buttons to the pages on either side; none where there is one page only."""
    if pages > 1:
        yield ActionRow(
            button(Turn(number=number - 1, label=say(text.PREVIOUS), is_there=number > 1)),
            button(Turn(number=number + 1, label=say(text.NEXT), is_there=number < pages)),
        )
