"""Picture files in and out. Everything between is an upright 8-bit sRGB picture without transparency. No torch here."""

from nst_engine.images.decode import DecodedPicture, decode_mask, decode_picture, read_mask, read_picture
from nst_engine.images.encode import encode_preview, format_for, write_picture

__all__ = [
    "DecodedPicture",
    "decode_mask",
    "decode_picture",
    "encode_preview",
    "format_for",
    "read_mask",
    "read_picture",
    "write_picture",
]
