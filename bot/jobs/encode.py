"""Makes a finished picture fit a server's upload limit, losing as little as possible. Knows Pillow, not Discord.

Takes seconds for a large picture: call it in a thread.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

_MIB = 1024 * 1024
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
_LOSSLESS_WEBP: dict[str, Any] = {"format": "WEBP", "lossless": True, "quality": 50, "method": 4}
_JPEG_QUALITIES = (95, 90, 80, 70)
_SMALLEST_SIDE_PX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPicture:
    """A file to upload; `note` says in words what was done to the picture, None when nothing was."""

    data: bytes
    suffix: str
    note: str | None


def encode_to_fit(source: Path | bytes, limit_bytes: int) -> FittedPicture:
    """The PNG, JPEG or WebP as it is when it fits, else as lossless WebP, as JPEG, and at last as a smaller JPEG.

    Raises ValueError for a limit that no picture fits.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    with Image.open(io.BytesIO(data), formats=tuple(_SUFFIXES)) as picture:
        original = str(picture.format)
        if len(data) <= limit_bytes:
            return FittedPicture(data=data, suffix=_SUFFIXES[original], note=None)
        rgb = picture.convert("RGB")
        rgb.info = {}  # of the metadata only the profile matters from here
        profile = picture.info.get("icc_profile")
    name = "WebP" if original == "WEBP" else original
    reason = f"because the {name} is larger than this server allows ({_in_mib(limit_bytes)})"
    for words, smaller, options in _attempts(rgb, original):
        encoded = _encode(smaller, {**options, "icc_profile": profile})
        if len(encoded) <= limit_bytes:
            return FittedPicture(data=encoded, suffix=_SUFFIXES[options["format"]], note=f"{words}, {reason}")
    raise ValueError(f"no picture fits into {limit_bytes} bytes")


def _attempts(picture: Image.Image, original: str) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    """What to try, best first: words for it, the picture, and Pillow's options."""
    if original == "PNG":
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


def _in_mib(size: int) -> str:
    return f"{size / _MIB:.0f} MiB" if size >= _MIB else f"{size / 1024:.0f} KiB"
