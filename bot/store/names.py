"""Names that people give to what a server keeps: how they are written, and which of them are the same."""

import unicodedata

_LONGEST_KEY = 64
"""What the columns hold; some letters are folded into several."""


def tidied(name: str) -> str:
    """On one line, one space between words, nothing that cannot be seen, no comma, which stands between names."""
    composed = unicodedata.normalize("NFC", name.replace(",", " "))
    return " ".join("".join(letter if letter.isprintable() else " " * letter.isspace() for letter in composed).split())


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())[:_LONGEST_KEY]
