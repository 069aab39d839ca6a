"""What a moderator sent with the form of a draft: looked at again, saved, and shown in the same preview."""

import re
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.challenges.creation import CannotCreate, Clash, Plan, end_of, plan
from bot.challenges.errors import BadTimes
from bot.challenges.values import Challenge
from bot.ui.challenges.draft_form import typed_description, typed_times, typed_title
from bot.ui.challenges.preview import find_draft, show_preview, told_as_draft
from bot.ui.errors import sentence
from bot.ui.first_answer import surely
from bot.ui.gate import runs_challenges
from bot.ui.modals import Form, Route
from bot.ui.pressing import carry_out
from bot.ui.private_answer import tell
from bot.ui.text.challenges import previewing as text
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


async def _submitted(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    await carry_out(interaction, f"draft:{match['id']}", partial(_change, interaction, int(match["id"]), form))


CHANGE_DRAFT = Route(r"challenge:(?P<id>\d{1,18}):change", _submitted)


async def _change(interaction: Interaction, challenge_id: int, form: Form) -> None:
    """Words are kept also where the times cannot be, so that nobody writes them twice."""
    if not await runs_challenges(interaction):
        return
    await surely(interaction, interaction.response.defer)
    draft = await find_draft(interaction, challenge_id)
    title = typed_title(form)
    if not title:
        raise CannotCreate(Clash.NO_TITLE)
    now, mistake = interaction.client.services.clock.now(), None
    planned = _plan_of(draft)
    try:
        planned = plan(typed_times(form), now, is_weekly=bool(draft.terms.later_styles))
    except BadTimes as error:
        mistake = error
    await show_preview(interaction, await _revised(interaction, draft, title, typed_description(form), planned))
    if mistake is not None:
        say = words_of(interaction)
        await tell(interaction, f"{sentence(mistake, say)} {say(text.TIMES_KEPT)}")


async def _revised(
    interaction: Interaction, draft: Challenge, title: str, description: str, planned: Plan
) -> Challenge:
    changed = {
        "description": description,
        "voting_seconds": planned.voting_seconds,
        "ends_at_a_moment": planned.end.is_fixed,
    }
    with told_as_draft():
        return await interaction.client.services.challenges.challenges.revise(
            draft.tenant_id,
            draft.id,
            title=title,
            terms=draft.terms.model_copy(update=changed),
            opens_at=planned.opens_at,
            entries_end_at=planned.end.at,
        )


def _plan_of(draft: Challenge) -> Plan:
    schedule = draft.schedule
    return Plan(opens_at=schedule.opens_at, end=end_of(draft), voting_seconds=schedule.voting_seconds)
