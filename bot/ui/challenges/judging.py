"""Moderators look through the entries of a challenge one at a time, and approve or remove them. Those that wait come
first. Nothing here but ids in buttons: it works after a restart."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, MediaGallery, TextDisplay

from bot.challenges.errors import NoSuchEntry, OtherPicture
from bot.challenges.values import Challenge, Entry, EntryState, Phase
from bot.jobs.challenge_notes import EntryApproved, EntryNote, EntryRemoved
from bot.ui import modals
from bot.ui.challenges.card import colour
from bot.ui.challenges.judging_order import Page, in_order, neighbour, next_to_judge, page_of
from bot.ui.challenges.pictures import entry_file
from bot.ui.challenges.reason_form import reason_form
from bot.ui.challenges.visitor import find_judged
from bot.ui.first_answer import surely
from bot.ui.gate import judges_entries
from bot.ui.modals import Form, Route
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold
from bot.ui.text import paging
from bot.ui.text.challenges import judging as text
from bot.ui.text.challenges.card import NO_ENTRIES, title
from bot.ui.text.challenges.gallery import NO_PICTURE
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


class Verb(StrEnum):
    """What a button of the page does, as its id says it."""

    APPROVE = "approve"
    REMOVE = "remove"
    PREVIOUS = "previous"
    NEXT = "next"


_SEEN = r"(?P<entry>\d{1,18}):(?P<job>[^:]{1,30})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the moderator looks at: an entry, and the picture that it was then."""

    entry_id: int
    job_id: str


_LABELS: Mapping[Verb, str] = MappingProxyType(
    {Verb.APPROVE: text.APPROVE, Verb.REMOVE: text.REMOVE, Verb.PREVIOUS: paging.PREVIOUS, Verb.NEXT: paging.NEXT}
)
_STYLES: Mapping[Verb, discord.ButtonStyle] = MappingProxyType(
    {Verb.APPROVE: discord.ButtonStyle.success, Verb.REMOVE: discord.ButtonStyle.danger}
)


class JudgeButton(
    DynamicItem[Button[Any]],
    template=rf"challenge:(?P<id>\d{{1,18}}):judge:(?P<verb>approve|remove|previous|next):{_SEEN}",
):
    """Of the page that shows this picture."""

    def __init__(self, challenge_id: int, verb: Verb, seen: Seen, say: Words, *, is_there: bool = True) -> None:
        button: Button[Any] = Button(
            style=_STYLES.get(verb, discord.ButtonStyle.secondary),
            label=say(_LABELS[verb]),
            custom_id=f"challenge:{challenge_id}:judge:{verb}:{seen.entry_id}:{seen.job_id}",
            disabled=not is_there,
        )
        super().__init__(button)
        self.challenge_id = challenge_id
        self.verb = verb
        self.seen = seen

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), Verb(match["verb"]), _seen(match), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(self._press, interaction))

    async def _press(self, interaction: Interaction) -> None:
        if await judges_entries(interaction):
            await _HANDLERS[self.verb](interaction, self.challenge_id, self.seen)


async def open_entries(interaction: Interaction, challenge_id: int) -> None:
    """A new private answer, with the entry that has waited longest. Raises NoSuchChallenge and QueueUnavailable."""
    await hold(interaction)
    challenge = await find_judged(interaction, challenge_id)
    entries = await _entries(interaction, challenge_id)
    await _show(interaction, challenge, entries, entries[0].id if entries else None)


async def _turn(step: int, interaction: Interaction, challenge_id: int, seen: Seen) -> None:
    await surely(interaction, interaction.response.defer)
    challenge = await find_judged(interaction, challenge_id)
    entries = await _entries(interaction, challenge_id)
    await _show(interaction, challenge, entries, neighbour(entries, seen.entry_id, step))


async def _approve(interaction: Interaction, challenge_id: int, seen: Seen) -> None:
    async def approve(challenge: Challenge) -> str:
        services, by = interaction.client.services, interaction.user.id
        entry = await services.challenges.entries.approve(
            tenant_of(interaction), seen.entry_id, by=str(by), now=services.clock.now(), job_id=seen.job_id
        )
        _note(interaction, entry, EntryApproved(by=by, user_id=int(entry.author.user_id), title=challenge.title))
        return text.approved(entry, words_of(interaction))

    await _decide(interaction, challenge_id, seen.entry_id, approve)


async def _remove(interaction: Interaction, challenge_id: int, seen: Seen, reason: str) -> None:
    async def remove(challenge: Challenge) -> str:
        services, by = interaction.client.services, interaction.user.id
        entry = await services.challenges.entries.remove(
            tenant_of(interaction),
            seen.entry_id,
            by=str(by),
            reason=reason,
            now=services.clock.now(),
            job_id=seen.job_id,
        )
        note = EntryRemoved(by=by, user_id=int(entry.author.user_id), title=challenge.title, reason=reason)
        _note(interaction, entry, note)
        return text.removed(entry, challenge.phase, words_of(interaction))

    await _decide(interaction, challenge_id, seen.entry_id, remove)


async def _decide(
    interaction: Interaction, challenge_id: int, entry_id: int, decide: Callable[[Challenge], Awaitable[str]]
) -> None:
    """And show the next one in place; where another moderator was quicker, with a word about it."""
    await surely(interaction, interaction.response.defer)
    challenge = await find_judged(interaction, challenge_id)
    before, is_other = await _entries(interaction, challenge_id), False
    try:
        remark = await _decided(challenge, before, entry_id, decide)
    except NoSuchEntry as error:
        is_other = isinstance(error, OtherPicture)
        remark = words_of(interaction)(text.OTHER_PICTURE if is_other else text.DECIDED_ALREADY)
    entries = await _entries(interaction, challenge_id)
    following = entry_id if is_other else next_to_judge(before, entries, entry_id)
    await _show(interaction, challenge, entries, following, remark)


async def _decided(
    challenge: Challenge, entries: Sequence[Entry], entry_id: int, decide: Callable[[Challenge], Awaitable[str]]
) -> str:
    """Raises NoSuchEntry, also for an entry of another challenge."""
    if all(entry.id != entry_id for entry in entries):
        raise NoSuchEntry
    return await decide(challenge)


async def _open_remove(interaction: Interaction, challenge_id: int, seen: Seen) -> None:
    say = words_of(interaction)
    custom_id = f"challenge:{challenge_id}:remove:{seen.entry_id}:{seen.job_id}"
    await modals.show(interaction, reason_form(custom_id, text.REMOVE_TITLE, text.REASON_HINT, say))


async def _remove_received(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    if await judges_entries(interaction):
        await _remove(interaction, int(match["id"]), _seen(match), form.text("reason"))


REMOVE = Route(rf"challenge:(?P<id>\d{{1,18}}):remove:{_SEEN}", _remove_received)

_HANDLERS: Mapping[Verb, Callable[[Interaction, int, Seen], Awaitable[None]]] = MappingProxyType(
    {
        Verb.APPROVE: _approve,
        Verb.REMOVE: _open_remove,
        Verb.PREVIOUS: partial(_turn, -1),
        Verb.NEXT: partial(_turn, 1),
    }
)


def _seen(match: re.Match[str]) -> Seen:
    return Seen(entry_id=int(match["entry"]), job_id=match["job"])


async def _entries(interaction: Interaction, challenge_id: int) -> list[Entry]:
    return in_order(await interaction.client.services.challenges.entries.all(challenge_id))


async def _show(
    interaction: Interaction, challenge: Challenge, entries: Sequence[Entry], entry_id: int | None, remark: str = ""
) -> None:
    """In the answer to an interaction, which was deferred."""
    say, page = words_of(interaction), page_of(entries, entry_id)
    file = None if page is None else await entry_file(interaction.client.services.blobs, page.entry)
    view = judging_view(challenge, page, file.filename if file else None, remark, say)
    await interaction.edit_original_response(view=view, attachments=[file] if file else [])


def judging_view(challenge: Challenge, page: Page | None, file: str | None, remark: str, say: Words) -> LayoutView:
    """A fresh view; `file` is the name of the picture, where it can be read."""
    view = LayoutView(timeout=None)
    if remark:
        view.add_item(TextDisplay(remark))
    container: Container[LayoutView] = Container(accent_colour=colour(challenge.phase))
    view.add_item(container)
    if page is None:
        container.add_item(TextDisplay(f"{title(challenge, say)}\n{say(NO_ENTRIES)}"))
        return view
    where = text.place(page.number, page.entries, page.waiting, say)
    container.add_item(TextDisplay(f"{title(challenge, say)}\n-# {where}"))
    container.add_item(_picture(page.entry, file, say))
    container.add_item(TextDisplay(text.about(page.entry, challenge.phase, say)))
    view.add_item(_buttons(challenge, page, say))
    return view


def _picture(entry: Entry, file: str | None, say: Words) -> Item[LayoutView]:
    if file is None:
        return TextDisplay(say(NO_PICTURE))
    covered = entry.picture.covered
    return MediaGallery(
        discord.MediaGalleryItem(f"attachment://{file}", description=text.alt_text(entry, say), spoiler=covered)
    )


def _buttons(challenge: Challenge, page: Page, say: Words) -> ActionRow[Any]:
    may_be_approved = page.entry.state is EntryState.WAITING and challenge.phase in {Phase.OPEN, Phase.VOTING}
    verbs = (*((Verb.APPROVE,) if may_be_approved else ()), Verb.REMOVE, Verb.PREVIOUS, Verb.NEXT)
    is_there = {Verb.PREVIOUS: page.number > 1, Verb.NEXT: page.number < page.entries}
    seen = Seen(entry_id=page.entry.id, job_id=page.entry.picture.job_id)
    return ActionRow(*(JudgeButton(challenge.id, verb, seen, say, is_there=is_there.get(verb, True)) for verb in verbs))


def _note(interaction: Interaction, entry: Entry, note: EntryNote) -> None:
    what, guild_id = type(note).__name__, interaction.guild_id
    log.info(
        "%s entry=%s challenge=%s guild=%s by=%s", what, entry.id, entry.challenge_id, guild_id, interaction.user.id
    )
    interaction.client.services.moderation_log.note(guild_id, note)
