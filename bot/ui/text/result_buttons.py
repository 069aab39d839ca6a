"""What the buttons under a finished picture are called, and what they answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.jobs.picture_names import PictureNames
from bot.jobs.variation import Limit, NoLarger, NoLessStyle, NoMoreStyle
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, plain_pair, title
from bot.ui.words import Words, later
from nst_engine.contract.params import KeepColours, StylizeParams

AGAIN = later("Again")
MORE_STYLE = later("More style")
LESS_STYLE = later("Less style")
KEEP_COLOURS = later("Keep colours")
STYLES_COLOURS = later("Style's colours")
LARGER = later("Larger")
TWEAK = later("Tweak…")
TIMELAPSE = later("Timelapse")
COMPARE = later("Compare")
DELETE = later("Delete")
TRY_AGAIN = later("Try again")

UNKNOWN = later("I no longer know this picture.")
DELETED = later("This picture was deleted.")
PICTURES_GONE = later("The pictures that this one was made of are no longer kept. Please send them again.")
RESULT_GONE = later("The finished picture is no longer kept.")
NOT_FINISHED = later("This picture is not finished.")
UNDER_WAY = later("One moment, please: I am doing that already.")
ASKED_ALREADY = later("You have asked for exactly this already; it is waiting or being painted.")
NOT_YOURS = later("Only the person who asked for this picture, or a moderator, can delete it.")
DELETE_REFUSED = later("I cannot delete it here. A moderator of this server can.")
GONE_ALREADY = later("It is deleted already.")
DELETED_NOW = later("Deleted.")
NO_TIMELAPSE = later("No timelapse was kept of this picture.")
NO_TIMELAPSE_OF_MOVING = later("There is a timelapse of still pictures only, and this one moves.")
TOO_LARGE_TO_SHOW = later("It is too large for Discord here.")
AGAIN_AS_BEFORE = later("Once more, with the same choices.")

_COLOURS_REMARKS: Mapping[KeepColours, str] = MappingProxyType(
    {
        KeepColours.NO: later("In the style's colours."),
        KeepColours.LUMINANCE: later("In its own colours: the style paints light and dark."),
        KeepColours.TRANSFER: later("In its own colours."),
    }
)


def again(params: StylizeParams, say: Words) -> str:
    return say("Again, differently: seed {seed}.", seed=params.seed)


def more_style(before: StylizeParams, after: StylizeParams, say: Words) -> str:
    return say("More style: strength {before} → {after}.", before=before.strength, after=after.strength)


def less_style(before: StylizeParams, after: StylizeParams, say: Words) -> str:
    return say("Less style: strength {before} → {after}.", before=before.strength, after=after.strength)


def other_colours(params: StylizeParams, say: Words) -> str:
    return say(_COLOURS_REMARKS[params.keep_colours])


def larger(before: StylizeParams, after: StylizeParams, say: Words) -> str:
    return say(
        "Larger: {before} → {after} pixels, going on from the finished picture.", before=before.size, after=after.size
    )


def at_limit(limit: Limit, say: Words) -> str:
    match limit:
        case NoMoreStyle(strength=strength):
            return say("The strength is {strength} already, the highest there is.", strength=strength)
        case NoLessStyle(strength=strength):
            return say("The strength is {strength} already, the lowest there is.", strength=strength)
        case NoLarger(size_px=size, limit_px=largest):
            return say(
                "It is {size} pixels already, and the largest size that I paint here is {limit}.",
                size=size,
                limit=largest,
            )
        case _:
            assert_never(limit)


def timelapse(names: PictureNames, say: Words) -> str:
    """The alt text of the animation."""
    return cut(say("How it was painted: {pair}", pair=plain_pair(names, say)), LONGEST_ALT_TEXT)


def timelapse_is_there(link: str, say: Words) -> str:
    return say("The timelapse is here: {link}", link=link)


def before_and_after(names: PictureNames, say: Words) -> str:
    """The alt text of both pictures side by side."""
    told = say(
        "Before and after: {content} on the left, {pair} on the right",
        content=title(names.content, say),
        pair=plain_pair(names, say),
    )
    return cut(told, LONGEST_ALT_TEXT)
