"""The entries of a challenge, a page at a time, in each viewer's own order. While hearts are given it is the ballot.

The buttons carry ids only, and whoever presses sees what holds by then: it works after a restart, and after the end.
"""

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, DynamicItem, Item

from bot.challenges.errors import ChallengeRefused, WrongPhase
from bot.challenges.values import Challenge, Entry
from bot.ui.challenges.ballot_rights import check_voter, voter_not_blocked
from bot.ui.challenges.gallery_view import ENTRIES_ON_A_PAGE, GalleryPage, gallery_view
from bot.ui.challenges.hall import Hall, exhibit, find_hall, footing, heading
from bot.ui.challenges.pictures import entry_file, entry_file_name
from bot.ui.challenges.visitor import find_challenge
from bot.ui.errors import always_answered
from bot.ui.first_answer import surely
from bot.ui.paging import Part, Turn, nearest, page_button, pressed_turn, turning
from bot.ui.private_answer import hold, tell
from bot.ui.text.challenges import voting as text
from bot.ui.words import Words, words_of
from nst_engine.queue.blobs import BlobStore

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Shown = discord.File | discord.Attachment

_GIVEN = discord.ButtonStyle.success
_NOT_GIVEN = discord.ButtonStyle.secondary


class GalleryPageButton(DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):page:(?P<number>\d{1,4})"):
    """Turns to a page, or to the nearest there is."""

    def __init__(self, challenge_id: int, turn: Turn) -> None:
        super().__init__(page_button(f"challenge:{challenge_id}:page:{turn.number}", turn))
        self.challenge_id = challenge_id
        self.number = turn.number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await surely(interaction, interaction.response.defer)
            await show_page(interaction, await find_challenge(interaction, self.challenge_id), self.number)


class HeartButton(DynamicItem[Button[Any]], template=r"challenge:(?P<id>\d{1,18}):heart:(?P<entry_id>\d{1,18})"):
    """Gives a heart to an entry, or takes it back: the opposite of what the button showed when it was pressed.

    So a double click, whose second press comes from the same message, is one press.
    """

    def __init__(self, challenge_id: int, entry_id: int, say: Words, *, is_given: bool) -> None:
        button: Button[Any] = Button(
            style=_GIVEN if is_given else _NOT_GIVEN,
            label=say(text.GIVEN if is_given else text.GIVE),
            emoji="❤️" if is_given else "🤍",
            custom_id=f"challenge:{challenge_id}:heart:{entry_id}",
        )
        super().__init__(button)
        self.challenge_id = challenge_id
        self.entry_id = entry_id
        self.is_given = is_given

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        is_given = getattr(item, "style", _NOT_GIVEN) is _GIVEN
        return cls(int(match["id"]), int(match["entry_id"]), words_of(interaction), is_given=is_given)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await surely(interaction, interaction.response.defer)
            await _vote(interaction, self.challenge_id, self.entry_id, given=not self.is_given)


async def show_gallery(interaction: "discord.Interaction[StylizeClient]", challenge_id: int) -> None:
    """The first answer to the interaction is still to be given. Raises what is told to whoever pressed."""
    await hold(interaction)
    await show_page(interaction, await find_challenge(interaction, challenge_id), 1, is_new=True)


async def show_page(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, number: int, *, is_new: bool = False
) -> None:
    """In the answer to an interaction, which was deferred: a new message, or the gallery that was pressed.

    Raises QueueUnavailable.
    """
    found = await find_hall(interaction, challenge)
    await _hang(interaction, found, number, () if is_new else _kept(interaction))


async def _hang(
    interaction: "discord.Interaction[StylizeClient]", found: Hall, number: int, kept: Sequence[discord.Attachment]
) -> None:
    say = words_of(interaction)
    part = nearest(number, len(found.entries), ENTRIES_ON_A_PAGE)
    entries = part.of(found.entries)
    files = await _pictures(interaction.client.services.blobs, entries, kept)
    view = gallery_view(_page(found, part, say), frozenset(file.filename for file in files), say)
    await interaction.edit_original_response(view=view, attachments=files)


def _page(found: Hall, part: Part, say: Words) -> GalleryPage:
    challenge_id = found.challenge.id
    return GalleryPage(
        heading=heading(found, part, say),
        exhibits=tuple(exhibit(found, entry, _heart(found, entry, say), say) for entry in part.of(found.entries)),
        footing=footing(found, say),
        turning=tuple(turning(part.number, part.pages, partial(GalleryPageButton, challenge_id), say)),
    )


def _heart(found: Hall, entry: Entry, say: Words) -> HeartButton | None:
    """None where the viewer may not vote, as for an entry of their own."""
    if found.hearts is None or entry.author.user_id == found.viewer_id:
        return None
    return HeartButton(found.challenge.id, entry.id, say, is_given=entry.id in found.hearts)


async def _pictures(blobs: BlobStore, entries: Sequence[Entry], kept: Sequence[discord.Attachment]) -> list[Shown]:
    """Those that the message has already are kept where they are the same ones, and not sent again."""
    if {entry_file_name(entry) for entry in entries} == {attachment.filename for attachment in kept}:
        return list(kept)
    files = await asyncio.gather(*(entry_file(blobs, entry) for entry in entries))
    return [file for file in files if file is not None]


def _kept(interaction: discord.Interaction[Any]) -> Sequence[discord.Attachment]:
    return () if interaction.message is None else interaction.message.attachments


async def _vote(
    interaction: "discord.Interaction[StylizeClient]", challenge_id: int, entry_id: int, *, given: bool
) -> None:
    """Whatever comes of it, the gallery then shows what holds; a refusal is told besides."""
    refused: ChallengeRefused | None = None
    try:
        await _give(interaction, challenge_id, entry_id, given=given)
    except ChallengeRefused as why:
        refused = why
    challenge = await find_challenge(interaction, challenge_id)
    found = await find_hall(interaction, challenge)
    kept = _kept(interaction)
    await _hang(interaction, found, _page_with(found, entry_id, kept), kept)
    if isinstance(refused, WrongPhase):
        await tell(interaction, text.no_vote_now(challenge, words_of(interaction)))
    elif refused is not None:
        raise refused


async def _give(
    interaction: "discord.Interaction[StylizeClient]", challenge_id: int, entry_id: int, *, given: bool
) -> None:
    services = interaction.client.services
    await check_voter(interaction, await find_challenge(interaction, challenge_id))
    await services.challenges.votes.give_heart(
        challenge_id,
        str(interaction.user.id),
        entry_id,
        given=given,
        now=services.clock.now(),
        guard=voter_not_blocked(interaction),
    )


def _page_with(found: Hall, entry_id: int, kept: Sequence[discord.Attachment]) -> int:
    """The page with the entry; where that is gone, the one with the rest of what the message shows."""
    names = {attachment.filename for attachment in kept}
    here = [index for index, entry in enumerate(found.entries) if entry.id == entry_id]
    rest = [index for index, entry in enumerate(found.entries) if entry_file_name(entry) in names]
    return next(iter(here or rest), 0) // ENTRIES_ON_A_PAGE + 1
