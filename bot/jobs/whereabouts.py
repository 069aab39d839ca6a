"""How a request is answered where it comes from: a pure decision over what Discord says about that place."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import assert_never

SECONDS_A_TOKEN_LASTS = 15 * 60.0
SECONDS_LEFT_ALONE = 60.0
"""So long before the end nothing new is begun through an interaction's token: clocks differ, and uploads take time."""

PERMISSIONS_THAT_MATTER = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "manage_threads",
    "attach_files",
    "read_message_history",
)
"""By the library's names."""


class PlaceKind(StrEnum):
    CHANNEL = auto()
    """A text or announcement channel: threads may hang from its messages."""
    TALK = auto()
    """The chat of a voice or stage channel. The bot needs not be allowed to connect."""
    THREAD = auto()
    """Also a post of a forum."""
    DIRECT = auto()
    """The bot's own direct messages with somebody."""
    ELSEWHERE = auto()
    """A group, direct messages between two others, or a server that the bot is no member of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What Discord says about where a request comes from."""

    kind: PlaceKind
    granted: frozenset[str] = frozenset()
    """The bot's permissions there, by their names."""
    locked: bool = False


class Way(StrEnum):
    """Where the card and the picture go."""

    PLACE = auto()
    """Into the place, by the bot's own token."""
    ANSWER = auto()
    """Into the answer to the interaction and a message behind it, while Discord allows it; then as direct messages."""
    DIRECT = auto()
    """Into the requester's direct messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    way: Way
    thread: bool = False
    """One may be opened from the answer."""
    missing: tuple[str, ...] = ()
    """Permissions whose absence makes it this way, and not the usual one."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Moderators closed the thread: nothing is brought into it by another way either."""


@dataclass(frozen=True, slots=True)
class NotEvenDirect:
    """The bot lacks permissions in the channel, and the requester's direct messages are closed to it."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooLongForPrivate:
    """Direct messages are closed to the bot, and a token may not last until the picture is finished."""


Obstacle = Locked | NotEvenDirect | TooLongForPrivate


class NoWay(Exception):
    """There is nowhere to show a picture."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(repr(obstacle))
        self.obstacle = obstacle


def plan(place: Place, *, private: bool) -> Plan:
    """The usual way where it is open, else the next best one. Raises NoWay."""
    if place.kind is PlaceKind.DIRECT:
        return Plan(way=Way.PLACE)
    if private:
        return Plan(way=Way.DIRECT)
    if place.locked and "manage_threads" not in place.granted:
        raise NoWay(Locked())
    missing = tuple(name for name in _needed(place.kind) if name not in place.granted)
    if "attach_files" in missing:
        return Plan(way=Way.DIRECT, missing=missing)
    if missing or place.kind is PlaceKind.ELSEWHERE:
        return Plan(way=Way.ANSWER, missing=missing)
    if place.kind is not PlaceKind.CHANNEL:
        return Plan(way=Way.PLACE)
    for_threads = ("create_public_threads", "send_messages_in_threads")
    no_thread = tuple(name for name in for_threads if name not in place.granted)
    return Plan(way=Way.PLACE, thread=not no_thread, missing=no_thread)


def fits_the_token(seconds_to_finish: float | None) -> bool:
    """Well within the time that a token lasts: estimates are often wrong by half."""
    return seconds_to_finish is not None and seconds_to_finish <= SECONDS_A_TOKEN_LASTS / 2


def _needed(kind: PlaceKind) -> tuple[str, ...]:
    """To speak there as usual; the history, to find what was posted in the dark."""
    match kind:
        case PlaceKind.CHANNEL | PlaceKind.TALK:
            return ("view_channel", "send_messages", "attach_files", "read_message_history")
        case PlaceKind.THREAD:
            return ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")
        case PlaceKind.ELSEWHERE:
            return ("attach_files",)
        case PlaceKind.DIRECT:
            return ()
        case _:
            assert_never(kind)
