"""Letters of any script, drawn with whatever fonts there are. Knows Pillow; asks no other program, and never the net.

Pillow brings a font of its own, which has plain Latin letters only. Others are looked for in the usual folders.
"""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import ImageFont, features

USUAL_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/run/current-system/sw/share/X11/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
FAMILIES = (
    "notosans-regular",
    "opensans-regular",
    "liberationsans-regular",
    "arial.",
    "dejavusans.",
    "notosanscjk-regular",
    "notosanscjkjp-regular",
    "notosansjp-regular",
    "sourcehansans-regular",
    "hiragino",
    "yugothr",
    "pingfang",
    "msyh.",
    "malgun.",
    "applesdgothicneo",
    "nanumgothic.",
    "wqy-",
    "droidsansfallback",
    "ipag.",
    "notosans",
    "arialunicode",
    "arial unicode",
    "unifont.",
    "freesans.",
)
"""How the names of good font files begin, without regard to upper and lower case; the first is taken first."""
_SUFFIXES = (".ttf", ".otf", ".ttc")
_NOT_UPRIGHT = ("bold", "italic", "oblique", "mono", "emoji", "black", "light", "thin", "condensed", "symbols", "math")
_MISSING = "\uffff"
"""Is no character, so that every font draws its sign for what it lacks."""
_MOST_MARKS = 3
"""On one letter; whoever stacks more of them does it to break out of the line."""
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
    | {"ı": "i", "–": "-", "—": "-", "·": "-", "…": "..."}
)
_NEED_SHAPING = ("R", "AL", "AN")
_FIRST_COMPLEX, _LAST_COMPLEX = 0x0900, 0x1CFF
"""Between them are the scripts of South and South-East Asia, whose letters change with their neighbours."""

_OWN = Path()
"""Stands for Pillow's own font, which is no file."""


@dataclass(slots=True)
class Lettering:
    """The fonts of this machine. Reads them when they are needed, so use it in a thread; one serves one picture."""

    folders: Sequence[Path] = USUAL_FOLDERS
    _found: list[Path] | None = field(default=None, init=False)

    def drawable(self, *texts: str) -> str:
        """The first of these that some font can draw, as it is or in plain letters; empty where there is none."""
        for text in texts:
            for written in (tidy(text), in_plain_letters(tidy(text))):
                if written and self._path_for(written) is not None:
                    return written
        return ""

    def face(self, text: str) -> "Face":
        """A font that has every letter of this text; Pillow's own where none has."""
        return Face(self._path_for(text) or _OWN)

    def _path_for(self, text: str) -> Path | None:
        if _needs_shaping(text) and not features.check("raqm"):
            return None
        return next((path for path in self._paths() if _has_all(path, text)), None)

    def _paths(self) -> Iterator[Path]:
        yield _OWN
        if self._found is None:
            self._found = list(_fonts_in(self.folders))
        yield from self._found


@dataclass(frozen=True, slots=True)
class Face:
    """One font, in any size."""

    path: Path

    def of_size(self, size_px: float) -> ImageFont.FreeTypeFont:
        return _opened(self.path, size_px)

    def has_all(self, text: str) -> bool:
        return _has_all(self.path, text)

    def shortened(self, text: str, size_px: float, width_px: float) -> str:
        """So much of it as is not wider, with an ellipsis where something is left out."""
        font = self.of_size(size_px)
        if font.getlength(text) <= width_px:
            return text
        dots = "…" if _has_all(self.path, "…") else "..."
        for end in range(len(text) - 1, 0, -1):
            short = text[:end].rstrip() + dots
            if not unicodedata.category(text[end]).startswith("M") and font.getlength(short) <= width_px:
                return short
        return dots


def tidy(text: str) -> str:
    """On one line, without emojis, ornaments and what cannot be seen; fancy forms of letters are made ordinary ones."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFKC", "".join(_without_pictures(text))):
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks <= _MOST_MARKS and (kept or not marks):
            kept.append(letter)
    return " ".join("".join(kept).split())


def in_plain_letters(text: str) -> str:
    """Latin letters without their accents; other scripts stay as they are."""
    taken_apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return plain if plain.isascii() else text


def _without_pictures(text: str) -> Iterator[str]:
    for letter in text:
        category = unicodedata.category(letter)
        if category in ("So", "Cc", "Zl", "Zp"):
            yield " "
        elif category not in ("Sk", "Cf", "Cs", "Co", "Cn") and letter not in "\ufe0f\ufe0e\u20e3":
            yield letter


def _needs_shaping(text: str) -> bool:
    return any(
        unicodedata.bidirectional(letter) in _NEED_SHAPING or _FIRST_COMPLEX <= ord(letter) <= _LAST_COMPLEX
        for letter in text
    )


def _opened(path: Path, size_px: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size_px) if path == _OWN else ImageFont.truetype(path, size_px)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType")
    return font


def _has_all(path: Path, text: str) -> bool:
    try:
        font = _opened(path, 24)
        missing = _drawn(font, _MISSING)
        return all(letter == " " or _drawn(font, letter) != missing for letter in set(text))
    except OSError:  # not a font after all, or one that FreeType cannot read
        return False


def _drawn(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


def _fonts_in(folders: Sequence[Path]) -> Iterator[Path]:
    """Those of the good families, the best first."""
    files = sorted(
        Path(folder, name)
        for top in folders
        for folder, _, names in os.walk(top)
        for name in names
        if name.lower().endswith(_SUFFIXES) and not any(word in name.lower() for word in _NOT_UPRIGHT)
    )
    taken: set[Path] = set()
    for family in FAMILIES:
        for path in files:
            if path.name.lower().startswith(family) and path not in taken:
                taken.add(path)
                yield path
