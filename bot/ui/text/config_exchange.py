"""What `/config export` and `/config import` say, and what stands in the file."""

from collections.abc import Sequence
from typing import assert_never

from bot.settings.catalogue import Kind, Setting
from bot.settings.exchange import Fault, NotReadable, UnknownKey, WrongValue
from bot.settings.typed import Unknown
from bot.ui.text.names import cut, plain, unformatted
from bot.ui.text.settings import DESCRIPTIONS, name, problem
from bot.ui.words import Words, later

EXPORT_DESCRIPTION = later("Get this server's settings as a small file")
IMPORT_DESCRIPTION = later("Take settings from a file that /config export made; you see first what would change")
FILE_OPTION = later("A file that /config export made, here or in another server")
EXPORTED = later("The settings of this server. Put the file back with {import_}, here or in another server.")
PREVIEW_TITLE = later("What this file would change")
LEFT_OUT_TITLE = later("What I would leave out")
APPLY = later("Apply")
NOTHING_TO_CHANGE = later("Nothing: everything in the file is like this already.")
NOTHING_USABLE = later("Nothing in this file can be used.")
REST_STAYS = later("What the file does not name stays as it is. Applying can be undone.")
OUTDATED = later("The settings were changed after you saw this. Send the file again to see what it would change now.")
TOO_OLD = later("This is too long ago. Send the file again.")
ABOUT_CHANGED = later("Settings with # in front are as the bot's operator has them. Take the # away to set one.")
ABOUT_IMPORT = later("Put this file back with /config import. What it does not name stays as it is.")
LONGEST_KEY = 40


def about(server: str, day: str, say: Words) -> Sequence[str]:
    """At the top of the file."""
    title = say("Settings of {server}, {day}", server=cut(plain(server), 100), day=day)
    return (title, say(ABOUT_IMPORT), say(ABOUT_CHANGED))


def described(setting: Setting, most: int, say: Words) -> str:
    """Above a setting in the file: what it is, and what is allowed."""
    called = say("{setting}: {description}", setting=name(setting, say), description=say(DESCRIPTIONS[setting.name]))
    match setting.kind:
        case Kind.CHOICE | Kind.SWITCH:
            return say("{setting} ({choices})", setting=called, choices=", ".join(setting.choices))
        case Kind.NUMBER | Kind.PER_DAY if setting.may_be_empty:
            return say('{setting} ({least} to {most}, or "none")', setting=called, least=setting.least, most=most)
        case Kind.NUMBER:
            return say("{setting} ({least} to {most})", setting=called, least=setting.least, most=most)
        case Kind.SECONDS:
            return say('{setting} (in seconds, or "5 min")', setting=called)
        case _:
            return called


def too_large(most_bytes: int, say: Words) -> str:
    return say("This file is too large for settings: at most {size} KiB.", size=most_bytes // 1024)


def fault(found: Fault, say: Words) -> str:
    """One thing that cannot be, with its line."""
    match found:
        case NotReadable(line=None):
            return say("This is not a file of settings: I cannot read it as TOML.")
        case NotReadable(line=line):
            return say("I cannot read line {line}. Nothing was changed.", line=line)
        case UnknownKey(line=line, key=key):
            called = unformatted(cut(plain(key), LONGEST_KEY)) or "?"
            return _in_line(line, say("There is no setting called **{name}**.", name=called), say)
        case WrongValue(line=line, problem=Unknown() as why):
            return _in_line(line, _unknown(why, say), say)
        case WrongValue(line=line, setting=setting, problem=why):
            return _in_line(line, problem(setting, why, say), say)
        case _:
            assert_never(found)


def _unknown(why: Unknown, say: Words) -> str:
    """Of another server, or gone."""
    called = unformatted(cut(plain(why.name), LONGEST_KEY)) or "?"
    if why.kind is Kind.ROLES or why.kind is Kind.ROLE_QUOTAS:
        return say("There is no role **{name}** in this server.", name=called)
    return say("There is no channel **{name}** in this server that I can see.", name=called)


def _in_line(line: int | None, said: str, say: Words) -> str:
    return said if line is None else say("Line {line}: {problem}", line=line, problem=said)
