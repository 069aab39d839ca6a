"""What `/config history` says: who changed which setting, and when."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.settings.catalogue import Setting
from bot.settings.server import ServerSettings
from bot.store.setting_changes import Change, How
from bot.ui.text.names import cut, unformatted
from bot.ui.text.settings import name, value
from bot.ui.words import Words, later

DESCRIPTION = later("Show the last changes of this server's settings, and undo them")
TITLE = later("Changes of the settings")
NONE_YET = later("Nobody has changed a setting of this server yet.")
HINT = later("An undo is a change as well, and can be undone.")
HOW: Mapping[How, str] = MappingProxyType(
    {
        How.SET: later("{when} · {member}"),
        How.RESET: later("{when} · {member} · put back"),
        How.FORM: later("{when} · {member} · in the form"),
        How.IMPORT: later("{when} · {member} · from a file"),
        How.TRY: later("{when} · {member} · after a try"),
        How.UNDO: later("{when} · {member} · undone"),
        How.OTHER: later("{when} · {member}"),
    }
)
LONGEST_STEP = 160


def heading(change: Change, say: Words) -> str:
    return say(HOW[change.how], when=f"<t:{round(change.at)}:f>", member=f"<@{change.by}>")


def step(setting: Setting, before: ServerSettings, after: ServerSettings, say: Words) -> str:
    """One setting of a change."""
    said = say(
        "**{setting}**: {before} → {after}",
        setting=name(setting, say),
        before=value(setting, before, say),
        after=value(setting, after, say),
    )
    return said if len(said) <= LONGEST_STEP else say("**{setting}**: a list changed", setting=name(setting, say))


def unknown_step(setting_name: str, say: Words) -> str:
    """A setting that only a newer version knows."""
    return say("**{setting}**: another version's setting", setting=cut(unformatted(setting_name), LONGEST_STEP // 2))
