"""`make words`: brings the catalogues in bot/ui/locale up to date with the sentences in the code.

New sentences come in untranslated, those that nobody says any more go; a translation stays as long as its sentence.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.settings.language import Language
from bot.ui.words import CATALOGUES

PROJECT = Path(__file__).resolve().parent.parent
KEPT_SHORT = {"omit_header": True, "include_lineno": False, "ignore_obsolete": True}
"""Nothing in a catalogue changes but by its sentences."""
LANGUAGES = tuple(language for language in Language if language is not Language.ENGLISH)


@cache
def said() -> Catalog:
    """Every sentence in the code of the bot, with the files that say it."""
    template = Catalog(project="stylize-bot")
    for path in sorted([*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "nst_engine" / "images").rglob("*.py")]):
        where = path.relative_to(PROJECT).as_posix()
        for message, context in sentences(ast.parse(path.read_text(encoding="utf-8"))):
            template.add(message, locations=[(where, 0)], context=context)
    return template


def sentences(tree: ast.AST) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """What is said in a file, and in what context: by the functions of `bot.ui.words`, wherever they are called;
    and what the engine says about a picture that cannot be used."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        match call.func, [word for word in words if isinstance(word, str)]:
            case ast.Name(id="say" | "later" | "BadPicture"), [message, *_]:
                yield message, None
            case ast.Attribute(value=ast.Name(id="say"), attr="count"), [one, many, *_]:
                yield (one, many), None
            case ast.Attribute(value=ast.Name(id="say"), attr="meant"), [context, message, *_]:
                yield message, context


def catalogue(language: Language) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none."""
    path = CATALOGUES / f"{language}.po"
    locale = language.replace("-", "_")
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def brought_up_to_date(language: Language) -> Catalog:
    kept = catalogue(language)
    kept.update(said(), no_fuzzy_matching=True)
    return kept


def main() -> int:
    CATALOGUES.mkdir(exist_ok=True)
    for language in LANGUAGES:
        catalog = brought_up_to_date(language)
        with (CATALOGUES / f"{language}.po").open("wb") as file:
            write_po(
                file, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False, ignore_obsolete=True
            )
        missing = sum(not all(forms(message)) for message in catalog if message.id)
        print(f"{language}: {len(catalog)} sentences, {missing} not translated")
    return 0


def forms(message: Message) -> tuple[str, ...]:
    """All translations of one sentence: several where its number changes it."""
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)


if __name__ == "__main__":
    sys.exit(main())
