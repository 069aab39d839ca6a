"""How a picture comes into a challenge: what stands in its way, and its row, in a transaction of the caller's."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from bot.challenges.errors import EnoughEntries, NoSuchEntry, WrongPhase
from bot.challenges.phases import phase_by
from bot.challenges.rows import entries_where, entry_at, picture_columns
from bot.challenges.values import Author, Challenge, Entry, EntryState, Phase, Picture, Schedule
from bot.store.schema import challenge_entries

SECONDS_TO_ENTER_LATE = 3600.0
"""A photo handed in before the end may be painted after it: so long afterwards, and until half of the voting is over,
it may still be entered."""
ACTIVE = (EntryState.WAITING, EntryState.SHOWN)
"""What takes part, or will once it is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """A member wants this picture in the challenge; its photo was handed in at `asked_at`."""

    author: Author
    picture: Picture
    asked_at: float
    now: float


def check_in_time(schedule: Schedule, *, asked_at: float, now: float) -> None:
    """Raises WrongPhase where no picture comes in any more, or not yet."""
    phase = phase_by(schedule, now)
    if phase is Phase.OPEN:
        return
    if phase is not Phase.VOTING or asked_at >= schedule.entries_end_at or now >= late_until(schedule):
        raise WrongPhase(phase)


def late_until(schedule: Schedule) -> float:
    """Until when a photo that was handed in before the end of entries may still be entered."""
    half = (schedule.voting_ends_at - schedule.entries_end_at) / 2
    return schedule.entries_end_at + min(SECONDS_TO_ENTER_LATE, half)


def enter(connection: Connection, challenge: Challenge, hand_in: HandIn) -> Entry:
    """The challenge is locked. Raises WrongPhase, EnoughEntries and NoSuchEntry."""
    known = _entered_before(connection, challenge, hand_in)
    if known is not None and known.state in ACTIVE:
        return known
    check_in_time(challenge.schedule, asked_at=hand_in.asked_at, now=hand_in.now)
    _check_room(connection, challenge, hand_in.author.user_id)
    if known is None:
        return _insert(connection, challenge, hand_in)
    if _withdrawn_in(connection, known) == Phase.VOTING:
        raise WrongPhase(Phase.VOTING)
    return change_entry(connection, known, **_columns(challenge, hand_in))


def replace(connection: Connection, challenge: Challenge, entry: Entry, hand_in: HandIn) -> Entry:
    """The challenge is locked. Raises WrongPhase and NoSuchEntry."""
    if entry.author.user_id != hand_in.author.user_id or entry.state not in ACTIVE:
        raise NoSuchEntry
    known = _entered_before(connection, challenge, hand_in)
    if known is not None and known.state in ACTIVE:
        return known
    phase = phase_by(challenge.schedule, hand_in.now)
    if phase is not Phase.OPEN:
        raise WrongPhase(phase)
    if known is None:
        return change_entry(connection, entry, **_columns(challenge, hand_in))
    change_entry(connection, entry, state=EntryState.WITHDRAWN, withdrawn_in=Phase.OPEN)
    return change_entry(connection, known, **_columns(challenge, hand_in))


def change_entry(connection: Connection, entry: Entry, **columns: Any) -> Entry:
    """The entry after that."""
    connection.execute(update(challenge_entries).where(challenge_entries.c.id == entry.id).values(**columns))
    return entry_at(connection, entry.id)


def _entered_before(connection: Connection, challenge: Challenge, hand_in: HandIn) -> Entry | None:
    """The entry that this very picture is, or was until it was withdrawn. Raises NoSuchEntry where it was removed."""
    same = (challenge_entries.c.challenge_id == challenge.id) & (challenge_entries.c.job_id == hand_in.picture.job_id)
    found = entries_where(connection, same)
    if not found:
        return None
    if found[0].state is EntryState.REMOVED or found[0].author.user_id != hand_in.author.user_id:
        raise NoSuchEntry
    return found[0]


def _check_room(connection: Connection, challenge: Challenge, user_id: str) -> None:
    """What was withdrawn during the voting leaves no room, or a bad start could be tried again."""
    takes_room = or_(challenge_entries.c.state.in_(ACTIVE), challenge_entries.c.withdrawn_in == Phase.VOTING)
    query = (
        select(func.count())
        .select_from(challenge_entries)
        .where(challenge_entries.c.challenge_id == challenge.id, challenge_entries.c.owner_id == user_id, takes_room)
    )
    limit = challenge.terms.entries_per_member
    if connection.execute(query).scalar_one() >= limit:
        raise EnoughEntries(limit)


def _withdrawn_in(connection: Connection, entry: Entry) -> str | None:
    query = select(challenge_entries.c.withdrawn_in).where(challenge_entries.c.id == entry.id)
    phase: str | None = connection.execute(query).scalar_one()
    return phase


def _insert(connection: Connection, challenge: Challenge, hand_in: HandIn) -> Entry:
    row = {"challenge_id": challenge.id, **_columns(challenge, hand_in)}
    statement = insert(challenge_entries).values(**row).returning(challenge_entries.c.id)
    return entry_at(connection, connection.execute(statement).scalar_one())


def _columns(challenge: Challenge, hand_in: HandIn) -> dict[str, Any]:
    return {
        **picture_columns(hand_in.author, hand_in.picture),
        "state": EntryState.WAITING if challenge.terms.needs_approval else EntryState.SHOWN,
        "entered_at": hand_in.now,
        "decided_by": None,
        "reason": "",
        "withdrawn_in": None,
    }
