"""Puts cards into Discord with the bot's own token; by an interaction's, which dies, only where no other is left."""

import logging
import secrets
from typing import Any

import discord

from bot.jobs.address import Address, Webhook
from bot.jobs.card import Card
from bot.jobs.errors import PlaceGone
from bot.ui.card_view import card_view, preview_file
from bot.ui.places import direct_channel, hook, own_id, place, translated
from bot.ui.text.places import room_for_result
from bot.ui.threads import Threads
from bot.ui.words import words_for

log = logging.getLogger(__name__)

MESSAGES_TO_SEARCH = 50
NOBODY = discord.AllowedMentions.none()


class DiscordBoard:
    """A `Board` for `bot.jobs`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._threads = Threads(client)

    async def open_thread(self, address: Address) -> Address:
        return await self._threads.open(address)

    async def open_direct(self, address: Address) -> Address:
        channel_id = await direct_channel(self._client, address.user_id)
        if channel_id is None:
            raise PlaceGone(f"no direct messages with user {address.user_id}")
        return address.in_direct_messages(channel_id)

    async def make_room(self, address: Address) -> Address:
        """It rings, since the edit that brings the last word does not."""
        if address.webhook is None:
            return address
        with translated():
            message = await hook(self._client, address.webhook).send(
                room_for_result(address.user_id, address.names, words_for(address.locale)),
                allowed_mentions=_only(address.user_id),
                ephemeral=address.webhook.ephemeral,
                wait=True,
            )
        return address.with_answer(message.id)

    async def find_card(self, address: Address, job_id: str) -> int | None:
        """An answer is a card from the beginning, and its edits may be made twice: it needs not be found."""
        if address.webhook is not None:
            return None
        history = self._place(address).history(limit=MESSAGES_TO_SEARCH, after=discord.Object(int(job_id)))
        own = own_id(self._client)
        with translated():
            async for message in history:
                if message.author.id == own and _belongs_to(message, job_id):
                    return message.id
        return None

    async def post_card(self, address: Address, card: Card) -> int:
        file = preview_file(card)
        if address.webhook is not None:
            if address.starter_message_id is None:
                raise PlaceGone("nobody knows which message the answer is")
            changes: dict[str, Any] = {"content": None, "attachments": [file] if file else []}
            with translated():
                await _edit_answer(self._client, address.webhook, address.starter_message_id, card, changes)
            return address.starter_message_id
        with translated():
            message = await self._place(address).send(
                view=card_view(card),
                files=[file] if file else [],
                allowed_mentions=_only(card.requester_id),
                nonce=secrets.token_hex(8),
                silent=True,
            )
        return message.id

    async def edit_card(self, address: Address, card: Card, *, shown: Card | None) -> None:
        """Uploads a preview only when it is not there already."""
        options: dict[str, Any] = {}
        if shown is None or shown.preview != card.preview:
            file = preview_file(card)
            options["attachments"] = [file] if file else []
        with translated():
            await self._edit(address, card, options)

    async def remove_card(self, address: Address) -> None:
        with translated():
            await self._card(address).delete()

    async def _edit(self, address: Address, card: Card, options: dict[str, Any]) -> None:
        if address.webhook is not None and address.card_message_id is not None:
            await _edit_answer(self._client, address.webhook, address.card_message_id, card, options)
        else:
            await self._card(address).edit(view=card_view(card), allowed_mentions=NOBODY, **options)

    def _place(self, address: Address) -> discord.PartialMessageable:
        return place(self._client, address.place_id, address.guild_id)

    def _card(self, address: Address) -> discord.PartialMessage:
        if address.card_message_id is None or address.card_channel_id is None:
            raise PlaceGone("there is no card")
        channel = place(self._client, address.card_channel_id, address.guild_id)
        return channel.get_partial_message(address.card_message_id)


async def _edit_answer(
    client: discord.Client, webhook: Webhook, message_id: int, card: Card, options: dict[str, Any]
) -> None:
    await hook(client, webhook).edit_message(message_id, view=card_view(card), allowed_mentions=NOBODY, **options)


def _only(user_id: int | None) -> discord.AllowedMentions:
    """A mention takes its user into the thread; the card is silent, so it does not ring."""
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user_id)] if user_id else False)


def _belongs_to(message: discord.Message, job_id: str) -> bool:
    ids = {getattr(item, "custom_id", None) for item in discord.ui.LayoutView.from_message(message).walk_children()}
    return f"job:{job_id}:cancel" in ids
