"""The Delete button of a finished picture: for its requester and for moderators."""

import logging
from typing import TYPE_CHECKING, Any

import discord

from bot.challenges.entering import ACTIVE
from bot.challenges.values import Phase
from bot.jobs.address import Address
from bot.jobs.errors import BotError, MessageGone, NotAnswered, PlaceGone
from bot.jobs.moderation import Deleted
from bot.ui.earlier import CannotGoOn, Earlier, earlier
from bot.ui.first_answer import surely
from bot.ui.places import place, translated
from bot.ui.private_answer import tell
from bot.ui.text import refusals
from bot.ui.text import result_buttons as text
from bot.ui.text.challenges import entering
from bot.ui.visit import may_end
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import Services

log = logging.getLogger(__name__)

GOING_ON = frozenset({Phase.OPEN, Phase.VOTING})
"""The phases in which an entry can be withdrawn."""

Interaction = discord.Interaction[Any]


async def delete_result(interaction: Interaction, job_id: str) -> None:
    """Noted first, so that neither a delivery under way nor anybody with a button brings it back."""
    await surely(interaction, interaction.response.defer)
    services: Services = interaction.client.services
    found = await _to_delete(interaction, job_id)
    stays = await _stays_in_challenge(services, found)
    if not found.address.deleted:
        await services.store.set_address(job_id, found.address.without_picture().saved())
        _note_if_moderated(interaction, services, found.address)
    await _delete_timelapse(interaction.client, found)
    sentence = await _delete_message(interaction)
    log.info("deleted job=%s guild=%s user=%s", job_id, interaction.guild_id, interaction.user.id)
    await tell(interaction, words_of(interaction)(_said(sentence, stays=stays)))


def _said(sentence: str, *, stays: bool) -> str:
    return entering.DELETED_HERE if stays and sentence == text.DELETED_NOW else sentence


async def _stays_in_challenge(services: "Services", found: Earlier) -> bool:
    """It is an entry of a challenge that is over, which keeps it. Raises CannotGoOn while that is going on."""
    challenge_id = found.address.challenge_id
    if challenge_id is None:
        return False
    entries = await services.challenges.entries.of_member(challenge_id, found.job.owner_id)
    if not any(entry.state in ACTIVE and entry.picture.job_id == found.job.id for entry in entries):
        return False
    challenge = await services.challenges.challenges.get(challenge_id)
    if challenge is not None and challenge.phase in GOING_ON:
        raise CannotGoOn(entering.WITHDRAW_FIRST)
    return True


def _note_if_moderated(interaction: Interaction, services: "Services", address: Address) -> None:
    by = interaction.user.id
    if by != address.user_id:
        note = Deleted(by=by, user_id=address.user_id, channel_id=interaction.channel_id or address.place_id)
        services.moderation_log.note(interaction.guild_id, note)


async def _to_delete(interaction: Interaction, job_id: str) -> Earlier:
    """Also where it was noted already that it is deleted, and only the message is left. Raises CannotGoOn."""
    found = await earlier(interaction.client.services.store, job_id, may_be_deleted=True)
    if not may_end(interaction, int(found.job.owner_id)):
        raise CannotGoOn(text.NOT_YOURS)
    return found


async def _delete_message(interaction: Interaction) -> str:
    """The message with the button: through the interaction, which reaches it everywhere, or by our own token."""
    try:
        with translated():
            await interaction.delete_original_response()
    except MessageGone:
        return text.GONE_ALREADY
    except BotError as error:
        log.info("deleting by our own token interaction=%s why=%r", interaction.id, error)
        return await _delete_ourselves(interaction)
    return text.DELETED_NOW


async def _delete_ourselves(interaction: Interaction) -> str:
    message, channel_id = interaction.message, interaction.channel_id
    if message is None or channel_id is None:
        return text.GONE_ALREADY
    try:
        with translated():
            await _message(interaction.client, channel_id, interaction.guild_id, message.id).delete()
    except MessageGone:
        return text.GONE_ALREADY
    except PlaceGone:
        return text.DELETE_REFUSED
    except NotAnswered:
        return refusals.FAULT
    return text.DELETED_NOW


async def _delete_timelapse(client: discord.Client, found: Earlier) -> None:
    """Where it cannot be deleted, the picture is all the same."""
    address = found.address
    if address.timelapse_message_id is None or address.timelapse_channel_id is None:
        return
    message = _message(client, address.timelapse_channel_id, address.guild_id, address.timelapse_message_id)
    try:
        with translated():
            await message.delete()
    except BotError as error:
        log.info("timelapse stays job=%s why=%r", found.job.id, error)


def _message(client: discord.Client, channel_id: int, guild_id: int | None, message_id: int) -> discord.PartialMessage:
    return place(client, channel_id, guild_id).get_partial_message(message_id)
