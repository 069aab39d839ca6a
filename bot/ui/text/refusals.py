"""Why a request is not accepted, and what to do; what went wrong where nobody could help it."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.config import MIB
from bot.jobs.admission import (
    Blocked,
    CoolingDown,
    DayUsedUp,
    EmptyFile,
    NotAPicture,
    NotPermitted,
    Refusal,
    Role,
    RoleMissing,
    SizeTooLarge,
    TooManyOpenJobs,
    UploadTooLarge,
    WrongChannel,
)
from bot.ui.text.durations import duration
from bot.ui.text.mentions import channels, roles
from bot.ui.text.names import escaped, plain
from bot.ui.words import Words, later
from nst_engine.errors import BadPicture

FAULT = later("Something went wrong on my side, and it has been noted. Please try again in a minute.")
QUEUE_UNAVAILABLE = later("I cannot reach my queue at the moment. Please try again in a minute.")
FILES_UNAVAILABLE = later("I could not fetch your files from Discord. Please attach them again.")
PICTURE_GONE = later("That picture is no longer there. Please attach it again, or choose another.")
CHECK_UNAVAILABLE = later("I cannot look at pictures at the moment. Please try again in a minute.")
RESTARTED = later("I was restarted before I had read your pictures. Please send them again.")

PERMISSION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "view_channel": later("View Channel"),
        "send_messages": later("Send Messages"),
        "send_messages_in_threads": later("Send Messages in Threads"),
        "create_public_threads": later("Create Public Threads"),
        "attach_files": later("Attach Files"),
        "read_message_history": later("Read Message History"),
        "manage_guild": later("Manage Server"),
        "moderate_members": later("Timeout Members"),
        "manage_messages": later("Manage Messages"),
        "manage_events": later("Manage Events"),
    }
)

_PICTURES: Mapping[Role, str] = MappingProxyType(
    {"content": later("The content picture"), "style": later("The style picture")}
)
_FILES: Mapping[Role, str] = MappingProxyType({"content": later("The content file"), "style": later("The style file")})

_NAMES: Mapping[str, str] = MappingProxyType({"content": later("content"), "style": later("style")})


def refusal(why: Refusal, say: Words) -> str:
    """Why a request is not accepted, and what to do."""
    match why:
        case Blocked() | WrongChannel() | RoleMissing() | NotPermitted() | SizeTooLarge():
            return _against_the_rules(why, say)
        case TooManyOpenJobs() | DayUsedUp() | CoolingDown():
            return _too_much(why, say)
        case EmptyFile(role=role):
            return say("{picture} is an empty file (0 bytes).", picture=say(_PICTURES[role]))
        case NotAPicture(role=role, content_type=kind):
            said = f" ({kind})" if kind and kind != "application/octet-stream" else ""
            return say(
                "{file} is not a picture{kind}. Use PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC.",
                file=say(_FILES[role]),
                kind=said,
            )
        case UploadTooLarge() as too_large:
            return _too_large(too_large, say)
        case _:
            assert_never(why)


def bad_picture(error: BadPicture, say: Words) -> str:
    """The engine's sentence about a picture that cannot be used."""
    values = {name: say(_NAMES[str(value)]) if value in _NAMES else value for name, value in error.values.items()}
    return say(error.sentence, **values)


def _against_the_rules(why: Blocked | WrongChannel | RoleMissing | NotPermitted | SizeTooLarge, say: Words) -> str:
    """Of the server."""
    match why:
        case Blocked(reason=""):
            return say("The moderators of this server have blocked you from asking for pictures here.")
        case Blocked(reason=reason):
            return say(
                "The moderators of this server have blocked you from asking for pictures here: {reason}",
                reason=escaped(plain(reason)),
            )
        case WrongChannel(channel_ids=ids):
            return say(
                "In this server, pictures are painted only in {channels}.", channels=say.either(channels(ids, say))
            )
        case RoleMissing(role_ids=ids):
            return say(
                "In this server, only members with the role {roles} can ask for pictures.",
                roles=say.either(roles(ids, say)),
            )
        case NotPermitted(name=name):
            return say(
                "Only members with the permission **{permission}** can do this.", permission=say(PERMISSION_NAMES[name])
            )
        case SizeTooLarge(size_px=size, limit_px=limit):
            return say("{size} pixels is more than I paint here; the largest size is {limit}.", size=size, limit=limit)
        case _:
            assert_never(why)


def _too_much(why: TooManyOpenJobs | DayUsedUp | CoolingDown, say: Words) -> str:
    match why:
        case TooManyOpenJobs():
            return _too_many(why, say)
        case DayUsedUp():
            return _used_up(why, say)
        case CoolingDown(seconds=seconds):
            return say(
                "Please wait {duration} before you ask for another picture here.",
                duration=duration(math.ceil(seconds), say),
            )
        case _:
            assert_never(why)


def _too_large(why: UploadTooLarge, say: Words) -> str:
    picture, limit = say(_PICTURES[why.role]), why.limit_bytes // MIB
    if why.size_bytes is None:
        return say("{picture} is too large; I read files of up to {limit} MiB.", picture=picture, limit=limit)
    return say(
        "{picture} is {size} MiB large; I read files of up to {limit} MiB.",
        picture=picture,
        size=say.number(why.size_bytes / MIB, 1),
        limit=limit,
    )


def _too_many(why: TooManyOpenJobs, say: Words) -> str:
    if not why.of_member:
        return say("My queue is full: no more than {n} at a time. Please try again later.", n=why.limit)
    return say.count(
        "You have a picture waiting or being painted, which is the most at a time. Wait for it, or cancel it.",
        "You have {n} pictures waiting or being painted, which is the most at a time. Wait for one, or cancel one.",
        why.limit,
    )


def _used_up(why: DayUsedUp, say: Words) -> str:
    if why.next_at is None:
        return say("Members with your roles cannot ask for pictures in this server.")
    return say.count(
        "You have had the one picture that you can ask for here in 24 hours. The next is possible {when}.",
        "You have had the {n} pictures that you can ask for here in 24 hours. The next is possible {when}.",
        why.limit,
        when=f"<t:{math.ceil(why.next_at)}:R>",
    )
