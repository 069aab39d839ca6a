"""What a member has in a challenge: see it, replace it, withdraw it; and what was painted for it and is not entered."""

import asyncio
import io
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ui import Button, DynamicItem, Item

from bot.challenges.entering import ACTIVE
from bot.challenges.errors import NoSuchEntry, WrongPhase
from bot.challenges.phases import phase_by
from bot.challenges.values import Challenge, Entry, EntryState, Phase
from bot.jobs.challenge_notes import EntryWithdrawn
from bot.jobs.errors import CheckUnavailable
from bot.ui.challenges.enter_form import open_replace_form
from bot.ui.challenges.mine_view import (
    ENTRIES_ON_A_PAGE,
    ButtonOf,
    Mine,
    MineVerb,
    mine_view,
    painted_file_name,
    really_view,
)
from bot.ui.challenges.painted import Painted, can_be_entered, painted_for
from bot.ui.challenges.pictures import entry_file
from bot.ui.challenges.visitor import find_challenge
from bot.ui.first_answer import surely
from bot.ui.paging import nearest
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold
from bot.ui.text.challenges import entering as text
from bot.ui.words import words_of
from nst_engine.errors import BadPicture, QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import Services, StylizeClient

log = logging.getLogger(__name__)

SECONDS_FOR_SMALL_PICTURES = 4.0
"""They are made one at a time for everybody; who would wait longer is shown the rest without."""

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


async def show_mine(interaction: discord.Interaction[Any], challenge_id: int) -> None:
    """The first answer to the interaction is still to be given. Raises what is told to whoever pressed."""
    await hold(interaction)
    await _show(interaction, challenge_id)


class MineButton(
    DynamicItem[Button[Any]],
    template=rf"challenge:(?P<id>\d{{1,18}}):(?P<verb>{'|'.join(MineVerb)}):(?P<number>\d{{1,18}})",
):
    """In an answer that only the owner of the entries sees."""

    def __init__(self, challenge_id: int, verb: MineVerb, number: int, button: Button[Any]) -> None:
        button.custom_id = f"challenge:{challenge_id}:{verb}:{number}"
        super().__init__(button)
        self.challenge_id = challenge_id
        self.verb = verb
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), MineVerb(match["verb"]), int(match["number"]), Button())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        log.info("pressed challenge=%s verb=%s user=%s", self.challenge_id, self.verb, interaction.user.id)
        act = partial(_HANDLERS[self.verb], interaction, self.challenge_id, self.number)
        await carry_out(interaction, ("mine", self.challenge_id), act)


async def _turn(interaction: Interaction, challenge_id: int, page: int) -> None:
    await surely(interaction, interaction.response.defer)
    await _show(interaction, challenge_id, page=page)


async def _ask_whether(interaction: Interaction, challenge_id: int, entry_id: int) -> None:
    """Whether it is to be withdrawn."""
    await surely(interaction, interaction.response.defer)
    challenge, entries = await _looked_up(interaction, challenge_id)
    phase = phase_by(challenge.schedule, interaction.client.services.clock.now())
    if phase not in {Phase.OPEN, Phase.VOTING}:
        raise WrongPhase(phase)
    entry = next((entry for entry in entries if entry.id == entry_id and entry.state in ACTIVE), None)
    if entry is None:
        raise NoSuchEntry
    file = await entry_file(interaction.client.services.blobs, entry)
    view = really_view(entry, phase, file is not None, _button_of(challenge_id), words_of(interaction))
    await interaction.edit_original_response(view=view, attachments=[file] if file else [])


async def _withdraw(interaction: Interaction, challenge_id: int, entry_id: int) -> None:
    await surely(interaction, interaction.response.defer)
    services = interaction.client.services
    challenge = await find_challenge(interaction, challenge_id)
    await services.challenges.entries.withdraw(entry_id, str(interaction.user.id))
    log.info("withdrawn challenge=%s entry=%s user=%s", challenge_id, entry_id, interaction.user.id)
    note = EntryWithdrawn(user_id=interaction.user.id, title=challenge.title)
    services.moderation_log.note(int(challenge.tenant_id), note)
    await _show(interaction, challenge_id, remark=words_of(interaction)(text.WITHDRAWN))


_HANDLERS: Mapping[MineVerb, Callable[[Interaction, int, int], Awaitable[None]]] = MappingProxyType(
    {
        MineVerb.PAGE: _turn,
        MineVerb.REPLACE: open_replace_form,
        MineVerb.WITHDRAW: _ask_whether,
        MineVerb.WITHDRAW_NOW: _withdraw,
    }
)


async def _show(interaction: Interaction, challenge_id: int, *, page: int = 1, remark: str = "") -> None:
    """In the answer to an interaction, which was deferred. Raises NoSuchChallenge and QueueUnavailable."""
    mine = await _mine(interaction, challenge_id, page, remark)
    files = await _files(interaction.client.services, mine)
    names = frozenset(file.filename for file in files)
    view = mine_view(mine, names, _button_of(challenge_id), words_of(interaction))
    await interaction.edit_original_response(view=view, attachments=files)


async def _mine(interaction: Interaction, challenge_id: int, page: int, remark: str) -> Mine:
    services = interaction.client.services
    challenge, entries = await _looked_up(interaction, challenge_id)
    now = services.clock.now()
    phase = phase_by(challenge.schedule, now)
    gone = {entry.picture.job_id for entry in entries if _is_settled(entry, phase)}
    pictures, on_their_way = await painted_for(interaction, challenge, gone)
    shown = [entry for entry in reversed(entries) if entry.state is not EntryState.WITHDRAWN]
    part = nearest(page, len(shown), ENTRIES_ON_A_PAGE)
    is_first = part.number == 1
    ranking = await services.challenges.archive.ranking(challenge_id) if challenge.phase is Phase.CLOSED else []
    return Mine(
        challenge=challenge,
        phase=phase,
        part=part,
        entries=part.of(shown),
        placed={placed.entry.id: placed for placed in ranking},
        among=len(ranking),
        pictures=tuple(picture for picture in pictures if is_first and can_be_entered(challenge, picture, now)),
        on_their_way=tuple(on_their_way) if is_first and phase is not Phase.CANCELLED else (),
        remark=remark,
    )


def _is_settled(entry: Entry, phase: Phase) -> bool:
    """Its picture is in, or was taken out. What was withdrawn may come again while entries are open."""
    return phase is not Phase.OPEN or entry.state is not EntryState.WITHDRAWN


async def _looked_up(interaction: Interaction, challenge_id: int) -> tuple[Challenge, list[Entry]]:
    """The challenge, and the entries of whoever asks. Raises NoSuchChallenge and QueueUnavailable."""
    challenge = await find_challenge(interaction, challenge_id)
    entries = interaction.client.services.challenges.entries
    return challenge, await entries.of_member(challenge_id, str(interaction.user.id))


async def _files(services: "Services", mine: Mine) -> list[discord.File]:
    entered = await asyncio.gather(*(entry_file(services.blobs, entry) for entry in mine.entries))
    guild_id = int(mine.challenge.tenant_id)
    painted = await _small_pictures(services, mine.pictures, guild_id)
    return [file for file in (*entered, *painted) if file is not None]


async def _small_pictures(services: "Services", pictures: Sequence[Painted], guild_id: int) -> list[discord.File]:
    """Those that are made in time."""
    made: list[discord.File] = []
    try:
        async with asyncio.timeout(SECONDS_FOR_SMALL_PICTURES):
            for picture in pictures:
                whole = await services.blobs.get(picture.job.result_blob or "")
                small = await services.thumbnails(whole)
                made.append(discord.File(io.BytesIO(small), filename=painted_file_name(picture, guild_id)))
    except (BadPicture, CheckUnavailable, QueueUnavailable, TimeoutError) as error:
        log.warning("pictures not shown small why=%r", error)
    return made


def _button_of(challenge_id: int) -> ButtonOf:
    return partial(MineButton, challenge_id)
