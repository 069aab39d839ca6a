"""Why a request is not accepted, and what to do; what went wrong where nobody could help it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.config import MIB
from bot.jobs.admission import (
    EmptyFile,
    MissingPermissions,
    NotAPicture,
    Refusal,
    Role,
    SizeTooLarge,
    TooManyOpenJobs,
    UploadTooLarge,
)
from bot.ui.words import Words, later

FAULT = later("Something went wrong on my side, and it has been noted. Please try again in a minute.")
QUEUE_UNAVAILABLE = later("I cannot reach my queue at the moment. Please try again in a minute.")
FILES_UNAVAILABLE = later("I could not fetch your files from Discord. Please attach them again.")
CHECK_UNAVAILABLE = later("I cannot look at pictures at the moment. Please try again in a minute.")
RESTARTED = later("I was restarted before I had read your pictures. Please send them again.")

PERMISSION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "view_channel": later("View Channel"),
        "send_messages": later("Send Messages"),
        "send_messages_in_threads": later("Send Messages in Threads"),
        "attach_files": later("Attach Files"),
        "read_message_history": later("Read Message History"),
    }
)

_PICTURES: Mapping[Role, str] = MappingProxyType(
    {"content": later("The content picture"), "style": later("The style picture")}
)
_FILES: Mapping[Role, str] = MappingProxyType({"content": later("The content file"), "style": later("The style file")})


def refusal(why: Refusal, say: Words) -> str:
    """Why a request is not accepted, and what to do."""
    match why:
        case MissingPermissions(names=names):
            return say.count(
                "I need the permission {permissions} in this channel. Please ask a server admin to grant it.",
                "I need the permissions {permissions} in this channel. Please ask a server admin to grant them.",
                len(names),
                permissions=say.listed([f"**{say(PERMISSION_NAMES[name])}**" for name in names]),
            )
        case EmptyFile(role=role):
            return say("{picture} is an empty file (0 bytes).", picture=say(_PICTURES[role]))
        case NotAPicture(role=role, content_type=kind):
            said = f" ({kind})" if kind and kind != "application/octet-stream" else ""
            return say(
                "{file} is not a picture{kind}. Use PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC.",
                file=say(_FILES[role]),
                kind=said,
            )
        case UploadTooLarge(role=role, size_bytes=size, limit_bytes=limit):
            return say(
                "{picture} is {size} MiB large; I read files of up to {limit} MiB.",
                picture=say(_PICTURES[role]),
                size=say.number(size / MIB, 1),
                limit=limit // MIB,
            )
        case SizeTooLarge(size_px=size, limit_px=limit):
            return say("{size} pixels is more than I paint here; the largest size is {limit}.", size=size, limit=limit)
        case TooManyOpenJobs() as too_many:
            return _too_many(too_many, say)
        case _:
            assert_never(why)


def _too_many(why: TooManyOpenJobs, say: Words) -> str:
    if not why.of_member:
        return say("My queue is full: no more than {n} at a time. Please try again later.", n=why.limit)
    return say.count(
        "You have a picture waiting or being painted, which is the most at a time. Wait for it, or cancel it.",
        "You have {n} pictures waiting or being painted, which is the most at a time. Wait for one, or cancel one.",
        why.limit,
    )
