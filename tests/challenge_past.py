"""Challenges that are over, put into the database as they are kept: many at once, without their lives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from bot.challenges.values import EntryState, Phase
from bot.store.schema import challenge_entries, challenge_results, challenges
from tests.challenge_rounds import terms

BEGAN = 1_760_000_000.0
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one member did."""

    user_id: int
    name: str
    place: int
    votes: int = 5
    duels: int = 0
    state: EntryState = EntryState.SHOWN


def over(
    connection: Connection,
    tenant_id: int,
    title: str,
    results: Sequence[Result],
    *,
    place_id: int | None = None,
    announcement_id: int | None = None,
    **changes: Any,
) -> int:
    """The challenge's id; each one ended a day after the one before it."""
    row = {
        "tenant_id": str(tenant_id),
        "title": title,
        "terms": terms(**changes).model_dump_json(),
        "phase": Phase.CLOSED.value,
        "confirmed": True,
        "opens_at": BEGAN,
        "entries_end_at": BEGAN,
        "voting_ends_at": BEGAN,
        "deadline": None,
        "channel_id": 1,
        "place_id": place_id,
        "announcement_id": announcement_id,
        "created_by": "1",
        "created_at": BEGAN,
    }
    challenge_id = int(connection.execute(insert(challenges).values(**row)).inserted_primary_key[0])  # type: ignore[index]
    end = BEGAN + challenge_id * DAY
    connection.execute(
        challenges.update().where(challenges.c.id == challenge_id).values(entries_end_at=end - DAY, voting_ends_at=end)
    )
    for result, entry_id in zip(results, _entries(connection, challenge_id, results), strict=True):
        connection.execute(insert(challenge_results).values(**_result(challenge_id, entry_id, result)))
    return challenge_id


def _entries(connection: Connection, challenge_id: int, results: Iterable[Result]) -> list[int]:
    ids = []
    for result in results:
        row = {
            "challenge_id": challenge_id,
            "job_id": f"{challenge_id}-{result.user_id}-{result.place}",
            "owner_id": str(result.user_id),
            "owner_name": result.name,
            "owner_username": "member",
            "owner_locale": "en-US",
            "blob": "none",
            "thumbnail_blob": "none",
            "width": 64,
            "height": 48,
            "covered": False,
            "state": result.state.value,
            "entered_at": BEGAN,
        }
        found = connection.execute(insert(challenge_entries).values(**row)).inserted_primary_key
        ids.append(int(found[0]))  # type: ignore[index]
    return ids


def _result(challenge_id: int, entry_id: int, result: Result) -> dict[str, Any]:
    return {
        "challenge_id": challenge_id,
        "entry_id": entry_id,
        "place": result.place,
        "votes": result.votes,
        "duels": result.duels,
        "score": float(result.votes),
        "low": result.votes - 1.0,
        "high": result.votes + 1.0,
    }
