"""What `/config` says."""

from bot.settings.catalogue import Setting
from bot.settings.server import ServerSettings
from bot.ui.text.names import cut, escaped, plain
from bot.ui.text.settings import name, value
from bot.ui.words import Words, later

GROUP_DESCRIPTION = later("What holds in this server; for members who may manage it")
SHOW_DESCRIPTION = later("Show every setting of this server")
SET_DESCRIPTION = later("Change a setting of this server")
RESET_DESCRIPTION = later("Put a setting, or all of them, back to how they were at first")
SETTING_OPTION = later("The setting")
VALUE_OPTION = later("Its value: a number, a word, a time, channels or roles")
RESET_OPTION = later("The setting, or all")
EVERYTHING = later("all settings")
ALL = "all"
"""What `/config reset` takes for all of them."""

TITLE = later("Settings of this server")
OWN_MARK = later("set here")
HINT = later("Change one with {set}, put one back with {reset}. Members see what holds for them with {help}.")
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


def put_back(changes: list[str], say: Words) -> str:
    """As many as fit into a message."""
    if not changes:
        return say("This was as it is at first already; nothing has changed.")
    room = LONGEST_LIST
    for number, change in enumerate(changes):
        room -= len(change) + 1
        if room < 0:
            more = say.count("… and {n} more.", "… and {n} more.", len(changes) - number)
            return "\n".join([*changes[:number], more])
    return "\n".join(changes)


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
