"""Tweak…: a form with every choice of a job, and the picture that is asked for with it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

import discord
from discord import ui

from bot.jobs.tweak import Before, Tweaked, Typed, Wrong, tweak
from bot.jobs.tweak_form import prefilled, with_preset
from bot.jobs.variation import anew
from bot.settings.presets import with_choices_of
from bot.ui.config_presets import chosen_preset, preset_names
from bot.ui.defaults import defaults
from bot.ui.earlier import Earlier, earlier_in_time, order_like, public_words
from bot.ui.first_answer import surely
from bot.ui.go_on import ask_for
from bot.ui.modals import Form, Route, modal
from bot.ui.pressing import carry_out
from bot.ui.text import commands, trying
from bot.ui.text import tweak as text
from bot.ui.text.chosen import chosen, in_small_print, size
from bot.ui.words import Words, words_of
from nst_engine.contract.params import MIN_SIZE_PX, KeepColours, PresetName, StylizeParams

Interaction = discord.Interaction[Any]

OWN = "own:"
"""Before the name of a preset of the server, where one of the project's own may stand as well."""
LONGEST_MORE = 900
"""With it, what is said about a form stays within the length of a message."""
_BLOCK = re.compile(r"```\n(.*?)\n?```", re.DOTALL)


async def open_tweak(interaction: Interaction, job_id: str) -> None:
    """With the values of the job; under a form that was refused, with what was typed there."""
    say = words_of(interaction)
    before = await _before(interaction, await earlier_in_time(interaction, job_id))
    typed = _typed_before(interaction.message) or _first_values(before, say)
    form = _form(job_id, typed, before, await preset_names(interaction), say)
    await surely(interaction, partial(interaction.response.send_modal, form))


async def _submitted(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    job_id = match["job_id"]
    await carry_out(interaction, f"job:{job_id}:tweak", partial(_ask, interaction, job_id, form))


TWEAK = Route(r"job:(?P<job_id>\d{1,20}):tweak", _submitted)


class FormButton(ui.DynamicItem[ui.Button[Any]], template=r"job:(?P<job_id>\d{1,20}):form"):
    """Under a form that was refused: opens it again."""

    def __init__(self, job_id: str, say: Words) -> None:
        super().__init__(
            ui.Button(style=discord.ButtonStyle.primary, label=say(text.BUTTON), custom_id=f"job:{job_id}:form")
        )
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["job_id"], words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(open_tweak, interaction, self.job_id))


async def _ask(interaction: Interaction, job_id: str, form: Form) -> None:
    say = words_of(interaction)
    found = await earlier_in_time(interaction, job_id)
    before = await _before(interaction, found)
    typed = Typed(
        preset=form.choice("preset") or before.params.preset,
        strength=form.text("strength"),
        size=form.text("size"),
        colours=form.choice("colours") or before.params.keep_colours,
        more=form.text("more"),
    )
    chosen_typed, before = await _with_named(interaction, typed, before)
    match tweak(chosen_typed, before, text.vocabulary(say)):
        case Tweaked(params=params, spoiler=spoiler):
            public = await public_words(interaction)
            remark = f"{public(text.REMARK)}\n{in_small_print([*chosen(params, public), size(params, public)])}"
            is_theirs = interaction.user.id == found.address.user_id
            covered = spoiler or (found.address.spoiler and not is_theirs)  # nobody uncovers another's picture
            order = order_like(found, params, remark, member_id=interaction.user.id, spoiler=covered)
            await ask_for(interaction, order)
        case wrong:
            await _refuse(interaction, job_id, typed, wrong)


async def _with_named(interaction: Interaction, typed: Typed, before: Before) -> tuple[Typed, Before]:
    """Where a preset of the server was chosen, what it brings. Raises WrongChoice and QueueUnavailable."""
    if not typed.preset.startswith(OWN):
        return typed, before
    named = await chosen_preset(interaction, typed.preset.removeprefix(OWN))
    if not isinstance(named, StylizeParams):
        return typed, before
    say = words_of(interaction)
    brought = replace(before, params=with_choices_of(named, anew(before.params)))
    return with_preset(typed, _first_values(before, say), _first_values(brought, say)), brought


async def _before(interaction: Interaction, found: Earlier) -> Before:
    settings = await defaults(interaction)
    return Before(
        params=found.job.params,
        styles=len(found.job.style_blobs),
        spoiler=found.address.spoiler,
        max_size_px=settings.max_size_px,
    )


def _first_values(before: Before, say: Words) -> Typed:
    return prefilled(before, lambda line: say(text.LINES[line]), lambda word: say(text.WORDS[word]))


def _form(job_id: str, typed: Typed, before: Before, own: Sequence[str], say: Words) -> ui.Modal:
    return modal(
        f"job:{job_id}:tweak",
        say(text.TITLE),
        ui.Label(text=say(text.PRESET), component=_presets(typed, own, say)),
        ui.Label(
            text=say(text.STRENGTH),
            description=say(text.STRENGTH_HINT),
            component=ui.TextInput[Any](custom_id="strength", default=typed.strength, max_length=20),
        ),
        ui.Label(
            text=say(text.SIZE),
            description=text.size_hint(before.max_size_px, MIN_SIZE_PX, say),
            component=ui.TextInput[Any](custom_id="size", default=typed.size, max_length=20),
        ),
        ui.Label(text=say(text.COLOURS), component=_colours(typed, say)),
        ui.Label(text=say(text.MORE_LABEL), description=say(text.MORE_HINT), component=_more(typed)),
    )


def _presets(typed: Typed, own: Sequence[str], say: Words) -> ui.Select[Any]:
    """The project's own, and the server's."""
    offered = {name.value: say(commands.PRESET_NAMES[name]) for name in PresetName}
    offered |= {f"{OWN}{name}": trying.choice(name, say) for name in own}
    options = [
        discord.SelectOption(label=label, value=value, default=value == typed.preset)
        for value, label in offered.items()
    ]
    return ui.Select(custom_id="preset", options=options)


def _colours(typed: Typed, say: Words) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=say(commands.COLOURS[keep]), value=keep, default=keep == typed.colours)
        for keep in KeepColours
    ]
    return ui.Select(custom_id="colours", options=options)


def _more(typed: Typed) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id="more",
        style=discord.TextStyle.paragraph,
        default=typed.more[:LONGEST_MORE] or None,
        required=False,
        max_length=LONGEST_MORE,
    )


async def _refuse(interaction: Interaction, job_id: str, typed: Typed, wrong: tuple[Wrong, ...]) -> None:
    """In private, with all that was typed: from there the form opens with it again, also after a restart."""
    say = words_of(interaction)
    content = f"{text.refused(wrong, say)}\n{_written_down(typed)}"
    view = ui.View(timeout=None)
    view.add_item(FormButton(job_id, say))
    await surely(interaction, partial(interaction.response.send_message, content, view=view, ephemeral=True))


def _written_down(typed: Typed) -> str:
    parts = (typed.preset, typed.strength, typed.size, typed.colours, typed.more)
    lines = "\n".join(part.replace("`", "'") for part in parts)
    return f"```\n{lines}\n```"


def _typed_before(message: discord.Message | None) -> Typed | None:
    """What stands in a refusal; None in any other message."""
    found = _BLOCK.search(message.content) if message else None
    if found is None:
        return None
    preset, strength, size, colours, *more = found[1].split("\n")
    return Typed(preset=preset, strength=strength, size=size, colours=colours, more="\n".join(more))
