"""Exports of a challenge for whoever runs it: a table, and the pictures in archives that can be uploaded here."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.challenges.export import Part, entries_csv, zip_parts
from bot.challenges.values import Challenge, Entry, EntryState, Phase, Placed
from bot.config import MIB
from bot.jobs.challenge_notes import ChallengeExported
from bot.jobs.encode import encode_to_fit
from bot.jobs.errors import FileTooLarge
from bot.ui.challenges.visitor import find_challenge
from bot.ui.places import translated
from bot.ui.private_answer import hold, tell
from bot.ui.text.challenges import managing as text
from bot.ui.words import words_of
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

MOST_PARTS = 5
"""About so many archives; where it would be more, the pictures are made smaller."""
LARGEST_PART_BYTES = 24 * MIB
"""However much the server allows: two of them are in memory at a time."""
MARGIN = 0.95
"""Of what Discord allows for all of a request."""
ROOM_FOR_GAPS = 0.9
_WITH_PICTURES = frozenset({EntryState.SHOWN, EntryState.WAITING})


@dataclass(frozen=True, slots=True)
class SmallerPictures:
    """A blob store whose pictures have at most so many bytes, as JPEG where that takes it."""

    blobs: BlobStore
    limit_bytes: int

    async def put(self, data: bytes) -> str:
        return await self.blobs.put(data)

    async def get(self, key: str) -> bytes:
        picture = await self.blobs.get(key)
        return (await asyncio.to_thread(encode_to_fit, picture, self.limit_bytes, may_take_long=False)).data

    async def has(self, key: str) -> bool:
        return await self.blobs.has(key)


async def export_table(interaction: Interaction, challenge_id: int) -> None:
    """Raises NoSuchChallenge and QueueUnavailable."""
    await hold(interaction)
    say, challenge = words_of(interaction), await find_challenge(interaction, challenge_id)
    entries, placed = await _load(interaction, challenge)
    if not entries:
        return await tell(interaction, say(text.NOTHING_TO_EXPORT))
    table = await asyncio.to_thread(entries_csv, entries, placed)
    _note(interaction, challenge)
    return await _post(interaction, text.table(len(entries), say), table, f"challenge-{challenge.id}.csv")


async def export_pictures(interaction: Interaction, challenge_id: int) -> None:
    """Of those that are shown or wait: whoever withdrew an entry has taken it back. Raises as `export_table` does."""
    await hold(interaction)
    say, challenge = words_of(interaction), await find_challenge(interaction, challenge_id)
    entries, placed = await _load(interaction, challenge)
    shown = [entry for entry in entries if entry.state in _WITH_PICTURES]
    if not shown:
        return await tell(interaction, say(text.NO_PICTURES if entries else text.NOTHING_TO_EXPORT))
    blobs, limit = interaction.client.services.blobs, part_limit(interaction.guild)
    fitting = await fitting_blobs(blobs, shown, limit)
    _note(interaction, challenge)
    async for part, is_last in _with_last(zip_parts(shown, placed, fitting, limit_bytes=limit)):
        is_smaller = fitting is not blobs
        said = text.part(part.number, len(part.missing), say, is_last=is_last, is_smaller=is_smaller)
        await _post(interaction, said, part.data, f"challenge-{challenge.id}-{part.number}.zip")
    return None


def part_limit(guild: discord.Guild | None) -> int:
    """How large one archive may be, in bytes."""
    allowed = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
    return min(int(allowed * MARGIN), LARGEST_PART_BYTES)


async def fitting_blobs(blobs: BlobStore, entries: Sequence[Entry], limit_bytes: int) -> BlobStore:
    """The pictures as they are, or smaller where they would be too many archives."""
    room, total = MOST_PARTS * limit_bytes, 0
    for entry in entries:
        try:
            total += len(await blobs.get(entry.picture.blob))
        except QueueUnavailable:
            continue  # it is told with its archive
        if total > room * ROOM_FOR_GAPS:
            return SmallerPictures(blobs, int(room * ROOM_FOR_GAPS) // len(entries))
    return blobs


async def _load(interaction: Interaction, challenge: Challenge) -> tuple[list[Entry], list[Placed]]:
    """Its entries in every state; before the end nobody has a place."""
    desk = interaction.client.services.challenges
    placed = await desk.archive.ranking(challenge.id) if challenge.phase is Phase.CLOSED else []
    return await desk.entries.all(challenge.id), placed


async def _with_last(parts: AsyncIterator[Part]) -> AsyncIterator[tuple[Part, bool]]:
    """Each with whether it is the last."""
    before: Part | None = None
    async for part in parts:
        if before is not None:
            yield before, False
        before = part
    if before is not None:
        yield before, True


async def _post(interaction: Interaction, said: str, data: bytes, name: str) -> None:
    """To whoever asked, alone. Raises BotError."""
    try:
        with translated():
            await interaction.followup.send(said, file=discord.File(io.BytesIO(data), filename=name), ephemeral=True)
    except FileTooLarge as error:
        log.warning("an export is too large interaction=%s bytes=%s why=%s", interaction.id, len(data), error)
        await tell(interaction, words_of(interaction)(text.TOO_LARGE))


def _note(interaction: Interaction, challenge: Challenge) -> None:
    log.info("export challenge=%s guild=%s user=%s", challenge.id, challenge.tenant_id, interaction.user.id)
    note = ChallengeExported(by=interaction.user.id, title=challenge.title)
    interaction.client.services.moderation_log.note(interaction.guild_id, note)
