"""What a member may choose, and how choices can be wrong."""

import pytest

from bot.jobs.choices import (
    ContentOption,
    Mistake,
    NotWeights,
    OtherCountOfWeights,
    SeveralContents,
    TooManyStyles,
    WeightTooLarge,
    Wrong,
    WrongChoice,
    is_plain_emoji,
    names_in,
    parse_weights,
    the_content,
    the_styles,
)
from bot.ui.text.choices import mistake
from bot.ui.words import words_for

SAY = words_for("en-US")


@pytest.mark.parametrize(
    ("typed", "weights"),
    [
        ("", ()),
        ("  ", ()),
        ("2, 1", (2.0, 1.0)),
        ("2,1", (2.0, 1.0)),
        ("2 1", (2.0, 1.0)),
        ("70% 30%", (70.0, 30.0)),
        ("70 %, 30 %", (70.0, 30.0)),
        ("3:1", (3.0, 1.0)),
        ("1/2", (1.0, 2.0)),
        ("0.5; .25", (0.5, 0.25)),
        ("0,5 1,5", (0.5, 1.5)),
        ("0,5; 1", (0.5, 1.0)),
        ("0 1", (0.0, 1.0)),
        ("10000 1", (10000.0, 1.0)),
    ],
)
def test_weights_may_be_written_as_people_write_them(typed: str, weights: tuple[float, ...]) -> None:
    assert parse_weights(typed, styles=2) == weights


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("much", NotWeights("much")),
        ("2, much", NotWeights("2, much")),
        ("-1 2", NotWeights("-1 2")),
        ("1e3 1", NotWeights("1e3 1")),
        ("nan inf", NotWeights("nan inf")),
        ("٣ ٤", NotWeights("٣ ٤")),
        (",", NotWeights(",")),
        ("2", OtherCountOfWeights(1, 2)),
        ("1, 2, 3", OtherCountOfWeights(3, 2)),
        ("10001 1", WeightTooLarge(10001.0)),
        (f"1, {'9' * 400}", NotWeights(f"1, {'9' * 400}")),
        ("0, 0", Wrong.NO_WEIGHT),
    ],
)
def test_other_weights_are_refused_with_what_is_allowed(typed: str, why: Mistake) -> None:
    with pytest.raises(WrongChoice) as caught:
        parse_weights(typed, styles=2)
    assert caught.value.mistake == why


def test_one_style_may_have_a_weight_too() -> None:
    assert parse_weights("1,5", styles=1) == (1.5,)


def test_there_is_exactly_one_content() -> None:
    assert the_content({ContentOption.AVATAR: "ann"}) == "ann"
    with pytest.raises(WrongChoice) as nothing:
        the_content({})
    assert nothing.value.mistake is Wrong.NO_CONTENT
    with pytest.raises(WrongChoice) as several:
        the_content({ContentOption.CONTENT: "cat", ContentOption.EMOJI: "smile"})
    assert several.value.mistake == SeveralContents((ContentOption.CONTENT, ContentOption.EMOJI))


def test_there_are_one_to_four_styles() -> None:
    assert the_styles(["a", "b"]) == ("a", "b")
    with pytest.raises(WrongChoice) as nothing:
        the_styles([])
    assert nothing.value.mistake is Wrong.NO_STYLE
    with pytest.raises(WrongChoice) as many:
        the_styles("abcde")
    assert many.value.mistake == TooManyStyles(5)


def test_names_stand_between_commas() -> None:
    assert names_in(" Starry  Night, wave ,, ") == ("Starry Night", "wave")


@pytest.mark.parametrize("typed", ["😀", "👍🏽", "1️⃣", "🏳️‍🌈", "❤️", "look 😀"])
def test_a_plain_emoji_is_known_by_its_characters(typed: str) -> None:
    assert is_plain_emoji(typed)


@pytest.mark.parametrize("typed", ["smile", ":smile:", "Größe", "笑", "1", "co-op"])
def test_a_name_is_no_plain_emoji(typed: str) -> None:
    assert not is_plain_emoji(typed)


@pytest.mark.parametrize("wrong", Wrong)
def test_every_mistake_has_a_sentence(wrong: Wrong) -> None:
    assert mistake(wrong, SAY).endswith((".", "?"))


def test_what_was_typed_is_quoted_without_being_able_to_format() -> None:
    said = mistake(NotWeights("**@everyone** " + "x" * 100), SAY)
    assert said.startswith("**\\*\\*\\@everyone\\*\\* xxx")
    assert "x…**" in said
