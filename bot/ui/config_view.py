"""A server's settings as Discord components."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord.ui import ActionRow, Container, LayoutView, Separator, TextDisplay

from bot.settings.catalogue import SETTINGS, Group, Setting
from bot.settings.in_force import InForce
from bot.ui.command_names import command
from bot.ui.config_form import topic_buttons
from bot.ui.text import config as text
from bot.ui.text.settings import DESCRIPTIONS, GROUPS, name, origin, value
from bot.ui.words import Words

MOST_CHARACTERS = 3900
"""Discord takes 4000 in all texts of a message together."""


def config_view(in_force: InForce, warnings: Sequence[str], command_ids: Mapping[str, int], say: Words) -> LayoutView:
    """Every setting with what holds; without the descriptions where there is no room for them."""
    said = _texts(in_force, warnings, command_ids, say, with_descriptions=True)
    if sum(map(len, said)) > MOST_CHARACTERS:
        said = _texts(in_force, warnings, command_ids, say, with_descriptions=False)
    container: Container[LayoutView] = Container()
    for number, one in enumerate(said):
        if number:
            container.add_item(Separator())
        container.add_item(TextDisplay(one))
    view = LayoutView(timeout=None)
    view.add_item(container)
    row: ActionRow[Any] = ActionRow(*topic_buttons(say))
    view.add_item(row)
    return view


def _texts(
    in_force: InForce, warnings: Sequence[str], command_ids: Mapping[str, int], say: Words, *, with_descriptions: bool
) -> list[str]:
    named = {verb: command(command_ids, f"config {verb}") for verb in ("set", "reset", "history")}
    of_members = {name: command(command_ids, name) for name in ("help", "settings")}
    hint = say(text.HINT, **named, **of_members)
    title = "\n".join([f"### {say(text.TITLE)}", *warnings])
    groups = [_group(group, in_force, say, with_descriptions=with_descriptions) for group in Group]
    return [title, *groups, f"-# {hint}"]


def _group(group: Group, in_force: InForce, say: Words, *, with_descriptions: bool) -> str:
    lines = [f"**{say(GROUPS[group])}**"]
    for setting in (setting for setting in SETTINGS if setting.group is group):
        lines.append(setting_line(setting, in_force, say))
        if with_descriptions:
            lines.append(f"-# {say(DESCRIPTIONS[setting.name])}")
    return "\n".join(lines)


def setting_line(setting: Setting, in_force: InForce, say: Words) -> str:
    """What holds, and in words who decided on it."""
    line = f"{name(setting, say)}: **{value(setting, in_force.settings, say)}**"
    return f"{line} · {origin(in_force.origin(setting.name), say)}"
