"""The Tweak form: what its fields are called, and what is said about what cannot be used."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar, assert_never

from bot.jobs.tweak import MORE, Allowed, Layers, Line, Number, OneOf, Vocabulary, Weights, Word, Wrong
from bot.ui.text.names import cut, plain
from bot.ui.words import Words, later
from nst_engine.contract.params import LAYERS

TITLE = later("Tweak this picture")
PRESET = later("Preset")
STRENGTH = later("Strength")
STRENGTH_HINT = later("How much of the style: 0 to 100")
SIZE = later("Size")
COLOURS = later("Colours")
MORE_LABEL = later("More")
MORE_HINT = later("Change what you like. An empty line means: as the preset has it.")
BUTTON = later("Back to the form")
REMARK = later("Tweaked.")
NOT_YET = later("Not painted yet: some of this cannot be used.")

LINES: Mapping[Line, str] = MappingProxyType(
    {
        Line.STRENGTH: later("strength"),
        Line.SIZE: later("size"),
        Line.SEED: later("seed"),
        Line.STROKE_SIZE: later("stroke size"),
        Line.STYLE_WEIGHTS: later("style weights"),
        Line.STEPS: later("steps"),
        Line.SMOOTHNESS: later("smoothness"),
        Line.START: later("start from"),
        Line.POOLING: later("pooling"),
        Line.CONTENT_LAYERS: later("content layers"),
        Line.STYLE_LAYERS: later("style layers"),
        Line.SPOILER: later("spoiler"),
    }
)
WORDS: Mapping[Word, str] = MappingProxyType(
    {
        Word.YES: later("yes"),
        Word.NO: later("no"),
        Word.CONTENT: later("content"),
        Word.NOISE: later("noise"),
        Word.STYLE: later("content in the style's colours"),
        Word.MAX: later("max"),
        Word.AVERAGE: later("average"),
    }
)

Key = TypeVar("Key")

LONGEST_TYPED = 60
LONGEST_REFUSAL = 950
"""What does not fit is told when the rest is right; it stands above what was typed, in the same message."""


def vocabulary(say: Words) -> Vocabulary:
    """What is understood of a reader: English, and their own language first."""
    english = Vocabulary()
    lines = {**_lowered({line: LINES[line] for line in Line}), **_lowered({line: say(LINES[line]) for line in Line})}
    words = {**_lowered(WORDS), **_lowered({word: say(WORDS[word]) for word in Word})}
    return Vocabulary(lines={**english.lines, **lines}, words={**english.words, **words})


def size_hint(limit_px: int, least_px: int, say: Words) -> str:
    return say("Longer side in pixels: {least} to {most}", least=least_px, most=limit_px)


def refused(wrong: tuple[Wrong, ...], say: Words) -> str:
    """What cannot be used, a line each, with what can."""
    told = say(NOT_YET)
    for line in (f"\n- {_wrong(each, say)}" for each in wrong):
        if len(told) + len(line) <= LONGEST_REFUSAL:
            told += line
    return told


def _wrong(wrong: Wrong, say: Words) -> str:
    typed = cut(plain(wrong.typed).replace("`", "'"), LONGEST_TYPED)
    if wrong.allowed is None:
        return say(
            "`{typed}`: I do not know what is meant. Lines begin with {lines}.",
            typed=typed,
            lines=say.either([f"`{say(LINES[line])}`" for line in MORE]),
        )
    if wrong.line is not None and wrong.line not in MORE:
        typed = f"{say(LINES[wrong.line])}: {typed}"
    return _with_allowed(typed, wrong.allowed, say)


def _with_allowed(typed: str, allowed: Allowed, say: Words) -> str:
    match allowed:
        case Number(least=least, most=most, is_whole=is_whole):
            range_ = {"least": _number(least, say), "most": _number(most, say)}
            if is_whole:
                return say("`{typed}`: take a whole number from {least} to {most}.", typed=typed, **range_)
            return say("`{typed}`: take a number from {least} to {most}.", typed=typed, **range_)
        case OneOf(words=words):
            either = say.either([f"`{say(WORDS[word])}`" for word in words])
            return say("`{typed}`: take {words}, or leave it empty.", typed=typed, words=either)
        case Weights(styles=styles):
            return say.count(
                "`{typed}`: there is only one style, so that it needs no weight.",
                "`{typed}`: give {n} numbers, one for each style, for example `2, 1`; at least one of them above 0.",
                styles,
                typed=typed,
            )
        case Layers():
            return say(
                "`{typed}`: name layers from {first} to {last}, each with a weight if you like: "
                "`conv1_1 0.5, conv2_1 0.5`.",
                typed=typed,
                first=LAYERS[0],
                last=LAYERS[-1],
            )
        case _:
            assert_never(allowed)


def _number(value: float, say: Words) -> str:
    return str(round(value)) if value == round(value) else say.number(value, 2)


def _lowered(names: Mapping[Key, str]) -> dict[str, Key]:
    """Without their accents first: many leave them out."""
    plain = {_without_accents(name).casefold(): key for key, name in names.items()}
    return {**plain, **{name.casefold(): key for key, name in names.items()}}


def _without_accents(words: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", words) if unicodedata.category(sign) != "Mn")
