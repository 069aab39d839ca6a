"""What the pictures of a request are called: their files' names, as the requester gave them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNames:
    content: str
    styles: tuple[str, ...]
