"""Keeps the live card of one job: placed once, edited at a decent distance, moved where its place is lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from bot.jobs.address import Address
from bot.jobs.card import Card, card_state, steady
from bot.jobs.errors import BotError, MessageGone, NotAnswered, PlaceGone, Rejected, ThreadClosed
from bot.jobs.pace import Clock, Pace, seconds_until_edit
from bot.jobs.turns import Turns
from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import Job, ProgressReport, Standing
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)

T = TypeVar("T")


class Board(Protocol):
    """Shows cards. All methods raise PlaceGone, ThreadClosed, MessageGone, Rejected or NotAnswered."""

    async def open_thread(self, address: Address) -> Address:
        """A thread under the starter message; where there is one already, that one."""
        ...

    async def open_direct(self, address: Address) -> Address:
        """The requester's direct messages, where it goes on."""
        ...

    async def make_room(self, address: Address) -> Address:
        """A message for the last word, where that cannot be posted with a nonce."""
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
        self,
        board: Board,
        store: JobStore,
        *,
        address: Address,
        may_have_card: bool,
        clock: Clock,
        pace: Pace,
        turns: Turns,
    ) -> None:
        self.address = address
        self._token_is_kept = address.webhook is not None
        self._board = board
        self._store = store
        self._may_have_card = may_have_card
        """A card may have been posted that the address does not know of."""
        self._clock = clock
        self._pace = pace
        self._turns = turns
        self._shown: Card | None = None
        self._certain: Card | None = None
        """What the message shows; None while an edit may or may not have been carried out."""
        self._last_edit: float | None = None
        self._failures = 0
        self._not_before = 0.0
        self._closed_until = 0.0
        """A thread that was archived takes no edits; a post reopens it, ours at the latest."""
        self._may_show_previews = True
        """The bot has not lost the right to attach files."""

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
        if not self.address.has_card or self._webhook_is_over():
            return
        self._turns.use(self.address.card_channel_id or self.address.place_id)
        try:
            await self._edit(self._card(snapshot))
        except (PlaceGone, MessageGone) as error:
            log.info("card is gone job=%s why=%s", snapshot.job.id, error)

    async def settle_place(self, job_id: str) -> None:
        """Open the thread or the direct messages that are wanted and not there yet. Raises BotError."""
        if self.address.wants_direct_channel or self._webhook_is_over():
            await self._save(job_id, await self._board.open_direct(self.address))
        if not self.address.wants_thread:
            return
        try:
            address = await self._board.open_thread(self.address)
        except (PlaceGone, MessageGone, Rejected) as error:
            log.info("no thread, staying in the channel job=%s why=%s", job_id, error)
            address = self.address.without_thread()
        await self._save(job_id, address)

    async def make_room(self, job: Job) -> None:
        """For the last word, in a settled place. Raises NotAnswered; without room it goes elsewhere."""
        address = self.address
        if address.webhook is None or address.answer_message_id is not None or _says_it_all(job, address):
            return
        try:
            await self._save(job.id, await self._board.make_room(address))
        except (PlaceGone, MessageGone, Rejected) as error:
            log.warning("no room for the last word job=%s why=%r", job.id, error)

    @property
    def address_afterwards(self) -> Address | None:
        """To be kept once the job is over: without a token that is of no more use. None where there is none."""
        return self.address.without_webhook() if self._token_is_kept else None

    def _webhook_is_over(self) -> bool:
        webhook = self.address.webhook
        return webhook is not None and self._clock.now() >= webhook.until

    async def _show(self, card: Card) -> None:
        if self._webhook_is_over():
            await self._go_on_in_direct_messages(card)
        elif not self.address.has_card:
            await self._first_card(card)
        elif self._clock.now() - self.address.card_posted_at > self._pace.card_lasts:
            await self._renew_card(card)
        elif card != self._certain and self._clock.monotonic() >= self._closed_until and self._has_a_turn():
            await self._edit(card)

    def _has_a_turn(self) -> bool:
        return self._turns.take(self.address.card_channel_id or self.address.place_id)

    async def _go_on_in_direct_messages(self, card: Card) -> None:
        """The old card, which nobody can change any more after that, says so."""
        if self._clock.monotonic() < self._not_before:
            return
        before = self.address
        after = await self._board.open_direct(before)
        if before.has_card:
            try:
                await self._board.edit_card(before, replace(card, moved=True), shown=self._certain)
            except BotError as error:
                log.info("old card stays job=%s why=%r", card.job_id, error)
        await self._save(card.job_id, after)
        self._certain = None
        await self._first_card(replace(card, by_webhook=False, requester_id=None))

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
        message_id = await self._with_preview_or_without(card, partial(self._board.post_card, self.address))
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
        before, self._certain = self._certain, None
        await self._with_preview_or_without(card, partial(self._board.edit_card, self.address, shown=before))

    async def _with_preview_or_without(self, card: Card, put: Callable[[Card], Awaitable[T]]) -> T:
        """Where files may not be attached any more, words still may be put."""
        try:
            done = await put(card)
        except ThreadClosed:
            raise
        except PlaceGone:
            if card.preview is None:
                raise
            card = card.without_preview()
            done = await put(card)
            self._may_show_previews = False
        self._note_shown(card)
        return done

    def _note_shown(self, card: Card) -> None:
        self._shown = self._certain = card
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
        if isinstance(error, ThreadClosed) and self.address.has_card:
            self._closed_until = self._not_before
        elif isinstance(error, MessageGone):
            self.address = self.address.without_card()
            self._not_before = float("inf")
        elif isinstance(error, PlaceGone) and self.address.webhook is not None:
            self.address = self.address.without_webhook().without_card()
        elif isinstance(error, PlaceGone) and self.address.has_card:
            self.address = self.address.without_card()
        elif isinstance(error, PlaceGone) and self.address.thread_id is not None:
            self.address = self.address.without_thread()
            self._not_before = 0.0

    def _card(self, snapshot: Snapshot) -> Card:
        job = snapshot.job
        state = card_state(job, snapshot.standing, snapshot.progress, now=self._clock.now())
        card = Card(
            job_id=job.id,
            names=self.address.names,
            params=job.params,
            requester_id=self.address.user_id if self.address.is_seen_by_others else None,
            locale=self.address.locale,
            spoiler=self.address.spoiler,
            by_webhook=self.address.webhook is not None,
            private=self.address.private,
            missing_permissions=self.address.missing_permissions,
            for_challenge=self.address.challenge_id is not None,
            state=steady(self._shown.state if self._shown else None, state),
        )
        return card if self._may_show_previews else card.without_preview()

    async def _save(self, job_id: str, address: Address) -> None:
        await self._store.set_address(job_id, address.saved())
        self.address = address
        self._token_is_kept = address.webhook is not None


def _says_it_all(job: Job, address: Address) -> bool:
    """Who cancelled it knows, and the card says so."""
    return job.state is JobState.CANCELLED and address.has_card
