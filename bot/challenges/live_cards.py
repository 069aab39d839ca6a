"""Keeps the card of every challenge that is going on up to date: edited where its facts changed, and not too often."""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

from bot.challenges.desk import ChallengeDesk
from bot.challenges.values import Challenge, Counts, Phase
from bot.jobs.errors import BotError, NotAnswered
from bot.jobs.pace import Clock, Pace
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.outage import Outage

log = logging.getLogger(__name__)

MOST_EDITS_AT_ONCE = 8


class Editor(Protocol):
    async def refresh(self, challenge: Challenge, counts: Counts) -> None:
        """Edit the card to what holds now; nothing where it was deleted. Raises BotError."""
        ...


class LiveCards:
    """Of all challenges that are open or voted on. One that cannot be edited holds up no other."""

    def __init__(self, desk: ChallengeDesk, editor: Editor, clock: Clock, pace: Pace) -> None:
        self._desk = desk
        self._editor = editor
        self._clock = clock
        self._pace = pace
        self._outage = Outage("the queue")
        self._shown: dict[int, str] = {}
        """What `facts` said when the card was edited last; read from the database where it is not here."""
        self._edited: dict[int, float] = {}
        """When, on the monotonic clock."""
        self._edits: dict[int, asyncio.Task[None]] = {}
        self._left_alone: Counter[int] = Counter()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self.look(group)
                await self._clock.wait(asyncio.Event(), self._pace.between_challenge_edits)

    async def look(self, group: asyncio.TaskGroup) -> None:
        """Begin to edit what has changed; waits for the database only."""
        active = await self._outage.once(self._desk.challenges.active)
        if active is None:
            return
        self._forget_all_but({challenge.id for challenge in active})
        by_age = sorted(active, key=lambda one: self._edited.get(one.id, 0.0))
        waiting = {challenge.id: challenge for challenge in by_age if self._may_be_edited(challenge)}
        counts = await self._outage.once(partial(self._desk.challenges.counts_of, tuple(waiting))) or {}
        for challenge in (waiting[challenge_id] for challenge_id in counts):
            has_changed = partial(self._has_changed, challenge, counts[challenge.id])
            if self._may_be_edited(challenge) and await self._outage.once(has_changed):
                edit = group.create_task(self._edit(challenge.id))
                self._edits[challenge.id] = edit
                edit.add_done_callback(partial(self._ended, challenge.id))

    @asynccontextmanager
    async def left_alone(self, challenge_id: int) -> AsyncIterator[None]:
        """While somebody else edits the card: an edit of ours from before must not come after theirs."""
        self._left_alone[challenge_id] += 1
        try:
            if (edit := self._edits.get(challenge_id)) is not None:
                edit.cancel()
                await asyncio.wait([edit])
            yield
        finally:
            self._left_alone[challenge_id] -= 1

    async def posted(self, challenge: Challenge, counts: Counts) -> None:
        """Somebody posted the card, and it shows this, or something newer. Raises QueueUnavailable."""
        self._shown[challenge.id] = facts(challenge, counts)
        self._edited[challenge.id] = self._clock.monotonic()
        await self._desk.challenges.note_shown(challenge.id, self._shown[challenge.id])

    def _may_be_edited(self, challenge: Challenge) -> bool:
        if challenge.announcement_id is None or self._left_alone[challenge.id] or challenge.id in self._edits:
            return False
        if len(self._edits) >= MOST_EDITS_AT_ONCE:
            return False
        last = self._edited.get(challenge.id)
        if last is None or self._clock.now() - challenge.created_at < self._pace.card_lasts:
            return True
        return self._clock.monotonic() - last >= self._pace.between_old_challenge_edits

    async def _has_changed(self, challenge: Challenge, counts: Counts) -> bool:
        if challenge.id not in self._shown:
            self._shown[challenge.id] = await self._desk.challenges.shown(challenge.id)
        return facts(challenge, counts) != self._shown[challenge.id]

    async def _edit(self, challenge_id: int) -> None:
        try:
            async with asyncio.timeout(self._pace.card_attempt):
                await self._edit_to_newest(challenge_id)
        except (NotAnswered, QueueUnavailable, TimeoutError) as error:
            log.warning("card of a challenge again challenge=%s why=%r", challenge_id, error)
        except Exception:
            log.exception("card of a challenge challenge=%s", challenge_id)
        finally:
            self._edited[challenge_id] = self._clock.monotonic()

    def _ended(self, challenge_id: int, _edit: asyncio.Task[None]) -> None:
        """Also where it was cancelled before it began."""
        del self._edits[challenge_id]

    async def _edit_to_newest(self, challenge_id: int) -> None:
        challenge = await self._desk.challenges.get(challenge_id)
        if challenge is None or challenge.phase not in {Phase.OPEN, Phase.VOTING}:
            return
        counts = await self._desk.challenges.counts(challenge_id)
        digest = facts(challenge, counts)
        try:
            await self._editor.refresh(challenge, counts)
        except NotAnswered:
            raise
        except BotError as error:
            log.warning("card of a challenge is out of reach challenge=%s why=%r", challenge_id, error)
            self._shown[challenge_id] = digest  # tried again when there is something new to show
            return
        self._shown[challenge_id] = digest
        await self._desk.challenges.note_shown(challenge_id, digest)

    def _forget_all_but(self, active: set[int]) -> None:
        for known in (self._shown, self._edited):
            for challenge_id in [one for one in known if one not in active]:
                del known[challenge_id]


def facts(challenge: Challenge, counts: Counts) -> str:
    """A short digest of all that the card shows and that can change."""
    times = challenge.schedule
    voters = counts.voters if challenge.phase is Phase.VOTING else 0
    shown = (
        challenge.phase.value,
        (times.opens_at, times.entries_end_at, times.voting_ends_at),
        (counts.entries, counts.waiting, counts.authors, voters),
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
