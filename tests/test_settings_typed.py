"""What an admin types as the value of a setting."""

from typing import Any

import pytest

from bot.settings.catalogue import SETTINGS, Setting, find_setting
from bot.settings.layers import layers_in, written
from bot.settings.server import is_valid
from bot.settings.typed import (
    Around,
    BadValue,
    NoDuration,
    NoLayers,
    NoQuota,
    NotOneOf,
    OutOfRange,
    TooManyNamed,
    Unknown,
    parse,
)

STUDIO, LOUNGE = 111111111111111111, 222222222222222222
ARTISTS, HELPERS = 333333333333333333, 444444444444444444
BY_NAME = {setting.name: setting for setting in SETTINGS}


def around(setting: Setting, current: Any = None, most: int | None = None) -> Around:
    return Around(
        most=setting.most if most is None else most,
        current=current,
        channels={STUDIO: "studio", LOUNGE: "The Lounge"},
        roles={ARTISTS: "Artists", HELPERS: "Little Helpers"},
        labels={"always": "toujours", "de": "Deutsch", "yes": "oui"},
    )


def meant(name: str, typed: str, current: Any = None) -> Any:
    setting = BY_NAME[name]
    value = parse(setting, typed, around(setting, current))
    assert is_valid(name, value)
    return value


def refused(name: str, typed: str, current: Any = None, most: int | None = None) -> object:
    setting = BY_NAME[name]
    with pytest.raises(BadValue) as caught:
        parse(setting, typed, around(setting, current, most))
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("max_size_px", " 768 ", 768),
        ("max_size_px", "768 px", 768),
        ("default_strength", "80%", 80),
        ("pictures_per_day", "5", 5),
        ("pictures_per_day", "0", 0),
        ("pictures_per_day", "No  Limit", None),
        ("default_preset", "PAPER", "paper"),
        ("spoilers", "Toujours", "always"),
        ("language", "deutsch", "de"),
        ("language", "none", None),
        ("log_channel_id", f"<#{STUDIO}>", STUDIO),
        ("log_channel_id", "#studio", STUDIO),
        ("log_channel_id", "off", None),
        ("private", "Yes", True),
        ("private", "oui", True),
        ("private", "off", False),
        ("default_steps", "none", None),
        ("default_steps", "300", 300),
        ("content_layers", "CONV4_2", [["conv4_2", 1.0]]),
        ("style_layers", "conv1_1 0.5; conv2_1: .25 conv3_1", [["conv1_1", 0.5], ["conv2_1", 0.25], ["conv3_1", 1.0]]),
        ("style_layers", "none", None),
    ],
)
def test_a_value_may_be_written_in_several_ways(name: str, typed: str, value: object) -> None:
    assert meant(name, typed) == value


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("90", 90), ("90 s", 90), ("5 min", 300), ("5m", 300), ("1 h 30 min", 5400), ("2 hours", 7200), ("none", 0)],
)
def test_a_duration_is_written_as_people_write_it(typed: str, seconds: int) -> None:
    assert meant("cooldown_seconds", typed) == seconds


@pytest.mark.parametrize("typed", ["soon", "-5", "25 h", "5 min or so", "", "1.5 h"])
def test_what_is_no_duration_is_refused_with_the_longest(typed: str) -> None:
    assert refused("cooldown_seconds", typed) == NoDuration(86400)


@pytest.mark.parametrize("typed", ["63", "1025", "large", "1e3", "7.5", "", "-64", "9" * 40])
def test_a_number_outside_the_range_is_refused_with_the_range(typed: str) -> None:
    assert refused("max_size_px", typed, most=1024) == OutOfRange(64, 1024)


def test_a_choice_that_is_none_is_refused_with_all_there_are() -> None:
    assert refused("default_preset", "oil") == NotOneOf(("default", "paper", "seed"))


@pytest.mark.parametrize(
    "typed",
    [
        f"<#{STUDIO}> <#{LOUNGE}>",
        f"<#{STUDIO}>,<#{LOUNGE}>",
        f"<#{STUDIO}><#{LOUNGE}>",
        f"{STUDIO} {LOUNGE}",
        "studio, the lounge",
        f"#studio, {LOUNGE}",
        f"<#{STUDIO}> <#{LOUNGE}> <#{STUDIO}>",
    ],
)
def test_a_list_is_given_by_mentions_ids_or_names(typed: str) -> None:
    assert meant("allowed_channels", typed, current=[1]) == [STUDIO, LOUNGE]


def test_a_list_is_added_to_and_taken_from() -> None:
    assert meant("allowed_channels", f"+<#{LOUNGE}>", current=[STUDIO]) == [STUDIO, LOUNGE]
    assert meant("allowed_channels", "+The Lounge, -studio", current=[STUDIO]) == [LOUNGE]
    assert meant("allowed_roles", f"- <@&{ARTISTS}>", current=[ARTISTS, HELPERS]) == [HELPERS]
    assert meant("allowed_channels", "everywhere", current=[STUDIO]) == []


def test_a_deleted_channel_can_still_be_taken_out() -> None:
    gone = 999999999999999999
    assert meant("allowed_channels", f"-<#{gone}>", current=[gone, STUDIO]) == [STUDIO]


@pytest.mark.parametrize("typed", ["nowhere", "<#999999999999999999>", "999999999999999999"])
def test_a_channel_that_is_not_there_is_named(typed: str) -> None:
    why = refused("allowed_channels", typed)
    assert isinstance(why, Unknown)
    assert why.name == typed


def test_a_list_has_an_end() -> None:
    current = list(range(1, 51))
    assert refused("allowed_channels", f"+<#{STUDIO}>", current=current) == TooManyNamed(50)


def test_roles_get_their_numbers_and_the_others_keep_theirs() -> None:
    current = {str(HELPERS): 3}
    assert meant("role_quotas", f"<@&{ARTISTS}> 10", current) == {str(HELPERS): 3, str(ARTISTS): 10}
    assert meant("role_quotas", "@Artists: 10, Little Helpers no limit") == {str(ARTISTS): 10, str(HELPERS): None}
    assert meant("role_quotas", "-Little Helpers", current) == {}
    assert meant("role_quotas", "none", current) == {}


@pytest.mark.parametrize("typed", ["Artists", "10", f"<@&{ARTISTS}>", "Artists ten"])
def test_a_role_without_a_number_is_refused(typed: str) -> None:
    assert refused("role_quotas", typed) == NoQuota(10_000)


def test_a_role_with_too_large_a_number_is_refused() -> None:
    assert refused("role_quotas", "Artists 10001") == OutOfRange(0, 10_000)


def test_the_readers_own_word_for_nothing_is_understood() -> None:
    setting = find_setting("pictures_per_day")
    assert setting is not None
    around = Around(most=1000, current=5, nothing=frozenset({"unbegrenzt"}))
    assert parse(setting, "Unbegrenzt", around) is None


@pytest.mark.parametrize(
    "typed", ["conv9_1", "conv1_1 -1", "conv1_1 0", "conv1_1, conv1_1", "conv1_1 1e9", "deep", "1"]
)
def test_layers_are_those_of_the_network_with_weights_that_can_be(typed: str) -> None:
    assert refused("style_layers", typed) == NoLayers()


def test_a_switch_is_on_or_off() -> None:
    assert refused("private", "perhaps") == NotOneOf(("yes", "no"))


@pytest.mark.parametrize("weight", [1.0, 0.5, 1e-06, 0.123456, 10_000.0])
def test_layers_are_written_as_they_are_read(weight: float) -> None:
    layers = (("conv1_1", weight), ("conv2_1", 0.0))
    assert layers_in(written(layers)) == layers
