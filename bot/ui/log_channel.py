"""Brings what moderators want to know into their server's log channel: a few lines at a time, and late if need be."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator

import discord

from bot.jobs.address import Address
from bot.jobs.errors import BotError, NotAnswered
from bot.jobs.moderation import Note, note_of
from bot.jobs.pace import Pace
from bot.settings.in_force import Settings
from bot.settings.server import ServerSettings
from bot.ui.places import place, translated
from bot.ui.text.moderation_log import line, more
from bot.ui.words import Words, words_for
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 1900
"""Of the 2000 characters that Discord takes; the rest is for the line that counts what was left out."""
MOST_WAITING = 200
"""Notes of one server; what is beyond is counted."""
SECONDS_TO_POST = 20.0


class ModerationLog:
    """Takes notes without waiting. A message every few seconds at most says what came in, and mentions nobody."""

    def __init__(self, client: discord.Client, settings: Settings, pace: Pace) -> None:
        self._client = client
        self._settings = settings
        self._pace = pace
        self._notes: defaultdict[int, list[Note]] = defaultdict(list)
        self._left_out: defaultdict[int, int] = defaultdict(int)
        self._closed: set[int] = set()
        self._news = asyncio.Event()

    def note(self, guild_id: int | None, note: Note) -> None:
        """Of something that happened in this server. Never waits and never raises."""
        if guild_id is None:
            return
        if len(self._notes[guild_id]) < MOST_WAITING:
            self._notes[guild_id].append(note)
        else:
            self._left_out[guild_id] += 1
        self._news.set()

    def painted(self, job: Job, address: Address) -> None:
        """A job's last word was posted."""
        if (note := note_of(job, address)) is not None:
            self.note(address.guild_id, note)

    async def run(self) -> None:
        """Post what comes in, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            await asyncio.gather(*(self._post_some(guild_id) for guild_id in list(self._notes)))
            await asyncio.sleep(self._pace.between_log_messages)

    async def _post_some(self, guild_id: int) -> None:
        """One message. What Discord did not take for now is tried again with the next."""
        try:
            async with asyncio.timeout(SECONDS_TO_POST):
                await self._post(guild_id, await self._settings.of(guild_id))
        except (NotAnswered, QueueUnavailable, TimeoutError) as error:
            log.warning("log channel again guild=%s why=%r", guild_id, error)
        except BotError as error:
            self._note_closed(guild_id, error)
            self._notes[guild_id].clear()
        except Exception:
            log.exception("notes that cannot be said guild=%s count=%s", guild_id, len(self._notes[guild_id]))
            self._notes[guild_id].clear()
        if self._notes[guild_id]:
            self._news.set()
        else:
            del self._notes[guild_id]
            self._left_out.pop(guild_id, None)

    async def _post(self, guild_id: int, settings: ServerSettings) -> None:
        """Raises BotError."""
        notes = self._notes[guild_id]
        if settings.log_channel_id is None:
            return notes.clear()
        say = self._words(guild_id, settings)
        lines = list(_fitting([line(note, guild_id, say) for note in notes]))
        left_out = self._left_out[guild_id] if len(lines) == len(notes) else 0
        said = [*lines, more(left_out, say)] if left_out else lines
        with translated():
            await place(self._client, settings.log_channel_id, guild_id).send(
                "\n".join(said), suppress_embeds=True, silent=True, allowed_mentions=discord.AllowedMentions.none()
            )
        del notes[: len(lines)]
        self._left_out[guild_id] -= left_out
        self._closed.discard(guild_id)
        return None

    def _words(self, guild_id: int, settings: ServerSettings) -> Words:
        """The server's language: as its admins chose, else as Discord has it."""
        guild = self._client.get_guild(guild_id)
        return words_for(settings.language or (str(guild.preferred_locale) if guild else None))

    def _note_closed(self, guild_id: int, error: BotError) -> None:
        """Once; the admins are told when they use `/config`."""
        if guild_id not in self._closed:
            self._closed.add(guild_id)
            log.warning("log channel is closed guild=%s why=%r", guild_id, error)


def is_closed(guild: discord.Guild, channel_id: int) -> bool:
    """Whether the bot cannot speak there: the channel is gone, or permissions are missing."""
    channel = guild.get_channel(channel_id)
    if channel is None:
        return True
    may = channel.permissions_for(guild.me)
    return not (may.view_channel and may.send_messages)


def _fitting(lines: list[str]) -> Iterator[str]:
    """As many as fit into one message."""
    room = LONGEST_MESSAGE
    for one in lines:
        room -= len(one) + 1
        if room < 0:
            return
        yield one
