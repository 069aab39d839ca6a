"""Where framed pictures of any shape hang on a wall, so that all are as large as they can be. Draws nothing."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH_PX = 1600
MARGIN_PX = 90
GAP_PX = 64
"""Between frames in a row, and between a plate and the row below it."""
TOP_PX, TOP_WITH_TITLE_PX = 90, 190
BOTTOM_PX = 70
TALLEST_PX, TALLEST_OF_MANY_PX, LOWEST_PX = 1500, 2200, 760
FRAME_SHARE, MAT_SHARE = 0.036, 0.085
"""Of the root of the picture's area, on each side."""
PLATE_GAP_PX = 30
FIRST_SIZE, OTHER_SIZE = 1.0, 0.74
LARGEST_PX = 620
"""The root of the area of the largest picture."""
MANY, MOST_FRAMES = 7, 12
"""So many hang smaller and in more rows; more than the most do not hang."""
_ANOTHER_ROW = 0.87
"""A row less is worth so much smaller pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The size of the sign under a frame."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHang:
    size: tuple[int, int]
    """Of the picture, in pixels of any measure."""
    place: int
    plate: Plate


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one picture hangs: its own box, without mat and frame around it, and its plate's."""

    left: int
    top: int
    width: int
    height: int
    mat: int
    frame: int
    plate_left: int
    plate_top: int
    plate: Plate

    @property
    def around(self) -> int:
        return self.mat + self.frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """A wall and the spots on it, in the order of the pictures."""

    height: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A picture in units of the scale that all share."""

    index: int
    width: float
    height: float
    around: float
    plate: Plate

    def outer(self, scale: float) -> tuple[float, float]:
        return scale * (self.width + 2 * self.around), scale * (self.height + 2 * self.around)

    def slot(self, scale: float) -> float:
        """How wide it is with the plate."""
        return max(self.outer(scale)[0], self.plate.width)


Rows = tuple[tuple[_Shape, ...], ...]


def hang(pictures: Sequence[ToHang], *, titled: bool) -> Hanging:
    """Best first; the first places are largest and in the middle. In as many rows as let the pictures be largest."""
    shapes = [_shape(index, picture) for index, picture in enumerate(pictures)]
    firsts = sum(picture.place == pictures[0].place for picture in pictures)
    top = TOP_WITH_TITLE_PX if titled else TOP_PX
    tallest = TALLEST_PX if len(pictures) < MANY else TALLEST_OF_MANY_PX
    choices = [(_largest(rows, top, tallest), rows) for rows in _ways_to_hang(shapes, firsts)]
    scale, rows = max(choices, key=lambda choice: choice[0] * _ANOTHER_ROW ** len(choice[1]))
    height = max(LOWEST_PX, round(_height(rows, scale, top)))
    slack = (height - _height(rows, scale, top)) / 2
    spots: dict[int, Spot] = {}
    for row in rows:
        highest = max(shape.outer(scale)[1] for shape in row)
        left = (WIDTH_PX - _width(row, scale)) / 2
        for shape in row:
            spots[shape.index] = _spot(shape, scale, left + shape.slot(scale) / 2, top + slack + highest / 2)
            left += shape.slot(scale) + GAP_PX
        top += round(_row_height(row, scale) + GAP_PX)
    return Hanging(height=height, spots=tuple(spots[index] for index in range(len(shapes))))


def _shape(index: int, picture: ToHang) -> _Shape:
    share = FIRST_SIZE if picture.place == 1 else OTHER_SIZE
    root = math.sqrt(picture.size[0] / picture.size[1])
    return _Shape(
        index=index,
        width=share * root,
        height=share / root,
        around=share * (FRAME_SHARE + MAT_SHARE),
        plate=picture.plate,
    )


def _ways_to_hang(shapes: Sequence[_Shape], firsts: int) -> list[Rows]:
    """In one to four rows alike, or the first places above the others."""
    ways = [_in_rows(shapes, count) for count in (1, 2, 3, 4) if count <= len(shapes)]
    others = shapes[firsts:]
    above = _in_rows(shapes[:firsts], 1)
    return ways + [above + _in_rows(others, count) for count in (1, 2) if count <= len(others)]


def _in_rows(shapes: Sequence[_Shape], count: int) -> Rows:
    ends = [round(len(shapes) * row / count) for row in range(count + 1)]
    return tuple(_from_the_middle(shapes[begin:end]) for begin, end in itertools.pairwise(ends))


def _from_the_middle(shapes: Sequence[_Shape]) -> tuple[_Shape, ...]:
    """Three stand as 2, 1, 3; two as 1, 2."""
    row: list[_Shape] = []
    left = len(shapes) % 2 == 0
    for shape in shapes:
        row.insert(0 if left else len(row), shape)
        left = not left
    return tuple(row)


def _largest(rows: Rows, top: int, tallest: int) -> float:
    """The scale at which they just fit, found by halving."""
    low, high = 0.0, float(LARGEST_PX)
    for _ in range(30):
        scale = (low + high) / 2
        fits = _height(rows, scale, top) <= tallest and all(
            _width(row, scale) <= WIDTH_PX - 2 * MARGIN_PX for row in rows
        )
        low, high = (scale, high) if fits else (low, scale)
    return low


def _width(row: Sequence[_Shape], scale: float) -> float:
    return sum(shape.slot(scale) for shape in row) + GAP_PX * (len(row) - 1)


def _row_height(row: Sequence[_Shape], scale: float) -> float:
    """Frames hang with their middles on one line, each with its plate below it."""
    tallest = max(shape.outer(scale)[1] for shape in row)
    return max((tallest + shape.outer(scale)[1]) / 2 + PLATE_GAP_PX + shape.plate.height for shape in row)


def _height(rows: Rows, scale: float, top: int) -> float:
    return top + sum(_row_height(row, scale) for row in rows) + GAP_PX * (len(rows) - 1) + BOTTOM_PX


def _spot(shape: _Shape, scale: float, middle: float, centre: float) -> Spot:
    width, height = max(1, round(shape.width * scale)), max(1, round(shape.height * scale))
    frame = round(shape.around * scale * FRAME_SHARE / (FRAME_SHARE + MAT_SHARE))
    mat = round(shape.around * scale) - frame
    top = round(centre - height / 2)
    return Spot(
        left=round(middle - width / 2),
        top=top,
        width=width,
        height=height,
        mat=mat,
        frame=frame,
        plate_left=round(middle - shape.plate.width / 2),
        plate_top=top + height + mat + frame + PLATE_GAP_PX,
        plate=shape.plate,
    )
