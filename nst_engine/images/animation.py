"""Animated GIF, WebP and PNG files to upright sRGB frames of one size, and back. No torch here."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from nst_engine.contract.params import MIN_INPUT_SIDE_PX
from nst_engine.contract.plan import Size, fit
from nst_engine.contract.request import MAX_ANIMATION_PIXELS
from nst_engine.errors import BadInput, BadPicture
from nst_engine.images.colour import to_srgb, turn_upright
from nst_engine.images.decode import (
    MAX_DECODED_SIDE_PX,
    MAX_FILE_BYTES,
    decode_picture,
    read_file,
    translating_errors,
)
from nst_engine.images.encode import srgb_profile, whole_file
from nst_engine.images.palette import with_few_colours

MAX_READ_PIXELS = 1_000_000_000
"""Of all frames of a file together: half a minute of decoding."""
MIN_DURATION_MS, USUAL_DURATION_MS, MAX_DURATION_MS = 11, 100, 60_000
"""A shorter time than the first is shown as the second, as browsers do; a longer one than the third is cut."""
MAX_LOOP = 0xFFFF

_FORMATS = ("GIF", "WEBP", "PNG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Animation:
    """RGB frames of one size, how long each is shown, and how often all are, 0 being for ever."""

    frames: tuple[Image.Image, ...]
    durations_ms: tuple[int, ...]
    loop: int


def is_animated(data: bytes, *, name: str) -> bool:
    """Whether the file's bytes are a GIF, WebP or PNG of several frames. Raises BadPicture."""
    return frame_count(data, name=name) > 1


def frame_count(data: bytes, *, name: str) -> int:
    """Frames of a GIF, WebP or PNG, none of them decoded; 1 for all other bytes. Raises BadPicture for damaged ones."""
    with translating_errors(name, otherwise=_damaged(name)):
        try:
            with _open(data) as file:
                return len(_shown(file))
        except UnidentifiedImageError:
            return 1


def read_animation(path: Path, *, name: str, max_frames: int, longest_side: int = MAX_DECODED_SIDE_PX) -> Animation:
    """The frames in the file, each as `read_picture` would give it; a still picture is an animation of one frame.

    Of more than `max_frames` so many are kept, evenly chosen, each shown as long as those that it stands for. A side
    longer than `longest_side` is made shorter. `name` is for messages. Raises BadPicture, and nothing else.
    """
    data = read_file(path, name)
    if not 0 < len(data) <= MAX_FILE_BYTES or not is_animated(data, name=name):
        still = _shrink(decode_picture(data, name=name).picture, longest_side)
        return Animation(frames=(still,), durations_ms=(USUAL_DURATION_MS,), loop=0)
    with translating_errors(name, otherwise=_damaged(name)), _open(data) as file:
        return _decode(file, name, max_frames, longest_side)


def write_animation(animation: Animation, path: Path, *, webp_quality: int | None = None) -> None:
    """Write a .webp, .gif or .png (APNG); the file appears whole or not at all.

    WebP and PNG without loss, tagged as sRGB, or a WebP with a quality of 0 to 100; GIF with 255 colours for all
    frames. Equal frames in a row become one. Raises as `write_picture` does.
    """
    write = animation_writer_for(path)
    if write is _write_webp and webp_quality is not None:
        write = partial(_write_lossy_webp, quality=webp_quality)
    with whole_file(path) as file:
        write(_without_repeats(animation), file)


Writer = Callable[[Animation, BinaryIO], None]


def animation_writer_for(path: Path) -> Writer:
    """What the suffix asks for. Raises BadInput with the ones there are, so ask before long work."""
    found = _WRITERS.get(path.suffix.lower())
    if found is None:
        suffix = path.suffix or "no suffix"
        raise BadInput(f"{path.name} has {suffix}; an animation is written as {', '.join(_WRITERS)}.")
    return found


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _damaged(name: str) -> BadPicture:
    return BadPicture("The {name} picture is a damaged or incomplete animation.", name=name)


def _shown(file: Image.Image) -> range:
    """The frames that are part of the animation: a PNG's first picture may be for programs that show no other."""
    return range(1 if getattr(file, "default_image", False) else 0, getattr(file, "n_frames", 1))


def _check_size(file: Image.Image, name: str, max_frames: int, longest_side: int) -> None:
    (width, height), count = file.size, len(_shown(file))
    facts: dict[str, str | int] = {"name": name, "count": count, "width": width, "height": height}
    if min(file.size) < MIN_INPUT_SIDE_PX:
        raise BadPicture(
            "The {name} picture has {count} frames of {width}×{height} pixels; at least {least}×{least} is needed.",
            **facts,
            least=MIN_INPUT_SIDE_PX,
        )
    read = count * width * height
    if read > MAX_READ_PIXELS:
        raise BadPicture(
            "The {name} picture has {count} frames of {width}×{height} pixels, {sum} million pixels together; "
            "at most {limit} million pixels can be read.",
            **facts,
            sum=_millions(read),
            limit=_millions(MAX_READ_PIXELS),
        )
    kept_width, kept_height = _fitted(file.size, longest_side)
    kept = min(count, max_frames) * kept_width * kept_height
    if kept > MAX_ANIMATION_PIXELS:
        raise BadPicture(
            "The {name} picture has {count} frames of {width}×{height} pixels; {kept} of them at {size} are {sum} "
            "million pixels, and at most {limit} million pixels can be painted.",
            **facts,
            kept=min(count, max_frames),
            size=f"{kept_width}×{kept_height}",
            sum=_millions(kept),
            limit=_millions(MAX_ANIMATION_PIXELS),
        )


def _millions(pixels: int) -> str:
    return f"{pixels / 1e6:,.0f}"


def _decode(file: Image.Image, name: str, max_frames: int, longest_side: int) -> Animation:
    _check_size(file, name, max_frames, longest_side)
    shown, canvas = _shown(file), file.size
    count = min(len(shown), max_frames)
    first_of_each = [shown[k * len(shown) // count] for k in range(count)]
    kept, frames, durations = frozenset(first_of_each), [], []
    for index in range(shown.stop):
        file.seek(index)
        if file.size != canvas:  # a GIF's later frames may stand out of it, and then Pillow makes it larger
            _check_size(file, name, max_frames, longest_side)
        file.load()
        if index in kept:
            frames.append(_frame(file, canvas, longest_side))
        durations.append(_mended(file.info.get("duration")))
    spans = pairwise([*first_of_each, shown.stop])
    shown_for = tuple(min(MAX_DURATION_MS, sum(durations[begin:end])) for begin, end in spans)
    return Animation(frames=tuple(frames), durations_ms=shown_for, loop=_loop(file))


def _frame(file: Image.Image, canvas: Size, longest_side: int) -> Image.Image:
    turn = turn_upright(file)
    frame = to_srgb(file, longest_side=MAX_DECODED_SIDE_PX)
    frame = frame if frame.size == canvas else frame.crop((0, 0, *canvas))
    frame = _shrink(frame, longest_side)
    return frame if turn is None else frame.transpose(turn)


def _shrink(picture: Image.Image, longest_side: int) -> Image.Image:
    size = _fitted(picture.size, longest_side)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _fitted(size: Size, longest_side: int) -> Size:
    return size if max(size) <= longest_side else fit(size, longest_side)


def _mended(duration: object) -> int:
    """Milliseconds as a browser would take them."""
    known = duration if isinstance(duration, int | float) and duration == duration else 0  # noqa: PLR0124 - not NaN
    return USUAL_DURATION_MS if known < MIN_DURATION_MS else round(min(known, MAX_DURATION_MS))


def _loop(file: Image.Image) -> int:
    """A GIF counts how often it is shown again, and says nothing if it is shown once."""
    said = file.info.get("loop")
    if not isinstance(said, int):
        return 1 if file.format == "GIF" else 0
    return min(said + 1 if file.format == "GIF" and said else said, MAX_LOOP)


def _without_repeats(animation: Animation) -> Animation:
    frames, durations = [animation.frames[0]], [animation.durations_ms[0]]
    for frame, duration in zip(animation.frames[1:], animation.durations_ms[1:], strict=True):
        if frame.tobytes() == frames[-1].tobytes():
            durations[-1] += duration
        else:
            frames.append(frame)
            durations.append(duration)
    shown_for = tuple(min(duration, MAX_DURATION_MS) for duration in durations)
    return Animation(frames=tuple(frames), durations_ms=shown_for, loop=animation.loop)


def _write_webp(animation: Animation, file: BinaryIO) -> None:
    _save(animation, file, "WEBP", lossless=True, quality=50, method=4, loop=animation.loop, icc_profile=srgb_profile())


def _write_lossy_webp(animation: Animation, file: BinaryIO, *, quality: int) -> None:
    """A quarter of the size; what moves leaves faint traces, because libwebp takes nearly equal pixels for equal.

    No key frames: they would show, since the same picture is compressed anew.
    """
    options = {"quality": quality, "method": 4, "kmin": 0, "kmax": 0}
    _save(animation, file, "WEBP", loop=animation.loop, icc_profile=srgb_profile(), **options)


def _write_png(animation: Animation, file: BinaryIO) -> None:
    _save(animation, file, "PNG", compress_level=6, loop=animation.loop, icc_profile=srgb_profile())


def _write_gif(animation: Animation, file: BinaryIO) -> None:
    loop = {} if animation.loop == 1 else {"loop": max(0, animation.loop - 1)}
    reduced = replace(animation, frames=tuple(with_few_colours(animation.frames)))
    _save(reduced, file, "GIF", optimize=True, disposal=1, **loop)


def _save(animation: Animation, file: BinaryIO, file_format: str, **options: object) -> None:
    first, *others = animation.frames
    durations: list[int] | int = list(animation.durations_ms) if others else animation.durations_ms[0]
    first.save(file, format=file_format, save_all=True, append_images=others, duration=durations, **options)


_WRITERS: Mapping[str, Writer] = MappingProxyType({".webp": _write_webp, ".gif": _write_gif, ".png": _write_png})
