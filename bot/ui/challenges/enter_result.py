"""Enters a finished picture into its challenge, when its owner says so: in the server, or in their direct messages."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, MediaGallery, TextDisplay

from bot.challenges.entering import ACTIVE
from bot.challenges.errors import NoSuchChallenge, NoSuchEntry
from bot.challenges.values import Author, Challenge, Entry, EntryState, Phase, Picture
from bot.jobs.challenge_notes import EntryWaits
from bot.ui.challenges.member import entrant
from bot.ui.challenges.pictures import entry_file
from bot.ui.earlier import CannotGoOn, Earlier, earlier, finished
from bot.ui.first_answer import surely
from bot.ui.first_look import not_blocked
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, tell
from bot.ui.text.challenges import entering as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

ENTRY_SIDE_PX = 800
BUTTONS_IN_A_ROW = 5

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A finished picture that its owner wants to enter."""

    challenge: Challenge
    found: Earlier
    mine: tuple[Entry, ...]
    """The owner's entries in this challenge, in every state."""

    @property
    def same(self) -> Entry | None:
        """What this very picture is there already, or was."""
        return next((entry for entry in self.mine if entry.picture.job_id == self.found.job.id), None)

    @property
    def to_replace(self) -> Entry | None:
        """The entry that it was painted to replace, if it is still there."""
        wanted = self.found.address.replaces_entry_id
        return next((entry for entry in self.mine if entry.id == wanted and entry.state in ACTIVE), None)


class EnterPictureButton(
    DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):enter-job:(?P<job_id>\d{1,20})"
):
    """Under a picture that was painted for a challenge; for its owner."""

    def __init__(self, challenge_id: int, job_id: str, say: Words) -> None:
        button: Button[Any] = Button(
            style=discord.ButtonStyle.primary,
            label=say(text.ENTER_PICTURE),
            custom_id=f"challenge:{challenge_id}:enter-job:{job_id}",
        )
        super().__init__(button)
        self.challenge_id = challenge_id
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), match["job_id"], words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        log.info("enter challenge=%s job=%s user=%s", self.challenge_id, self.job_id, interaction.user.id)
        act = partial(_enter, interaction, self.challenge_id, self.job_id)
        await carry_out(interaction, ("enter", self.challenge_id), act)


class ReplaceByButton(
    DynamicItem[Button[Any]],
    template=r"challenge:(?P<id>\d{1,18}):replace-by:(?P<entry_id>\d{1,18}):(?P<job_id>\d{1,20})",
):
    """Under the question which entry a picture is to replace."""

    def __init__(self, challenge_id: int, entry_id: int, job_id: str, label: str) -> None:
        custom_id = f"challenge:{challenge_id}:replace-by:{entry_id}:{job_id}"
        super().__init__(Button(style=discord.ButtonStyle.primary, label=label, custom_id=custom_id))
        self.challenge_id = challenge_id
        self.entry_id = entry_id
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), int(match["entry_id"]), match["job_id"], str(getattr(item, "label", "")))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        act = partial(_replace_by, interaction, self.challenge_id, self.entry_id, self.job_id)
        await carry_out(interaction, ("enter", self.challenge_id), act)


async def _enter(interaction: Interaction, challenge_id: int, job_id: str) -> None:
    await hold(interaction)
    say = words_of(interaction)
    candidate = await _candidate(interaction, challenge_id, job_id)
    same = candidate.same
    if same is not None and same.state in ACTIVE:
        await tell(interaction, say(text.ENTERED_ALREADY))
    elif same is not None and same.state is EntryState.REMOVED:
        await tell(interaction, text.removed(same, say))
    elif (before := candidate.to_replace) is not None:
        await tell(interaction, say(text.replaced(await _put_in_place_of(interaction, candidate, before.id))))
    else:
        await _enter_or_ask(interaction, candidate)


async def _enter_or_ask(interaction: Interaction, candidate: Candidate) -> None:
    """Where the member has as many entries as one may have, ask which one it is to replace."""
    entered = [entry for entry in candidate.mine if entry.state in ACTIVE]
    limit = candidate.challenge.terms.entries_per_member
    if candidate.challenge.phase is Phase.OPEN and len(entered) >= limit:
        await _ask_which(interaction, candidate, entered)
        return
    entry = await _put(interaction, candidate)
    await tell(interaction, text.entered(candidate.challenge, entry, words_of(interaction)))


async def _replace_by(interaction: Interaction, challenge_id: int, entry_id: int, job_id: str) -> None:
    """The question becomes the answer."""
    await surely(interaction, interaction.response.defer)
    say = words_of(interaction)
    candidate = await _candidate(interaction, challenge_id, job_id)
    if candidate.same is not None and candidate.same.state in ACTIVE:
        said = say(text.ENTERED_ALREADY)
    else:
        said = say(text.replaced(await _put_in_place_of(interaction, candidate, entry_id)))
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(said))
    await interaction.edit_original_response(view=view, attachments=[])


async def _candidate(interaction: Interaction, challenge_id: int, job_id: str) -> Candidate:
    """Raises CannotGoOn, NoSuchChallenge and QueueUnavailable."""
    services = interaction.client.services
    found = finished(await earlier(services.store, job_id))
    if found.job.owner_id != str(interaction.user.id):
        raise CannotGoOn(text.NOT_YOUR_PICTURE)
    if found.address.challenge_id != challenge_id:
        raise CannotGoOn(text.FOR_ANOTHER_CHALLENGE)
    challenge = await services.challenges.challenges.get(challenge_id)
    if challenge is None:
        raise NoSuchChallenge
    mine = await services.challenges.entries.of_member(challenge_id, found.job.owner_id)
    return Candidate(challenge=challenge, found=found, mine=tuple(mine))


async def _put(interaction: Interaction, candidate: Candidate) -> Entry:
    services, challenge = interaction.client.services, candidate.challenge
    author, picture = await _prepared(interaction, candidate)
    entry = await services.challenges.entries.enter(
        challenge.id,
        author,
        picture,
        asked_at=asked_at(candidate.found.job.id),
        now=services.clock.now(),
        guard=not_blocked(interaction, challenge.tenant_id),
    )
    log.info("entered challenge=%s entry=%s job=%s", challenge.id, entry.id, picture.job_id)
    _tell_judges(interaction, challenge, entry)
    return entry


async def _put_in_place_of(interaction: Interaction, candidate: Candidate, entry_id: int) -> Entry:
    """Raises NoSuchEntry, also for one of another challenge, and as `_put` does."""
    services, challenge = interaction.client.services, candidate.challenge
    if all(entry.id != entry_id for entry in candidate.mine):
        raise NoSuchEntry
    author, picture = await _prepared(interaction, candidate)
    entry = await services.challenges.entries.replace(
        entry_id,
        author,
        picture,
        asked_at=asked_at(candidate.found.job.id),
        now=services.clock.now(),
        guard=not_blocked(interaction, challenge.tenant_id),
    )
    log.info("replaced challenge=%s entry=%s job=%s", challenge.id, entry.id, picture.job_id)
    _tell_judges(interaction, challenge, entry)
    return entry


def _tell_judges(interaction: Interaction, challenge: Challenge, entry: Entry) -> None:
    """Nobody else sees it until one of them has."""
    if entry.state is EntryState.WAITING:
        note = EntryWaits(user_id=interaction.user.id, title=challenge.title)
        interaction.client.services.moderation_log.note(int(challenge.tenant_id), note)


async def _prepared(interaction: Interaction, candidate: Candidate) -> tuple[Author, Picture]:
    """The small picture is kept before anything says that there is one. Raises NotEligible, QueueUnavailable and what
    a thumbnail may meet.
    """
    services, challenge, found = interaction.client.services, candidate.challenge, candidate.found
    author = await entrant(interaction, challenge)
    blob = found.job.result_blob or ""
    small = await services.thumbnails(await services.blobs.get(blob), side_px=ENTRY_SIDE_PX)
    picture = Picture(
        job_id=found.job.id,
        blob=blob,
        thumbnail_blob=await services.blobs.put(small),
        width=found.facts.width,
        height=found.facts.height,
        covered=found.address.is_covered_in(int(challenge.tenant_id)),
    )
    return author, picture


def asked_at(job_id: str) -> float:
    """When the photo was handed in, in seconds since 1970: a job's id is that of the request."""
    return discord.utils.snowflake_time(int(job_id)).timestamp()


async def _ask_which(interaction: Interaction, candidate: Candidate, entered: Sequence[Entry]) -> None:
    services, say = interaction.client.services, words_of(interaction)
    found = await asyncio.gather(*(entry_file(services.blobs, entry) for entry in entered))
    files = [file for file in found if file is not None]
    await interaction.followup.send(view=_question(candidate, entered, files, say), files=files, ephemeral=True)


def _question(candidate: Candidate, entered: Sequence[Entry], files: Sequence[discord.File], say: Words) -> LayoutView:
    """A fresh view: the entries and a button for each, in the same order."""
    challenge, job_id = candidate.challenge, candidate.found.job.id
    container: Container[LayoutView] = Container(
        TextDisplay(text.which_to_replace(challenge.terms.entries_per_member, say))
    )
    if files:
        shown = (
            discord.MediaGalleryItem(
                f"attachment://{file.filename}", description=text.entry_alt_text(say), spoiler=file.spoiler
            )
            for file in files
        )
        container.add_item(MediaGallery(*shown))
    buttons = [
        ReplaceByButton(challenge.id, entry.id, job_id, text.replace_number(number, len(entered), say))
        for number, entry in enumerate(entered, start=1)
    ]
    for first in range(0, len(buttons), BUTTONS_IN_A_ROW):
        row: ActionRow[Any] = ActionRow(*buttons[first : first + BUTTONS_IN_A_ROW])
        container.add_item(row)
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view
