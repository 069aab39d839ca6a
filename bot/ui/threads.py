"""Opens the threads that jobs are shown in, a few at a time: a server may get only so many within some minutes.

Where a call has used up such a limit, the library holds its answer back until the limit is lifted, and later calls as
well. So nobody waits for long here: whoever has no thread by then stays in the channel.
"""

import asyncio
import logging
import time
from typing import Literal

import discord

from bot.jobs.address import Address
from bot.jobs.errors import PlaceGone
from bot.ui.places import NOT_FROM_DISCORD, THREAD_IS_THERE, translated
from bot.ui.text.card import thread_name
from bot.ui.words import words_for

log = logging.getLogger(__name__)

MINUTES_UNTIL_ARCHIVED: Literal[1440] = 1440
AT_A_TIME = 4
"""Where more are under way than the limit has left, the library holds all of them back."""
SECONDS_WITHOUT_THREADS = 60.0
"""After Discord opened none in time, the channel's next jobs do not ask."""


class Threads:
    """Of one client."""

    def __init__(self, client: discord.Client, *, patience_seconds: float = 10.0) -> None:
        self._client = client
        self._patience = patience_seconds
        self._few = asyncio.Semaphore(AT_A_TIME)
        self._none_until: dict[int, float] = {}

    async def open(self, address: Address) -> Address:
        """A thread opened from a message has that message's id, which is how one opened before a crash is found.

        Raises PlaceGone, MessageGone, Rejected and NotAnswered.
        """
        starter_id = address.starter_message_id
        if starter_id is None:
            raise PlaceGone("there is no message to open a thread from")
        async with self._few:
            if time.monotonic() < self._none_until.get(address.channel_id, 0.0):
                raise PlaceGone("Discord opens no more threads here for a while")
            try:
                async with asyncio.timeout(self._patience):
                    await self._start(address, starter_id)
            except TimeoutError:
                await self._find(address, starter_id)
        return address.with_thread(starter_id)

    async def _start(self, address: Address, starter_id: int) -> None:
        with translated():
            try:
                await self._client.http.start_thread_with_message(
                    address.channel_id,
                    starter_id,
                    name=thread_name(address.names, words_for(address.locale)),
                    auto_archive_duration=MINUTES_UNTIL_ARCHIVED,
                )
            except discord.HTTPException as error:
                if error.code == THREAD_IS_THERE:
                    return
                if error.status == 400 and error.code not in NOT_FROM_DISCORD:
                    raise PlaceGone(f"Discord opens no thread here: {error}") from error
                raise

    async def _find(self, address: Address, starter_id: int) -> None:
        """The thread may have been opened, and only the answer been held back."""
        try:
            with translated():
                async with asyncio.timeout(self._patience):
                    await self._client.http.get_channel(starter_id)
        except PlaceGone as error:
            self._none_until[address.channel_id] = time.monotonic() + SECONDS_WITHOUT_THREADS
            raise PlaceGone(f"Discord opened no thread within {self._patience:.0f} s") from error
