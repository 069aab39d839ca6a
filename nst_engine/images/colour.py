"""What the pixels of a decoded file mean: any Pillow mode, any profile, any orientation to upright 8-bit sRGB."""

import io
import math

from PIL import ExifTags, Image, ImageChops, ImageCms

from nst_engine.contract.params import MIN_INPUT_SIDE_PX

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation; 1 is upright already."""
SWAPPING_SIDES = frozenset(_TRANSPOSITIONS[orientation] for orientation in (5, 6, 7, 8))
"""The turns after which width is height."""
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK", "LAB": "Lab "}
"""What a profile calls its colour space if it describes pictures of this Pillow mode."""


def to_srgb(picture: Image.Image, *, longest_side: int, behind: tuple[int, int, int] = WHITE) -> Image.Image:
    """A loaded picture of any mode as RGB in sRGB, its sides at most `longest_side`.

    Transparent parts show the colour `behind` them. The picture itself is left as it is.
    """
    profile = picture.info.get("icc_profile")
    colours, alpha = _split_alpha(_shrink(_plain(picture), longest_side))
    colours = _apply_profile(colours, profile)  # under the same name, so that the memory of the old one is free again
    if alpha is not None:
        colours.paste(behind, mask=ImageChops.invert(alpha))
    return colours


def turn_upright(picture: Image.Image) -> Image.Transpose | None:
    """How a loaded picture must be turned, by its EXIF or XMP orientation; unreadable metadata asks for nothing."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001  # metadata is damaged in as many ways as pixels, and the pixels are what counts
        return None
    return _TRANSPOSITIONS.get(orientation) if isinstance(orientation, int) else None


def _plain(picture: Image.Image) -> Image.Image:
    """The picture as L, LA, RGB, RGBA, CMYK or LAB, eight bits each; alpha only where something may be transparent."""
    mode = picture.mode
    if mode.startswith("I") or mode == "F":
        return _eight_bits(picture)
    if mode == "La":
        return picture.convert("LA")
    if picture.has_transparency_data:
        return picture if mode in {"LA", "RGBA"} else picture.convert("RGBA")
    if mode == "1":
        return picture.convert("L")
    return picture if mode in _PROFILE_SPACES else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey levels of more than eight bits as L: by the smallest usual white that holds them, else stretched to fit."""
    if picture.mode.startswith("I;16"):
        low, white = 0.0, 65535.0
    else:
        low, white = _black_and_white(picture)
    levels = picture.convert("F")
    factor = 255.0 / (white - low)
    return levels.point(lambda level: level * factor + (0.5 - low * factor)).convert("L")


def _black_and_white(picture: Image.Image) -> tuple[float, float]:
    extrema = picture.getextrema()
    low, high = float(extrema[0]), float(extrema[1])  # type: ignore[arg-type]  # a pair for modes of one band
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("grey levels that are not finite numbers")
    usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    white = next((white for white in usual if high <= white), None)
    if low < 0 or white is None:
        return low, max(high, low + 1.0)
    return 0.0, white


def _shrink(picture: Image.Image, longest_side: int) -> Image.Image:
    """Made smaller by a whole factor (a box average) to fit `longest_side`, as far as the shorter side allows."""
    factor = min(math.ceil(max(picture.size) / longest_side), min(picture.size) // MIN_INPUT_SIDE_PX)
    return picture.reduce(factor) if factor > 1 else picture


def _split_alpha(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    match picture.mode:
        case "RGBA":
            return picture.convert("RGB"), picture.getchannel("A")
        case "LA":
            return picture.getchannel("L"), picture.getchannel("A")
        case _:
            return picture, None


def _apply_profile(colours: Image.Image, profile: bytes | None) -> Image.Image:
    """To sRGB by the embedded profile; a missing, broken or unfitting profile counts as the mode's usual meaning."""
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if embedded.profile.xcolor_space == _PROFILE_SPACES[colours.mode]:
                return _convert(colours, embedded)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass  # as without a profile, below
    if colours.mode == "LAB":
        return _convert(colours, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    return colours.convert("RGB")


def _convert(colours: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(
        colours,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if converted is None:
        raise ImageCms.PyCMSError("nothing was converted")
    return converted
