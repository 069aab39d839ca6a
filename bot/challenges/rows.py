"""Between rows and values of challenges, and looking one up within a transaction. Decides nothing."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from bot.challenges.errors import NoSuchChallenge, NoSuchEntry, UnreadableChallenge
from bot.challenges.values import Author, Challenge, Entry, EntryState, Phase, Picture, Schedule, Terms
from bot.store.schema import challenge_entries, challenges

log = logging.getLogger(__name__)
Read = TypeVar("Read")


class LeftAlone:
    """What a newer version wrote is left out of what is read, and said once to the log."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def readable(self, rows: Iterable[RowMapping], read: Callable[[RowMapping], Read]) -> list[Read]:
        found: list[Read] = []
        for row in rows:
            try:
                found.append(read(row))
            except UnreadableChallenge as error:
                self.note(error)
        return found

    def note(self, error: UnreadableChallenge) -> None:
        if error.which not in self._said:
            self._said.add(error.which)
            log.warning("left alone: %s", error)

    def note_fault(self, which: str, error: Exception) -> None:
        """One that nobody expected, with its traceback: it is met again at every look until somebody sees to it."""
        if (what := f"{which} {type(error).__name__}") not in self._said:
            self._said.add(what)
            log.error("cannot be carried out: %s", which, exc_info=error)


def challenge_of(row: RowMapping) -> Challenge:
    """The challenge in a full row. Raises UnreadableChallenge."""
    try:
        return _challenge_of(row)
    except ValueError as error:  # pydantic's is one, too
        raise unreadable("challenge", row, error) from error


def unreadable(what: str, row: RowMapping, error: ValueError) -> UnreadableChallenge:
    """`what` has the id that the row has."""
    return UnreadableChallenge(f"{what} {row['id']}", " ".join(str(error).split())[:200])


def _challenge_of(row: RowMapping) -> Challenge:
    terms = Terms.model_validate_json(row["terms"])
    return Challenge(
        id=row["id"],
        tenant_id=row["tenant_id"],
        title=row["title"],
        terms=terms,
        schedule=Schedule(
            phase=Phase(row["phase"]),
            confirmed=bool(row["confirmed"]),
            opens_at=row["opens_at"],
            entries_end_at=row["entries_end_at"],
            voting_ends_at=row["voting_ends_at"],
            voting_seconds=terms.voting_seconds,
            ends_at_a_moment=terms.ends_at_a_moment,
        ),
        channel_id=row["channel_id"],
        place_id=row["place_id"],
        announcement_id=row["announcement_id"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        end_reason=row["end_reason"],
        series_id=row["series_id"],
        number=row["number"],
    )


def schedule_columns(schedule: Schedule) -> dict[str, Any]:
    return {
        "phase": schedule.phase,
        "confirmed": schedule.confirmed,
        "opens_at": schedule.opens_at,
        "entries_end_at": schedule.entries_end_at,
        "voting_ends_at": schedule.voting_ends_at,
        "deadline": schedule.deadline,
    }


def locked_challenge(connection: Connection, challenge_id: int, tenant_id: str | None = None) -> Challenge:
    """Nobody else changes it, its entries or its votes until the transaction ends. Raises NoSuchChallenge."""
    query = select(challenges).where(challenges.c.id == challenge_id)
    if tenant_id is not None:
        query = query.where(challenges.c.tenant_id == tenant_id)
    row = connection.execute(query.with_for_update()).mappings().one_or_none()
    if row is None:
        raise NoSuchChallenge
    return challenge_of(row)


def entry_of(row: RowMapping) -> Entry:
    """The entry in a full row of the entries, or of a join with them."""
    return Entry(
        id=row["id"],
        challenge_id=row["challenge_id"],
        author=Author(
            user_id=row["owner_id"],
            name=row["owner_name"],
            username=row["owner_username"],
            locale=row["owner_locale"],
        ),
        picture=Picture(
            job_id=row["job_id"],
            blob=row["blob"],
            thumbnail_blob=row["thumbnail_blob"],
            width=row["width"],
            height=row["height"],
            covered=bool(row["covered"]),
        ),
        state=EntryState(row["state"]),
        entered_at=row["entered_at"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )


def picture_columns(author: Author, picture: Picture) -> dict[str, Any]:
    """What an entry keeps of its author and its picture."""
    return {
        "job_id": picture.job_id,
        "owner_id": author.user_id,
        "owner_name": author.name,
        "owner_username": author.username,
        "owner_locale": author.locale,
        "blob": picture.blob,
        "thumbnail_blob": picture.thumbnail_blob,
        "width": picture.width,
        "height": picture.height,
        "covered": picture.covered,
    }


def entries_where(connection: Connection, *conditions: ColumnElement[bool]) -> list[Entry]:
    """Oldest first. What a newer version wrote is left out."""
    known = challenge_entries.c.state.in_(list(EntryState))
    query = select(challenge_entries).where(known, *conditions).order_by(challenge_entries.c.id)
    return [entry_of(row) for row in connection.execute(query).mappings()]


def entry_at(connection: Connection, entry_id: int) -> Entry:
    """Raises NoSuchEntry."""
    found = entries_where(connection, challenge_entries.c.id == entry_id)
    if not found:
        raise NoSuchEntry
    return found[0]


def entries_in(connection: Connection, challenge_id: int, *states: EntryState) -> list[Entry]:
    """Of a challenge, oldest first; in every state unless some are named."""
    of_it = challenge_entries.c.challenge_id == challenge_id
    return entries_where(connection, of_it & challenge_entries.c.state.in_(states or tuple(EntryState)))


def entry_count(connection: Connection, challenge_id: int, *states: EntryState) -> int:
    query = (
        select(func.count())
        .select_from(challenge_entries)
        .where(challenge_entries.c.challenge_id == challenge_id, challenge_entries.c.state.in_(states))
    )
    return int(connection.execute(query).scalar_one())
