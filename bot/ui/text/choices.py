"""What is said about choices that do not make a picture, and what to choose instead."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.jobs.choices import (
    DrawnSticker,
    Mistake,
    NotWeights,
    OtherCountOfWeights,
    SeveralContents,
    TooManyStyles,
    UnknownEmoji,
    UnknownPreset,
    UnknownStyle,
    WeightTooLarge,
    Wrong,
)
from bot.ui.text.names import cut, escaped, plain
from bot.ui.words import Words, later
from nst_engine.contract.params import MAX_STYLES, MAX_WEIGHT

LONGEST_QUOTE = 48

_WRONG: Mapping[Wrong, str] = MappingProxyType(
    {
        Wrong.NO_CONTENT: later(
            "Which picture shall I paint? Give it as `content`, or choose an `avatar` or an `emoji`."
        ),
        Wrong.NO_STYLE: later(
            "Which style shall I use? Give a picture as `style`, or name one of the library with `from_library`."
        ),
        Wrong.NO_WEIGHT: later("At least one weight must be more than 0, or there would be no style at all."),
        Wrong.PLAIN_EMOJI: later(
            "Discord has no picture of this emoji. Choose one of a server's own, or attach a picture as `content`."
        ),
        Wrong.NO_PICTURE: later("I see no picture in this message."),
        Wrong.NO_PICTURE_IN_REPLY: later(
            "I see no picture in this message. If it is in the one that this replies to, use the menu there."
        ),
        Wrong.NO_CONTENT_IN_FORM: later("Which picture shall I paint? Upload one, or choose your avatar."),
        Wrong.TWO_CONTENTS_IN_FORM: later("You gave a picture and your avatar. Choose one of the two."),
        Wrong.NO_STYLE_IN_FORM: later("Which style shall I use? Choose one of the library, or upload a picture."),
        Wrong.FORM_TOO_OLD: later("I no longer know which picture this form was for. Please open it again."),
    }
)


def mistake(why: Mistake, say: Words) -> str:
    """What to choose instead."""
    match why:
        case Wrong():
            return say(_WRONG[why])
        case SeveralContents(given=given):
            options = say.listed([f"`{option}`" for option in given])
            return say("You gave {options}, and I paint one picture at a time. Choose one of them.", options=options)
        case TooManyStyles(given=given):
            return say("You gave {n} styles; a picture has at most {most}.", n=given, most=MAX_STYLES)
        case UnknownStyle(name=name):
            return say("There is no style **{name}** in the library here. `/style list` shows all.", name=_quoted(name))
        case UnknownPreset(name=name):
            return say("There is no preset **{name}** here. Choose one from the list.", name=_quoted(name))
        case UnknownEmoji(name=name):
            return say("I know no emoji or sticker called **{name}** here.", name=_quoted(name))
        case DrawnSticker(name=name):
            return say(
                "The sticker **{name}** is kept in a way that I cannot read. Choose another, or attach a picture.",
                name=_quoted(name),
            )
        case NotWeights() | OtherCountOfWeights() | WeightTooLarge():
            return _weights(why, say)
        case _:
            assert_never(why)


def _weights(why: NotWeights | OtherCountOfWeights | WeightTooLarge, say: Words) -> str:
    match why:
        case NotWeights(typed=typed):
            return say(
                "**{typed}** are no weights. Write one number for each style, for example `2, 1` or `70% 30%`.",
                typed=_quoted(typed),
            )
        case OtherCountOfWeights(weights=weights, styles=styles):
            return say(
                "Weights: {weights}, styles: {styles}. Give one weight for each style, or none.",
                weights=weights,
                styles=styles,
            )
        case WeightTooLarge(weight=weight):
            return say(
                "A weight of {weight} is too large; it may be at most {most}.",
                weight=say.number(weight),
                most=say.number(MAX_WEIGHT),
            )
        case _:
            assert_never(why)


def _quoted(typed: str) -> str:
    return escaped(cut(plain(typed), LONGEST_QUOTE))
