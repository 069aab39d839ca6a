"""What a challenge does for one member alone: the winner's role, and letters about their entries."""

import logging
from typing import TYPE_CHECKING

import discord

from bot.challenges.tasks import Task, TaskKind
from bot.challenges.values import Challenge, Entry
from bot.jobs.challenge_notes import ChallengeTrouble, Trouble
from bot.jobs.errors import PlaceGone, Rejected
from bot.ui.challenges import messages
from bot.ui.challenges.posting import Posting
from bot.ui.places import direct_channel, translated
from bot.ui.text.challenges import letters as text
from bot.ui.words import words_for

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

UNKNOWN_MEMBER = 10007
UNKNOWN_USER = 10013
LEFT = frozenset({UNKNOWN_MEMBER, UNKNOWN_USER})


async def give_role(client: "StylizeClient", task: Task, challenge: Challenge) -> None:
    """Giving it twice is giving it once. Who left, and a role that may not be given, are noted. Raises NotAnswered."""
    role_id, user_id = challenge.terms.winner_role_id, int(task.subject)
    if role_id is None:
        return
    try:
        with translated():
            await client.http.add_role(int(challenge.tenant_id), user_id, role_id, reason=challenge.title)
    except (PlaceGone, Rejected) as error:
        cause = error.__cause__
        left = isinstance(cause, discord.HTTPException) and cause.code in LEFT
        trouble = Trouble.WINNER_LEFT if left else Trouble.ROLE_REFUSED
        log.warning("no role for a winner challenge=%s user=%s role=%s why=%r", challenge.id, user_id, role_id, error)
        note = ChallengeTrouble(
            trouble=trouble, title=challenge.title, channel_id=challenge.channel_id, user_id=user_id
        )
        client.services.moderation_log.note(int(challenge.tenant_id), note)


async def write_to_author(
    client: "StylizeClient", posting: Posting, task: Task, challenge: Challenge, *, may_be_done: bool
) -> None:
    """Closed direct messages are no fault: the author's own page of the challenge says the same. Raises NotAnswered."""
    entry = await client.services.challenges.entries.get(int(task.subject))
    if entry is None:
        return
    channel_id = await direct_channel(client, int(entry.author.user_id))
    if channel_id is None:
        log.info("no direct messages task=%s user=%s", task.id, entry.author.user_id)
        return
    try:
        if may_be_done and await posting.find(task, challenge, channel_id) is not None:
            return
        message = messages.letter(_letter(client, task, challenge, entry))
        await posting.say_alone(task, channel_id, message)
    except (PlaceGone, Rejected) as error:
        log.info("no direct messages task=%s user=%s why=%r", task.id, entry.author.user_id, error)


def _letter(client: discord.Client, task: Task, challenge: Challenge, entry: Entry) -> str:
    say = words_for(entry.author.locale)
    approved = task.kind is TaskKind.APPROVED
    paragraph = text.approved(challenge, say) if approved else text.removed(challenge, entry, say)
    guild = client.get_guild(int(challenge.tenant_id))
    return f"{paragraph}\n{text.sent_by(guild.name)}" if guild is not None else paragraph
