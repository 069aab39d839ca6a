"""What the forms say that are opened from a message or a member."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ui.words import Words, later
from nst_engine.contract.params import MAX_STYLES, KeepColours

STYLIZE_TITLE = later("Stylize this picture")
STYLE_TITLE = later("Use as style")

LIBRARY = later("Styles of this server")
LIBRARY_PLACEHOLDER = later("Choose styles")
UPLOAD_STYLE = later("Or your own style")
UPLOAD_STYLE_MORE = later("Up to 4 pictures")
UPLOAD_CONTENT = later("Your picture")
UPLOAD_CONTENT_MORE = later("The picture to paint: a photo, for example")
AVATAR = later("Or paint your avatar")
STRENGTH = later("How much of the style")
COLOURS = later("Colours")
ALSO = later("Result")
SPOILER = later("Cover it until somebody chooses to look")
PRIVATE = later("Only I see it")

STRENGTHS: Mapping[int, str] = MappingProxyType(
    {
        25: later("A little (25)"),
        50: later("As usual (50)"),
        75: later("Much (75)"),
        100: later("All of it (100)"),
    }
)
COLOUR_NAMES: Mapping[KeepColours, str] = MappingProxyType(
    {
        KeepColours.NO: later("The style's colours"),
        KeepColours.LUMINANCE: later("Keep the photo's colours"),
        KeepColours.TRANSFER: later("The photo's palette"),
    }
)


def other_strength(strength: int, say: Words) -> str:
    return say("As usual here ({strength})", strength=strength)


def library_note(shown: int, in_all: int, say: Words) -> str:
    """Under the list of styles."""
    if shown < in_all:
        return say("{n} of {all}; `/stylize` knows them all", n=shown, all=in_all)
    return say("Up to {n} of them", n=MAX_STYLES)
