"""Draws what hangs on a wall: the wall's light, a picture in mat and frame with its shadow, and the plate beneath."""

import itertools
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.challenges.fonts import Face
from bot.challenges.hanging import Plate, Spot

Colour = tuple[int, int, int]
WALL: Colour = (74, 82, 80)
LIGHT: Colour = (255, 244, 224)
MAT: Colour = (247, 245, 240)
LINE_SHARE = 1.2
"""From line to line, of the size of the letters."""
PLATE_ROOM_PX = 48
"""Beside the letters of a plate, to both sides together."""
_SHARPER = 2
"""Frames and plates are drawn so much larger, and made smaller for smooth edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moulding:
    """The colours of a frame from its outer edge to its inner one."""

    edge: Colour
    ridge: Colour
    hollow: Colour
    lip: Colour


GOLD = Moulding(edge=(92, 66, 24), ridge=(214, 176, 98), hollow=(158, 118, 50), lip=(240, 212, 148))
SILVER = Moulding(edge=(70, 72, 76), ridge=(196, 199, 203), hollow=(134, 138, 144), lip=(230, 232, 235))
BRONZE = Moulding(edge=(62, 36, 22), ridge=(168, 112, 74), hollow=(116, 70, 42), lip=(206, 156, 118))
WALNUT = Moulding(edge=(30, 22, 18), ridge=(92, 68, 52), hollow=(62, 44, 33), lip=(128, 100, 80))
MOULDINGS = {1: GOLD, 2: SILVER, 3: BRONZE}


def wall(width: int, height: int) -> Image.Image:
    """Plaster, a little lighter above than below, with a grain so fine that it only keeps the light from banding."""
    plain = Image.new("RGB", (width, height), WALL)
    shade = Image.linear_gradient("L").resize((width, height)).point([round(level * 0.34) for level in range(256)])
    plain.paste((20, 22, 22), (0, 0), shade)
    grain = Image.frombytes("L", (width, height), random.Random(1952).randbytes(width * height))
    grain = grain.filter(ImageFilter.GaussianBlur(1.1)).point(
        [round(128 + (level - 128) * 0.13) for level in range(256)]
    )
    return ImageChops.overlay(plain, Image.merge("RGB", (grain, grain, grain)))


def light_up(canvas: Image.Image, spot: Spot, strength: float) -> None:
    """The pool of light that a lamp above throws around a picture."""
    outer_width, outer_height = spot.width + 2 * spot.around, spot.height + 2 * spot.around
    width, height = round(outer_width * 1.3 + 620), round(outer_height * 1.3 + 720)
    left = spot.left + spot.width // 2 - width // 2
    top = spot.top + spot.height // 2 - height // 2 - 40
    fall_off = [round(255 * strength * max(0.0, 1 - level / 181) ** 1.7) for level in range(256)]
    pool = Image.radial_gradient("L").resize((width, height), Image.Resampling.BICUBIC).point(fall_off)
    canvas.paste(LIGHT, (left, top), pool)


def hang_picture(canvas: Image.Image, picture: Image.Image, spot: Spot, moulding: Moulding) -> None:
    framed = _framed(picture, spot, moulding)
    left, top = spot.left - spot.around, spot.top - spot.around
    _cast_shadow(canvas, (left, top, left + framed.width, top + framed.height), drop=26, blur=24, strength=0.5)
    _cast_shadow(canvas, (left, top, left + framed.width, top + framed.height), drop=7, blur=7, strength=0.5)
    canvas.paste(framed, (left, top))


def _cast_shadow(canvas: Image.Image, box: tuple[int, int, int, int], *, drop: int, blur: int, strength: float) -> None:
    """Soft, below and a little smaller than what casts it."""
    room = 3 * blur
    left, top, right, bottom = box
    mask = Image.new("L", (right - left + 2 * room, bottom - top + 2 * room), 0)
    inset = blur // 3
    lit = (room + inset, room + inset, room + right - left - inset, room + bottom - top - inset // 2)
    ImageDraw.Draw(mask).rectangle(lit, fill=round(255 * strength))
    canvas.paste((8, 9, 9), (left - room, top - room + drop), mask.filter(ImageFilter.GaussianBlur(blur)))


def _framed(picture: Image.Image, spot: Spot, moulding: Moulding) -> Image.Image:
    width, height = spot.width + 2 * spot.around, spot.height + 2 * spot.around
    framed = Image.new("RGB", (width * _SHARPER, height * _SHARPER), MAT)
    frame = spot.frame * _SHARPER
    for ring in range(frame):
        _draw_ring(ImageDraw.Draw(framed), framed.size, ring, _profile(moulding, ring / frame))
    framed = framed.resize((width, height), Image.Resampling.LANCZOS)
    _shade_mat(framed, spot)
    framed.paste(picture.resize((spot.width, spot.height), Image.Resampling.LANCZOS), (spot.around, spot.around))
    return framed


def _profile(moulding: Moulding, depth: float) -> Colour:
    """Across a frame: a dark edge, a round ridge, a hollow, and a bright lip around the mat."""
    stops = (
        (0.0, moulding.edge),
        (0.10, moulding.hollow),
        (0.34, moulding.ridge),
        (0.56, moulding.hollow),
        (0.80, moulding.edge),
        (0.86, moulding.lip),
        (1.0, moulding.ridge),
    )
    for (begin, one), (end, other) in itertools.pairwise(stops):
        if depth <= end:
            return _between(one, other, (depth - begin) / (end - begin))
    return moulding.ridge


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _draw_ring(draw: ImageDraw.ImageDraw, size: tuple[int, int], ring: int, colour: Colour) -> None:
    """One line around, mitred: lit from above, so that each side has its own brightness."""
    left, top, right, bottom = ring, ring, size[0] - 1 - ring, size[1] - 1 - ring
    draw.line((left, top, right, top), fill=_lit(colour, 1.10))
    draw.line((left, top + 1, left, bottom - 1), fill=_lit(colour, 0.97))
    draw.line((right, top + 1, right, bottom - 1), fill=_lit(colour, 0.90))
    draw.line((left, bottom, right, bottom), fill=_lit(colour, 0.78))


def _lit(colour: Colour, light: float) -> Colour:
    red, green, blue = (min(255, round(level * light)) for level in colour)
    return red, green, blue


def _shade_mat(framed: Image.Image, spot: Spot) -> None:
    """The frame's shadow on the mat, and the mat's bevelled cut around the picture."""
    inside = (spot.frame, spot.frame, framed.width - spot.frame, framed.height - spot.frame)
    mask = Image.new("L", framed.size, 120)
    reach = max(3, spot.frame // 3)
    draw = ImageDraw.Draw(mask)
    draw.rectangle((inside[0] + reach // 2, inside[1] + reach, inside[2] - reach // 3, inside[3]), fill=0)
    mask = mask.filter(ImageFilter.GaussianBlur(reach))
    framed.paste((60, 52, 44), inside[:2], mask.crop(inside))
    bevel = max(2, spot.mat // 16)
    draw = ImageDraw.Draw(framed)
    for ring in range(1, bevel + 1):
        left, top = spot.around - ring, spot.around - ring
        right, bottom = spot.around + spot.width - 1 + ring, spot.around + spot.height - 1 + ring
        draw.line((left, top, right, top), fill=(198, 194, 186))
        draw.line((left, top, left, bottom), fill=(212, 208, 200))
        draw.line((right, top, right, bottom), fill=(255, 254, 251))
        draw.line((left, bottom, right, bottom), fill=(255, 255, 253))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of engraved text."""

    text: str
    face: Face
    size_px: int
    colour: Colour

    @property
    def width_px(self) -> float:
        return self.face.of_size(self.size_px).getlength(self.text)


def hang_plate(canvas: Image.Image, spot: Spot, lines: tuple[Line, ...]) -> None:
    plate = spot.plate
    box = (spot.plate_left, spot.plate_top, spot.plate_left + plate.width, spot.plate_top + plate.height)
    _cast_shadow(canvas, box, drop=5, blur=6, strength=0.55)
    canvas.paste(_brass(plate), box[:2], _rounded(plate))
    draw = ImageDraw.Draw(canvas)
    top = box[1] + (plate.height - LINE_SHARE * sum(line.size_px for line in lines)) / 2
    for line in lines:
        middle = (box[0] + plate.width / 2, top + line.size_px * LINE_SHARE / 2)
        font = line.face.of_size(line.size_px)
        draw.text((middle[0], middle[1] + 1.5), line.text, (212, 190, 142), font, anchor="mm")
        draw.text(middle, line.text, line.colour, font, anchor="mm")
        top += line.size_px * LINE_SHARE


def _brass(plate: Plate) -> Image.Image:
    """Brushed: fine lines along it, lighter above."""
    rows = random.Random(plate.width).randbytes(plate.height * 40)
    brushed = Image.frombytes("L", (40, plate.height), rows).resize(
        (plate.width, plate.height), Image.Resampling.BICUBIC
    )
    brushed = brushed.point([round(128 + (level - 128) * 0.07) for level in range(256)])
    metal = Image.new("RGB", brushed.size, (182, 156, 104))
    fall = Image.linear_gradient("L").resize(brushed.size).point([round(level * 0.30) for level in range(256)])
    metal.paste((104, 80, 42), (0, 0), fall)
    metal = ImageChops.overlay(metal, Image.merge("RGB", (brushed, brushed, brushed)))
    draw = ImageDraw.Draw(metal)
    edge = (0, 0, plate.width - 1, plate.height - 1)
    draw.rounded_rectangle(edge, radius=8, outline=(214, 190, 138), width=2)
    draw.rounded_rectangle((7, 7, plate.width - 8, plate.height - 8), radius=5, outline=(124, 98, 54), width=1)
    return metal


def _rounded(plate: Plate) -> Image.Image:
    large = Image.new("L", (plate.width * 4, plate.height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), radius=32, fill=255)
    return large.resize((plate.width, plate.height), Image.Resampling.LANCZOS)
