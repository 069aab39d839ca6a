"""What a member typed into the Tweak form, read forgivingly; what cannot be used is named with what is
allowed. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from bot.jobs.choices import WrongChoice, parse_weights
from bot.jobs.variation import anew
from bot.settings.layers import layers_in
from nst_engine.contract.params import (
    MAX_SEED,
    MAX_SIZE_PX,
    MAX_STEPS,
    MAX_STYLE_SCALE,
    MAX_WEIGHT,
    MIN_SIZE_PX,
    MIN_STYLE_SCALE,
    Init,
    Pooling,
    StylizeParams,
)

_Choice = TypeVar("_Choice", bound=StrEnum)


class Line(StrEnum):
    """What is typed. The first two have fields of their own, the others a line each under "More"."""

    STRENGTH = "strength"
    SIZE = "size"
    SEED = "seed"
    STROKE_SIZE = "stroke size"
    STYLE_WEIGHTS = "style weights"
    STEPS = "steps"
    SMOOTHNESS = "smoothness"
    START = "start"
    POOLING = "pooling"
    CONTENT_LAYERS = "content layers"
    STYLE_LAYERS = "style layers"
    SPOILER = "spoiler"


MORE = tuple(Line)[2:]


class Word(StrEnum):
    """What can be typed where it is one of a few."""

    YES = "yes"
    NO = "no"
    CONTENT = "content"
    NOISE = "noise"
    STYLE = "style"
    MAX = "max"
    AVERAGE = "average"


STARTS: Mapping[Word, Init] = MappingProxyType(
    {Word.CONTENT: Init.CONTENT, Word.STYLE: Init.MATCHED, Word.NOISE: Init.NOISE}
)
POOLINGS: Mapping[Word, Pooling] = MappingProxyType({Word.MAX: Pooling.MAX, Word.AVERAGE: Pooling.AVERAGE})


@dataclass(frozen=True, slots=True)
class Number:
    """From `least` to `most`."""

    least: float
    most: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """One for each of so many styles."""

    styles: int


@dataclass(frozen=True, slots=True)
class Layers:
    """Names of layers, each with a weight or without."""


Allowed = Number | OneOf | Weights | Layers


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be used. `line` is None where nobody knows what is meant, and then all lines are allowed."""

    typed: str
    line: Line | None
    allowed: Allowed | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How a reader writes lines and words: lower case, in their language and in English."""

    lines: Mapping[str, Line] = field(default_factory=lambda: {str(line): line for line in Line})
    words: Mapping[str, Word] = field(default_factory=lambda: {str(word): word for word in Word})

    def name_of(self, line: Line) -> str:
        """As the reader writes it: their own language comes last."""
        return [name for name, known in self.lines.items() if known is line][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form, as it was sent or as it is prefilled."""

    preset: str
    strength: str
    size: str
    colours: str
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweaked:
    """What is asked for."""

    params: StylizeParams
    spoiler: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the form is about."""

    params: StylizeParams
    styles: int
    spoiler: bool
    max_size_px: int = MAX_SIZE_PX


def tweak(typed: Typed, before: Before, vocabulary: Vocabulary) -> Tweaked | tuple[Wrong, ...]:
    """The choices; or every line that is wrong. A line that was taken out stays as it was."""
    found, wrong = _lines(typed.more, vocabulary)
    given = {Line.STRENGTH: typed.strength, Line.SIZE: typed.size, **found}
    changes: dict[str, object] = {
        "preset": _offered(typed.preset, before.params.preset),
        "keep_colours": _offered(typed.colours, before.params.keep_colours),
    }
    for line, text in given.items():
        allowed = allowed_in(line, before)
        try:
            changes[_FIELDS[line]] = _read(line, text.strip(), allowed, vocabulary)
        except ValueError:
            wrong.append(Wrong(text if line not in MORE else f"{vocabulary.name_of(line)}: {text}", line, allowed))
    if wrong:
        return tuple(wrong)
    spoiler = bool(changes.pop("spoiler", before.spoiler))
    return Tweaked(params=anew(before.params).model_copy(update=changes), spoiler=spoiler)


def _offered(sent: str, before: _Choice) -> _Choice:
    """What a list offers; what it does not offer, no form of ours sends, and nothing is changed by it."""
    return next((one for one in type(before) if one == sent), before)


def allowed_in(line: Line, before: Before) -> Allowed:
    match line:
        case Line.SIZE:
            return Number(MIN_SIZE_PX, before.max_size_px, is_whole=True)
        case Line.STYLE_WEIGHTS:
            return Weights(before.styles)
        case _:
            return _ALLOWED[line]


_ALLOWED: Mapping[Line, Allowed] = MappingProxyType(
    {
        Line.STRENGTH: Number(0, 100, is_whole=True),
        Line.SEED: Number(0, MAX_SEED, is_whole=True),
        Line.STROKE_SIZE: Number(MIN_STYLE_SCALE, MAX_STYLE_SCALE, is_whole=False),
        Line.STEPS: Number(1, MAX_STEPS, is_whole=True),
        Line.SMOOTHNESS: Number(0, MAX_WEIGHT, is_whole=False),
        Line.START: OneOf(tuple(STARTS)),
        Line.POOLING: OneOf(tuple(POOLINGS)),
        Line.CONTENT_LAYERS: Layers(),
        Line.STYLE_LAYERS: Layers(),
        Line.SPOILER: OneOf((Word.YES, Word.NO)),
    }
)
_FIELDS: Mapping[Line, str] = MappingProxyType(
    {
        Line.STRENGTH: "strength",
        Line.SIZE: "size",
        Line.SEED: "seed",
        Line.STROKE_SIZE: "style_scale",
        Line.STYLE_WEIGHTS: "style_weights",
        Line.STEPS: "steps",
        Line.SMOOTHNESS: "tv",
        Line.START: "init",
        Line.POOLING: "pooling",
        Line.CONTENT_LAYERS: "content_layers",
        Line.STYLE_LAYERS: "style_layers",
        Line.SPOILER: "spoiler",
    }
)
_LEFT_EMPTY: Mapping[Line, object] = MappingProxyType(
    {
        Line.SEED: 0,
        Line.STROKE_SIZE: 1.0,
        Line.STYLE_WEIGHTS: (),
        Line.STEPS: None,
        Line.SMOOTHNESS: None,
        Line.START: None,
        Line.POOLING: None,
        Line.CONTENT_LAYERS: None,
        Line.STYLE_LAYERS: None,
        Line.SPOILER: False,
    }
)
_MEANINGS: Mapping[Line, Mapping[Word, object]] = MappingProxyType(
    {Line.START: STARTS, Line.POOLING: POOLINGS, Line.SPOILER: {Word.YES: True, Word.NO: False}}
)


def _lines(more: str, vocabulary: Vocabulary) -> tuple[dict[Line, str], list[Wrong]]:
    """`name: value` or `name = value`; of a name that stands twice the last one counts."""
    found: dict[Line, str] = {}
    wrong: list[Wrong] = []
    for text in filter(None, map(str.strip, more.splitlines())):
        name, _, value = text.replace("：", ":").replace("＝", "=").replace("=", ":", ":" not in text).partition(":")
        line = vocabulary.lines.get(" ".join(name.split()).casefold())
        if line in MORE:
            found[line] = value.strip()
        else:
            wrong.append(Wrong(text, None, None))
    return found, wrong


def _read(line: Line, text: str, allowed: Allowed, vocabulary: Vocabulary) -> object:
    """Raises ValueError."""
    if not text and line in _LEFT_EMPTY:
        return _LEFT_EMPTY[line]
    match allowed:
        case Number():
            return _number(text, allowed)
        case OneOf(words=words):
            word = vocabulary.words.get(" ".join(text.split()).casefold())
            if word not in words or word is None:
                raise ValueError(text)
            return _MEANINGS[line][word]
        case Weights(styles=styles):
            return _weights(text, styles)
        case Layers():
            return layers_in(text)


def _number(text: str, allowed: Number) -> int | float:
    number = float(text.removesuffix("%").removesuffix("px").strip().replace(",", "."))
    if not math.isfinite(number) or not allowed.least <= number <= allowed.most:
        raise ValueError(text)
    if not allowed.is_whole:
        return number
    if number != round(number):
        raise ValueError(text)
    return round(number)


def _weights(text: str, styles: int) -> tuple[float, ...]:
    try:
        return parse_weights(text, styles=styles)
    except WrongChoice as error:
        raise ValueError(text) from error
