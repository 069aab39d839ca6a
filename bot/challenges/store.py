"""Challenges in the database: each change is one transaction, decided by `bot.challenges.phases` on the newest row."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select, update

from bot.challenges.deadlines import carry_out, delete_drafts, look_for_due
from bot.challenges.errors import NoSuchChallenge, WrongPhase
from bot.challenges.moves import contenders, insert_draft, move
from bot.challenges.phases import Cancelled, Confirmed, EndedEarly, Extended
from bot.challenges.rows import LeftAlone, challenge_of, locked_challenge, schedule_columns
from bot.challenges.series import begin_series_of
from bot.challenges.tally import counts_of
from bot.challenges.values import Challenge, Counts, NewChallenge, Phase, Terms
from bot.store.schema import challenges
from nst_engine.queue.database import Database


class Challenges:
    """All of them. `now` is in seconds since 1970 on the bot's clock. Every method may raise QueueUnavailable.

    A change that brings something to be told puts the tasks for it into `bot.challenges.tasks` in the same transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left_alone = LeftAlone()

    async def create(self, new: NewChallenge, now: float) -> Challenge:
        """A draft, which nobody sees until it is confirmed."""
        return await self._database.write(lambda connection: insert_draft(connection, new, now))

    async def find(self, tenant_id: str, challenge_id: int) -> Challenge:
        """Raises NoSuchChallenge, also for another server's."""
        found = await self.get(challenge_id)
        if found is None or found.tenant_id != tenant_id:
            raise NoSuchChallenge
        return found

    async def get(self, challenge_id: int) -> Challenge | None:
        """Whatever server it belongs to."""
        found = await self._where(challenges.c.id == challenge_id)
        return found[0] if found else None

    async def listed(self, tenant_id: str, *phases: Phase) -> list[Challenge]:
        """The server's in these phases, newest first; drafts only where they are confirmed."""
        theirs = (challenges.c.tenant_id == tenant_id) & challenges.c.confirmed.is_(True)
        return await self._where(theirs & challenges.c.phase.in_(phases))

    async def active(self) -> list[Challenge]:
        """Of all servers: open, or being voted on."""
        return await self._where(challenges.c.phase.in_((Phase.OPEN, Phase.VOTING)))

    async def counts(self, challenge_id: int) -> Counts:
        return (await self.counts_of([challenge_id]))[challenge_id]

    async def counts_of(self, challenge_ids: Collection[int]) -> dict[int, Counts]:
        """Of several at once, by their ids."""
        return await self._database.read(lambda connection: counts_of(connection, challenge_ids))

    async def confirm(self, tenant_id: str, challenge_id: int, now: float) -> Challenge:
        """From now on it opens by itself, at once where its time has come; the series that it begins goes on from it.

        Raises NoSuchChallenge and WrongPhase.
        """

        def confirm(connection: Connection) -> Challenge:
            moved = move(connection, locked_challenge(connection, challenge_id, tenant_id), Confirmed(), now)
            return begin_series_of(connection, moved, now)

        return await self._database.write(confirm)

    async def revise(
        self, tenant_id: str, challenge_id: int, *, title: str, terms: Terms, opens_at: float, entries_end_at: float
    ) -> Challenge:
        """Change a draft that was not confirmed. Raises NoSuchChallenge and WrongPhase."""

        def revise(connection: Connection) -> Challenge:
            before = _unconfirmed(connection, tenant_id, challenge_id)
            revised = replace(
                before.schedule,
                opens_at=opens_at,
                entries_end_at=entries_end_at,
                voting_ends_at=entries_end_at + terms.voting_seconds,
                voting_seconds=terms.voting_seconds,
                ends_at_a_moment=terms.ends_at_a_moment,
            )
            values = {"title": title, "terms": terms.model_dump_json(), **schedule_columns(revised)}
            connection.execute(update(challenges).where(challenges.c.id == challenge_id).values(**values))
            return replace(before, title=title, terms=terms, schedule=revised)

        return await self._database.write(revise)

    async def discard(self, tenant_id: str, challenge_id: int) -> None:
        """Delete a draft that was not confirmed, with the series it begins. Raises NoSuchChallenge and WrongPhase."""

        def discard(connection: Connection) -> None:
            _unconfirmed(connection, tenant_id, challenge_id)
            delete_drafts(connection, challenges.c.id == challenge_id)

        await self._database.write(discard)

    async def carry_out_due(self, now: float) -> list[Challenge]:
        """Move on what is due, each once, whoever else looks; also starts challenges of series. Those that changed.

        Forgets drafts that nobody confirmed for a day. A challenge that takes the wrong turn keeps no other waiting.
        """
        due = await self._database.read(lambda connection: look_for_due(connection, now))
        return await carry_out(self._database, due, now, self._left_alone)

    async def end_early(self, tenant_id: str, challenge_id: int, expected: Phase, now: float) -> Challenge:
        """End the phase that whoever asks saw. Raises NoSuchChallenge, and WrongPhase where it is over already."""

        def end(connection: Connection) -> Challenge:
            challenge = _seen(connection, tenant_id, challenge_id, expected)
            return move(connection, challenge, EndedEarly(contenders(connection, challenge)), now)

        return await self._database.write(end)

    async def extend(self, tenant_id: str, challenge_id: int, expected: Phase, seconds: float, now: float) -> Challenge:
        """Let the phase that whoever asks saw last longer. Raises NoSuchChallenge and WrongPhase."""

        def extend(connection: Connection) -> Challenge:
            return move(connection, _seen(connection, tenant_id, challenge_id, expected), Extended(seconds), now)

        return await self._database.write(extend)

    async def cancel(self, tenant_id: str, challenge_id: int, reason: str, now: float) -> Challenge:
        """Call it off. Raises NoSuchChallenge and WrongPhase."""

        def cancel(connection: Connection) -> Challenge:
            challenge = locked_challenge(connection, challenge_id, tenant_id)
            return move(connection, challenge, Cancelled(), now, end_reason=reason)

        return await self._database.write(cancel)

    async def announced(self, challenge_id: int, *, place_id: int, message_id: int | None) -> None:
        """Where its card is; `message_id` None after somebody deleted it."""
        await self._note(challenge_id, place_id=place_id, announcement_id=message_id)

    async def shown(self, challenge_id: int) -> str:
        """What `note_shown` noted last: a short digest of what the live card shows."""
        query = select(challenges.c.shown).where(challenges.c.id == challenge_id)
        return await self._database.read(lambda connection: connection.execute(query).scalar()) or ""

    async def note_shown(self, challenge_id: int, digest: str) -> None:
        await self._note(challenge_id, shown=digest)

    async def _note(self, challenge_id: int, **columns: int | str | None) -> None:
        statement = update(challenges).where(challenges.c.id == challenge_id).values(**columns)
        await self._database.write(lambda connection: connection.execute(statement))

    async def _where(self, condition: ColumnElement[bool]) -> list[Challenge]:
        query = select(challenges).where(condition).order_by(challenges.c.id.desc())
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return self._left_alone.readable(rows, challenge_of)


def _unconfirmed(connection: Connection, tenant_id: str, challenge_id: int) -> Challenge:
    """A draft, locked. Raises NoSuchChallenge, and WrongPhase where it was confirmed."""
    challenge = locked_challenge(connection, challenge_id, tenant_id)
    if challenge.schedule.confirmed or challenge.phase is not Phase.DRAFT:
        raise WrongPhase(challenge.phase)
    return challenge


def _seen(connection: Connection, tenant_id: str, challenge_id: int, expected: Phase) -> Challenge:
    """The challenge, locked, while it is still in the phase that whoever asks saw."""
    challenge = locked_challenge(connection, challenge_id, tenant_id)
    if challenge.phase is not expected:
        raise WrongPhase(challenge.phase)
    return challenge
