"""What `/config` says."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.settings.catalogue import Group, Setting
from bot.settings.server import ServerSettings
from bot.ui.text.names import cut, escaped, plain
from bot.ui.text.settings import name, value
from bot.ui.words import Words, later

GROUP_DESCRIPTION = later("What holds in this server; for members who may manage it")
SHOW_DESCRIPTION = later("Show every setting of this server")
SET_DESCRIPTION = later("Change a setting of this server")
RESET_DESCRIPTION = later("Put a setting, or all of them, back to how they were at first")
EDIT_DESCRIPTION = later("Change several settings in a form")
SETTING_OPTION = later("The setting")
VALUE_OPTION = later("Its value: a number, a word, a time, channels or roles")
RESET_OPTION = later("The setting, or all")
TOPIC_OPTION = later("What the settings are about")
EVERYTHING = later("all settings")
ALL = "all"
"""What `/config reset` takes for all of them."""

TITLE = later("Settings of this server")
HINT = later(
    "The buttons open forms. Change one setting with {set}, put one back with {reset}; {history} shows who changed "
    "what. Members see what holds for them with {help} and {settings}."
)
UNDO = later("Undo")
BACK_TO_FORM = later("Back to the form")
GONE = later("This change was too long ago; I no longer know what was there before.")
NOTHING_LEFT = later("There is nothing left to undo: all of it was changed again since then.")
TOPICS: Mapping[Group, str] = MappingProxyType(
    {
        Group.DEFAULTS: later("Defaults"),
        Group.RECIPE: later("Fine tuning"),
        Group.LIMITS: later("Limits"),
        Group.PLACES: later("Channels and roles"),
        Group.MODERATION: later("Moderation"),
    }
)
"""Of the forms, and of the buttons that open them."""
AS_BEFORE = later("These settings are as they were; nothing has changed.")
SOME_SAVED = later("Some of this cannot be; the rest was saved.")
NOTHING_SAVED = later("Nothing was saved, because this cannot be:")
LONGEST_QUOTE = 48
LONGEST_LIST = 1900
"""Of the 2000 characters that Discord takes."""


def unknown_setting(typed: str, say: Words) -> str:
    quoted = escaped(cut(plain(typed), LONGEST_QUOTE))
    return say("There is no setting called **{name}**. Choose one from the list.", name=quoted)


def changed(setting: Setting, before: ServerSettings, after: ServerSettings, say: Words) -> str:
    """What an admin is told, and what the log keeps of it."""
    called, now, was = name(setting, say), value(setting, after, say), value(setting, before, say)
    if now == was:
        return say("**{setting}**: {value}, as it was before.", setting=called, value=now)
    return say("**{setting}**: now {value}. Before: {before}.", setting=called, value=now, before=was)


def changed_since(settings: Sequence[Setting], say: Words) -> str:
    """What an undo leaves alone."""
    names = say.listed([f"**{name(setting, say)}**" for setting in settings])
    return say("Changed again since then, so I left it as it is: {settings}.", settings=names)


def put_back(changes: list[str], say: Words) -> str:
    """As many as fit into a message."""
    if not changes:
        return say("This was as it is at first already; nothing has changed.")
    return fitting(changes, say)


def fitting(lines: Sequence[str], say: Words, room: int = LONGEST_LIST) -> str:
    """As many as fit, and how many more there are."""
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            more = say.count("… and {n} more.", "… and {n} more.", len(lines) - number)
            return "\n".join([*lines[:number], more])
    return "\n".join(lines)


def too_long(setting: Setting, set_command: str, say: Words) -> str:
    """In a form, instead of the field."""
    return say("**{setting}** has too many entries for a form. Use {set}.", setting=name(setting, say), set=set_command)


def not_saved(problems: Sequence[str], changes: Sequence[str], say: Words) -> str:
    """Of a form: what was wrong comes first."""
    first = say(SOME_SAVED) if changes else say(NOTHING_SAVED)
    told = [first, *(f"- {problem}" for problem in problems)]
    return fitting([*told, "", *changes] if changes else told, say)


def log_channel_closed(channel_id: int, say: Words) -> str:
    return say(
        "⚠️ I cannot write to the log channel {channel}. I need **View Channel** and **Send Messages** there, "
        "or another channel.",
        channel=f"<#{channel_id}>",
    )


def add(called: str, say: Words) -> str:
    return say("add {name}", name=called)


def take_out(called: str, say: Words) -> str:
    return say("take out {name}", name=called)


def quota_choice(called: str, quota: int | None, say: Words) -> str:
    if quota is None:
        return say("{role}: no limit", role=called)
    return say.count("{role}: {n} picture a day", "{role}: {n} pictures a day", quota, role=called)
