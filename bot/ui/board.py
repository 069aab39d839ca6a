"""Puts cards into Discord with the bot's own token; never through an interaction, whose token dies."""

import logging
import secrets
from typing import Any, Literal

import discord

from bot.jobs.address import Address
from bot.jobs.card import Card
from bot.jobs.errors import MessageGone, PlaceGone, ThreadClosed
from bot.ui.card_view import card_view, preview_file
from bot.ui.places import NOT_FROM_DISCORD, THREAD_IS_THERE, own_id, place, translated
from bot.ui.text.card import thread_name
from bot.ui.words import words_for

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
                    name=thread_name(address.names, words_for(address.locale)),
                    auto_archive_duration=MINUTES_UNTIL_ARCHIVED,
                )
            except discord.HTTPException as error:
                if error.code == THREAD_IS_THERE:
                    return address.with_thread(address.starter_message_id)
                if error.status == 400 and error.code not in NOT_FROM_DISCORD:
                    raise PlaceGone(f"Discord opens no thread here: {error}") from error
                raise
        return address.with_thread(address.starter_message_id)

    async def find_card(self, address: Address, job_id: str) -> int | None:
        history = self._place(address).history(limit=MESSAGES_TO_SEARCH, after=discord.Object(int(job_id)))
        own = own_id(self._client)
        with translated():
            async for message in history:
                if message.author.id == own and _belongs_to(message, job_id):
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
        """Uploads a preview only when it is not there already.

        A closed thread refuses an edit, not a post: it costs the card, and the thread is still the place to speak in.
        """
        options: dict[str, Any] = {}
        if shown is None or shown.preview != card.preview:
            file = preview_file(card)
            options["attachments"] = [file] if file else []
        try:
            with translated():
                await self._card(address).edit(view=card_view(card), allowed_mentions=NOBODY, **options)
        except ThreadClosed as error:
            raise MessageGone(str(error)) from error

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


def _only(user_id: int | None) -> discord.AllowedMentions:
    """A mention takes its user into the thread; the card is silent, so it does not ring."""
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user_id)] if user_id else False)


def _belongs_to(message: discord.Message, job_id: str) -> bool:
    ids = {getattr(item, "custom_id", None) for item in discord.ui.LayoutView.from_message(message).walk_children()}
    return f"job:{job_id}:cancel" in ids
