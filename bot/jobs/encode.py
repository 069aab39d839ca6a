"""Makes a finished picture fit a server's upload limit, losing as little as possible. Knows Pillow, not Discord.

Takes seconds for a large picture: call it in a thread.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

_MIB = 1024 * 1024
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPicture:
    """A file to upload; `note` says in words what was done to the picture, None when nothing was."""

    data: bytes
    suffix: str
    note: str | None


def encode_to_fit(source: Path | bytes, limit_bytes: int) -> FittedPicture:
    """The PNG, JPEG or WebP as it is when it fits, else as lossless WebP, as JPEG, and at last as a smaller JPEG.

    An animation stays one, as a WebP of less detail, and at last a smaller one. Raises ValueError for a limit that no
    picture fits.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    with Image.open(io.BytesIO(data), formats=tuple(_SUFFIXES)) as picture:
        original = str(picture.format)
        if len(data) <= limit_bytes:
            return FittedPicture(data=data, suffix=_SUFFIXES[original], note=None)
        name = "WebP" if original == "WEBP" else original
        reason = f"because the {name} is larger than this server allows ({_in_mib(limit_bytes)})"
        if getattr(picture, "n_frames", 1) > 1:
            return _animation_to_fit(picture, len(data), limit_bytes, reason)
        rgb = picture.convert("RGB")
        rgb.info = {}  # of the metadata only the profile matters from here
        profile = picture.info.get("icc_profile")
    may_stay_lossless = original == "PNG" and len(data) * _LEAST_SHARE_OF_PNG <= limit_bytes
    for words, smaller, options in _attempts(rgb, may_stay_lossless=may_stay_lossless):
        encoded = _encode(smaller, {**options, "icc_profile": profile})
        if len(encoded) <= limit_bytes:
            return FittedPicture(data=encoded, suffix=_SUFFIXES[options["format"]], note=f"{words}, {reason}")
    raise ValueError(f"no picture fits into {limit_bytes} bytes")


def _attempts(picture: Image.Image, *, may_stay_lossless: bool) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    """What to try, best first: words for it, the picture, and Pillow's options."""
    if may_stay_lossless:
        yield "as lossless WebP", picture, _LOSSLESS_WEBP
    for quality in _JPEG_QUALITIES:
        yield "as JPEG", picture, _jpeg(quality)
    while min(picture.size) >= 2 * _SMALLEST_SIDE_PX:
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
        yield f"as JPEG and smaller ({picture.width}×{picture.height} pixels)", picture, _jpeg(_JPEG_QUALITIES[-1])


def _jpeg(quality: int) -> dict[str, Any]:
    """From quality 90 on colour keeps its full resolution (4:4:4)."""
    return {"format": "JPEG", "quality": quality, "subsampling": 0 if quality >= 90 else 2}


def _encode(picture: Image.Image, options: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    return buffer.getvalue()


def _animation_to_fit(animation: Image.Image, size_bytes: int, limit_bytes: int, reason: str) -> FittedPicture:
    """Few attempts, since each takes as long as all its frames: what was too large tells how small it must be."""
    durations, size = _durations(animation), animation.size
    likely_bytes = round(size_bytes * _SHARE_OF_ANIMATION)
    if likely_bytes > limit_bytes:
        size = _smaller(size, limit_bytes / likely_bytes)
    while min(size) >= _SMALLEST_SIDE_PX:
        encoded = _encode_animation(animation, size, durations)
        if len(encoded) <= limit_bytes:
            words = "" if size == animation.size else f" and smaller ({size[0]}×{size[1]} pixels)"
            return FittedPicture(data=encoded, suffix=".webp", note=f"with less detail{words}, {reason}")
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


def _in_mib(size: int) -> str:
    return f"{size / _MIB:.0f} MiB" if size >= _MIB else f"{size / 1024:.0f} KiB"
