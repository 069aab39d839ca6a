"""What people see, line by line as it happens: every message and every edit, in the channel and in its threads."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
import simcord


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it looked at one moment."""

    text: str
    files: tuple[str, ...]


class Transcript:
    """Prints and keeps the lines. Looks at the simulated server, never at the bot."""

    def __init__(self, channel: simcord.ChannelHandle, member: simcord.MemberActor) -> None:
        self._channel = channel
        self._member = member
        self._start = time.monotonic()
        self._seen: dict[int, Seen] = {}
        self.lines: list[str] = []
        self.changed = asyncio.Event()
        """Something was posted or edited since somebody last cleared it."""

    def say(self, who: str, what: str) -> None:
        """Add a line."""
        what = what.replace(self._member.mention, f"@{self._member.name}")
        line = f"{time.monotonic() - self._start:6.1f} s  {who:<12} {what}"
        self.lines.append(line)
        print(line, flush=True)

    def look(self) -> list[discord.Message]:
        """Note what is new or changed since the last look; returns the new messages."""
        new = []
        for place, message in self._messages():
            now = Seen(" ".join(_words(message)), tuple(_files(message)))
            before = self._seen.get(message.id)
            if now == before:
                continue
            self._seen[message.id] = now
            self.changed.set()
            if before is None:
                new.append(message)
            self.say(message.author.name, f"{'posts in' if before is None else 'edits in'} {place}: {_line(now)}")
        return new

    def _messages(self) -> Iterator[tuple[str, discord.Message]]:
        for place in (self._channel, *self._channel.threads):
            name = f"“{place.name}”" if place.is_thread else f"#{place.name}"
            for message in place.history():
                if message.type in (discord.MessageType.default, discord.MessageType.chat_input_command):
                    yield name, message


def _line(seen: Seen) -> str:
    files = f" [{', '.join(seen.files)}]" if seen.files else ""
    return f"{seen.text}{files}".replace("\n", " · ").strip()


def _words(message: discord.Message) -> Iterator[str]:
    if message.content:
        yield message.clean_content
    for component in message.components:
        yield from _component_words(component)


def _component_words(component: Any) -> Iterator[str]:
    if isinstance(component, discord.TextDisplay):
        yield component.content
    elif isinstance(component, discord.Button):
        yield f"[{component.label}]"
    for child in getattr(component, "children", ()):
        yield from _component_words(child)


def _files(message: discord.Message) -> Iterator[str]:
    for attachment in message.attachments:
        yield f"{attachment.filename}, {attachment.size // 1024} KiB"
