"""Edits the card of a challenge where it was announced. One that was deleted is noted, not posted again by itself."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.challenges.values import Challenge, Counts, Placed
from bot.jobs.challenge_notes import ChallengeTrouble, Trouble
from bot.jobs.errors import MessageGone, PlaceGone, ThreadClosed
from bot.ui.challenges.card import style_files
from bot.ui.challenges.messages import announcement_view
from bot.ui.places import place, translated
from bot.ui.words import words_for

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


class LiveCard:
    """Of any challenge. Uploads the style pictures with the first edit only: they stay."""

    def __init__(self, client: "StylizeClient") -> None:
        self._client = client
        self._uploaded: dict[int, frozenset[str]] = {}
        """The names of the pictures that a message has."""

    async def edit(self, challenge: Challenge, counts: Counts, placed: Sequence[Placed] = ()) -> None:
        """To what holds now. Raises BotError, but not where the card was deleted."""
        if challenge.announcement_id is None or challenge.place_id is None:
            return
        try:
            await self._edit(challenge, challenge.place_id, challenge.announcement_id, counts, placed)
        except MessageGone:
            await self._note_deleted(challenge, challenge.place_id)

    async def is_there(self, challenge: Challenge, counts: Counts, placed: Sequence[Placed] = ()) -> bool:
        """And shows what holds now. Raises BotError, but not where the card or its place was deleted."""
        if challenge.announcement_id is None or challenge.place_id is None:
            return False
        try:
            await self._edit(challenge, challenge.place_id, challenge.announcement_id, counts, placed)
        except ThreadClosed:
            raise
        except (MessageGone, PlaceGone):
            return False
        return True

    def uploaded(self, challenge: Challenge, message_id: int, names: frozenset[str]) -> None:
        """A message has these now; where one is missing, the next edit tries again to read it."""
        if len(names) == len(challenge.terms.styles):
            self._uploaded[message_id] = names

    def forget(self, message_id: int | None) -> None:
        """It is not edited any more."""
        self._uploaded.pop(message_id or 0, None)

    async def _edit(
        self, challenge: Challenge, place_id: int, message_id: int, counts: Counts, placed: Sequence[Placed]
    ) -> None:
        try:
            await self._put(challenge, place_id, message_id, counts, placed)
        except ThreadClosed:
            with translated():
                await self._client.http.edit_channel(place_id, archived=False)
            log.info("opened a post again challenge=%s place=%s", challenge.id, place_id)
            await self._put(challenge, place_id, message_id, counts, placed)

    async def _put(
        self, challenge: Challenge, place_id: int, message_id: int, counts: Counts, placed: Sequence[Placed]
    ) -> None:
        options: dict[str, Any] = {}
        names = self._uploaded.get(message_id)
        if names is None:
            files = await style_files(self._client.services.blobs, challenge)
            names, options["attachments"] = frozenset(file.filename for file in files), files
        view = announcement_view(challenge, counts, names, words_for(challenge.terms.locale), placed)
        message = place(self._client, place_id, int(challenge.tenant_id)).get_partial_message(message_id)
        with translated():
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none(), **options)
        self.uploaded(challenge, message_id, names)

    async def _note_deleted(self, challenge: Challenge, place_id: int) -> None:
        log.warning("the card was deleted challenge=%s message=%s", challenge.id, challenge.announcement_id)
        services = self._client.services
        self.forget(challenge.announcement_id)
        await services.challenges.challenges.announced(challenge.id, place_id=place_id, message_id=None)
        note = ChallengeTrouble(trouble=Trouble.CARD_DELETED, title=challenge.title, channel_id=challenge.channel_id)
        services.moderation_log.note(int(challenge.tenant_id), note)
