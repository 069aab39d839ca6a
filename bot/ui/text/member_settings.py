"""What `/settings` says: what a member has chosen for themselves."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.settings.catalogue import Setting
from bot.ui.text.config import NOTHING_SAVED, SOME_SAVED
from bot.ui.text.tweak import size_hint
from bot.ui.words import Words, later

DESCRIPTION = later("What holds for your pictures, and your own defaults")
TITLE = later("Your defaults")
WHAT = later("What holds for your pictures here where you choose nothing else.")
EVERYWHERE = later("Your own choices go with you into every server and into direct messages.")
CHANGE = later("Change…")
FORGET = later("Forget my choices")
FORGOTTEN = later("Your choices are forgotten; what is usual here holds again.")
SAVED = later("Saved.")
DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "default_preset": later("The recipe to paint by"),
        "default_strength": later("How much of the style, from 0 to 100"),
        "keep_colours": later("Whose colours the result has"),
        "private": later("Whether you alone see the result"),
    }
)


def description(setting: Setting, most: int, say: Words) -> str:
    """In the form."""
    if setting.name == "default_size_px":
        return size_hint(most, setting.least, say)
    return say(DESCRIPTIONS[setting.name])


def as_usual(usual: str, say: Words) -> str:
    """A choice: none of their own."""
    return say("As usual here ({value})", value=usual)


def remark(problems: Sequence[str], *, saved: bool, say: Words) -> str:
    """What came of the form."""
    if not problems:
        return say(SAVED)
    return "\n".join([say(SOME_SAVED if saved else NOTHING_SAVED), *(f"- {problem}" for problem in problems)])
