"""What a member has in a challenge, as Discord's components. Its buttons come from whoever sends it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import ButtonStyle
from discord.ui import ActionRow, Container, Item, LayoutView, MediaGallery, Section, Separator, TextDisplay, Thumbnail

from bot.challenges.entering import ACTIVE
from bot.challenges.values import Challenge, Entry, Phase, Placed
from bot.ui.challenges.enter_result import EnterPictureButton
from bot.ui.challenges.painted import OnItsWay, Painted
from bot.ui.challenges.pictures import entry_file_name
from bot.ui.paging import Part, Turn, page_button, turning
from bot.ui.sources import COVERED
from bot.ui.text.card import state_lines
from bot.ui.text.challenges import entering as text
from bot.ui.words import Words

ENTRIES_ON_A_PAGE = 3


class MineVerb(StrEnum):
    """What a button does, as its id says it; the number is an entry's, or a page's."""

    PAGE = "mine-page"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    """Asks whether that is meant."""
    WITHDRAW_NOW = "withdraw-now"


ButtonOf = Callable[[MineVerb, int, discord.ui.Button[Any]], Item[Any]]
"""Makes a fresh button of the challenge's do something, to what the number says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What is shown; of entries and pictures only this page's."""

    challenge: Challenge
    phase: Phase
    part: Part
    entries: tuple[Entry, ...]
    placed: Mapping[int, Placed]
    """After the end, by entry."""
    among: int
    """So many entries were placed."""
    pictures: tuple[Painted, ...]
    """Not entered, and may be."""
    on_their_way: tuple[OnItsWay, ...]
    remark: str = ""
    """About what was just done."""

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.pictures or self.on_their_way)


def mine_view(mine: Mine, files: frozenset[str], button: ButtonOf, say: Words) -> LayoutView:
    """A fresh view; `files` are the names of the pictures that there are."""
    container: Container[LayoutView] = Container()
    for item in _items(mine, files, button, say):
        container.add_item(item)
    view = LayoutView(timeout=None)
    if mine.remark:
        view.add_item(TextDisplay(mine.remark))
    view.add_item(container)
    for row in turning(mine.part.number, mine.part.pages, _page_button(button), say):
        view.add_item(row)
    return view


def really_view(entry: Entry, phase: Phase, has_file: bool, button: ButtonOf, say: Words) -> LayoutView:  # noqa: FBT001
    """A fresh question whether to withdraw it."""
    container: Container[LayoutView] = Container(TextDisplay(text.really_withdraw(phase, say)))
    if has_file:
        container.add_item(_picture(entry, say))
    sure = discord.ui.Button[Any](style=ButtonStyle.danger, label=say(text.REALLY_WITHDRAW))
    back = discord.ui.Button[Any](style=ButtonStyle.secondary, label=say(text.KEEP))
    row: ActionRow[Any] = ActionRow(button(MineVerb.WITHDRAW_NOW, entry.id, sure), button(MineVerb.PAGE, 1, back))
    container.add_item(row)
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def painted_file_name(picture: Painted, guild_id: int | None) -> str:
    name = f"painted-{picture.job.id}.jpg"
    return f"{COVERED}{name}" if picture.address.is_covered_in(guild_id) else name


def _items(mine: Mine, files: frozenset[str], button: ButtonOf, say: Words) -> Iterator[Item[LayoutView]]:
    yield TextDisplay(text.mine_title(mine.challenge, mine.phase, say))
    if mine.is_empty:
        yield TextDisplay(text.nothing(mine.phase, say))
    for entry in mine.entries:
        yield from _entry(entry, mine, files, button, say)
    if mine.pictures:
        yield Separator()
        yield TextDisplay(say(text.NOT_ENTERED_YET))
    for picture in mine.pictures:
        yield from _painted(picture, mine, files, say)
    if mine.on_their_way:
        if not mine.pictures:
            yield Separator()
        lines = (f"{text.painted(one.address.names, say)}\n{state_lines(one.state, say)}" for one in mine.on_their_way)
        yield TextDisplay("\n".join(lines))


def _entry(entry: Entry, mine: Mine, files: frozenset[str], button: ButtonOf, say: Words) -> Iterator[Item[LayoutView]]:
    yield TextDisplay(text.entry_state(entry, mine.phase, mine.placed.get(entry.id), mine.among, say))
    if entry_file_name(entry) in files:
        yield _picture(entry, say)
    if entry.state in ACTIVE and mine.phase in {Phase.OPEN, Phase.VOTING}:
        row: ActionRow[Any] = ActionRow()
        if mine.phase is Phase.OPEN:
            again = discord.ui.Button[Any](style=ButtonStyle.secondary, label=say(text.REPLACE))
            row.add_item(button(MineVerb.REPLACE, entry.id, again))
        away = discord.ui.Button[Any](style=ButtonStyle.secondary, label=say(text.WITHDRAW))
        row.add_item(button(MineVerb.WITHDRAW, entry.id, away))
        yield row


def _picture(entry: Entry, say: Words) -> MediaGallery[Any]:
    return MediaGallery(
        discord.MediaGalleryItem(
            f"attachment://{entry_file_name(entry)}",
            description=text.entry_alt_text(say),
            spoiler=entry.picture.covered,
        )
    )


def _painted(picture: Painted, mine: Mine, files: frozenset[str], say: Words) -> Iterator[Item[LayoutView]]:
    guild_id = int(mine.challenge.tenant_id)
    name = painted_file_name(picture, guild_id)
    told = text.painted(picture.address.names, say)
    if name in files:
        covered = picture.address.is_covered_in(guild_id)
        alt_text = text.painted_alt_text(picture.address.names, say)
        yield Section(told, accessory=Thumbnail(f"attachment://{name}", description=alt_text, spoiler=covered))
    else:
        yield TextDisplay(told)
    row: ActionRow[Any] = ActionRow(EnterPictureButton(mine.challenge.id, picture.job.id, say))
    yield row


def _page_button(button: ButtonOf) -> Callable[[Turn], Item[Any]]:
    return lambda turn: button(MineVerb.PAGE, turn.number, page_button("", turn))
