"""`/challenge standings`: who has won most in a server's challenges, a page at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import app_commands
from discord.ui import Button, Container, DynamicItem, Item, LayoutView, Separator, TextDisplay

from bot.challenges.archive import Page, Standing
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

MEMBERS_ON_A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of the standings."""

    standings: Sequence[Standing]
    page: Page
    own: Standing | None
    """Of whoever looks; None also where it is shown to everybody."""
    public: bool


def add_standings(group: app_commands.Group) -> None:
    """Add it to `/challenge`."""

    @group.command(name="standings", description=app_commands.locale_str(text.STANDINGS_DESCRIPTION))
    @app_commands.describe(public=app_commands.locale_str(text.PUBLIC_OPTION))
    async def standings(
        interaction: "discord.Interaction[StylizeClient]",
        public: bool = False,  # noqa: FBT001, FBT002  # an option of the command
    ) -> None:
        shown = await _load(interaction, 1, public=public)
        say = await public_words(interaction) if public else words_of(interaction)
        await answer(interaction, standings_view(shown, say), public=public)


class StandingsButton(DynamicItem[Button[Any]], template=r"challenges:standings:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(page_button(f"challenges:standings:{turn.number}", turn))
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            shown = await _load(interaction, self.number, public=False)
            await answer(interaction, standings_view(shown, words_of(interaction)))


def standings_view(shown: Shown, say: Words) -> LayoutView:
    """A fresh view of a page, and under it whoever looks, where they are not on it."""
    own_id = shown.own.user_id if shown.own else None
    lines = [text.standing(one, say, own=one.user_id == own_id) for one in shown.standings]
    container: Container[LayoutView] = Container(
        TextDisplay(text.standings_title(shown.page, say)),
        TextDisplay("\n".join(lines) or say(text.NO_STANDINGS)),
    )
    if (under := _under(shown, say)) is not None:
        container.add_item(Separator())
        container.add_item(TextDisplay(under))
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in turning(shown.page.number, shown.page.pages, StandingsButton, say):
        view.add_item(row)
    return view


def _under(shown: Shown, say: Words) -> str | None:
    if shown.public or not shown.standings:
        return None
    if shown.own is None:
        return f"-# {say(text.NOT_YET_THERE)}"
    is_on_page = any(one.user_id == shown.own.user_id for one in shown.standings)
    return None if is_on_page else text.standing(shown.own, say, own=True)


async def _load(interaction: Interaction, number: int, *, public: bool) -> Shown:
    """Raises QueueUnavailable."""
    archive, tenant_id = interaction.client.services.challenges.archive, tenant_of(interaction)
    standings, page = await in_time(archive.standings(tenant_id, number, per_page=MEMBERS_ON_A_PAGE))
    own = None if public else await in_time(archive.standing_of(tenant_id, str(interaction.user.id)))
    return Shown(standings=standings, page=page, own=own, public=public)
