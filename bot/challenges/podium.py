"""The best of a challenge on a gallery's wall, as one picture. Knows Pillow; decodes only what this program wrote.

Takes a second: call it in a thread.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from bot.challenges import framing
from bot.challenges.fonts import USUAL_FOLDERS, Face, Lettering
from bot.challenges.framing import LINE_SHARE, PLATE_ROOM_PX, Line
from bot.challenges.hanging import MANY, MARGIN_PX, MOST_FRAMES, WIDTH_PX, Plate, ToHang, hang

MOST_BYTES = 3_000_000
_QUALITIES = (93, 88, 80, 70, 55)
_OURS = ("PNG", "JPEG", "WEBP")
_MOST_SHAPE = 4.0
"""How many times as long as high a picture is shown, and the other way round; of longer ones the middle is."""
_TITLE_SIZE_PX, _TITLE_MIDDLE_PX = 60, 104
_TITLE_COLOUR = (236, 229, 215)
_INK, _FAINT_INK = (44, 32, 14), (66, 50, 24)
_PLACE_PX, _NAME_PX, _CAPTION_PX = 36, 38, 28
_NARROWEST_PLATE_PX, _WIDEST_PLATE_PX, _PLATE_ABOVE_PX = 230, 330, 26
_OF_FIRST, _OF_OTHERS, _OF_MANY = 1.18, 1.0, 0.8
"""How large plates and letters are."""
_SMALLER_NAMES = (1.0, 0.88, 0.76)
"""Before a long name is shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramedEntry:
    """One of the best, and what is engraved under it."""

    place: int
    names: tuple[str, ...]
    """The first of these that can be drawn is; with none of them only the place and the caption."""
    caption: str
    """How many votes it has, in words."""
    picture: bytes
    """PNG, JPEG or WebP of our own; of what moves, the first frame."""


def podium_picture(title: str, frames: Sequence[FramedEntry], folders: Sequence[Path] = USUAL_FOLDERS) -> bytes:
    """A JPEG of the frames, at least one, which come best first; `folders` is where fonts are looked for.

    Up to six are large; of more than twelve, the first twelve are there and it is said how many more there are.
    """
    lettering = Lettering(folders)
    shown = frames[:MOST_FRAMES]
    pictures = [_opened(frame.picture) for frame in shown]
    heading = lettering.drawable(title)
    common = lettering.face(heading + "".join("".join(_written(frame, lettering)) for frame in shown))
    signs = [_sign(frame, _share(frame, len(shown)), common, lettering) for frame in shown]
    hanging = hang(
        [
            ToHang(size=picture.size, place=frame.place, plate=_plate(lines))
            for picture, frame, lines in zip(pictures, shown, signs, strict=True)
        ],
        titled=bool(heading),
    )
    canvas = framing.wall(WIDTH_PX, hanging.height)
    for frame, spot in zip(shown, hanging.spots, strict=True):
        framing.light_up(canvas, spot, 0.34 if frame.place == 1 else 0.22)
    for frame, picture, spot, lines in zip(shown, pictures, hanging.spots, signs, strict=True):
        framing.hang_picture(canvas, picture, spot, framing.MOULDINGS.get(frame.place, framing.WALNUT))
        framing.hang_plate(canvas, spot, lines)
    _write_title(canvas, heading, _suited(common, heading, lettering))
    _write_rest(canvas, len(frames) - len(shown), common)
    return _encoded(canvas)


def _share(frame: FramedEntry, count: int) -> float:
    if count >= MANY:
        return _OF_MANY
    return _OF_FIRST if frame.place == 1 else _OF_OTHERS


def _sign(frame: FramedEntry, share: float, common: Face, lettering: Lettering) -> tuple[Line, ...]:
    """Place, name and caption, in the font that all have in common where it has the letters."""
    sizes = ((_PLACE_PX, _INK), (_NAME_PX, _INK), (_CAPTION_PX, _FAINT_INK))
    lines = (
        Line(text=text, face=_suited(common, text, lettering), size_px=round(size * share), colour=colour)
        for text, (size, colour) in zip(_written(frame, lettering), sizes, strict=True)
        if text
    )
    return tuple(_fitted(line, share * _WIDEST_PLATE_PX - PLATE_ROOM_PX) for line in lines)


def _suited(common: Face, text: str, lettering: Lettering) -> Face:
    return common if common.has_all(text) else lettering.face(text)


def _written(frame: FramedEntry, lettering: Lettering) -> tuple[str, str, str]:
    """Of a caption in letters that no font has, its numbers."""
    numbers = frame.caption.encode("ascii", "ignore").decode()
    return str(frame.place), lettering.drawable(*frame.names), lettering.drawable(frame.caption, numbers)


def _fitted(line: Line, room_px: float) -> Line:
    """In smaller letters where it is long, and then no longer than fits."""
    for share in _SMALLER_NAMES:
        smaller = replace(line, size_px=round(line.size_px * share))
        if smaller.width_px <= room_px:
            return smaller
    return replace(smaller, text=smaller.face.shortened(line.text, smaller.size_px, room_px))


def _plate(lines: Sequence[Line]) -> Plate:
    """As large as its letters need."""
    widest = max(line.width_px for line in lines)
    height = LINE_SHARE * sum(line.size_px for line in lines) + _PLATE_ABOVE_PX
    return Plate(width=max(_NARROWEST_PLATE_PX, round(widest + PLATE_ROOM_PX)), height=round(height))


def _opened(data: bytes) -> Image.Image:
    """Not larger than it can be of use, and cut to a shape that can be hung."""
    with Image.open(io.BytesIO(data), formats=_OURS) as file:
        picture = file.convert("RGB")
    width = min(picture.width, round(picture.height * _MOST_SHAPE))
    height = min(picture.height, round(picture.width * _MOST_SHAPE))
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    picture = picture.crop((left, top, left + width, top + height))
    picture.thumbnail((WIDTH_PX, WIDTH_PX), Image.Resampling.LANCZOS)
    return picture


def _write_title(canvas: Image.Image, heading: str, face: Face) -> None:
    words = face.shortened(heading, _TITLE_SIZE_PX, WIDTH_PX - 2 * MARGIN_PX)
    font = face.of_size(_TITLE_SIZE_PX)
    ImageDraw.Draw(canvas).text((WIDTH_PX / 2, _TITLE_MIDDLE_PX), words, _TITLE_COLOUR, font, anchor="mm")


def _write_rest(canvas: Image.Image, count: int, face: Face) -> None:
    """How many there was no room for, as a number that needs no words."""
    if count <= 0:
        return
    words = f"+ {count}"
    place = (WIDTH_PX - MARGIN_PX / 2, canvas.height - MARGIN_PX / 2)
    ImageDraw.Draw(canvas).text(place, words, _TITLE_COLOUR, face.of_size(40), anchor="rm")


def _encoded(canvas: Image.Image) -> bytes:
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        canvas.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=True)
        if buffer.tell() <= MOST_BYTES:
            break
    return buffer.getvalue()
