"""What the stand-in knows, as frozen values: people, channels, messages with their bytes and edits, interactions."""

import mimetypes
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from io import BytesIO
from typing import Any

from PIL import Image

Json = dict[str, Any]


class Permission(IntFlag):
    """The bits of Discord's permission field that matter here."""

    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYDAY_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)


class ChannelKind(IntEnum):
    TEXT = 0
    DM = 1
    PUBLIC_THREAD = 11


class MessageKind(IntEnum):
    DEFAULT = 0
    SLASH_COMMAND = 20


class Flag(IntFlag):
    """Bits of a message's flags."""

    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = Flag(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    name: str
    permissions: Permission = EVERYDAY_PERMISSIONS
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way in."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that Discord keeps and serves under `path`."""

    id: int
    filename: str
    data: bytes

    @property
    def path(self) -> str:
        return f"/cdn/{self.id}/{self.filename}"

    @property
    def content_type(self) -> str:
        return mimetypes.guess_type(self.filename)[0] or "application/octet-stream"

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height, or None where it is no picture; Discord looks at the bytes as well."""
        try:
            with Image.open(BytesIO(self.data)) as picture:
                return picture.size
        except OSError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    id: int
    name: str
    kind: ChannelKind
    parent_id: int | None = None
    """The text channel that a thread hangs in."""
    owner_id: int | None = None
    """Who opened the thread."""
    recipient: Person | None = None
    """The other side of a direct message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an edit can change of a message."""

    content: str = ""
    components: tuple[Json, ...] = ()
    embeds: tuple[Json, ...] = ()
    files: tuple[StoredFile, ...] = ()
    flags: Flag = NO_FLAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit: when it came (seconds since 1970), and the message after it."""

    at: float
    body: Body

    @property
    def words(self) -> str:
        return words_of(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    channel_id: int
    author: Person
    kind: MessageKind
    body: Body
    created_at: float
    edits: tuple[Edit, ...] = ()
    nonce: str | None = None
    reply_to_id: int | None = None
    interaction_id: int | None = None
    posted: Body | None = None
    """What it was before its first edit."""

    @property
    def states(self) -> tuple[Edit, ...]:
        """All that it has been, the first as if it were an edit."""
        return (Edit(at=self.created_at, body=self.posted or self.body), *self.edits)

    @property
    def files(self) -> tuple[StoredFile, ...]:
        return self.body.files

    @property
    def words(self) -> str:
        """All text a person reads in it: the content and every text component."""
        return words_of(self.body)


class InteractionKind(IntEnum):
    SLASH_COMMAND = 2
    COMPONENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A command or a click. `answer` is the callback type that the bot sent, `message_id` its message."""

    id: int
    token: str
    kind: InteractionKind
    person: Person
    channel_id: int
    data: Json
    created_at: float
    clicked_message_id: int | None = None
    answer: int | None = None
    answered_at: float | None = None
    message_id: int | None = None


def words_of(body: Body) -> str:
    """All text a person reads: the content and every text component."""
    texts = [part["content"] for part in every_component(body.components) if part["type"] == 10]
    return "\n".join(filter(None, [body.content, *texts]))


def every_component(components: tuple[Json, ...]) -> list[Json]:
    """All components, nested ones after the one that holds them."""
    found: list[Json] = []
    for component in components:
        inside = [*component.get("components", ())]
        if "accessory" in component:
            inside.append(component["accessory"])
        found += [component, *every_component(tuple(inside))]
    return found
