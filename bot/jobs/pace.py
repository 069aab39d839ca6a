"""How often the bot does things, and the clock it does them by; tests bring their own."""

import asyncio
import time
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Intervals in seconds."""

    between_edits: float = 2.0
    """Discord lets a message be edited about five times in five seconds; half of that leaves room for others."""
    between_edits_in_a_place: float = 1.5
    """Cards in one channel share Discord's allowance, which some of is kept for last words."""
    between_looks: float = 0.5
    idle_look: float = 1.0
    """The queue is looked at this often even when nothing seems to have changed."""
    between_sweeps: float = 3.0
    """Leases that ran out are released this often."""
    between_heartbeats: float = 15.0
    """The bot notes this often that it is alive."""
    card_lasts: float = 50 * 60.0
    """Messages over an hour old may hardly be edited: before that, the card is posted anew."""
    card_attempt: float = 20.0
    """A card that Discord keeps waiting for longer must not hold up the picture."""
    delivery_lease: float = 30.0
    """After a bot was killed in the middle of a delivery, the next one takes it up so long after it began."""
    delivery_attempt: float = 25.0
    """Shorter than the lease, so that two attempts never overlap."""
    retries: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0, 60.0)
    """Waits between failed attempts; the last one repeats."""
    delivery_attempts: int = 480
    """After so many, some eight hours, a delivery is given up."""
    attempts_when_refused: int = 3
    """So many where Discord, asked again, would say the same."""
    attempts_at_a_fault: int = 20
    """So many, some quarter of an hour, where the fault is ours: the picture cannot be read, say."""
    attempts_to_apologize: int = 3
    """Of saying that a delivery was given up."""
    attempts_to_close_card: int = 5
    """So many, within a minute; the picture has been posted by then."""
    between_log_messages: float = 5.0
    """A server's log channel gets one message in this time at most, with all that happened meanwhile."""
    between_challenge_looks: float = 1.0
    """The deadlines of challenges are looked at this often."""
    between_challenge_edits: float = 8.0
    """A challenge's live card is edited this often at most, where its numbers changed."""
    between_old_challenge_edits: float = 60.0
    """The same for a challenge that is older than `card_lasts`."""
    before_welcome: float = 3.0
    """A server that was just joined gets ready first: the bot's role, for example."""
    logins: tuple[float, ...] = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
    """Waits between attempts to reach Discord at all; the last one repeats."""
    after_a_fault: float = 5.0
    """A loop that met an error nobody expected starts again after this."""

    def retry_after(self, attempts: int) -> float:
        """How long to wait after `attempts` (1, 2, …) failed."""
        return self.retries[min(max(attempts, 1), len(self.retries)) - 1]


def seconds_until_edit(*, now: float, last_edit: float | None, pace: Pace) -> float:
    """How long a message has to be left alone still."""
    return 0.0 if last_edit is None else max(0.0, last_edit + pace.between_edits - now)


class Clock(Protocol):
    """Time, and waiting in it."""

    def monotonic(self) -> float: ...

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Return when the event is set or after `seconds`."""
        ...


class SystemClock:
    """The machine's own."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> float:
        return time.time()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
