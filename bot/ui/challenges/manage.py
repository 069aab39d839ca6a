"""`/challenge manage`: a panel for whoever runs challenges or judges entries.

Its buttons carry the phase that the moderator saw, so that two who end it at once end one phase. Each looks anew at who
presses.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import app_commands, ui
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, TextDisplay

from bot.challenges.errors import WrongPhase
from bot.challenges.values import Phase
from bot.ui import modals
from bot.ui.challenges import exporting
from bot.ui.challenges import manage_acts as acts
from bot.ui.challenges.card import colour
from bot.ui.challenges.choosing import chosen, suggest_to_judges
from bot.ui.challenges.judging import open_entries
from bot.ui.challenges.manage_panel import FOR_JUDGES, Act, Panel, load_panel
from bot.ui.challenges.reason_form import reason_form
from bot.ui.errors import mistakes_answered
from bot.ui.first_answer import surely
from bot.ui.gate import judges_entries, runs_challenges
from bot.ui.modals import Form, Route, modal
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, tell
from bot.ui.text.challenges import managing as text
from bot.ui.text.challenges.card import title
from bot.ui.text.challenges.links import link_line
from bot.ui.text.challenges.refusals import refused
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

PHASES = (Phase.OPEN, Phase.VOTING, Phase.DRAFT, Phase.CLOSED, Phase.CANCELLED)
LONGEST_LENGTH = 30
_ACTS, _PHASES = "|".join(Act), "|".join(Phase)

_LABELS: Mapping[Act, str] = MappingProxyType(
    {
        Act.EXTEND: text.EXTEND,
        Act.CANCEL: text.CANCEL,
        Act.REPOST: text.REPOST,
        Act.EXPORT: text.EXPORT,
        Act.PICTURES: text.PICTURES,
        Act.STOP: text.STOP,
        Act.STOP_NOW: text.STOP,
        Act.BACK: text.GO_BACK,
    }
)
_FOR_GOOD = frozenset({Act.CANCEL, Act.END_NOW, Act.STOP_NOW})


def add_manage(group: app_commands.Group) -> None:
    """Add it to `/challenge`."""

    @group.command(name="manage", description=app_commands.locale_str(text.MANAGE_DESCRIPTION))
    @app_commands.describe(challenge=app_commands.locale_str(text.CHALLENGE_OPTION))
    @app_commands.autocomplete(challenge=suggest_to_judges(*PHASES))
    async def manage(interaction: "discord.Interaction[StylizeClient]", challenge: str) -> None:
        if not await judges_entries(interaction):
            return
        async with mistakes_answered(interaction):
            await hold(interaction)
            found = await chosen(interaction, challenge, *PHASES)
            if found is None:
                await tell(interaction, text.no_such_title(challenge, words_of(interaction)))
            else:
                await _show(interaction, found.id)


class ManageButton(
    DynamicItem[Button[Any]], template=rf"challenge:(?P<id>\d{{1,18}}):(?P<act>{_ACTS}):(?P<seen>{_PHASES})"
):
    """`seen` is the phase that the challenge was in when the button was shown."""

    def __init__(self, challenge_id: int, act: Act, seen: Phase, label: str, *, is_main: bool = False) -> None:
        style = discord.ButtonStyle.primary if is_main else discord.ButtonStyle.secondary
        button: Button[Any] = Button(
            style=discord.ButtonStyle.danger if act in _FOR_GOOD else style,
            label=label,
            custom_id=f"challenge:{challenge_id}:{act}:{seen}",
        )
        super().__init__(button)
        self.challenge_id = challenge_id
        self.act = act
        self.seen = seen

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["id"]), Act(match["act"]), Phase(match["seen"]), str(getattr(item, "label", "")))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(self._press, interaction))

    async def _press(self, interaction: Interaction) -> None:
        may = judges_entries if self.act in FOR_JUDGES else runs_challenges
        if await may(interaction):
            await _HANDLERS[self.act](interaction, self.challenge_id, self.seen)


async def _show(interaction: Interaction, challenge_id: int, remark: str = "") -> None:
    """In the answer to an interaction, which was deferred. Raises NoSuchChallenge and QueueUnavailable."""
    panel = await load_panel(interaction, challenge_id)
    await interaction.edit_original_response(view=panel_view(panel, remark, words_of(interaction)))


def panel_view(panel: Panel, remark: str, say: Words) -> LayoutView:
    """A fresh view; `remark` says what was done just now."""
    view = _about(panel, remark, say)
    for acts_in_row in panel.acts():
        row: ActionRow[Any] = ActionRow(*(_button(panel, act, say) for act in acts_in_row))
        view.add_item(row)
    return view


def question_view(panel: Panel, question: str, act: Act, say: Words) -> LayoutView:
    """A fresh view that asks before `act`."""
    view = _about(panel, "", say)
    row: ActionRow[Any] = ActionRow(_button(panel, act, say), _button(panel, Act.BACK, say))
    view.add_item(TextDisplay(question))
    view.add_item(row)
    return view


def _about(panel: Panel, remark: str, say: Words) -> LayoutView:
    challenge = panel.challenge
    container: Container[LayoutView] = Container(
        TextDisplay(title(challenge, say)),
        TextDisplay(text.state(challenge, panel.tally, say)),
        accent_colour=colour(challenge.phase),
    )
    if link := link_line(challenge, say):
        container.add_item(TextDisplay(link))
    view = LayoutView(timeout=None)
    if remark:
        view.add_item(TextDisplay(remark))
    view.add_item(container)
    return view


def _button(panel: Panel, act: Act, say: Words) -> ManageButton:
    challenge, waiting = panel.challenge, panel.tally.waiting
    match act:
        case Act.ENTRIES:
            label = text.entries_button(waiting, say)
        case Act.END | Act.END_NOW:
            label = say(text.END_VOTING if challenge.phase is Phase.VOTING else text.END_ENTRIES)
        case _:
            label = say(_LABELS[act])
    return ManageButton(challenge.id, act, challenge.phase, label, is_main=act is Act.ENTRIES and waiting > 0)


async def _in_place(interaction: Interaction) -> None:
    """Of the panel, whose answer will be an edit."""
    await surely(interaction, interaction.response.defer)


async def _do(interaction: Interaction, challenge_id: int, act: Callable[[], Awaitable[str]]) -> None:
    """Do it and show what holds now, also where somebody else was quicker. Raises NoSuchChallenge."""
    await _in_place(interaction)
    try:
        remark = await act()
    except WrongPhase as error:
        remark = _moved_on(error, words_of(interaction))
    await _show(interaction, challenge_id, remark)


def _moved_on(error: WrongPhase, say: Words) -> str:
    return f"{say(text.MOVED_ON)} {refused(error, say)}"


async def _open_entries(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await open_entries(interaction, challenge_id)


async def _back(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await _in_place(interaction)
    await _show(interaction, challenge_id)


async def _ask_to_end(interaction: Interaction, challenge_id: int, seen: Phase) -> None:
    say = words_of(interaction)
    await _in_place(interaction)
    panel = await load_panel(interaction, challenge_id)
    if (phase := panel.challenge.phase) is not seen:
        view = panel_view(panel, _moved_on(WrongPhase(phase), say), say)
    else:
        view = question_view(panel, text.end_question(panel.challenge, panel.tally, say), Act.END_NOW, say)
    await interaction.edit_original_response(view=view)


async def _end(interaction: Interaction, challenge_id: int, seen: Phase) -> None:
    await _do(interaction, challenge_id, partial(acts.end, interaction, challenge_id, seen))


async def _repost(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await _do(interaction, challenge_id, partial(acts.repost, interaction, challenge_id))


async def _ask_to_stop(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    say = words_of(interaction)
    await _in_place(interaction)
    panel = await load_panel(interaction, challenge_id)
    view = question_view(panel, text.stop_question(say), Act.STOP_NOW, say)
    await interaction.edit_original_response(view=view)


async def _stop(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await _do(interaction, challenge_id, partial(acts.stop_series, interaction, challenge_id))


async def _export(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await exporting.export_table(interaction, challenge_id)


async def _pictures(interaction: Interaction, challenge_id: int, _seen: Phase) -> None:
    await exporting.export_pictures(interaction, challenge_id)


async def _open_extend(interaction: Interaction, challenge_id: int, seen: Phase) -> None:
    say = words_of(interaction)
    length = ui.Label[Any](
        text=say(text.LENGTH),
        description=say(text.LENGTH_HINT),
        component=ui.TextInput[Any](custom_id="length", max_length=LONGEST_LENGTH),
    )
    await modals.show(interaction, modal(f"challenge:{challenge_id}:extend:{seen}", say(text.EXTEND_TITLE), length))


async def _open_cancel(interaction: Interaction, challenge_id: int, seen: Phase) -> None:
    say = words_of(interaction)
    form = reason_form(f"challenge:{challenge_id}:cancel:{seen}", text.CANCEL_TITLE, text.CANCEL_REASON_HINT, say)
    await modals.show(interaction, form)


async def _extend_received(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    """What is typed is looked at first, so that a mistake leaves the panel as it is."""
    if await runs_challenges(interaction):
        challenge_id, seconds = int(match["id"]), acts.parse_extension(form.text("length"))
        await _do(
            interaction,
            challenge_id,
            partial(acts.extend, interaction, challenge_id, Phase(match["seen"]), seconds),
        )


async def _cancel_received(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    if await runs_challenges(interaction):
        challenge_id = int(match["id"])
        await _do(interaction, challenge_id, partial(acts.cancel, interaction, challenge_id, form.text("reason")))


EXTEND = Route(rf"challenge:(?P<id>\d{{1,18}}):extend:(?P<seen>{_PHASES})", _extend_received)
CANCEL = Route(rf"challenge:(?P<id>\d{{1,18}}):cancel:(?P<seen>{_PHASES})", _cancel_received)

_HANDLERS: Mapping[Act, Callable[[Interaction, int, Phase], Awaitable[None]]] = MappingProxyType(
    {
        Act.ENTRIES: _open_entries,
        Act.EXTEND: _open_extend,
        Act.END: _ask_to_end,
        Act.END_NOW: _end,
        Act.CANCEL: _open_cancel,
        Act.REPOST: _repost,
        Act.EXPORT: _export,
        Act.PICTURES: _pictures,
        Act.STOP: _ask_to_stop,
        Act.STOP_NOW: _stop,
        Act.BACK: _back,
    }
)
