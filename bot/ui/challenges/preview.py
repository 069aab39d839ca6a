"""The preview of a challenge: the card as it will be announced, what its maker should know, and buttons.

The draft is in the database and its id in the buttons, so that a preview works after a restart.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ui import ActionRow, Button, DynamicItem, Item, LayoutView, TextDisplay

from bot.challenges import phases
from bot.challenges.creation import CannotCreate, DraftState, end_of, last_start
from bot.challenges.errors import NoSuchChallenge, WrongPhase
from bot.challenges.times import end_on_opening
from bot.challenges.values import Challenge, Counts, Phase
from bot.jobs.challenge_notes import ChallengeAnnounced
from bot.ui import modals
from bot.ui.challenges.card import card_view, style_files
from bot.ui.challenges.draft_form import draft_form
from bot.ui.challenges.preview_warnings import warnings
from bot.ui.challenges.unfinished import check_unfinished
from bot.ui.challenges.venue import venue
from bot.ui.challenges.visitor import find_challenge
from bot.ui.command_names import command
from bot.ui.defaults import in_time
from bot.ui.first_answer import surely
from bot.ui.gate import runs_challenges
from bot.ui.pressing import carry_out
from bot.ui.text.challenges import previewing as text
from bot.ui.text.names import cut
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_for, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
NOTHING_YET = Counts(entries=0, waiting=0, authors=0, voters=0)
MOST_CHARACTERS = 4000
"""Of all text in a message."""


class Verb(StrEnum):
    """What a button does, as its id says it."""

    ANNOUNCE = "announce"
    CHANGE = "change"
    DISCARD = "discard"


_STYLES: Mapping[Verb, discord.ButtonStyle] = MappingProxyType(
    {
        Verb.ANNOUNCE: discord.ButtonStyle.success,
        Verb.CHANGE: discord.ButtonStyle.secondary,
        Verb.DISCARD: discord.ButtonStyle.danger,
    }
)


class DraftButton(DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):(?P<verb>announce|change|discard)"):
    """Under a preview. Whoever presses has to be allowed to run challenges at that moment."""

    def __init__(self, challenge_id: int, verb: Verb, label: str) -> None:
        custom_id = f"challenge:{challenge_id}:{verb}"
        super().__init__(Button(style=_STYLES[verb], label=label, custom_id=custom_id))
        self.challenge_id = challenge_id
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), Verb(match["verb"]), str(getattr(item, "label", "")))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        act = partial(_HANDLERS[self.verb], interaction, self.challenge_id)
        await carry_out(interaction, f"draft:{self.challenge_id}", act)


async def show_preview(interaction: Interaction, draft: Challenge) -> None:
    """In the answer to an interaction, which was deferred. Raises QueueUnavailable."""
    say, now = words_of(interaction), interaction.client.services.clock.now()
    lines = [text.where(draft, say)]
    if later := draft.terms.later_styles:
        lines.append(text.series(later, last_start(max(draft.schedule.opens_at, now), len(later)), say))
    said = "\n".join([*(f"-# {line}" for line in lines), *(f"⚠️ {one}" for one in await warnings(interaction, draft))])
    await _show(interaction, as_announced(draft, now), said, _buttons(draft, now, say))


async def find_draft(interaction: Interaction, challenge_id: int) -> Challenge:
    """One that is still to be announced. Raises CannotCreate and QueueUnavailable."""
    with told_as_draft():
        draft = await in_time(find_challenge(interaction, challenge_id))
        if draft.schedule.confirmed or draft.phase is not Phase.DRAFT:
            raise WrongPhase(draft.phase)
    return draft


@contextmanager
def told_as_draft() -> Iterator[None]:
    """A draft that is none any more is told as one. Raises CannotCreate."""
    try:
        yield
    except NoSuchChallenge as error:
        raise CannotCreate(DraftState.GONE) from error
    except WrongPhase as error:
        raise CannotCreate(DraftState.ANNOUNCED) from error


def as_announced(draft: Challenge, now: float) -> Challenge:
    """What it will be, were it announced now."""
    confirmed = phases.after(draft.schedule, phases.Confirmed(), now)
    schedule = phases.after(confirmed, phases.TimePassed(entries=0), now)
    return replace(draft, schedule=schedule, number=1 if draft.terms.later_styles else draft.number)


async def _announce(interaction: Interaction, challenge_id: int) -> None:
    """What holds now is looked at again: a preview may be a day old."""
    if not await runs_challenges(interaction):
        return
    await surely(interaction, interaction.response.defer)
    draft = await find_draft(interaction, challenge_id)
    venue(interaction.guild, draft.channel_id)
    await check_unfinished(interaction)
    with told_as_draft():
        challenge = await _confirm(interaction, draft)
    services, say, by = interaction.client.services, words_of(interaction), interaction.user.id
    later = challenge.schedule.opens_at if challenge.phase is Phase.DRAFT else None
    note = ChallengeAnnounced(by=by, title=challenge.title, opens_at=later)
    services.moderation_log.note(interaction.guild_id, note)
    manage = command(interaction.client.command_ids, "challenge manage")
    await _show(interaction, challenge, text.announced(challenge, manage, say), ())


async def _confirm(interaction: Interaction, draft: Challenge) -> Challenge:
    """An end that was given as a moment stays, however late it opens. Raises BadTimes where that leaves no time."""
    store, now = interaction.client.services.challenges.challenges, interaction.client.services.clock.now()
    end, opens_at = end_of(draft), draft.schedule.opens_at
    if end.is_fixed and opens_at < now:
        ends_at = end_on_opening(opens_at, end, now)
        draft = await store.revise(
            draft.tenant_id, draft.id, title=draft.title, terms=draft.terms, opens_at=now, entries_end_at=ends_at
        )
    return await store.confirm(draft.tenant_id, draft.id, now)


async def _change(interaction: Interaction, challenge_id: int) -> None:
    """The form has to be the first answer."""
    if not await runs_challenges(interaction):
        return
    draft = await find_draft(interaction, challenge_id)
    now = interaction.client.services.clock.now()
    await modals.show(interaction, draft_form(draft, now, words_of(interaction)))


async def _discard(interaction: Interaction, challenge_id: int) -> None:
    if not await runs_challenges(interaction):
        return
    await surely(interaction, interaction.response.defer)
    with told_as_draft():
        await interaction.client.services.challenges.challenges.discard(tenant_of(interaction), challenge_id)
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(words_of(interaction)(text.DISCARDED)))
    await interaction.edit_original_response(view=view, attachments=[])


_HANDLERS: Mapping[Verb, Callable[[Interaction, int], Awaitable[None]]] = MappingProxyType(
    {Verb.ANNOUNCE: _announce, Verb.CHANGE: _change, Verb.DISCARD: _discard}
)


async def _show(interaction: Interaction, shown: Challenge, below: str, buttons: Sequence[DraftButton]) -> None:
    """The card in the language of the challenge; what stands below it, in the reader's."""
    files = await style_files(interaction.client.services.blobs, shown)
    names = frozenset(file.filename for file in files)
    view = card_view(shown, NOTHING_YET, names, words_for(shown.terms.locale), with_buttons=False)
    view.add_item(TextDisplay(cut(below, MOST_CHARACTERS - view.content_length())))
    if buttons:
        row: ActionRow[Any] = ActionRow(*buttons)
        view.add_item(row)
    await interaction.edit_original_response(view=view, attachments=files)


def _buttons(draft: Challenge, now: float, say: Words) -> tuple[DraftButton, ...]:
    announce = text.OPEN_NOW if draft.schedule.opens_at <= now else text.ANNOUNCE
    labels = {Verb.ANNOUNCE: announce, Verb.CHANGE: text.CHANGE, Verb.DISCARD: text.DISCARD}
    return tuple(DraftButton(draft.id, verb, say(label)) for verb, label in labels.items())
