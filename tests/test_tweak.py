"""What is typed into the Tweak form is read forgivingly, and what cannot be used is named with what can."""

from typing import Any

import pytest

from bot.jobs.tweak import MORE, Before, Line, Number, OneOf, Tweaked, Typed, Vocabulary, Weights, Word, Wrong, tweak
from bot.jobs.tweak_form import prefilled
from bot.settings.language import Language
from bot.ui.text import tweak as text
from bot.ui.tweak import LONGEST_MORE
from bot.ui.words import words_for, words_in
from nst_engine.contract.params import Init, KeepColours, Pooling, PresetName, StylizeParams

SAY = words_for("en-US")
BEFORE = Before(params=StylizeParams(), styles=2, spoiler=False, max_size_px=1024)


def typed(more: str = "", **fields: str) -> Typed:
    usual = {"preset": "default", "strength": "50", "size": "512", "colours": "no"}
    return Typed(**(usual | fields), more=more)


def read(more: str = "", before: Before = BEFORE, **fields: str) -> Tweaked:
    found = tweak(typed(more, **fields), before, text.vocabulary(SAY))
    assert isinstance(found, Tweaked), found
    return found


def wrong(more: str = "", before: Before = BEFORE, **fields: str) -> tuple[Wrong, ...]:
    found = tweak(typed(more, **fields), before, text.vocabulary(SAY))
    assert isinstance(found, tuple)
    return found


def first_form(before: Before, say: Any = SAY) -> Typed:
    return prefilled(before, lambda line: say(text.LINES[line]), lambda word: say(text.WORDS[word]))


FULL = StylizeParams(
    preset=PresetName.PAPER,
    size=768,
    strength=70,
    steps=120,
    seed=4_000_000_000,
    init=Init.MATCHED,
    style_scale=1.25,
    style_weights=(2.0, 0.5),
    content_layers=(("conv4_2", 1.0),),
    style_layers=(("conv1_1", 0.25), ("conv3_1", 2.0)),
    tv=12.5,
    pooling=Pooling.AVERAGE,
    keep_colours=KeepColours.TRANSFER,
)


@pytest.mark.parametrize("params", [StylizeParams(), FULL])
@pytest.mark.parametrize("spoiler", [False, True])
@pytest.mark.parametrize("language", Language, ids=str)
def test_a_form_sent_as_it_was_shown_changes_nothing(params: StylizeParams, spoiler: bool, language: Language) -> None:
    say = words_in(language)
    before = Before(params=params, styles=2, spoiler=spoiler, max_size_px=1024)
    found = tweak(first_form(before, say), before, text.vocabulary(say))
    weights = params.style_weights or (1.0, 1.0)
    expected = params.model_copy(update={"style_weights": weights})
    assert found == Tweaked(params=expected, spoiler=spoiler)


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_language_has_a_name_of_its_own_for_every_line(language: Language) -> None:
    say = words_in(language)
    assert len({say(text.LINES[line]).casefold() for line in Line}) == len(Line)
    assert len({say(text.WORDS[word]).casefold() for word in Word}) == len(Word)


def test_the_form_shows_what_there_is_to_change() -> None:
    assert first_form(BEFORE).more.splitlines() == [
        "seed: 0",
        "stroke size: 1",
        "style weights: 1, 1",
        "steps:",
        "smoothness:",
        "start from:",
        "pooling:",
        "content layers:",
        "style layers:",
        "spoiler: no",
    ]
    assert "style weights" not in first_form(Before(params=StylizeParams(), styles=1, spoiler=False)).more


def test_every_choice_of_a_member_has_its_place_in_the_form() -> None:
    placed = {"preset", "size", "strength", "steps", "seed", "init", "style_scale", "style_weights", "content_layers"}
    placed |= {"style_layers", "tv", "pooling", "keep_colours"}
    by_the_bot = {"frames", "timelapse_frames"}
    assert set(StylizeParams.model_fields) == placed | by_the_bot


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ("seed: 7", "seed", 7),
        ("SEED = 7", "seed", 7),
        ("  stroke   size :1,5", "style_scale", 1.5),
        ("stroke size：2", "style_scale", 2.0),
        ("style weights: 2, 1", "style_weights", (2.0, 1.0)),
        ("style weights: 70% 30%", "style_weights", (70.0, 30.0)),
        ("style weights: 3:1", "style_weights", (3.0, 1.0)),
        ("style weights: 0,5; 1,5", "style_weights", (0.5, 1.5)),
        ("steps: 80", "steps", 80),
        ("smoothness: 0", "tv", 0.0),
        ("start from: noise", "init", Init.NOISE),
        ("start from: Content in the style's colours", "init", Init.MATCHED),
        ("pooling: Average", "pooling", Pooling.AVERAGE),
        ("content layers: conv4_2", "content_layers", (("conv4_2", 1.0),)),
        (
            "style layers: conv1_1 0.5, conv2_1=2; CONV3_1",
            "style_layers",
            (("conv1_1", 0.5), ("conv2_1", 2.0), ("conv3_1", 1.0)),
        ),
        ("style layers: conv1_1 conv2_1", "style_layers", (("conv1_1", 1.0), ("conv2_1", 1.0))),
        ("seed: 1\n\nseed: 2", "seed", 2),
    ],
)
def test_a_line_may_be_written_in_several_ways(more: str, field: str, value: object) -> None:
    assert getattr(read(more).params, field) == value


def test_the_fields_are_read_as_well() -> None:
    params = read(preset="seed", strength="70 %", size="300 px", colours="luminance").params
    assert (params.preset, params.strength, params.size) == (PresetName.SEED, 70, 300)
    assert params.keep_colours is KeepColours.LUMINANCE


def test_an_empty_line_means_as_the_preset_has_it() -> None:
    before = Before(params=FULL, styles=2, spoiler=True, max_size_px=1024)
    params = read("\n".join(f"{text.LINES[line]}:" for line in MORE), before).params
    assert (params.seed, params.style_scale, params.style_weights) == (0, 1.0, ())
    assert (params.steps, params.tv, params.init, params.pooling) == (None, None, None, None)


def test_a_line_that_was_taken_out_stays_as_it_was() -> None:
    found = read("", Before(params=FULL, styles=2, spoiler=True, max_size_px=1024))
    assert (found.params.seed, found.params.style_weights, found.spoiler) == (FULL.seed, FULL.style_weights, True)


@pytest.mark.parametrize("answer", ["yes", "YES", "no"])
def test_a_picture_can_be_covered_or_not(answer: str) -> None:
    assert read(f"spoiler: {answer}").spoiler is (answer.lower() == "yes")


@pytest.mark.parametrize(
    ("more", "line", "allowed"),
    [
        ("seed: -1", Line.SEED, Number(0, 2**32 - 1, is_whole=True)),
        ("seed: 1.5", Line.SEED, Number(0, 2**32 - 1, is_whole=True)),
        ("stroke size: 9", Line.STROKE_SIZE, Number(0.25, 4.0, is_whole=False)),
        ("stroke size: nan", Line.STROKE_SIZE, Number(0.25, 4.0, is_whole=False)),
        ("smoothness: a lot", Line.SMOOTHNESS, Number(0, 1e4, is_whole=False)),
        ("steps: 0", Line.STEPS, Number(1, 10_000, is_whole=True)),
        ("style weights: 1", Line.STYLE_WEIGHTS, Weights(2)),
        ("style weights: 0, 0", Line.STYLE_WEIGHTS, Weights(2)),
        ("spoiler: perhaps", Line.SPOILER, OneOf((Word.YES, Word.NO))),
        ("pooling: noise", Line.POOLING, OneOf((Word.MAX, Word.AVERAGE))),
    ],
)
def test_a_wrong_line_is_named_with_what_is_allowed(more: str, line: Line, allowed: object) -> None:
    (found,) = wrong(more)
    assert (found.line, found.allowed) == (line, allowed)


@pytest.mark.parametrize(
    "layers", ["conv9_9", "conv1_1 -1", "conv1_1 0", "conv1_1, conv1_1", "conv1_1 1 2", "fish", "conv1_1 1e9"]
)
def test_layers_that_are_none_are_refused(layers: str) -> None:
    assert wrong(f"style layers: {layers}")[0].line is Line.STYLE_LAYERS


def test_every_wrong_line_is_told_with_the_numbers() -> None:
    found = wrong("stroke size: 9\nfish: 3\nstyle weights: 1\npooling: x", strength="500", size="9000")
    assert text.refused(found, SAY).splitlines() == [
        "Not painted yet: some of this cannot be used.",
        "- `fish: 3`: I do not know what is meant. Lines begin with `seed`, `stroke size`, `style weights`, `steps`, "
        "`smoothness`, `start from`, `pooling`, `content layers`, `style layers` or `spoiler`.",
        "- `strength: 500`: take a whole number from 0 to 100.",
        "- `size: 9000`: take a whole number from 64 to 1024.",
        "- `stroke size: 9`: take a number from 0.25 to 4.",
        "- `style weights: 1`: give 2 numbers, one for each style, for example `2, 1`; at least one of them above 0.",
        "- `pooling: x`: take `max` or `average`, or leave it empty.",
    ]


def test_what_was_typed_cannot_format_anything() -> None:
    told = text.refused(wrong("`@everyone` **x**: 3"), SAY)
    assert "`'@everyone' **x**: 3`" in told


@pytest.mark.parametrize("language", Language, ids=str)
def test_the_longest_refusal_fits_into_a_message(language: Language) -> None:
    lines = [f"{text.LINES[line]}: {'x' * 70}" for line in MORE] + [f"{n} fish: {'x' * 90}" for n in range(9)]
    found = wrong("\n".join(lines), strength="x" * 20, size="x" * 20)
    told = text.refused(found, words_in(language))
    assert told.count("\n") >= 3
    assert len(told) + LONGEST_MORE + 20 + 20 + 30 <= 2000


def test_english_is_understood_in_every_language() -> None:
    for language in Language:
        known = text.vocabulary(words_in(language))
        assert Vocabulary().lines.items() <= known.lines.items() or language is not Language.ENGLISH
        assert known.lines["seed"] is Line.SEED
