"""A server's settings as a file and back, and files that nobody wrote for this."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.config import LimitSettings
from bot.settings.catalogue import SETTINGS, Kind, Setting, most_allowed
from bot.settings.exchange import Imported, NotReadable, UnknownKey, WrongValue, exported, imported
from bot.settings.in_force import InForce, value_in_force
from bot.settings.language import Language
from bot.settings.server import is_valid, resolve
from bot.settings.typed import Around, OutOfRange, Unknown
from bot.ui.text.config_exchange import described, fault
from bot.ui.words import words_in

OPERATOR = LimitSettings(max_size_px=2048)
CHANNELS = {456789012345678901: "studio", 456789012345678902: "lounge\nx = 1"}
ROLES = {556789012345678901: "Artists", 556789012345678902: "Über # 'uns'"}
SAY = words_in(Language.ENGLISH)


def in_force(**own: JsonValue) -> InForce:
    return InForce(settings=resolve(OPERATOR, own), own=own, operator=OPERATOR)


def around_in(held: InForce) -> Any:
    def around(setting: Setting) -> Around:
        return Around(
            most=most_allowed(setting, OPERATOR, held.settings),
            current=value_in_force(held, setting.name),
            channels=CHANNELS,
            roles=ROLES,
        )

    return around


def written(held: InForce) -> str:
    return exported(
        held,
        around_in(held),
        ("Settings of\r\nArt\x00 School",),
        lambda setting: described(setting, most_allowed(setting, OPERATOR, held.settings), SAY),
    )


def read(text: str | bytes, held: InForce | None = None) -> Imported:
    held = held or in_force()
    return imported(text.encode() if isinstance(text, str) else text, OPERATOR, held, around_in(held))


OWN: dict[str, JsonValue] = {
    "default_preset": "paper",
    "default_strength": 70,
    "keep_colours": "transfer",
    "private": True,
    "default_steps": 400,
    "content_layers": [["conv4_2", 1.0]],
    "style_layers": [["conv1_1", 0.7668], ["conv5_1", 1e-05]],
    "max_size_px": 1536,
    "pictures_per_day": 0,
    "role_quotas": {"556789012345678901": 7, "556789012345678902": None},
    "cooldown_seconds": 90,
    "allowed_channels": list(CHANNELS),
    "allowed_roles": list(ROLES),
    "spoilers": "listed",
    "spoiler_channels": [456789012345678902],
    "log_channel_id": 456789012345678901,
    "language": "pt-BR",
}


def test_a_file_read_again_says_the_same() -> None:
    found = read(written(in_force(**OWN)))
    assert found.faults == ()
    assert {name: found.values[name] for name in OWN} == OWN


def test_what_the_server_has_not_set_stands_there_as_a_comment() -> None:
    text = written(in_force(default_strength=70))
    assert tomllib.loads(text) == {"default_strength": 70}
    assert "# Largest size: The largest size that a member may choose (64 to 2048)\n# max_size_px = 2048\n" in text
    assert read(text) == Imported({"default_strength": 70})
    bare = "\n".join(line.removeprefix("# ") if " = " in line else "" for line in text.splitlines())
    assert read(bare).faults == ()


def test_names_in_comments_cannot_become_settings() -> None:
    text = written(in_force(**OWN))
    assert "# lounge x = 1" in text
    assert "x" not in tomllib.loads(text)
    assert "Settings of Art School" in text


def test_wrong_keys_and_values_are_named_with_their_lines() -> None:
    found = read("hologram = 1\ndefault_strength = 101\n\n[later]\nx = 2\n")
    assert found.values == {}
    strength, *_ = [setting for setting in SETTINGS if setting.name == "default_strength"]
    assert found.faults == (
        UnknownKey(1, "hologram"),
        WrongValue(2, strength, OutOfRange(0, 100)),
        UnknownKey(4, "later"),
    )
    assert [fault(one, SAY) for one in found.faults] == [
        "Line 1: There is no setting called **hologram**.",
        "Line 2: **Strength**: write a whole number from 0 to 100.",
        "Line 4: There is no setting called **later**.",
    ]


def test_roles_and_channels_of_another_server_are_named_and_left_out() -> None:
    found = read(
        'allowed_channels = [\n  "456789012345678901",  # studio\n  "999999999999999999",\n]\n'
        'role_quotas = ["556789012345678901 3", "888888888888888888 3"]\n'
    )
    assert found.values == {"allowed_channels": [456789012345678901], "role_quotas": {"556789012345678901": 3}}
    assert [(one.line, one.problem) for one in found.faults if isinstance(one, WrongValue)] == [
        (3, Unknown(Kind.CHANNELS, "999999999999999999")),
        (5, Unknown(Kind.ROLE_QUOTAS, "888888888888888888")),
    ]


def test_a_list_of_which_nothing_is_known_does_not_open_the_server_to_all() -> None:
    found = read('allowed_roles = ["888888888888888888"]')
    assert found.values == {}
    assert len(found.faults) == 1


def test_an_empty_list_and_the_word_none_mean_nothing_set() -> None:
    assert read('allowed_roles = []\nrole_quotas = "none"\npictures_per_day = "none"').values == {
        "allowed_roles": [],
        "role_quotas": {},
        "pictures_per_day": None,
    }


def test_the_largest_size_of_the_file_holds_for_its_usual_size_wherever_they_stand() -> None:
    assert read("default_size_px = 1500\nmax_size_px = 1600").values == {"default_size_px": 1500, "max_size_px": 1600}
    found = read("default_size_px = 500\nmax_size_px = 256")
    assert found.values == {"max_size_px": 256}
    assert [one.problem for one in found.faults if isinstance(one, WrongValue)] == [OutOfRange(64, 256)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("default_strength 5", 1),
        ("default_strength = 50\nmax_size_px = = 5", 2),
        ("default_strength = 50\ndefault_strength = 60", 2),
        (b"\xff\xfe\x00", None),
        ("a = " + "[" * 15_000, None),
        ("a = " + "9" * 10_000, None),
        ('{"default_strength": 5}', 1),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_line(text: str | bytes, line: int | None) -> None:
    found = read(text)
    assert found.values == {}
    (only,) = found.faults
    assert isinstance(only, NotReadable)
    assert only.line in {line, None}
    assert fault(only, SAY)


@pytest.mark.parametrize(
    "value",
    ["0x" + "f" * 9000, "nan", "inf", "true", "2026-01-01", "{a = {b = 1}}", "[[1], 2]", "[]", "-1", '""', "1.5"],
)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_value_of_another_kind_is_refused_and_never_a_fault_of_ours(setting: Setting, value: str) -> None:
    found = read(f"{setting.name} = {value}")
    assert all(is_valid(name, one) for name, one in found.values.items())
    assert found.values or found.faults
    assert all(fault(one, SAY) for one in found.faults)
    if value == "true" and setting.name != "private":
        assert found.values == {}


KEYS = st.sampled_from([setting.name for setting in SETTINGS]) | st.text(max_size=20).map(repr)
VALUES = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text(max_size=30).map(lambda text: "'''" + text.replace("'", "") + "'''"),
    st.lists(st.sampled_from(["'456789012345678901'", "'@Artists 5'", "7", "true", "'none'", "[[]]"])).map(
        lambda parts: f"[{', '.join(parts)}]"
    ),
    st.sampled_from(["{}", "1979-05-27", "'conv1_1 1..5'", "'1 h 99 x'", "[", "}"]),
)
LINES = st.tuples(KEYS, st.sampled_from([" = ", ".a = ", " "]), VALUES).map("".join)


@given(st.lists(LINES, max_size=8).map("\n".join).map(str.encode) | st.binary(max_size=300))
@settings(max_examples=600, deadline=None)
def test_whatever_a_file_holds_only_good_values_come_of_it(data: bytes) -> None:
    found = read(data)
    assert all(is_valid(name, value) for name, value in found.values.items())
    resolve(OPERATOR, found.values)
    assert all(0 < len(fault(one, SAY)) < 600 for one in found.faults)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_export_is_never_more_than_a_refusal(data: st.DataObject) -> None:
    text = bytearray(written(in_force(**OWN)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    found = read(bytes(text))
    assert all(is_valid(name, value) for name, value in found.values.items())
