"""Awkward picture files, made on the spot: known colours in known corners, hand-made profiles, lying headers."""

import io
import struct
import zlib

import pillow_heif
from PIL import ExifTags, Image, ImageCms

RED, GREEN, BLUE, YELLOW = (220, 30, 40), (30, 170, 60), (40, 50, 200), (230, 210, 50)
CORNERS = (RED, GREEN, BLUE, YELLOW)
"""Top left, top right, bottom left, bottom right of `quarters()`."""

_UNDO = {  # what the file must hold so that this EXIF orientation makes it upright
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """An RGB picture of four plain quarters."""
    picture = Image.new("RGB", (width, height))
    for index, colour in enumerate(CORNERS):
        left, top = (index % 2) * (width // 2), (index // 2) * (height // 2)
        picture.paste(colour, (left, top, width if index % 2 else width // 2, height if index > 1 else height // 2))
    return picture


def corners_of(picture: Image.Image) -> tuple[tuple[int, ...], ...]:
    """The colours an eighth of the way in from each corner, in the order of `CORNERS`."""
    x, y = picture.width // 8, picture.height // 8
    spots = ((x, y), (picture.width - 1 - x, y), (x, picture.height - 1 - y))
    pixels = [picture.getpixel(spot) for spot in (*spots, (picture.width - 1 - x, picture.height - 1 - y))]
    return tuple(pixel if isinstance(pixel, tuple) else (int(pixel or 0),) for pixel in pixels)


def is_near(one: tuple[int, ...], other: tuple[int, ...], tolerance: int = 12) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def encoded(picture: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    if file_format == "HEIF":  # without registering this plugin: the pictures are read by another
        pillow_heif.from_pillow(picture).save(buffer, **options)
    else:
        picture.save(buffer, format=file_format, **options)
    return buffer.getvalue()


def turned(file_format: str, orientation: int) -> bytes:
    """`quarters()` stored turned, with the EXIF orientation that puts it upright."""
    method = _UNDO[orientation]
    stored = quarters() if method is None else quarters().transpose(method)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(stored, file_format, exif=exif.tobytes())


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_primaries_profile() -> bytes:
    """A profile in which the first channel is sRGB's green and the second sRGB's red."""
    return srgb_profile().replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def linear_grey_profile() -> bytes:
    """A grey profile with gamma 1: half the code value is half the light, which sRGB writes as 188."""
    return _profile(b"GRAY", b"XYZ ", {b"kTRC": b"curv" + bytes(4) + struct.pack(">I", 0)})


def red_cyan_profile() -> bytes:
    """A CMYK profile for a printer with a single ink: full "cyan" is a red, the other three inks print nothing."""
    identity = b"".join(struct.pack(">i", 65536 * value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    ramp = bytes(range(256))
    white, red = bytes((255, 128, 128)), bytes((128, 128 + 70, 128 + 50))  # L*a*b* in eight bits
    table = white * 8 + red * 8  # the first channel varies slowest
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + ramp * 4 + table + ramp * 3
    return _profile(b"CMYK", b"Lab ", {b"A2B0": lut}, device=b"prtr")


def _profile(space: bytes, connection: bytes, tags: dict[bytes, bytes], device: bytes = b"mntr") -> bytes:
    """The least profile of ICC.1 version 2 that a reader takes."""
    d50 = struct.pack(">iii", 63190, 65536, 54061)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(4 + 4 + 2 + 1 + 67)
    tags = {b"desc": text, b"wtpt": b"XYZ " + bytes(4) + d50, b"cprt": b"text" + bytes(4) + b"none\0", **tags}
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for signature, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += signature + struct.pack(">II", offset + len(data), len(content))
        data += padded
    date = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head = bytes(8) + struct.pack(">I", 0x02400000) + device + space + connection + date + b"acsp" + bytes(28)
    head += d50 + bytes(48)
    return struct.pack(">I", offset + len(data)) + head[4:] + table + data


def png_of_claimed_size(width: int, height: int) -> bytes:
    """A valid PNG header of that size, with a few bytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def rgb16_png(width: int, height: int, level: int) -> bytes:
    """A PNG of three 16-bit channels, all at one level of 0–65535."""
    row = b"\0" + struct.pack(">H", level) * 3 * width
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
