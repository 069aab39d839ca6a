"""What the bot says, in all of its languages: nothing is missing, nothing is over Discord's limits."""

import ast
import string
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from babel.messages.catalog import Message

from bot.config import DiscordSettings
from bot.settings.language import Language, language_of
from bot.ui.client import StylizeClient
from bot.ui.registration import payloads
from bot.ui.translator import CatalogueTranslator
from bot.ui.words import later, words_for, words_in
from tests.catalogues import LANGUAGES, PROJECT, brought_up_to_date, catalogue, forms, said, sentences

each_language = pytest.mark.parametrize("language", LANGUAGES, ids=str)


def originals(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def placeholders(sentence: str) -> set[str]:
    return {f"{name}:{spec}!{kind}" for _, name, spec, kind in string.Formatter().parse(sentence) if name is not None}


@each_language
def test_every_sentence_is_translated(language: Language) -> None:
    missing = [message.id for message in brought_up_to_date(language) if message.id and not all(forms(message))]
    assert missing == []


@each_language
def test_no_catalogue_keeps_what_nobody_says(language: Language) -> None:
    kept = {(message.id, message.context) for message in catalogue(language) if message.id}
    assert kept - {(message.id, message.context) for message in said()} == set()


@each_language
def test_translations_have_the_placeholders_of_their_sentence(language: Language) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        allowed = set().union(*map(placeholders, originals(message)))
        needed = placeholders(originals(message)[-1]) - {"n:!None"}
        for form in forms(message):
            assert needed <= placeholders(form) <= allowed, (message.id, form)


@each_language
def test_translations_keep_the_form_of_their_sentence(language: Language) -> None:
    """Bold stays bold, a line a line, small print small print; nothing begins or ends with a space."""
    for message in catalogue(language):
        for form in forms(message) if message.id else ():
            for sign in ("**", "\n", "`"):
                assert form.count(sign) in {original.count(sign) for original in originals(message)}, form
            assert form == form.strip() or any(original != original.strip() for original in originals(message)), form


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    """What is put together from variables could not be found by those who translate."""
    wrong = []
    for path in (PROJECT / "bot").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            glued = (ast.JoinedStr, ast.BinOp)
            if isinstance(call.func, ast.Name) and call.func.id in {"say", "later"} and isinstance(call.args[0], glued):
                wrong.append(f"{path.name}:{call.lineno}")
    assert wrong == []


def test_sentences_are_found_wherever_they_are_said() -> None:
    tree = ast.parse('x = f"{say(\'in a string\')}"; later("a" "b"); say.count("one", "many", 3); say.meant("c", "d")')
    assert set(sentences(tree)) == {("in a string", None), ("ab", None), (("one", "many"), None), ("d", "c")}


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", Language.GERMAN),
        ("en-GB", Language.ENGLISH),
        ("es-419", Language.SPANISH),
        ("pt-BR", Language.PORTUGUESE),
        ("zh-CN", Language.ENGLISH),
        ("", Language.ENGLISH),
        (None, Language.ENGLISH),
    ],
)
def test_everybody_is_spoken_to_in_the_nearest_language(locale: str | None, language: Language) -> None:
    assert language_of(locale) is language


def test_numbers_and_lists_are_written_as_the_language_writes_them() -> None:
    english, german = words_for("en-US"), words_for("de")
    assert (english.number(1234.56, 1), german.number(1234.56, 1)) == ("1,234.6", "1.234,6")
    assert english.listed(["a", "b", "c"]) == "a, b and c"
    assert english.either(["a", "b"]) == "a or b"
    assert german.listed(["a", "b"]) == "a und b"


def test_a_sentence_without_translation_is_said_in_english() -> None:
    unheard = later  # a sentence that no catalogue has
    assert words_in(Language.JAPANESE)(unheard("Unheard {what}."), what="of") == "Unheard of."


@pytest.fixture
async def commands() -> list[dict[str, Any]]:
    """What Discord is told of the commands."""
    async with StylizeClient(DiscordSettings()) as client:
        await client.tree.set_translator(CatalogueTranslator())
        return await payloads(client.tree, None)


def spoken(told: Any, key: str) -> Iterator[list[str]]:
    """Each text under `key` with its localisations, at any depth."""
    if isinstance(told, dict):
        if isinstance(told.get(key), str):
            yield [told[key], *(told.get(f"{key}_localizations") or {}).values()]
        for value in told.values():
            yield from spoken(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from spoken(value, key)


async def test_commands_are_within_discords_limits_in_every_language(commands: list[dict[str, Any]]) -> None:
    for command in commands:
        texts = [*spoken(command, "description"), *spoken(command, "name")]
        assert max(len(one) for text in texts for one in text) <= 100, command["name"]
        values = sum(len(str(value[0])) for value in spoken(command, "value"))
        assert sum(len(max(text, key=len)) for text in texts) + values <= 8000, command["name"]
        assert all(len(name) <= 32 for name in [command["name"], *(command.get("name_localizations") or {}).values()])


async def test_commands_are_described_in_every_language(commands: list[dict[str, Any]]) -> None:
    """In Discord's six locales of our languages and the two that are near to them."""
    for command in commands:
        key = "description" if command["type"] == discord.AppCommandType.chat_input.value else "name"
        assert set(command[f"{key}_localizations"]) >= {"de", "es-ES", "es-419", "fr", "ja", "pt-BR"}, command["name"]


async def test_names_that_members_type_are_the_same_in_every_language(commands: list[dict[str, Any]]) -> None:
    for command in commands:
        if command["type"] == discord.AppCommandType.chat_input.value:
            assert not command.get("name_localizations"), command["name"]
            assert not any(option.get("name_localizations") for option in command["options"]), command["name"]


async def test_commands_about_a_server_are_offered_in_servers_alone(commands: list[dict[str, Any]]) -> None:
    """What the tree says of all commands fills in what one leaves open."""
    offered = {command["name"]: (command["contexts"], command["integration_types"]) for command in commands}
    assert offered["config"] == offered["moderation"] == ([0], [0])
    assert offered["stylize"] == offered["Use as style"] == ([0, 1, 2], [0, 1])
