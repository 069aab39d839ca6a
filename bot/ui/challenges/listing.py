"""`/challenge list`: what goes on, with its buttons, so that nothing depends on a message still being there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import app_commands
from discord.ui import Button, Container, DynamicItem, Item, LayoutView, Separator, TextDisplay

from bot.challenges.series import Series
from bot.challenges.values import Challenge, Phase
from bot.ui.challenges.card import buttons
from bot.ui.challenges.unfinished import unfinished
from bot.ui.command_names import command
from bot.ui.errors import always_answered, mistakes_answered
from bot.ui.first_answer import surely
from bot.ui.paging import Turn, nearest, page_button, pressed_turn, turning
from bot.ui.private_answer import hold
from bot.ui.text.challenges import listing as text
from bot.ui.visit import may_run_challenges, tenant_of
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
CHALLENGES_ON_A_PAGE = 5
"""Each is a text, a line between and a row of at most three buttons: with all else that is at most 37 components."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is shown; `number` counts from 1."""

    number: int
    pages: int
    challenges: tuple[Challenge, ...]
    series: tuple[Series, ...]
    """For those who run challenges, on the first page."""
    create: str | None
    """The command, for those who may use it."""


class ListPageButton(DynamicItem[Button[Any]], template=r"challenge:list:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(page_button(f"challenge:list:{turn.number}", turn))
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await surely(interaction, interaction.response.defer)
            await _show(interaction, self.number)


def add_list(group: app_commands.Group) -> None:
    """Add it to `/challenge`."""

    @group.command(name="list", description=app_commands.locale_str(text.LIST_DESCRIPTION))
    async def list_(interaction: Interaction) -> None:
        async with mistakes_answered(interaction):
            await hold(interaction)
            await _show(interaction, 1)


async def _show(interaction: Interaction, number: int) -> None:
    """In the answer to an interaction, which was deferred. Raises QueueUnavailable."""
    page = await _page(interaction, number)
    await interaction.edit_original_response(view=list_view(page, words_of(interaction)))


def list_view(page: Page, say: Words) -> LayoutView:
    """A fresh view of a page."""
    container: Container[LayoutView] = Container()
    for item in _items(page, say):
        container.add_item(item)
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in turning(page.number, page.pages, ListPageButton, say):
        view.add_item(row)
    return view


def _items(page: Page, say: Words) -> Iterator[Item[LayoutView]]:
    yield TextDisplay(text.heading(page.number, page.pages, say))
    if not page.challenges:
        yield TextDisplay(text.nothing(page.create, say))
    for challenge in page.challenges:
        yield Separator()
        yield TextDisplay(text.entry(challenge, say))
        if (row := buttons(challenge, say)) is not None:
            yield row
    if page.series:
        yield Separator()
        yield TextDisplay(text.series(page.series, say))


async def _page(interaction: Interaction, number: int) -> Page:
    going_on = sorted(await unfinished(interaction), key=_urgency)
    part = nearest(number, len(going_on), CHALLENGES_ON_A_PAGE)
    runs = may_run_challenges(interaction)
    services = interaction.client.services
    series = await services.challenges.series.listed(tenant_of(interaction)) if runs and part.number == 1 else []
    return Page(
        number=part.number,
        pages=part.pages,
        challenges=part.of(going_on),
        series=tuple(series),
        create=command(interaction.client.command_ids, "challenge create") if runs else None,
    )


def _urgency(challenge: Challenge) -> tuple[bool, float]:
    """What can be taken part in comes first, and of that what ends first."""
    return challenge.phase is Phase.DRAFT, challenge.schedule.deadline or 0.0
