"""Puts cards into Discord with the bot's own token; never through an interaction, whose token dies."""

import logging
import secrets
from typing import Any, Literal

import discord

from bot.jobs.address import Address
from bot.jobs.card import Card
from bot.jobs.errors import PlaceGone
from bot.ui import text
from bot.ui.card_view import card_view, preview_file
from bot.ui.places import THREAD_IS_THERE, place, translated

log = logging.getLogger(__name__)

MESSAGES_TO_SEARCH = 50
MINUTES_UNTIL_ARCHIVED: Literal[1440] = 1440
NOBODY = discord.AllowedMentions.none()


class DiscordBoard:
    """A `Board` for `bot.jobs`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def open_thread(self, address: Address) -> Address:
        """A thread opened from a message has that message's id, which is how one opened before a crash is found."""
        if address.starter_message_id is None:
            raise PlaceGone("there is no message to open a thread from")
        with translated():
            try:
                await self._client.http.start_thread_with_message(
                    address.channel_id,
                    address.starter_message_id,
                    name=text.thread_name(address.content_name, address.style_name),
                    auto_archive_duration=MINUTES_UNTIL_ARCHIVED,
                )
            except discord.HTTPException as error:
                if error.code == THREAD_IS_THERE:
                    return address.with_thread(address.starter_message_id)
                if error.status == 400:
                    raise PlaceGone(f"Discord opens no thread here: {error}") from error
                raise
        return address.with_thread(address.starter_message_id)

    async def find_card(self, address: Address, job_id: str) -> int | None:
        history = self._place(address).history(limit=MESSAGES_TO_SEARCH, after=discord.Object(int(job_id)))
        with translated():
            async for message in history:
                if message.author.id == self._own_id and _belongs_to(message, job_id):
                    return message.id
        return None

    async def post_card(self, address: Address, card: Card) -> int:
        file = preview_file(card)
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
            await self._card(address).edit(view=card_view(card), allowed_mentions=NOBODY, **options)

    async def remove_card(self, address: Address) -> None:
        with translated():
            await self._card(address).delete()

    def _place(self, address: Address) -> discord.PartialMessageable:
        return place(self._client, address.place_id, address.guild_id)

    def _card(self, address: Address) -> discord.PartialMessage:
        if address.card_message_id is None or address.card_channel_id is None:
            raise PlaceGone("there is no card")
        channel = place(self._client, address.card_channel_id, address.guild_id)
        return channel.get_partial_message(address.card_message_id)

    @property
    def _own_id(self) -> int | None:
        return self._client.user.id if self._client.user else None


def _only(user_id: int | None) -> discord.AllowedMentions:
    """A mention takes its user into the thread; the card is silent, so it does not ring."""
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user_id)] if user_id else False)


def _belongs_to(message: discord.Message, job_id: str) -> bool:
    ids = {getattr(item, "custom_id", None) for item in discord.ui.LayoutView.from_message(message).walk_children()}
    return f"job:{job_id}:cancel" in ids
