"""The state of the stand-in: who and what there is, what happened, and waiting for what should happen."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

from tests.loopback_discord.people import button_data, slash_data
from tests.loopback_discord.values import (
    Body,
    Channel,
    ChannelKind,
    Edit,
    Flag,
    Interaction,
    InteractionKind,
    Json,
    Message,
    MessageKind,
    Permission,
    Person,
    StoredFile,
    Upload,
)

DISCORD_EPOCH_MS = 1_420_070_400_000
TOKEN_LIFE_SECONDS = 15 * 60.0
NONCE_SECONDS = 300.0
"""Discord promises that an enforced nonce is remembered for "the past few minutes"."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MessageCreated:
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    message: Message


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    message: Message


@dataclass(frozen=True, slots=True)
class ThreadCreated:
    thread: Channel


@dataclass(frozen=True, slots=True)
class InteractionCreated:
    interaction: Interaction


@dataclass(frozen=True, slots=True)
class ServerChanged:
    """Something about the server, its channels or threads, under the gateway's own name."""

    event: str
    data: Json


Happening = MessageCreated | MessageEdited | MessageDeleted | ThreadCreated | InteractionCreated | ServerChanged


class World:
    """One server with one text channel, a bot, a member and a moderator. Tests read it and act in it."""

    def __init__(self) -> None:
        self._numbers = count()
        self.guild_id = self.new_id()
        self.bot = Person(id=self.new_id(), name="stylize", is_bot=True)
        self.member = Person(id=self.new_id(), name="alice")
        moderating = Permission.MANAGE_MESSAGES | self.member.permissions
        self.moderator = Person(id=self.new_id(), name="mod", permissions=moderating)
        self.channel = Channel(id=self.new_id(), name="art", kind=ChannelKind.TEXT)
        self.channels = {self.channel.id: self.channel}
        self.archived: set[int] = set()
        self.locked: set[int] = set()
        self.denied: dict[int, Permission] = {}
        """What the bot may not do in a channel and its threads."""
        self.bot_is_in = True
        """Whether it is a member of the server."""
        self.taking_no_direct_messages: set[Person] = set()
        self.files: dict[int, StoredFile] = {}
        self.commands: dict[str, Json] = {}
        self.interactions: dict[int, Interaction] = {}
        self.deleted: list[Message] = []
        self.listeners: list[Callable[[Happening], None]] = []
        self._messages: dict[int, Message] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self._nonces_since = 0.0
        self._tokens_since = 0.0
        self._more_people: list[Person] = []

    # What tests ask

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.bot, self.member, self.moderator, *self._more_people)

    @property
    def threads(self) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.kind is ChannelKind.PUBLIC_THREAD]

    def messages(self, channel: Channel | None = None) -> list[Message]:
        """The messages of one channel, or of all, oldest first."""
        wanted = None if channel is None else channel.id
        return [message for message in self._messages.values() if wanted in (None, message.channel_id)]

    def message(self, message_id: int) -> Message | None:
        return self._messages.get(message_id)

    async def until(self, claim: Callable[[], T], *, within: float, what: str) -> T:
        """Wait for `claim()` to become true; it is asked again whenever the world changes. `within` is in seconds."""
        try:
            async with asyncio.timeout(within):
                while not (found := claim()):
                    await self._next_change()
                return found
        except TimeoutError as error:
            raise AssertionError(f"not within {within} s: {what}. The world:\n{self.transcript()}") from error

    def transcript(self) -> str:
        """What stands in all channels, one message a line, for a failed test's report."""
        return "\n".join(_line(self.channels[message.channel_id], message) for message in self.messages())

    def forget_nonces(self) -> None:
        """As if the last message had been posted long ago."""
        self._nonces_since = time.time()

    def expire_tokens(self) -> None:
        """As if every interaction had come more than a quarter of an hour ago."""
        self._tokens_since = time.time()

    def token_works(self, interaction: Interaction) -> bool:
        since = max(time.time() - TOKEN_LIFE_SECONDS, self._tokens_since)
        return interaction.created_at >= since

    # What moderators do

    def new_member(self, name: str) -> Person:
        """One more member; a bot that is there already hears nothing of it, since it may not list members."""
        self._more_people.append(Person(id=self.new_id(), name=name))
        return self._more_people[-1]

    def new_channel(self, name: str) -> Channel:
        """One more text channel; for before the bot connects."""
        channel = Channel(id=self.new_id(), name=name, kind=ChannelKind.TEXT)
        self.channels[channel.id] = channel
        return channel

    def deny(self, channel: Channel, permission: Permission) -> None:
        """Take something away from the bot in a channel and its threads."""
        self.denied[channel.id] = self.denied.get(channel.id, Permission(0)) | permission
        self.changed()

    def delete_channel(self, channel: Channel) -> None:
        """With all that is in it."""
        for inside in [one for one in self.channels.values() if channel.id in (one.id, one.parent_id)]:
            del self.channels[inside.id]
            self._messages = {key: one for key, one in self._messages.items() if one.channel_id != inside.id}
            self.happen(self._deletion(inside))

    def remove_bot(self) -> None:
        """It is no member any more."""
        self.bot_is_in = False
        self.happen(ServerChanged("GUILD_DELETE", {"id": str(self.guild_id)}))

    # What people do

    def invoke_slash(
        self,
        name: str,
        options: Mapping[str, Upload | str | int | float | bool],
        *,
        person: Person | None = None,
        channel: Channel | None = None,
    ) -> Interaction:
        """Somebody (the member) uses a command somewhere (in the text channel); wrong options raise ValueError."""
        if name not in self.commands:
            raise ValueError(f"/{name}: the bot has registered {sorted(self.commands)}")
        data = slash_data(self.commands[name], options, self.store)
        return self._interact(InteractionKind.SLASH_COMMAND, person or self.member, channel or self.channel, data)

    def click(self, message: Message, custom_id: str, person: Person | None = None) -> Interaction:
        """Somebody (the member) clicks a button of a message; one that is not there or disabled raises ValueError."""
        data = button_data(message, custom_id)
        where = self.channels[message.channel_id]
        return self._interact(InteractionKind.COMPONENT, person or self.member, where, data, clicked=message.id)

    # What the bot does, through the REST side

    def new_id(self) -> int:
        """A snowflake: the time in its upper bits, as discord.py reads it."""
        return ((time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS) << 22) | (next(self._numbers) & 0x3FFFFF)

    def store(self, upload: Upload) -> StoredFile:
        file = StoredFile(id=self.new_id(), filename=upload.filename, data=upload.data)
        self.files[file.id] = file
        return file

    def post(
        self,
        channel: Channel,
        body: Body,
        *,
        nonce: str | None = None,
        reply_to_id: int | None = None,
        interaction_id: int | None = None,
    ) -> Message:
        """The bot posts a message."""
        message = Message(
            id=self.new_id(),
            channel_id=channel.id,
            author=self.bot,
            kind=MessageKind.SLASH_COMMAND if interaction_id else MessageKind.DEFAULT,
            body=body,
            created_at=time.time(),
            nonce=nonce,
            reply_to_id=reply_to_id,
            interaction_id=interaction_id,
        )
        self._messages[message.id] = message
        self.happen(MessageCreated(message))
        return message

    def posted_with_nonce(self, channel: Channel, nonce: str) -> Message | None:
        """The message that an enforced nonce stands for, while Discord remembers it."""
        since = max(time.time() - NONCE_SECONDS, self._nonces_since)
        fitting = (one for one in self.messages(channel) if one.nonce == nonce and one.created_at >= since)
        return next(fitting, None)

    def edit(self, message: Message, body: Body) -> Message:
        edits = (*message.edits, Edit(at=time.time(), body=body))
        edited = replace(message, body=body, edits=edits, posted=message.posted or message.body)
        self._messages[message.id] = edited
        self.happen(MessageEdited(edited))
        return edited

    def delete(self, message: Message) -> None:
        self.deleted.append(self._messages.pop(message.id))
        self.happen(MessageDeleted(message))

    def open_thread(self, parent: Channel, name: str, *, thread_id: int | None = None) -> Channel:
        """The bot opens a thread; one that starts at a message has that message's id."""
        thread = Channel(
            id=thread_id or self.new_id(),
            name=name,
            kind=ChannelKind.PUBLIC_THREAD,
            parent_id=parent.id,
            owner_id=self.bot.id,
        )
        self.channels[thread.id] = thread
        self.happen(ThreadCreated(thread))
        return thread

    def open_dm(self, person: Person) -> Channel:
        for channel in self.channels.values():
            if channel.recipient == person:
                return channel
        channel = Channel(id=self.new_id(), name=person.name, kind=ChannelKind.DM, recipient=person)
        self.channels[channel.id] = channel
        return channel

    def answered(self, interaction: Interaction, answer: int, message_id: int | None) -> Interaction:
        """The bot answered an interaction with callback type `answer`."""
        self.interactions[interaction.id] = replace(
            interaction, answer=answer, answered_at=time.time(), message_id=message_id
        )
        self.changed()
        return self.interactions[interaction.id]

    def happen(self, happening: Happening) -> None:
        for listener in tuple(self.listeners):
            listener(happening)
        self.changed()

    def changed(self) -> None:
        """Whoever waits in `until` looks again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    def _deletion(self, channel: Channel) -> ServerChanged:
        about: Json = {"id": str(channel.id), "guild_id": str(self.guild_id), "name": channel.name}
        if channel.parent_id is None:
            return ServerChanged("CHANNEL_DELETE", {**about, "type": 0})
        return ServerChanged("THREAD_DELETE", {**about, "type": 11, "parent_id": str(channel.parent_id)})

    async def _next_change(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        await future

    def _interact(
        self, kind: InteractionKind, person: Person, channel: Channel, data: Json, *, clicked: int | None = None
    ) -> Interaction:
        number = self.new_id()
        interaction = Interaction(
            id=number,
            token=f"interaction-token-{number}",
            kind=kind,
            person=person,
            channel_id=channel.id,
            data=data,
            created_at=time.time(),
            clicked_message_id=clicked,
        )
        self.interactions[number] = interaction
        self.happen(InteractionCreated(interaction))
        return interaction


def _line(channel: Channel, message: Message) -> str:
    """One line of a transcript: `#art: stylize: words [file, 12 bytes] (3 edits)`."""
    files = "".join(f" [{file.filename}, {len(file.data)} bytes]" for file in message.files)
    hidden = " (ephemeral)" if Flag.EPHEMERAL in message.body.flags else ""
    words = " / ".join(message.words.splitlines())
    return f"#{channel.name}: {message.author.name}: {words}{files}{hidden} ({len(message.edits)} edits)"
