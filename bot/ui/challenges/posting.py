"""Posts what a task of a challenge says, once: what an earlier attempt posted is found again by its mark.

The mark is the id of the message's container, which Discord keeps and nobody sees.
"""

import logging
from typing import Any, Literal

import discord
from discord.ui import Container, LayoutView

from bot.challenges.tasks import Task
from bot.challenges.values import Challenge
from bot.jobs.errors import PlaceGone
from bot.ui.challenges.messages import Message
from bot.ui.places import own_id, place, translated
from bot.ui.text.names import plain

log = logging.getLogger(__name__)

MESSAGES_TO_SEARCH = 500
POSTS_TO_SEARCH = 10
SECONDS_OUR_CLOCKS_DIFFER = 3600.0
MINUTES_UNTIL_ARCHIVED: Literal[10080] = 10080
"""The longest there is: a challenge goes on for days."""
_MARKS_BEGIN = 1_000_000_000
"""Ids of components have 31 bits; those that Discord gives itself count from 1."""

Posted = tuple[int, int]
"""The place, and the message in it."""


class Posting:
    """With the bot's own token. Every method may raise BotError."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._posted: dict[int, Posted] = {}
        """By task, until it is done: where the bot may not read what it wrote, this keeps it from saying it twice."""

    async def say(self, task: Task, challenge: Challenge, place_id: int, message: Message) -> Posted:
        """In a channel, a thread or a post of a forum."""
        guild_id = int(challenge.tenant_id)
        with translated():
            sent = await place(self._client, place_id, guild_id).send(
                view=marked(message.view, task),
                files=list(message.files),
                nonce=_nonce(task),
                allowed_mentions=message.mentions,
            )
        return self._note(task, (place_id, sent.id))

    async def say_alone(self, task: Task, channel_id: int, message: Message) -> Posted:
        """In direct messages."""
        with translated():
            sent = await place(self._client, channel_id, None).send(
                view=marked(message.view, task), nonce=_nonce(task), allowed_mentions=message.mentions
            )
        return self._note(task, (channel_id, sent.id))

    async def announce(self, task: Task, challenge: Challenge, message: Message) -> Posted:
        """In the channel of the challenge, or as a new post where that is a forum."""
        channel = await self._channel(challenge)
        if not isinstance(channel, discord.ForumChannel):
            return await self.say(task, challenge, challenge.channel_id, message)
        with translated():
            post = await channel.create_thread(
                name=_post_name(challenge),
                auto_archive_duration=MINUTES_UNTIL_ARCHIVED,
                view=marked(message.view, task),
                files=list(message.files),
                allowed_mentions=message.mentions,
                applied_tags=_tags(channel),
            )
        return self._note(task, (post.thread.id, post.message.id))

    async def find(self, task: Task, challenge: Challenge, place_id: int) -> Posted | None:
        """What an earlier attempt posted there; None where there is nothing, or nobody may look."""
        if (posted := self._posted.get(task.id)) is not None:
            return posted
        own, begin = own_id(self._client), challenge.created_at - SECONDS_OUR_CLOCKS_DIFFER
        try:
            with translated():
                async for message in place(self._client, place_id, None).history(limit=MESSAGES_TO_SEARCH):
                    if message.created_at.timestamp() < begin:
                        break
                    if message.author.id == own and _mark(task) in _ids(message):
                        return self._note(task, (place_id, message.id))
        except PlaceGone as error:
            log.warning("nobody can look task=%s place=%s why=%r", task.id, place_id, error)
        return None

    async def find_announcement(self, task: Task, challenge: Challenge) -> Posted | None:
        """The same for what `announce` posted."""
        if (posted := self._posted.get(task.id)) is not None:
            return posted
        channel = await self._channel(challenge)
        if not isinstance(channel, discord.ForumChannel):
            return await self.find(task, challenge, challenge.channel_id)
        for post_id in await self._own_posts(challenge):
            if (message_id := await self._begins_with(task, post_id)) is not None:
                return self._note(task, (post_id, message_id))
        return None

    def forget(self, task: Task) -> None:
        """It is done."""
        self._posted.pop(task.id, None)

    def _note(self, task: Task, posted: Posted) -> Posted:
        log.info("posted task=%s kind=%s place=%s message=%s", task.id, task.kind, *posted)
        self._posted[task.id] = posted
        return posted

    async def _channel(self, challenge: Challenge) -> Any:
        """From the cache, or asked for where the gateway is not there yet."""
        if (channel := self._client.get_channel(challenge.channel_id)) is not None:
            return channel
        with translated():
            return await self._client.fetch_channel(challenge.channel_id)

    async def _own_posts(self, challenge: Challenge) -> list[int]:
        """Of the bot's in the forum that have this title, newest first."""
        with translated():
            active = await self._client.http.get_active_threads(int(challenge.tenant_id))
        own = own_id(self._client)
        found = [
            int(thread["id"])
            for thread in active["threads"]
            if int(thread["parent_id"]) == challenge.channel_id
            and int(thread["owner_id"]) == own
            and thread["name"] == _post_name(challenge)
        ]
        return sorted(found, reverse=True)[:POSTS_TO_SEARCH]

    async def _begins_with(self, task: Task, post_id: int) -> int | None:
        """The id of the post's first message, where this task posted it."""
        try:
            with translated():
                async for message in place(self._client, post_id, None).history(limit=1, oldest_first=True):
                    return message.id if _mark(task) in _ids(message) else None
        except PlaceGone:
            pass
        return None


def marked(view: LayoutView, task: Task) -> LayoutView:
    for item in view.children:
        if isinstance(item, Container):
            item.id = _mark(task)
    return view


def _mark(task: Task) -> int:
    return _MARKS_BEGIN + task.id


def _post_name(challenge: Challenge) -> str:
    return plain(challenge.title)


def _nonce(task: Task) -> str:
    """Discord does not post the same one twice in a place within some minutes. It has 25 characters at most."""
    return f"challenge-{task.id}"


def _ids(message: discord.Message) -> set[int | None]:
    return {component.id for component in message.components if isinstance(component, discord.Container)}


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """One that everybody may use, where a post has to have one."""
    if not forum.flags.require_tag:
        return []
    return sorted(forum.available_tags, key=lambda tag: tag.moderated)[:1]
