"""The Cancel button of a card. Its id carries the job, so it works after any restart."""

import logging
import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, DynamicItem, Item

from bot.jobs.moderation import Cancelled
from bot.ui.errors import always_answered
from bot.ui.private_answer import hold
from bot.ui.text import cancel as text
from bot.ui.visit import may_end
from bot.ui.words import Words, words_of
from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import Job
from nst_engine.queue.store import JobStore

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


class CancelButton(DynamicItem[Button[Any]], template=r"job:(?P<job_id>\d{1,20}):cancel"):
    """Usable by the requester and by moderators; anybody else is told so in private."""

    def __init__(self, job_id: str, say: Words) -> None:
        button: Button[Any] = Button(
            style=discord.ButtonStyle.secondary, label=say(text.LABEL), custom_id=f"job:{job_id}:cancel"
        )
        super().__init__(button)
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["job_id"], words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge first: the queue may be slow."""
        async with always_answered(interaction):
            await hold(interaction)
            client: StylizeClient = interaction.client
            answer = await _cancel(client.services.store, self.job_id, interaction)
            await interaction.edit_original_response(content=words_of(interaction)(answer))


async def _cancel(store: JobStore, job_id: str, interaction: discord.Interaction[Any]) -> str:
    """Cancel what may be cancelled; the sentence to answer with."""
    job = await store.get(job_id)
    if job is None:
        return text.UNKNOWN
    if not may_end(interaction, int(job.owner_id)):
        return text.NOT_YOURS
    if job.is_final:
        return text.TOO_LATE
    log.info("cancel job=%s guild=%s user=%s", job_id, interaction.guild_id, interaction.user.id)
    after = await store.request_cancel(job_id)
    _note_if_moderated(interaction, int(job.owner_id))
    return _said(after)


def _note_if_moderated(interaction: discord.Interaction[Any], owner_id: int) -> None:
    if interaction.user.id != owner_id:
        client: StylizeClient = interaction.client
        note = Cancelled(by=interaction.user.id, user_id=owner_id)
        client.services.moderation_log.note(interaction.guild_id, note)


def _said(job: Job | None) -> str:
    match job.state if job else None:
        case JobState.CANCELLED:
            return text.IN_QUEUE
        case JobState.RUNNING:
            return text.STOPPING
        case _:
            return text.TOO_LATE
