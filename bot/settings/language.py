"""The languages that the bot speaks."""

from enum import StrEnum


class Language(StrEnum):
    """By Discord's names of the languages. Catalogues are named the same; English needs none."""

    ENGLISH = "en-US"
    GERMAN = "de"
    SPANISH = "es-ES"
    FRENCH = "fr"
    JAPANESE = "ja"
    PORTUGUESE = "pt-BR"


def language_of(locale: str | None) -> Language:
    """The language for one of Discord's locales: itself, else another of its family, else English."""
    wanted = (locale or "").strip()
    family = wanted.partition("-")[0]
    same = (language for language in Language if language == wanted)
    akin = (language for language in Language if language.partition("-")[0] == family)
    return next(same, None) or next(akin, Language.ENGLISH)
