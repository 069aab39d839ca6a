"""The form behind *Enter*: a photo, and for a free theme also a painting. What it brings is painted, not entered."""

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import ui

from bot.challenges.eligibility import check_may_enter
from bot.challenges.entering import ACTIVE
from bot.challenges.errors import EnoughEntries, NoSuchEntry, WrongPhase
from bot.challenges.phases import phase_by
from bot.challenges.values import Challenge, ChallengeStyle, Phase
from bot.jobs.admission import Blocked, Refused
from bot.jobs.choices import Wrong, WrongChoice, the_styles
from bot.jobs.picture_check import PictureFacts
from bot.settings.request import usual_params
from bot.ui import modals
from bot.ui.challenges.visitor import find_challenge, visitor_of
from bot.ui.defaults import defaults, in_time
from bot.ui.modals import Form, Route, modal
from bot.ui.order import Order, take
from bot.ui.sources import Attached, Kept, Source
from bot.ui.text import picture_forms
from bot.ui.text.challenges import entering as text
from bot.ui.visit import tenant_of
from bot.ui.words import Words, words_of
from nst_engine.contract.params import StylizeParams

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


async def open_enter_form(interaction: discord.Interaction[Any], challenge_id: int) -> None:
    """The first answer to the interaction is still to be given. Raises what is told to whoever pressed."""
    await _open(interaction, challenge_id, None)


async def open_replace_form(interaction: discord.Interaction[Any], challenge_id: int, entry_id: int) -> None:
    """The same, for a picture that is to replace an entry."""
    await _open(interaction, challenge_id, entry_id)


async def _open(interaction: Interaction, challenge_id: int, entry_id: int | None) -> None:
    challenge = await in_time(_let_in(interaction, challenge_id, entry_id))
    await modals.show(interaction, enter_form(challenge, entry_id, words_of(interaction)))


def enter_form(challenge: Challenge, entry_id: int | None, say: Words) -> ui.Modal:
    """`entry_id`: the entry that the picture is to replace."""
    is_free = not challenge.terms.styles
    custom_id = f"challenge:{challenge.id}:photo" if entry_id is None else f"challenge:{challenge.id}:photo:{entry_id}"
    painting = (_upload("painting", text.PAINTING, text.PAINTING_MORE, say),)
    return modal(
        custom_id,
        text.form_title(challenge),
        ui.TextDisplay(text.form_line(challenge, say)),
        _upload("photo", text.PHOTO, text.PHOTO_MORE_FREE if is_free else text.PHOTO_MORE, say),
        *(painting if is_free else ()),
        ui.Label(text=say(picture_forms.SPOILER), component=ui.Checkbox[Any](custom_id="spoiler")),
    )


async def _received(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    """Everything may have changed since the form was opened."""
    entry_id = None if match["entry_id"] is None else int(match["entry_id"])
    challenge = await in_time(_let_in(interaction, int(match["id"]), entry_id))
    photo = next(iter(form.files("photo")), None)
    if photo is None:
        raise WrongChoice(Wrong.NO_CONTENT_IN_FORM)
    order = Order(
        content=Attached(photo),
        styles=_styles(challenge, form),
        params=await _usual_params(interaction),
        remark=text.painted_for(challenge, words_of(interaction)),
        spoiler=form.ticked("spoiler"),
        private=True,
        challenge_id=challenge.id,
        replaces_entry_id=entry_id,
    )
    await take(interaction, order)


ENTER = Route(r"challenge:(?P<id>\d{1,18}):photo(?::(?P<entry_id>\d{1,18}))?", _received)


async def _let_in(interaction: Interaction, challenge_id: int, entry_id: int | None) -> Challenge:
    """Raises what stands in the way of one more entry, or of another picture for this one, and QueueUnavailable."""
    services, now = interaction.client.services, interaction.client.services.clock.now()
    challenge = await find_challenge(interaction, challenge_id)
    if (phase := phase_by(challenge.schedule, now)) is not Phase.OPEN:
        raise WrongPhase(phase)
    check_may_enter(challenge.terms, visitor_of(interaction), now)
    user_id = str(interaction.user.id)
    if (block := await services.blocked.find(tenant_of(interaction), user_id)) is not None:
        raise Refused(Blocked(block.reason))
    entries = await services.challenges.entries.of_member(challenge_id, user_id)
    mine = [entry for entry in entries if entry.state in ACTIVE]
    if entry_id is None and len(mine) >= challenge.terms.entries_per_member:
        raise EnoughEntries(challenge.terms.entries_per_member)
    if entry_id is not None and all(entry.id != entry_id for entry in mine):
        raise NoSuchEntry
    return challenge


def _styles(challenge: Challenge, form: Form) -> tuple[Source, ...]:
    """Raises WrongChoice."""
    if challenge.terms.styles:
        return tuple(_kept(style) for style in challenge.terms.styles)
    return the_styles([Attached(file) for file in form.files("painting")], none=Wrong.NO_STYLE_IN_FORM)


def _kept(style: ChallengeStyle) -> Kept:
    return Kept(name=style.name, key=style.blob, facts=PictureFacts(width=style.width, height=style.height))


async def _usual_params(interaction: Interaction) -> StylizeParams:
    """As the server has them for whoever chooses nothing: the same for everybody. Raises QueueUnavailable."""
    return usual_params(await defaults(interaction))


def _upload(field: str, label: str, description: str, say: Words) -> ui.Label[Any]:
    upload = ui.FileUpload[Any](custom_id=field, required=True, min_values=1, max_values=1)
    return ui.Label(text=say(label), description=say(description), component=upload)
