"""The bot's settings, and the example that explains each of them."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config import BotConfig, read_token, without_token
from nst_engine.contract.settings import load_config, parse_config
from nst_engine.errors import BadConfig

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def test_the_example_is_the_defaults() -> None:
    assert load_config(EXAMPLE, BotConfig) == parse_config({}, BotConfig, folder=EXAMPLE.parent)


def test_the_example_names_every_key() -> None:
    document = tomllib.loads(EXAMPLE.read_text())
    assert {table: set(keys) for table, keys in document.items()} == {
        table: _keys(field.annotation) for table, field in BotConfig.model_fields.items()
    }


def test_the_example_explains_every_key() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for before, line in pairwise(lines):
        if "=" in line and not line.startswith("#"):
            assert before.startswith("# "), line


@pytest.mark.parametrize(
    ("document", "key", "word"),
    [
        ({"limits": {"max_size_px": 9}}, "limits.max_size_px = 9", "64"),
        ({"limits": {"sizes": 9}}, "limits.sizes", "no such setting"),
        ({"limits": {"default_size_px": 512, "max_size_px": 256}}, "limits", "at most max_size_px, 256"),
        ({"logging": {"level": "loud"}}, 'logging.level = "loud"', '"debug" or "info"'),
        ({"discrod": {}}, "discrod", "no such setting"),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(document: dict, key: str, word: str) -> None:  # type: ignore[type-arg]  # as TOML gives it
    with pytest.raises(BadConfig) as caught:
        parse_config(document, BotConfig, folder=Path())
    (problem,) = caught.value.problems
    assert problem.startswith(key)
    assert word in problem


def test_the_token_comes_from_the_environment_and_is_never_shown() -> None:
    token = read_token({"DISCORD_TOKEN": " secret "})
    assert token is not None
    assert token.get_secret_value() == "secret"
    assert "secret" not in repr(token)


def test_child_processes_get_everything_but_the_token() -> None:
    assert without_token({"DISCORD_TOKEN": "secret", "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize("token", ["abc\ndef", "abc def", "abc\u200bdef", "абв"])
def test_a_token_that_was_pasted_wrongly_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(BadConfig, match="DISCORD_TOKEN") as caught:
        read_token({"DISCORD_TOKEN": token})
    assert token not in str(caught.value)


@pytest.mark.parametrize("environment", [{}, {"DISCORD_TOKEN": "  "}])
def test_no_token_is_none(environment: dict[str, str]) -> None:
    assert read_token(environment) is None


def _keys(section: object) -> set[str]:
    assert isinstance(section, type)
    assert issubclass(section, BaseModel)
    return set(section.model_fields)
