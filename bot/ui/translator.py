"""Commands in the reader's own language: Discord is told all of them when the commands are registered."""

import discord
from discord.app_commands import (
    ContextMenu,
    TranslationContextLocation,
    TranslationContextTypes,
    Translator,
    locale_str,
)

from bot.settings.language import Language, language_of
from bot.ui.words import words_in

_TRANSLATED = frozenset(
    {
        TranslationContextLocation.command_description,
        TranslationContextLocation.group_description,
        TranslationContextLocation.parameter_description,
        TranslationContextLocation.choice_name,
    }
)
"""Names of commands and options stay as they are, so that members can tell each other what to type."""


class CatalogueTranslator(Translator):
    """Looks up the same catalogues as everything else that the bot says."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: TranslationContextTypes,
    ) -> str | None:
        """None where Discord is to show the English."""
        language = language_of(str(locale))
        is_shown = context.location in _TRANSLATED or isinstance(context.data, ContextMenu)
        if language is Language.ENGLISH or not is_shown:
            return None
        said = words_in(language)(string.message)
        return None if said == string.message else said
