"""Entries in the database. What a member may do depends on the challenge's phase as it is in the same transaction."""

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection

from bot.challenges.entering import ACTIVE, HandIn, change_entry, enter, replace
from bot.challenges.errors import NoSuchChallenge, NoSuchEntry, OtherPicture, WrongPhase
from bot.challenges.phases import phase_by
from bot.challenges.rows import entries_in, entries_where, entry_at, locked_challenge
from bot.challenges.tasks import TaskKind, add_task
from bot.challenges.values import Author, Challenge, Entry, EntryState, Phase, Picture
from bot.store.schema import challenge_entries
from nst_engine.queue.database import Database

Guard = Callable[[Connection], None]
"""Raises what stands in the way of whoever asks, within the transaction."""


class Entries:
    """Every method may raise QueueUnavailable. `now` and `asked_at` are in seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(
        self, challenge_id: int, author: Author, picture: Picture, *, asked_at: float, now: float, guard: Guard
    ) -> Entry:
        """Put a picture into the challenge; the same job again is the same entry. `asked_at`: when it was handed in.

        One that was withdrawn is entered anew, unless voting on it had begun. Raises NoSuchChallenge, WrongPhase and
        EnoughEntries, NoSuchEntry for a picture that was removed, and what `guard` raises.
        """
        hand_in = HandIn(author=author, picture=picture, asked_at=asked_at, now=now)

        def save(connection: Connection) -> Entry:
            challenge = locked_challenge(connection, challenge_id)
            guard(connection)
            return enter(connection, challenge, hand_in)

        return await self._database.write(save)

    async def replace(
        self, entry_id: int, author: Author, picture: Picture, *, asked_at: float, now: float, guard: Guard
    ) -> Entry:
        """Another picture for an entry of the author's, while entries are open: nobody has voted on it yet.

        It has to be approved anew where that is needed. A picture that is in the challenge already changes nothing.
        Raises as `enter` does, and NoSuchEntry.
        """
        hand_in = HandIn(author=author, picture=picture, asked_at=asked_at, now=now)

        def save(connection: Connection) -> Entry:
            challenge, entry = _locked(connection, entry_id)
            guard(connection)
            return replace(connection, challenge, entry, hand_in)

        return await self._database.write(save)

    async def withdraw(self, entry_id: int, user_id: str) -> Entry:
        """Until the end of the voting; votes for it do not count. Raises NoSuchEntry and WrongPhase.

        During the voting it is for good: its place among the member's entries stays taken.
        """
        return await self._database.write(lambda connection: _withdraw(connection, entry_id, user_id))

    async def approve(self, tenant_id: str, entry_id: int, *, by: str, now: float, job_id: str | None = None) -> Entry:
        """Show a waiting entry. The author is told. Raises NoSuchEntry (also where it waits no more) and WrongPhase.

        `job_id`: of the picture that was looked at; raises OtherPicture where it was replaced since.
        """

        def approve(connection: Connection) -> Entry:
            challenge, entry = _locked(connection, entry_id, tenant_id)
            _require(entry, EntryState.WAITING, job_id=job_id)
            _require_phase(phase_by(challenge.schedule, now), Phase.OPEN, Phase.VOTING)
            add_task(connection, challenge.id, TaskKind.APPROVED, now, str(entry_id))
            return change_entry(connection, entry, state=EntryState.SHOWN, decided_by=by)

        return await self._database.write(approve)

    async def remove(
        self, tenant_id: str, entry_id: int, *, by: str, reason: str, now: float, job_id: str | None = None
    ) -> Entry:
        """Take a shown or waiting entry out, also after the end. The author is told. Raises NoSuchEntry.

        `job_id` as in `approve`.
        """

        def remove(connection: Connection) -> Entry:
            challenge, entry = _locked(connection, entry_id, tenant_id)
            _require(entry, *ACTIVE, job_id=job_id)
            add_task(connection, challenge.id, TaskKind.REMOVED, now, str(entry_id))
            return change_entry(connection, entry, state=EntryState.REMOVED, decided_by=by, reason=reason)

        return await self._database.write(remove)

    async def get(self, entry_id: int) -> Entry | None:
        this_one = challenge_entries.c.id == entry_id
        found = await self._database.read(lambda connection: entries_where(connection, this_one))
        return found[0] if found else None

    async def of_member(self, challenge_id: int, user_id: str) -> list[Entry]:
        """In every state, oldest first."""
        theirs = (challenge_entries.c.challenge_id == challenge_id) & (challenge_entries.c.owner_id == user_id)
        return await self._database.read(lambda connection: entries_where(connection, theirs))

    async def shown_to(self, challenge_id: int, viewer_id: str) -> list[Entry]:
        """What can be seen, in the viewer's own random order, which stays the same."""
        shown = await self._in(challenge_id, EntryState.SHOWN)
        return sorted(shown, key=lambda entry: _chance(challenge_id, viewer_id, entry.id))

    async def all(self, challenge_id: int) -> list[Entry]:
        """In every state, oldest first: the archive."""
        return await self._in(challenge_id)

    async def _in(self, challenge_id: int, *states: EntryState) -> list[Entry]:
        return await self._database.read(lambda connection: entries_in(connection, challenge_id, *states))


def _chance(challenge_id: int, viewer_id: str, entry_id: int) -> bytes:
    """Its place in the viewer's order: as good as random, and the same each time."""
    return hashlib.blake2b(f"{challenge_id} {entry_id}".encode(), key=viewer_id.encode()[:64], digest_size=8).digest()


def _locked(connection: Connection, entry_id: int, tenant_id: str | None = None) -> tuple[Challenge, Entry]:
    """An entry and its challenge, as they are once nobody else can change them. Raises NoSuchEntry."""
    try:
        challenge = locked_challenge(connection, entry_at(connection, entry_id).challenge_id, tenant_id)
    except NoSuchChallenge as error:
        raise NoSuchEntry from error
    return challenge, entry_at(connection, entry_id)


def _withdraw(connection: Connection, entry_id: int, user_id: str) -> Entry:
    challenge, entry = _locked(connection, entry_id)
    if entry.author.user_id != user_id:
        raise NoSuchEntry
    _require(entry, *ACTIVE)
    _require_phase(challenge.phase, Phase.OPEN, Phase.VOTING)
    return change_entry(connection, entry, state=EntryState.WITHDRAWN, withdrawn_in=challenge.phase)


def _require(entry: Entry, *states: EntryState, job_id: str | None = None) -> None:
    if entry.state not in states:
        raise NoSuchEntry
    if job_id is not None and entry.picture.job_id != job_id:
        raise OtherPicture


def _require_phase(phase: Phase, *allowed: Phase) -> None:
    if phase not in allowed:
        raise WrongPhase(phase)
