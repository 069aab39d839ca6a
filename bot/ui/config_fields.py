"""The fields of a form that changes settings, with what holds now, and what was put into them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui
from pydantic import JsonValue

from bot.settings.catalogue import Kind, Setting
from bot.settings.layers import written
from bot.settings.server import ServerSettings, as_json
from bot.settings.typed import NONE, Around, parse
from bot.ui.modals import Form
from bot.ui.text.names import cut
from bot.ui.text.settings import choice, name, nothing, range_hint
from bot.ui.words import Words

LONGEST_LABEL = 45
LONGEST_DESCRIPTION = 100
LONGEST_OPTION = 100
LONGEST_TEXT = 400
LONGEST_LIST = 2000
MOST_SELECTED = 25
AS_USUAL = "usual"
"""Of a member's form: no choice of their own."""
SPOKEN_IN = [
    discord.ChannelType.text,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a field is filled with."""

    settings: ServerSettings
    around: Around
    description: str
    as_usual: str = ""
    """What the choice of no choice is called; empty where there is none."""
    is_chosen: bool = True
    """Otherwise what holds is only what is usual."""


@dataclass(frozen=True, slots=True)
class Put:
    """What somebody put into a field; `unset` is to have no value of one's own."""

    value: JsonValue = None
    unset: bool = False


def field(setting: Setting, shown: Shown, say: Words) -> ui.Label[Any]:
    return ui.Label(
        text=cut(name(setting, say), LONGEST_LABEL),
        description=cut(shown.description, LONGEST_DESCRIPTION),
        component=_component(setting, shown, say),
    )


def fits(setting: Setting, settings: ServerSettings) -> bool:
    """Discord's lists for choosing hold no more."""
    held = getattr(settings, setting.name)
    return setting.kind not in {Kind.CHANNELS, Kind.ROLES} or len(held) <= MOST_SELECTED


def put_into(setting: Setting, form: Form, around: Around) -> Put | None:
    """None where the form has no such field. Raises BadValue."""
    if setting.name not in form.answers:
        return None
    if setting.kind in {Kind.CHANNELS, Kind.ROLES}:
        there = around.channels if setting.kind is Kind.CHANNELS else around.roles
        ids: list[JsonValue] = [int(one) for one in form.chosen(setting.name) if one.isdigit() and int(one) in there]
        return Put(ids)
    if setting.kind in {Kind.CHOICE, Kind.SWITCH, Kind.CHANNEL}:
        chosen = form.choice(setting.name)
        typed = f"<#{chosen}>" if chosen and setting.kind is Kind.CHANNEL else chosen or ""
    else:
        typed = form.text(setting.name)
    return Put(unset=True) if typed in {"", AS_USUAL} else Put(parse(setting, typed, around))


def _component(setting: Setting, shown: Shown, say: Words) -> ui.Item[Any]:
    match setting.kind:
        case Kind.CHOICE | Kind.SWITCH:
            return ui.Select(custom_id=setting.name, options=list(_options(setting, shown, say)))
        case Kind.CHANNELS | Kind.CHANNEL | Kind.ROLES:
            return _picker(setting, shown)
        case _:
            return _line(setting, shown, say)


def _options(setting: Setting, shown: Shown, say: Words) -> Iterator[discord.SelectOption]:
    held = _plain(setting, shown.settings) if shown.is_chosen else AS_USUAL
    if shown.as_usual:
        usual = not shown.is_chosen
        yield discord.SelectOption(label=cut(shown.as_usual, LONGEST_OPTION), value=AS_USUAL, default=usual)
    if setting.may_be_empty:
        yield discord.SelectOption(label=nothing(setting, say), value=NONE, default=held == NONE)
    for one in setting.choices:
        label = cut(choice(setting, one, say), LONGEST_OPTION)
        yield discord.SelectOption(label=label, value=one, default=held == one)


def _picker(setting: Setting, shown: Shown) -> ui.Item[Any]:
    """What has been deleted is left out: Discord refuses to show it."""
    held = getattr(shown.settings, setting.name)
    ids = held if isinstance(held, tuple) else () if held is None else (held,)
    if setting.kind is Kind.ROLES:
        roles = [discord.Object(id=one, type=discord.Role) for one in ids if one in shown.around.roles]
        return ui.RoleSelect(
            custom_id=setting.name, required=False, min_values=0, max_values=MOST_SELECTED, default_values=roles
        )
    return ui.ChannelSelect(
        custom_id=setting.name,
        required=False,
        min_values=0,
        max_values=1 if setting.kind is Kind.CHANNEL else MOST_SELECTED,
        channel_types=[discord.ChannelType.text] if setting.kind is Kind.CHANNEL else SPOKEN_IN,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel)
            for one in ids
            if one in shown.around.channels
        ],
    )


def _line(setting: Setting, shown: Shown, say: Words) -> ui.TextInput[Any]:
    held = _plain(setting, shown.settings)
    is_list = setting.kind is Kind.ROLE_QUOTAS
    if is_list:
        held = _quotas(shown)
    return ui.TextInput(
        custom_id=setting.name,
        style=discord.TextStyle.paragraph if is_list else discord.TextStyle.short,
        default=(held if shown.is_chosen and held != NONE else "") or None,
        placeholder=cut(shown.as_usual or _placeholder(setting, shown, say), LONGEST_OPTION),
        required=False,
        max_length=LONGEST_LIST if is_list else LONGEST_TEXT,
    )


def _placeholder(setting: Setting, shown: Shown, say: Words) -> str:
    match setting.kind:
        case Kind.NUMBER | Kind.PER_DAY:
            return range_hint(setting, shown.around.most, say)
        case Kind.LAYERS:
            return "conv1_1 0.5, conv2_1 0.5"
        case Kind.SECONDS:
            return "30 s, 5 min, 1 h"
        case Kind.ROLE_QUOTAS:
            return "@Artists 10, @Helpers no limit"
        case _:
            return ""


def _plain(setting: Setting, settings: ServerSettings) -> str:
    """What holds, as `parse` reads it in every language."""
    held = getattr(settings, setting.name)
    match setting.kind, held:
        case _, None:
            return NONE
        case Kind.SWITCH, _:
            return "yes" if held else "no"
        case Kind.LAYERS, tuple(layers):
            return written(layers)
        case Kind.SECONDS, int(seconds):
            return _time(seconds)
        case _:
            return str(as_json(settings, setting.name))


def _time(seconds: int) -> str:
    parts = (f"{seconds // 3600} h", f"{seconds // 60 % 60} min", f"{seconds % 60} s")
    return " ".join(part for part in parts if not part.startswith("0 ")) or NONE


def _quotas(shown: Shown) -> str:
    """By name where that says which role is meant, and where there is room."""
    roles, quotas = shown.around.roles, shown.settings.role_quotas
    there = {role_id: "no limit" if quota is None else quota for role_id, quota in quotas.items() if role_id in roles}
    named = ", ".join(f"{_role(role_id, roles)} {quota}" for role_id, quota in there.items())
    return named if len(named) <= LONGEST_LIST else ", ".join(f"<@&{one}> {quota}" for one, quota in there.items())


def _role(role_id: int, roles: Mapping[int, str]) -> str:
    called = roles[role_id]
    is_plain = list(roles.values()).count(called) == 1 and called.replace(" ", "").isalpha()
    return f"@{called}" if is_plain else f"<@&{role_id}>"
