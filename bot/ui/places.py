"""Where the bot speaks, with its own token or by an interaction's webhook, and what Discord's refusals mean there.

A message posted in a channel has a nonce and stands in the history, so that it is not posted twice. Messages made by a
webhook have neither. So the last word is put by an edit, which may be made twice, into a message that was made for it
before and is known (`Address.answer_message_id`). A bot that dies between making that message and noting it leaves a
line with the names of the pictures behind; no picture is lost or doubled.
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import aiohttp
import discord
from discord.ui import View

from bot.jobs.address import Address, Webhook
from bot.jobs.errors import BotError, FileTooLarge, MessageGone, NotAnswered, PlaceGone, Rejected, ThreadClosed
from bot.jobs.whereabouts import SECONDS_A_TOKEN_LASTS, SECONDS_LEFT_ALONE

NOT_FROM_DISCORD = frozenset({0, 40333})
"""A refusal by what stands before Discord, a proxy or Cloudflare: it says nothing about the place."""
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOKS = frozenset({10015, 50027})
"""An interaction's token that is not known any more, or is no token."""
TOO_LARGE = 40005
CLOSED_THREADS = frozenset({50083, 160005})
"""Archived, and locked."""
THREAD_IS_THERE = 160004
WEBHOOK_OF_AN_APPLICATION: Literal[3] = 3


@contextmanager
def translated() -> Iterator[None]:
    """Turn what discord.py and the network raise into `bot.jobs.errors`."""
    try:
        yield
    except discord.HTTPException as error:
        raise _meaning(error) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotAnswered(f"Discord did not answer: {error!r}") from error
    except (RuntimeError, AttributeError) as error:
        if not _client_is_closed(error):
            raise
        raise NotAnswered("the client is logging in anew") from error


def place(client: discord.Client, channel_id: int, guild_id: int | None) -> discord.PartialMessageable:
    """A channel or thread to speak in. Needs no cache, so it works before the gateway is there."""
    return client.get_partial_messageable(channel_id, guild_id=guild_id)


def hook(client: discord.Client, webhook: Webhook) -> discord.Webhook:
    """The way back to an interaction, with the client's own connection: what it sends may have buttons."""
    return discord.Webhook.from_state(
        {"id": webhook.application_id, "type": WEBHOOK_OF_AN_APPLICATION, "token": webhook.token},
        client._connection,  # as the library's own follow-ups have it
    )


def webhook_of(interaction: discord.Interaction[Any], *, ephemeral: bool) -> Webhook:
    """To be kept with a job that cannot be shown otherwise."""
    until = time.time() + SECONDS_A_TOKEN_LASTS - SECONDS_LEFT_ALONE
    return Webhook(application_id=interaction.application_id, token=interaction.token, until=until, ephemeral=ephemeral)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is said in a spot. `nonce` keeps Discord from posting it there again a moment later."""

    content: str
    file: discord.File | None = None
    view: View | None = None
    nonce: str
    mentions: discord.AllowedMentions


class Spot(Protocol):
    """One place for a job's last word."""

    @property
    def guild_id(self) -> int | None: ...

    async def post(self, post: Post) -> int:
        """Post it and return the message's id. Raises BotError."""
        ...

    def since(self, after: discord.Object, limit: int, /) -> AsyncIterator[discord.Message]:
        """Messages there that may be this bot's, oldest first. Raises BotError."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelSpot:
    """A channel, thread or direct messages, by the bot's own token."""

    client: discord.Client
    channel_id: int
    guild_id: int | None = None

    def __str__(self) -> str:
        return f"channel {self.channel_id}"

    async def post(self, post: Post) -> int:
        with translated():
            message = await place(self.client, self.channel_id, self.guild_id).send(
                post.content,
                files=[post.file] if post.file else [],
                view=post.view or discord.utils.MISSING,
                nonce=post.nonce,
                allowed_mentions=post.mentions,
            )
        return message.id

    async def since(self, after: discord.Object, limit: int) -> AsyncIterator[discord.Message]:
        with translated():
            async for message in place(self.client, self.channel_id, self.guild_id).history(limit=limit, after=after):
                yield message


@dataclass(frozen=True, slots=True)
class AnswerSpot:
    """The message that was made for it by the webhook of an interaction."""

    client: discord.Client
    webhook: Webhook
    message_id: int
    guild_id: int | None = None

    def __str__(self) -> str:
        return f"answer {self.message_id}"

    async def post(self, post: Post) -> int:
        """May be done again. Where the message is gone, the place is."""
        try:
            with translated():
                await hook(self.client, self.webhook).edit_message(
                    self.message_id,
                    content=post.content,
                    attachments=[post.file] if post.file else [],
                    view=post.view,
                    allowed_mentions=post.mentions,
                )
        except MessageGone as error:
            raise PlaceGone(str(error)) from error
        return self.message_id

    async def since(self, _after: discord.Object, _limit: int, /) -> AsyncIterator[discord.Message]:
        """Nothing is looked for here: see the head of this file."""
        return
        yield


async def spots(client: discord.Client, address: Address) -> AsyncIterator[Spot]:
    """Where the last word may go, best first.

    As usual that is the thread, the channel it was asked for in, and at last the requester's direct messages. What is
    private, or has no other place, goes into the answer or into direct messages, and never into the channel.
    """
    if address.webhook is not None and address.answer_message_id is not None:
        yield AnswerSpot(client, address.webhook, address.answer_message_id, address.guild_id)
    if not address.direct:
        yield ChannelSpot(client, address.place_id, address.guild_id)
        if address.place_id != address.channel_id:
            yield ChannelSpot(client, address.channel_id, address.guild_id)
    in_own_messages = address.guild_id is None and not address.direct
    if not in_own_messages and (direct := await direct_channel(client, address.user_id)) is not None:
        yield ChannelSpot(client, direct)


async def direct_channel(client: discord.Client, user_id: int) -> int | None:
    """None where Discord does not open any. Raises NotAnswered."""
    try:
        with translated():
            return (await client.create_dm(discord.Object(user_id))).id
    except (PlaceGone, Rejected):
        return None


def own_id(client: discord.Client) -> int:
    """By which our own messages are known. Raises NotAnswered while the client logs in anew."""
    if client.user is None:
        raise NotAnswered("the client is logging in anew")
    return client.user.id


def _meaning(error: discord.HTTPException) -> BotError:
    if error.status == 413 or error.code == TOO_LARGE:
        return FileTooLarge(str(error))
    if error.status in {408, 429} or error.status >= 500 or error.code in NOT_FROM_DISCORD:
        return NotAnswered(f"Discord answered {error.status}")
    if error.code == UNKNOWN_MESSAGE:
        return MessageGone(str(error))
    if error.code in UNKNOWN_WEBHOOKS:
        return PlaceGone(str(error))
    if error.code in CLOSED_THREADS:
        return ThreadClosed(str(error))
    if error.status in {403, 404}:
        return PlaceGone(str(error))
    return Rejected(str(error))


def _client_is_closed(error: RuntimeError | AttributeError) -> bool:
    """While the client logs in anew, its session is closed, and then for a moment there is none."""
    if isinstance(error, AttributeError):
        return error.obj is discord.utils.MISSING
    return str(error) == "Session is closed"
