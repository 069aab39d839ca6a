"""The buttons under a challenge's messages. Their ids carry the challenge, so they work after any restart."""

import re
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem, Item

from bot.ui.challenges.ballot import open_ballot
from bot.ui.challenges.enter_form import open_enter_form
from bot.ui.challenges.gallery import show_gallery
from bot.ui.challenges.mine import show_mine
from bot.ui.errors import always_answered
from bot.ui.text.challenges import buttons as text
from bot.ui.words import Words, words_of


class Verb(StrEnum):
    """What a button does, as its id says it."""

    ENTER = "enter"
    MINE = "mine"
    GALLERY = "gallery"
    VOTE = "vote"


_HANDLERS: Mapping[Verb, Callable[[discord.Interaction[Any], int], Awaitable[None]]] = MappingProxyType(
    {Verb.ENTER: open_enter_form, Verb.MINE: show_mine, Verb.GALLERY: show_gallery, Verb.VOTE: open_ballot}
)
_LABELS: Mapping[Verb, str] = MappingProxyType(
    {Verb.ENTER: text.ENTER, Verb.MINE: text.MINE, Verb.GALLERY: text.GALLERY, Verb.VOTE: text.VOTE}
)
_MAIN = frozenset({Verb.ENTER, Verb.VOTE})


class ChallengeButton(
    DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):(?P<verb>enter|mine|gallery|vote)"
):
    """Usable by everybody who sees it."""

    def __init__(self, challenge_id: int, verb: Verb, say: Words) -> None:
        style = discord.ButtonStyle.primary if verb in _MAIN else discord.ButtonStyle.secondary
        button: Button[Any] = Button(
            style=style, label=say(_LABELS[verb]), custom_id=f"challenge:{challenge_id}:{verb}"
        )
        super().__init__(button)
        self.challenge_id = challenge_id
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), Verb(match["verb"]), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await _HANDLERS[self.verb](interaction, self.challenge_id)
