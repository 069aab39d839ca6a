"""`/challenge history`: a server's closed challenges, newest first, a page at a time, with a menu to look at one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import app_commands
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, Select, Separator, TextDisplay

from bot.challenges.archive import Page
from bot.challenges.values import Challenge, Placed
from bot.ui.challenges.result_page import show_result
from bot.ui.challenges.turning import answer
from bot.ui.defaults import in_time
from bot.ui.earlier import public_words
from bot.ui.errors import always_answered
from bot.ui.paging import Turn, page_button, pressed_turn, turning
from bot.ui.text.challenges import archive as text
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

CHALLENGES_ON_A_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A challenge that is over, and how it ended."""

    challenge: Challenge
    ranking: Sequence[Placed]


def add_history(group: app_commands.Group) -> None:
    """Add it to `/challenge`."""

    @group.command(name="history", description=app_commands.locale_str(text.HISTORY_DESCRIPTION))
    @app_commands.describe(public=app_commands.locale_str(text.PUBLIC_OPTION))
    async def history(
        interaction: "discord.Interaction[StylizeClient]",
        public: bool = False,  # noqa: FBT001, FBT002  # an option of the command
    ) -> None:
        found, page = await in_time(_load(interaction, 1))
        say = await public_words(interaction) if public else words_of(interaction)
        await answer(interaction, history_view(found, page, say), public=public)


class HistoryButton(DynamicItem[Button[Any]], template=r"challenges:history:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(page_button(f"challenges:history:{turn.number}", turn))
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            found, page = await in_time(_load(interaction, self.number))
            await answer(interaction, history_view(found, page, words_of(interaction)))


class ResultPicker(DynamicItem[Select[Any]], template=r"challenges:look"):
    """Shows the chosen challenge's result to whoever chose it."""

    def __init__(self, found: Sequence[Past], say: Words) -> None:
        options = [
            discord.SelectOption(
                label=text.option(past.challenge),
                description=text.option_hint(past.ranking, say),
                value=str(past.challenge.id),
            )
            for past in found
        ]
        super().__init__(Select(custom_id="challenges:look", placeholder=say(text.LOOK), options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls((), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await show_result(interaction, int(self.item.values[0]))


def history_view(found: Sequence[Past], page: Page, say: Words) -> LayoutView:
    """A fresh view of a page."""
    container: Container[LayoutView] = Container(TextDisplay(text.history_title(page, say)))
    for past in found:
        container.add_item(Separator())
        container.add_item(TextDisplay(text.past(past.challenge, past.ranking, say)))
    if not found:
        container.add_item(TextDisplay(say(text.NO_HISTORY)))
    view = LayoutView(timeout=None)
    view.add_item(container)
    if found:
        picker: ActionRow[Any] = ActionRow(ResultPicker(found, say))
        view.add_item(picker)
    for row in turning(page.number, page.pages, HistoryButton, say):
        view.add_item(row)
    return view


async def _load(interaction: Interaction, number: int) -> tuple[list[Past], Page]:
    """Raises QueueUnavailable."""
    archive = interaction.client.services.challenges.archive
    challenges, page = await archive.history(tenant_of(interaction), number, per_page=CHALLENGES_ON_A_PAGE)
    rankings = [await archive.ranking(challenge.id) for challenge in challenges]
    found = [Past(challenge=one, ranking=ranking) for one, ranking in zip(challenges, rankings, strict=True)]
    return found, page
