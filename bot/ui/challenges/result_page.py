"""The ranking of one challenge that is over, a page at a time, with its gallery behind a button."""

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, TextDisplay

from bot.challenges.errors import WrongPhase
from bot.challenges.values import Challenge, Phase, Placed
from bot.ui.challenges.buttons import ChallengeButton, Verb
from bot.ui.challenges.card import colour
from bot.ui.challenges.turning import answer
from bot.ui.challenges.visitor import find_challenge
from bot.ui.defaults import in_time
from bot.ui.errors import always_answered
from bot.ui.first_answer import surely
from bot.ui.paging import Turn, nearest, page_button, pressed_turn, turning
from bot.ui.text.challenges import archive as text
from bot.ui.text.challenges.card import NO_ENTRIES
from bot.ui.text.challenges.scores import line
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

ENTRIES_ON_A_PAGE = 15


class ResultPageButton(DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):result:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, challenge_id: int, turn: Turn) -> None:
        super().__init__(page_button(f"challenge:{challenge_id}:result:{turn.number}", turn))
        self.challenge_id = challenge_id
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await answer(interaction, await _view(interaction, self.challenge_id, self.number))


async def show_result(interaction: Interaction, challenge_id: int) -> None:
    """In a private answer of its own. Raises NoSuchChallenge, WrongPhase before the end, and QueueUnavailable."""
    view = await _view(interaction, challenge_id, 1)
    await surely(interaction, partial(interaction.response.send_message, view=view, ephemeral=True))


def result_view(challenge: Challenge, ranking: Sequence[Placed], number: int, say: Words) -> LayoutView:
    """A fresh view of a page, or of the nearest there is."""
    part = nearest(number, len(ranking), ENTRIES_ON_A_PAGE)
    lines = [line(one, challenge.terms.mode, say) for one in part.of(ranking)]
    container: Container[LayoutView] = Container(
        TextDisplay(text.result_title(challenge, len(ranking), part.number, part.pages, say)),
        TextDisplay("\n".join(lines) or say(NO_ENTRIES)),
        accent_colour=colour(challenge.phase),
    )
    if small_print := text.small_print(challenge, say):
        container.add_item(TextDisplay(small_print))
    turns = turning(part.number, part.pages, partial(ResultPageButton, challenge.id), say)
    row: ActionRow[Any] = next(turns, ActionRow())
    view = LayoutView(timeout=None)
    view.add_item(container)
    view.add_item(row.add_item(ChallengeButton(challenge.id, Verb.GALLERY, say)))
    return view


async def _view(interaction: Interaction, challenge_id: int, number: int) -> LayoutView:
    challenge = await in_time(find_challenge(interaction, challenge_id))
    if challenge.phase is not Phase.CLOSED:
        raise WrongPhase(challenge.phase)
    ranking = await in_time(interaction.client.services.challenges.archive.ranking(challenge_id))
    return result_view(challenge, ranking, number, words_of(interaction))
