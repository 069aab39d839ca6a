"""Keeps the live card of one job: placed once, edited at a decent distance, moved where its place is lost."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from bot.jobs.address import Address
from bot.jobs.card import Card, card_state, steady
from bot.jobs.errors import BotError, MessageGone, NotAnswered, PlaceGone, Rejected
from bot.jobs.pace import Clock, Pace, seconds_until_edit
from nst_engine.queue.jobs import Job, ProgressReport, Standing
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)


class Board(Protocol):
    """Shows cards. All methods raise PlaceGone, MessageGone, Rejected or NotAnswered."""

    async def open_thread(self, address: Address) -> Address:
        """A thread under the starter message; where there is one already, that one."""
        ...

    async def find_card(self, address: Address, job_id: str) -> int | None:
        """The message id of a card that was posted and never recorded."""
        ...

    async def post_card(self, address: Address, card: Card) -> int:
        """Post a card and return its message id."""
        ...

    async def edit_card(self, address: Address, card: Card, *, shown: Card | None) -> None:
        """Show `card` where `shown` was; None means that nobody remembers what was there."""
        ...

    async def remove_card(self, address: Address) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the queue knows about a job at one moment."""

    job: Job
    standing: Standing | None
    progress: ProgressReport | None


class CardKeeper:
    """One job's card. Every change of address is saved before anything is built on it."""

    def __init__(
        self, board: Board, store: JobStore, *, address: Address, may_have_card: bool, clock: Clock, pace: Pace
    ) -> None:
        self.address = address
        self._board = board
        self._store = store
        self._may_have_card = may_have_card
        """A card may have been posted that the address does not know of."""
        self._clock = clock
        self._pace = pace
        self._shown: Card | None = None
        self._last_edit: float | None = None
        self._failures = 0
        self._not_before = 0.0

    def seconds_until_edit(self) -> float:
        return seconds_until_edit(now=self._clock.monotonic(), last_edit=self._last_edit, pace=self._pace)

    async def show(self, snapshot: Snapshot) -> None:
        """Bring the card up to date. Trouble with Discord is noted and met later; the job does not depend on it."""
        card = self._card(snapshot)
        try:
            async with asyncio.timeout(self._pace.card_attempt):
                await self._show(card)
        except TimeoutError:
            self._note_trouble(NotAnswered("Discord keeps us waiting"), card.job_id)
        except BotError as error:
            self._note_trouble(error, card.job_id)

    async def close(self, snapshot: Snapshot) -> None:
        """The card's last word, without its button; a card that is gone needs none. Raises NotAnswered or Rejected."""
        if not self.address.has_card:
            return
        try:
            await self._edit(self._card(snapshot))
        except (PlaceGone, MessageGone) as error:
            log.info("card is gone job=%s why=%s", snapshot.job.id, error)

    async def settle_place(self, job_id: str) -> None:
        """Open the thread, where one is wanted and not there yet. Raises NotAnswered."""
        if not self.address.wants_thread:
            return
        try:
            address = await self._board.open_thread(self.address)
        except (PlaceGone, MessageGone, Rejected) as error:
            log.info("no thread, staying in the channel job=%s why=%s", job_id, error)
            address = self.address.without_thread()
        await self._save(job_id, address)

    async def _show(self, card: Card) -> None:
        if not self.address.has_card:
            await self._first_card(card)
        elif self._clock.now() - self.address.card_posted_at > self._pace.card_lasts:
            await self._renew_card(card)
        elif card != self._shown:
            await self._edit(card)

    async def _first_card(self, card: Card) -> None:
        if self._clock.monotonic() < self._not_before:
            return
        await self.settle_place(card.job_id)
        if self._may_have_card and (found := await self._board.find_card(self.address, card.job_id)):
            await self._save(card.job_id, self.address.with_card(found, posted_at=self._clock.now()))
            await self._edit(card)
        else:
            await self._post(card)

    async def _post(self, card: Card) -> None:
        self._may_have_card = True
        message_id = await self._board.post_card(self.address, card)
        self._note_shown(card)
        await self._save(card.job_id, self.address.with_card(message_id, posted_at=self._clock.now()))

    async def _renew_card(self, card: Card) -> None:
        old = self.address
        await self._post(card)
        try:
            await self._board.remove_card(old)
        except BotError as error:
            log.info("old card stays job=%s why=%s", card.job_id, error)

    async def _edit(self, card: Card) -> None:
        self._last_edit = self._clock.monotonic()
        await self._board.edit_card(self.address, card, shown=self._shown)
        self._note_shown(card)

    def _note_shown(self, card: Card) -> None:
        self._shown = card
        self._last_edit = self._clock.monotonic()
        self._failures = 0

    def _note_trouble(self, error: BotError, job_id: str) -> None:
        """Try again later, elsewhere where the place is gone; not at all where the card is.

        That a card cannot be edited does not mean that its place is gone: that is for a look or a post there to tell.
        """
        log.warning("card not shown job=%s place=%s why=%r", job_id, self.address.place_id, error)
        self._failures += 1
        self._last_edit = self._clock.monotonic()
        self._not_before = self._last_edit + self._pace.retry_after(self._failures)
        if isinstance(error, MessageGone):
            self.address = self.address.without_card()
            self._not_before = float("inf")
        elif isinstance(error, PlaceGone) and self.address.has_card:
            self.address = self.address.without_card()
        elif isinstance(error, PlaceGone) and self.address.thread_id is not None:
            self.address = self.address.without_thread()
            self._not_before = 0.0

    def _card(self, snapshot: Snapshot) -> Card:
        job = snapshot.job
        state = card_state(job, snapshot.standing, snapshot.progress, now=self._clock.now())
        return Card(
            job_id=job.id,
            names=self.address.names,
            params=job.params,
            requester_id=self.address.user_id if self.address.guild_id is not None else None,
            locale=self.address.locale,
            spoiler=self.address.spoiler,
            state=steady(self._shown.state if self._shown else None, state),
        )

    async def _save(self, job_id: str, address: Address) -> None:
        await self._store.set_address(job_id, address.saved())
        self.address = address
