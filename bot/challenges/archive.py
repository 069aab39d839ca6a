"""What is left of challenges that are over: rankings, a server's history, and everybody's standing in it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, case, func, select

from bot.challenges.rows import LeftAlone, challenge_of, entry_of
from bot.challenges.values import Challenge, EntryState, Phase, Placed
from bot.store.schema import challenge_entries, challenge_results, challenges
from nst_engine.queue.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one member has reached in all closed challenges of a server."""

    user_id: str
    name: str
    """As it was last."""
    place: int
    """By first places, then second, then third, then entries; who ties shares it."""
    firsts: int
    seconds: int
    thirds: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Of a longer list; `number` counts from 1."""

    number: int
    pages: int
    total: int


class Archive:
    """Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left_alone = LeftAlone()

    async def ranking(self, challenge_id: int) -> list[Placed]:
        """The result of a closed challenge, best first. Entries removed since are left out; places stay."""
        return await self._database.read(lambda connection: _ranking(connection, challenge_id))

    async def history(self, tenant_id: str, page: int, *, per_page: int) -> tuple[list[Challenge], Page]:
        """Closed challenges, the last first; the nearest page there is."""
        rows, shown = await self._database.read(lambda connection: _closed(connection, tenant_id, page, per_page))
        return self._left_alone.readable(rows, challenge_of), shown

    async def standings(self, tenant_id: str, page: int, *, per_page: int) -> tuple[list[Standing], Page]:
        """Members by what they have won; the nearest page there is."""
        everybody = await self._standings(tenant_id)
        shown = _nearest(page, total=len(everybody), per_page=per_page)
        return everybody[(shown.number - 1) * per_page :][:per_page], shown

    async def standing_of(self, tenant_id: str, user_id: str) -> Standing | None:
        """One member's; None where they were in no closed challenge."""
        everybody = await self._standings(tenant_id)
        return next((standing for standing in everybody if standing.user_id == user_id), None)

    async def _standings(self, tenant_id: str) -> list[Standing]:
        records = await self._database.read(lambda connection: _records(connection, tenant_id))
        return _placed(records)


def _nearest(page: int, *, total: int, per_page: int) -> Page:
    pages = max(1, math.ceil(total / per_page))
    return Page(number=min(max(page, 1), pages), pages=pages, total=total)


def _ranking(connection: Connection, challenge_id: int) -> list[Placed]:
    results = challenge_results
    query = (
        select(challenge_entries, *(results.c[name] for name in ("place", "votes", "duels", "score", "low", "high")))
        .join(results, results.c.entry_id == challenge_entries.c.id)
        .where(results.c.challenge_id == challenge_id, challenge_entries.c.state == EntryState.SHOWN)
        .order_by(results.c.place, challenge_entries.c.id)
    )
    return [
        Placed(
            entry=entry_of(row),
            place=row["place"],
            votes=row["votes"],
            duels=row["duels"],
            score=row["score"],
            low=row["low"],
            high=row["high"],
        )
        for row in connection.execute(query).mappings()
    ]


def _closed(connection: Connection, tenant_id: str, page: int, per_page: int) -> tuple[Sequence[RowMapping], Page]:
    closed = (challenges.c.tenant_id == tenant_id) & (challenges.c.phase == Phase.CLOSED)
    total = connection.execute(select(func.count()).select_from(challenges).where(closed)).scalar_one()
    shown = _nearest(page, total=total, per_page=per_page)
    query = (
        select(challenges)
        .where(closed)
        .order_by(challenges.c.voting_ends_at.desc(), challenges.c.id.desc())
        .offset((shown.number - 1) * per_page)
        .limit(per_page)
    )
    return connection.execute(query).mappings().all(), shown


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A standing before it is compared with the others'."""

    user_id: str
    name: str
    medals: tuple[int, int, int]
    entries: int

    @property
    def merit(self) -> tuple[int, int, int, int]:
        return (*self.medals, self.entries)


def _records(connection: Connection, tenant_id: str) -> list[_Record]:
    """One for each member who had a picture in a closed challenge."""
    results, entries = challenge_results, challenge_entries
    is_on_podium = results.c.votes > 0  # as `Placed.is_on_podium`
    first, second, third = (case(((results.c.place == place) & is_on_podium, 1), else_=0) for place in (1, 2, 3))
    query = (
        select(
            entries.c.owner_id,
            func.sum(first),
            func.sum(second),
            func.sum(third),
            func.count(),
            func.max(entries.c.id),
        )
        .join(results, results.c.entry_id == entries.c.id)
        .join(challenges, challenges.c.id == results.c.challenge_id)
        .where(
            challenges.c.tenant_id == tenant_id,
            challenges.c.phase == Phase.CLOSED,
            entries.c.state == EntryState.SHOWN,
        )
        .group_by(entries.c.owner_id)
    )
    rows = connection.execute(query).all()
    newest = select(entries.c.id, entries.c.owner_name).where(entries.c.id.in_([row[5] for row in rows]))
    names = {row.id: row.owner_name for row in connection.execute(newest)}
    return [
        _Record(
            user_id=user_id,
            name=names[newest_id],
            medals=(int(firsts), int(seconds), int(thirds)),
            entries=int(count),
        )
        for user_id, firsts, seconds, thirds, count, newest_id in rows
    ]


def _placed(records: Iterable[_Record]) -> list[Standing]:
    """The best first, those alike by id; who ties shares a place: 1, 2, 2, 4."""
    standings: list[Standing] = []
    best_first = sorted(records, key=lambda record: (*(-merit for merit in record.merit), record.user_id))
    place, merit = 0, None
    for position, record in enumerate(best_first, start=1):
        if record.merit != merit:
            place, merit = position, record.merit
        standings.append(_standing(record, place))
    return standings


def _standing(record: _Record, place: int) -> Standing:
    firsts, seconds, thirds = record.medals
    return Standing(
        user_id=record.user_id,
        name=record.name,
        place=place,
        firsts=firsts,
        seconds=seconds,
        thirds=thirds,
        entries=record.entries,
    )
