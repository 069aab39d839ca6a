"""What a member may choose for a picture, and how choices can be wrong: pure rules, which know no Discord."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from nst_engine.contract.params import MAX_STYLES, MAX_WEIGHT

_Picture = TypeVar("_Picture")


class ContentOption(StrEnum):
    """Where the picture to paint can come from."""

    CONTENT = "content"
    AVATAR = "avatar"
    EMOJI = "emoji"


class Wrong(StrEnum):
    """What is wrong and needs no telling of what was typed."""

    NO_CONTENT = "no content"
    NO_STYLE = "no style"
    NO_WEIGHT = "every weight is nought"
    PLAIN_EMOJI = "a character, for which Discord has no picture"
    NO_PICTURE = "no picture in the message"
    NO_PICTURE_IN_REPLY = "no picture in the message, nor one to be seen in the one that it replies to"
    NO_CONTENT_IN_FORM = "no content in the form"
    TWO_CONTENTS_IN_FORM = "two contents in the form"
    NO_STYLE_IN_FORM = "no style in the form"
    FORM_TOO_OLD = "the picture that the form was opened for is forgotten"


@dataclass(frozen=True, slots=True)
class SeveralContents:
    given: tuple[ContentOption, ...]


@dataclass(frozen=True, slots=True)
class TooManyStyles:
    given: int


@dataclass(frozen=True, slots=True)
class UnknownStyle:
    name: str


@dataclass(frozen=True, slots=True)
class UnknownPreset:
    """Neither the project nor the server has one of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class NotWeights:
    typed: str


@dataclass(frozen=True, slots=True)
class OtherCountOfWeights:
    weights: int
    styles: int


@dataclass(frozen=True, slots=True)
class WeightTooLarge:
    weight: float


@dataclass(frozen=True, slots=True)
class UnknownEmoji:
    name: str


@dataclass(frozen=True, slots=True)
class DrawnSticker:
    """It is kept as a drawing (Lottie), not as pixels."""

    name: str


Mistake = (
    Wrong
    | SeveralContents
    | TooManyStyles
    | UnknownStyle
    | UnknownPreset
    | NotWeights
    | OtherCountOfWeights
    | WeightTooLarge
    | UnknownEmoji
    | DrawnSticker
)


class WrongChoice(Exception):
    """What a member chose does not make a picture."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(repr(mistake))
        self.mistake = mistake


def the_content(given: Mapping[ContentOption, _Picture]) -> _Picture:
    """The only one that was given. Raises WrongChoice."""
    if not given:
        raise WrongChoice(Wrong.NO_CONTENT)
    if len(given) > 1:
        raise WrongChoice(SeveralContents(tuple(given)))
    return next(iter(given.values()))


def the_styles(given: Sequence[_Picture], *, none: Wrong = Wrong.NO_STYLE) -> tuple[_Picture, ...]:
    """All of them, where they are one to four; `none` is what is wrong with none. Raises WrongChoice."""
    if not given:
        raise WrongChoice(none)
    if len(given) > MAX_STYLES:
        raise WrongChoice(TooManyStyles(len(given)))
    return tuple(given)


def names_in(typed: str) -> tuple[str, ...]:
    """Names that were typed with commas between them."""
    return tuple(name for part in typed.split(",") if (name := " ".join(part.split())))


def parse_weights(typed: str, *, styles: int) -> tuple[float, ...]:
    """One weight for each style, or none at all: `2, 1`, `70% 30%`, `3:1`, `0,5 1,5`. Raises WrongChoice."""
    if not typed.strip():
        return ()
    weights = _numbers(typed, styles)
    if weights is None:
        raise WrongChoice(NotWeights(" ".join(typed.split())))
    if len(weights) != styles:
        raise WrongChoice(OtherCountOfWeights(len(weights), styles))
    if max(weights) > MAX_WEIGHT:
        raise WrongChoice(WeightTooLarge(max(weights)))
    if not any(weights):
        raise WrongChoice(Wrong.NO_WEIGHT)
    return weights


_BETWEEN = r"[\s;:/+|]+"
_NUMBER = re.compile(r"(?:\d{1,9}(?:\.\d*)?|\.\d+)%?", re.ASCII)
"""Nobody means a longer one, and it could not be shown."""


def _numbers(typed: str, wanted: int) -> tuple[float, ...] | None:
    """A comma stands between numbers, or else in them, as in much of the world: whatever makes as many as wanted."""
    apart = _split(typed.replace(",", " "))
    if apart is not None and len(apart) == wanted:
        return apart
    inside = _split(typed.replace(",", "."))
    return inside if inside is not None and len(inside) == wanted else apart


def _split(typed: str) -> tuple[float, ...] | None:
    parts = [part for part in re.split(_BETWEEN, typed.replace(" %", "%").strip()) if part]
    if not parts or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return tuple(float(part.rstrip("%")) for part in parts)


_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Me"})
"""Other symbols, modifiers, and the frame around a key."""


def is_plain_emoji(typed: str) -> bool:
    """Whether this has a character that is an emoji by itself."""
    return any(unicodedata.category(letter) in _EMOJI_CATEGORIES for letter in typed)
