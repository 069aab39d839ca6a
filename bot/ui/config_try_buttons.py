"""The buttons under a try. Their ids carry it, so they work after any restart, and in direct messages too."""

import re
from enum import StrEnum
from functools import partial
from typing import Any, Self

import discord
from discord import ButtonStyle, ui

from bot.ui import config_try_acts as acts
from bot.ui.pressing import carry_out
from bot.ui.text import trying as text
from bot.ui.words import Words, words_of


class Verb(StrEnum):
    """What a button does, as its id says it."""

    STOP = "stop"
    USE = "use"
    SAVE = "save"


_LABELS = {Verb.STOP: text.STOP, Verb.USE: text.USE, Verb.SAVE: text.SAVE}
_HANDLERS = {Verb.STOP: acts.stop, Verb.USE: acts.open_use, Verb.SAVE: acts.open_save}


class TrialButton(ui.DynamicItem[ui.Button[Any]], template=r"trial:(?P<id>\d{1,18}):(?P<verb>stop|use|save)"):
    """Usable by the members who may manage the server."""

    def __init__(self, trial_id: int, verb: Verb, say: Words) -> None:
        style = ButtonStyle.primary if verb is Verb.USE else ButtonStyle.secondary
        super().__init__(ui.Button(style=style, label=say(_LABELS[verb]), custom_id=f"trial:{trial_id}:{verb}"))
        self.trial_id = trial_id
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), Verb(match["verb"]), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        act = partial(_HANDLERS[self.verb], interaction, self.trial_id)
        await carry_out(interaction, self.custom_id, act)
