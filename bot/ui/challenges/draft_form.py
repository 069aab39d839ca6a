"""The form behind *Change…* under a preview: how a challenge is called, and when it is to be."""

from typing import Any

import discord
from discord import ui

from bot.challenges.creation import TypedTimes, end_of
from bot.challenges.times import length_text, moment_text, start_text
from bot.challenges.values import LONGEST_DESCRIPTION, LONGEST_TITLE, Challenge
from bot.ui.modals import Form, modal
from bot.ui.text.challenges import previewing as text
from bot.ui.text.names import plain
from bot.ui.words import Words

LONGEST_TIME = 60


def draft_form(draft: Challenge, now: float, say: Words) -> ui.Modal:
    schedule, end = draft.schedule, end_of(draft)
    ends = moment_text(end.at) if end.is_fixed else length_text(end.at - schedule.opens_at)
    starts, voting = start_text(schedule.opens_at, now), length_text(draft.terms.voting_seconds)
    return modal(
        f"challenge:{draft.id}:change",
        say(text.FORM_TITLE),
        ui.Label(text=say(text.TITLE_LABEL), component=_line("title", draft.title, LONGEST_TITLE)),
        ui.Label(text=say(text.DESCRIPTION_LABEL), component=_description(draft)),
        ui.Label(
            text=say(text.STARTS_LABEL),
            description=say(text.STARTS_HINT),
            component=_line("starts", starts, LONGEST_TIME),
        ),
        ui.Label(
            text=say(text.ENDS_LABEL), description=say(text.ENDS_HINT), component=_line("ends", ends, LONGEST_TIME)
        ),
        ui.Label(
            text=say(text.VOTING_LABEL),
            description=say(text.VOTING_HINT),
            component=_line("voting", voting, LONGEST_TIME),
        ),
    )


def typed_title(form: Form) -> str:
    """Empty where there is none."""
    return plain(form.text("title"))[:LONGEST_TITLE]


def typed_description(form: Form) -> str:
    return form.text("description")[:LONGEST_DESCRIPTION]


def typed_times(form: Form) -> TypedTimes:
    return TypedTimes(starts=form.text("starts"), ends=form.text("ends"), voting=form.text("voting"))


def _line(custom_id: str, default: str, longest: int) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=custom_id, default=default, max_length=longest)


def _description(draft: Challenge) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id="description",
        style=discord.TextStyle.paragraph,
        default=draft.terms.description or None,
        required=False,
        max_length=LONGEST_DESCRIPTION,
    )
