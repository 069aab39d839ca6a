"""The pictures of a try in one picture, with captions and numbers. Knows Pillow, not Discord; decodes only what this
program's engine wrote. Takes a moment: call it in a thread."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from bot.challenges.fonts import USUAL_FOLDERS, Face, Lettering

Colour = tuple[int, int, int]
Texts = tuple[str, ...]
"""The first of these that some font can draw is."""

_OURS = ("PNG", "JPEG", "WEBP")
_GROUND: Colour = (38, 40, 45)
_TILE: Colour = (52, 55, 61)
_TEXT: Colour = (240, 238, 232)
_FAINT: Colour = (170, 172, 178)
_NOW: Colour = (250, 196, 92)
_INK: Colour = (32, 26, 12)
_SIDE_PX = 256
"""The longer side of a picture here."""
_LEAST_SIDE_PX = 120
"""A caption needs so much room, however narrow the pictures are."""
_GAP_PX, _MARGIN_PX, _FRAME_PX = 18, 26, 5
_TITLE_PX, _VALUE_PX, _BADGE_PX = 22, 28, 24
_TITLE_LINE_PX, _VALUE_LINE_PX = 34, 54
_ROW_HEADING_PX, _ROW_LINE_PX = 190, 34
_SMALLEST_SHARE = 0.6
"""Letters are made so much smaller before words are shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the columns, or the rows, are about."""

    title: Texts
    values: tuple[Texts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetWords:
    now: Texts
    missing: Texts
    """Where there is no picture."""


def contact_sheet(
    pictures: Sequence[bytes | None],
    columns: Heading,
    rows: Heading | None,
    words: SheetWords,
    *,
    current: int | None,
    folders: Sequence[Path] = USUAL_FOLDERS,
) -> bytes:
    """A PNG; `pictures` come row by row, and `current` is framed."""
    opened = [None if data is None else _opened(data) for data in pictures]
    sheet = _Sheet(_box(opened), columns, rows, Lettering(folders))
    sheet.write_headings()
    for cell, picture in enumerate(opened):
        sheet.hang(cell, picture, words, is_current=cell == current)
    return sheet.encoded()


class _Sheet:
    """The canvas, and where things are on it."""

    def __init__(self, box: tuple[int, int], columns: Heading, rows: Heading | None, lettering: Lettering) -> None:
        self._box = box
        self._columns = columns
        self._rows = rows
        self._lettering = lettering
        self._left = _MARGIN_PX + (_ROW_HEADING_PX + _GAP_PX if rows else 0)
        self._top = _MARGIN_PX + _TITLE_LINE_PX + _VALUE_LINE_PX
        across, down = len(columns.values), len(rows.values) if rows else 1
        width = self._left + across * (box[0] + _GAP_PX) - _GAP_PX + _MARGIN_PX
        height = self._top + down * (box[1] + _GAP_PX) - _GAP_PX + _MARGIN_PX
        self._canvas = Image.new("RGB", (width, height), _GROUND)
        self._draw = ImageDraw.Draw(self._canvas)

    def write_headings(self) -> None:
        width = self._canvas.width - self._left - _MARGIN_PX
        middle = self._left + width / 2
        self._write(self._columns.title, (middle, _MARGIN_PX + _TITLE_LINE_PX / 2), _TITLE_PX, _FAINT, width, "mm")
        for number, value in enumerate(self._columns.values):
            place = (self._corner(number)[0] + self._box[0] / 2, self._top - _VALUE_LINE_PX / 2)
            self._write(value, place, _VALUE_PX, _TEXT, self._box[0], "mm")
        if self._rows is None:
            return
        place = (self._left - _GAP_PX, self._top - _VALUE_LINE_PX / 2)
        self._write(self._rows.title, place, _TITLE_PX, _FAINT, _ROW_HEADING_PX, "rm")
        for number, value in enumerate(self._rows.values):
            top = self._corner(number * len(self._columns.values))[1]
            self._write_row(value, top + self._box[1] / 2)

    def _write_row(self, value: Texts, middle: float) -> None:
        """In two lines where one is too long."""
        words = self._lettering.drawable(*value)
        font = self._lettering.face(words).of_size(_VALUE_PX)
        lines = (words,) if font.getlength(words) <= _ROW_HEADING_PX else _halved(words)
        top = middle - (len(lines) - 1) * _ROW_LINE_PX / 2
        for number, one in enumerate(lines):
            place = (self._left - _GAP_PX, top + number * _ROW_LINE_PX)
            self._write((one,), place, _VALUE_PX, _TEXT, _ROW_HEADING_PX, "rm")

    def hang(self, cell: int, picture: Image.Image | None, words: SheetWords, *, is_current: bool) -> None:
        left, top = self._corner(cell)
        width, height = self._box
        frame = (left - _FRAME_PX, top - _FRAME_PX, left + width + _FRAME_PX - 1, top + height + _FRAME_PX - 1)
        if is_current:
            self._draw.rounded_rectangle(frame, radius=_FRAME_PX, fill=_NOW)
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), fill=_TILE)
        if picture is None:
            self._write(words.missing, (left + width / 2, top + height / 2), _TITLE_PX, _FAINT, width - 20, "mm")
        else:
            self._canvas.paste(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
        self._number(cell, words.now if is_current else ())

    def encoded(self) -> bytes:
        buffer = io.BytesIO()
        self._canvas.save(buffer, "PNG")
        return buffer.getvalue()

    def _number(self, cell: int, remark: Texts) -> None:
        """In the picture's corner, by which it is chosen; with a remark beside it."""
        said = self._lettering.drawable(*remark) if remark else ""
        words = f"{cell + 1} {said}".rstrip()
        face = self._lettering.face(words)
        left, top = self._corner(cell)
        height = _BADGE_PX + 12
        width = max(height, round(face.of_size(_BADGE_PX).getlength(words)) + 20)
        bottom = top + self._box[1]
        box = (left, bottom - height, left + width - 1, bottom - 1)
        self._draw.rectangle(box, fill=_NOW if remark else _GROUND)
        middle = (left + width / 2, bottom - height / 2)
        self._draw.text(middle, words, _INK if remark else _TEXT, face.of_size(_BADGE_PX), anchor="mm")

    def _corner(self, cell: int) -> tuple[int, int]:
        row, column = divmod(cell, len(self._columns.values))
        return self._left + column * (self._box[0] + _GAP_PX), self._top + row * (self._box[1] + _GAP_PX)

    def _write(
        self, texts: Texts, place: tuple[float, float], size_px: int, colour: Colour, room_px: float, anchor: str
    ) -> None:
        words = self._lettering.drawable(*texts)
        face = self._lettering.face(words)
        size = _size_that_fits(face, words, size_px, room_px)
        self._draw.text(place, face.shortened(words, size, room_px), colour, face.of_size(size), anchor=anchor)


def _halved(words: str) -> tuple[str, ...]:
    """At the space that leaves the shortest lines; as it is where there is none."""
    apart = words.split(" ")
    ways = [(" ".join(apart[:at]), " ".join(apart[at:])) for at in range(1, len(apart))]
    return min(ways, key=lambda way: max(map(len, way)), default=(words,))


def _size_that_fits(face: Face, words: str, size_px: int, room_px: float) -> float:
    length = face.of_size(size_px).getlength(words)
    return size_px if length <= room_px else max(size_px * _SMALLEST_SHARE, int(size_px * room_px / length))


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_OURS) as file:
        picture = file.convert("RGB")
    picture.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS)
    return picture


def _box(pictures: Sequence[Image.Image | None]) -> tuple[int, int]:
    """Room for the largest; a square where there is no picture at all."""
    sizes = [picture.size for picture in pictures if picture is not None] or [(_SIDE_PX, _SIDE_PX)]
    return max(_LEAST_SIDE_PX, *(width for width, _ in sizes)), max(_LEAST_SIDE_PX, *(height for _, height in sizes))
