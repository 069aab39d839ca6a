"""Makes a finished picture fit a server's upload limit, losing as little as possible. Knows Pillow, not Discord.

Takes seconds for a large picture: call it in a thread.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

SMALLEST_UPLOAD_LIMIT_BYTES = 512 * 1024
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
_LOSSLESS_WEBP: dict[str, Any] = {"format": "WEBP", "lossless": True, "quality": 50, "method": 4}
_JPEG_QUALITIES = (95, 90, 80, 70)
_SMALLEST_SIDE_PX = 16
_LEAST_SHARE_OF_PNG = 0.5
"""A lossless WebP of photos and paintings takes 0.64 to 0.84 of their PNG, and to try takes a second per megapixel."""
_ANIMATED_WEBP: dict[str, Any] = {"format": "WEBP", "save_all": True, "quality": 70, "method": 1, "kmin": 0, "kmax": 0}
"""Since 2025 every Discord client plays an animated WebP where it stands, as it does a GIF, which has 256 colours.

Without key frames: each would be compressed anew, and what stands still would jump."""
_SHARE_OF_ANIMATION = 0.2
"""Of the bytes of an animation as engines write them, without loss, such a WebP takes about so much."""
_MOST_OF_THE_PIXELS = 0.6
_ROOM_FOR_ERROR = 0.95


class Made(StrEnum):
    """What a picture became that was too large."""

    LOSSLESS_WEBP = "lossless WebP"
    JPEG = "JPEG"
    SMALLER_JPEG = "smaller JPEG"
    LESS_DETAIL = "animation with less detail"
    SMALLER_ANIMATION = "smaller animation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What was done to a picture, and why."""

    made: Made
    original: str
    """What it was: "PNG", "JPEG" or "WebP"."""
    size: tuple[int, int]
    """What it has now, in pixels."""
    limit_bytes: int
    """What it was too large for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPicture:
    """A file to upload; `fitting` is None when nothing was done to it."""

    data: bytes
    suffix: str
    fitting: Fitting | None


def encode_to_fit(source: Path | bytes, limit_bytes: int, *, may_take_long: bool = True) -> FittedPicture:
    """The PNG, JPEG or WebP as it is when it fits, else as lossless WebP, as JPEG, and at last as a smaller JPEG.

    Without lossless WebP where it may not take long. An animation stays one, as a WebP of less detail, and at last a
    smaller one. Raises ValueError for a limit that no picture fits.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    with Image.open(io.BytesIO(data), formats=tuple(_SUFFIXES)) as picture:
        original = str(picture.format)
        if len(data) <= limit_bytes:
            return FittedPicture(data=data, suffix=_SUFFIXES[original], fitting=None)
        why = _Why(original="WebP" if original == "WEBP" else original, limit_bytes=limit_bytes)
        if getattr(picture, "n_frames", 1) > 1:
            return _animation_to_fit(picture, len(data), why)
        rgb = picture.convert("RGB")
        rgb.info = {}  # of the metadata only the profile matters from here
        profile = picture.info.get("icc_profile")
    may_stay_lossless = may_take_long and original == "PNG" and len(data) * _LEAST_SHARE_OF_PNG <= limit_bytes
    for made, smaller, options in _attempts(rgb, may_stay_lossless=may_stay_lossless):
        encoded = _encode(smaller, {**options, "icc_profile": profile})
        if len(encoded) <= limit_bytes:
            return FittedPicture(
                data=encoded, suffix=_SUFFIXES[options["format"]], fitting=why.fitting(made, smaller.size)
            )
    raise ValueError(f"no picture fits into {limit_bytes} bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """What a picture was, and what it was too large for."""

    original: str
    limit_bytes: int

    def fitting(self, made: Made, size: tuple[int, int]) -> Fitting:
        return Fitting(made=made, original=self.original, size=size, limit_bytes=self.limit_bytes)


def limits_to_try(limit_bytes: int) -> Iterator[int]:
    """Upload limits, each to be tried where the one before it was refused all the same."""
    yield limit_bytes
    while limit_bytes > SMALLEST_UPLOAD_LIMIT_BYTES:
        limit_bytes //= 2
        yield limit_bytes


def _attempts(picture: Image.Image, *, may_stay_lossless: bool) -> Iterator[tuple[Made, Image.Image, dict[str, Any]]]:
    """What to try, best first: what it makes, the picture, and Pillow's options."""
    if may_stay_lossless:
        yield Made.LOSSLESS_WEBP, picture, _LOSSLESS_WEBP
    for quality in _JPEG_QUALITIES:
        yield Made.JPEG, picture, _jpeg(quality)
    while min(picture.size) >= 2 * _SMALLEST_SIDE_PX:
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
        yield Made.SMALLER_JPEG, picture, _jpeg(_JPEG_QUALITIES[-1])


def _jpeg(quality: int) -> dict[str, Any]:
    """From quality 90 on colour keeps its full resolution (4:4:4)."""
    return {"format": "JPEG", "quality": quality, "subsampling": 0 if quality >= 90 else 2}


def _encode(picture: Image.Image, options: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    return buffer.getvalue()


def _animation_to_fit(animation: Image.Image, size_bytes: int, why: _Why) -> FittedPicture:
    """Few attempts, since each takes as long as all its frames: what was too large tells how small it must be."""
    durations, size, limit_bytes = _durations(animation), animation.size, why.limit_bytes
    likely_bytes = round(size_bytes * _SHARE_OF_ANIMATION)
    if likely_bytes > limit_bytes:
        size = _smaller(size, limit_bytes / likely_bytes)
    while min(size) >= _SMALLEST_SIDE_PX:
        encoded = _encode_animation(animation, size, durations)
        if len(encoded) <= limit_bytes:
            made = Made.LESS_DETAIL if size == animation.size else Made.SMALLER_ANIMATION
            return FittedPicture(data=encoded, suffix=".webp", fitting=why.fitting(made, size))
        size = _smaller(size, min(_MOST_OF_THE_PIXELS, limit_bytes / len(encoded)))
    raise ValueError(f"no animation of {len(durations)} frames fits into {limit_bytes} bytes")


def _smaller(size: tuple[int, int], share_of_bytes: float) -> tuple[int, int]:
    """Bytes are taken to grow with the pixels."""
    share = _ROOM_FOR_ERROR * math.sqrt(share_of_bytes)
    return int(size[0] * share), int(size[1] * share)


def _durations(animation: Image.Image) -> list[int]:
    """Milliseconds of each frame, which Pillow knows only when it has read it."""
    found = []
    for frame in ImageSequence.Iterator(animation):
        frame.load()
        found.append(int(frame.info.get("duration", 0)))
    return found


def _encode_animation(animation: Image.Image, size: tuple[int, int], durations: list[int]) -> bytes:
    """At its own size frame by frame from the file; only smaller ones are all in memory at a time."""
    info = animation.info
    options = {**_ANIMATED_WEBP, "duration": durations, "loop": info.get("loop", 0)}
    options["icc_profile"] = info.get("icc_profile")
    if size == animation.size:
        return _encode(animation, options)
    first, *others = (
        frame.convert("RGB").resize(size, Image.Resampling.LANCZOS) for frame in ImageSequence.Iterator(animation)
    )
    return _encode(first, {**options, "append_images": others})
