"""The language of a reader: sentences are looked up in gettext catalogues (`bot/ui/locale`), their numbers written as
the language writes them. A sentence nobody translated is said in English."""

import gettext
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import discord
from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.settings.language import Language, language_of

CATALOGUES = Path(__file__).parent / "locale"


class Words:
    """Says things in one language.

    `say("… {name} …", name=…)` translates and fills in; `say.count` chooses between one and many. Values are put in as
    they are: what could format or mention is escaped before (`bot.ui.text.names`).
    """

    def __init__(self, language: Language, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = Locale.parse(language, sep="-")

    def __call__(self, message: str, /, **values: object) -> str:
        said = self._catalogue.gettext(message)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form for `n`, which is filled in as {n}."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)

    def meant(self, context: str, message: str, /) -> str:
        """A word that needs its context to be translated: the name of an option, say."""
        return self._catalogue.pgettext(context, message)

    def number(self, value: float, digits: int = 0) -> str:
        """With so many digits after the point, or comma."""
        return format_decimal(value, format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self._locale)

    def day(self, at: float) -> str:
        """In UTC, for where Discord shows no timestamps: `Fri, Nov 27`."""
        return format_skeleton("MMMEd", datetime.fromtimestamp(at, UTC), locale=self._locale)

    def time(self, at: float) -> str:
        """In UTC: `18:00`."""
        return format_skeleton("Hm", datetime.fromtimestamp(at, UTC), locale=self._locale)

    def listed(self, parts: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        return format_list(list(parts), locale=_list_locale(self._locale))

    def either(self, parts: Sequence[str]) -> str:
        """`a`, `a or b`, `a, b or c`."""
        return format_list(list(parts), style="or", locale=_list_locale(self._locale))


def later(message: str) -> str:
    """Marks a sentence for translation where it stands as data; whoever shows it says it."""
    return message


def words_for(locale: str | None) -> Words:
    """What to say things with to somebody whose Discord is in `locale`."""
    return words_in(language_of(locale))


def words_of(interaction: discord.Interaction[Any]) -> Words:
    """What to answer a person with who does something."""
    return words_for(str(interaction.locale))


@cache
def words_in(language: Language) -> Words:
    """Reads the language's catalogue the first time."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return Words(language, gettext.NullTranslations())
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.replace("-", "_")))
    compiled.seek(0)
    return Words(language, gettext.GNUTranslations(compiled))


def _list_locale(locale: Locale) -> Locale:
    """British English, which puts no comma before the last "and"."""
    return Locale("en", "GB") if locale.language == "en" else locale
