"""Names of pictures as they may stand in a sentence: short, on one line, unable to format, mention or link anything."""

from pathlib import PurePosixPath

from bot.jobs.admission import PICTURE_SUFFIXES
from bot.jobs.picture_names import PictureNames
from bot.ui.words import Words

LONGEST_NAME = 48
LONGEST_ALT_TEXT = 1024
_TURNS_AROUND = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Unicode's embeddings, overrides and isolates."""


def title(name: str, say: Words) -> str:
    """The name of a file, member or style as the title of a picture: on one line, not too long, a file's without its
    ending.
    """
    shown = plain(name)
    ending = PurePosixPath(shown).suffix
    stem = shown.removesuffix(ending) if ending.lower() in PICTURE_SUFFIXES else shown
    return cut(plain(stem.replace("_", " ")) or say("picture"), LONGEST_NAME)


def safe(name: str, say: Words) -> str:
    """A title that cannot format, mention or link anything."""
    return escaped(title(name, say))


def escaped(words: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\*_`~|<>@#[]():" else letter for letter in words)


def pair(names: PictureNames, say: Words) -> str:
    """What is painted, and how."""
    styles = say.listed([f"**{safe(style, say)}**" for style in names.styles])
    return say("{content} in the style of {styles}", content=f"**{safe(names.content, say)}**", styles=styles)


def plain_pair(names: PictureNames, say: Words) -> str:
    """The same where nothing is formatted."""
    styles = say.listed([title(style, say) for style in names.styles])
    return say("{content} in the style of {styles}", content=title(names.content, say), styles=styles)


def unformatted(words: str) -> str:
    """On one line, unable to format, mention or link anything."""
    return escaped(plain(words))


def plain(words: str) -> str:
    """On one line, and without signs that turn the direction of what follows around, numbers of votes for example."""
    return " ".join(words.translate(_TURNS_AROUND).split())


def cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
