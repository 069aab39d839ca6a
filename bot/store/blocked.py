"""Members who may not ask for pictures in a server, and why."""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select

from bot.store.schema import blocked_members
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One member's. `blocked_at` is in seconds since 1970."""

    user_id: str
    reason: str
    """As the moderator wrote it; empty where nothing was written."""
    blocked_by: str
    blocked_at: float


class BlockList:
    """Blocks by tenant: the server's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, tenant_id: str, user_id: str) -> Block | None:
        """This member's block, if there is one. Raises QueueUnavailable."""
        return await self._database.read(lambda connection: find_block(connection, tenant_id, user_id))

    async def listed(self, tenant_id: str) -> list[Block]:
        """Everybody who is blocked there, newest first. Raises QueueUnavailable."""
        query = (
            select(blocked_members)
            .where(blocked_members.c.tenant_id == tenant_id)
            .order_by(blocked_members.c.blocked_at.desc(), blocked_members.c.user_id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [_block(row) for row in rows]

    async def block(self, tenant_id: str, user_id: str, *, reason: str, by: str) -> None:
        """A second block replaces the first. Raises QueueUnavailable."""

        def save(connection: Connection) -> None:
            _delete(connection, tenant_id, user_id)
            row = {"tenant_id": tenant_id, "user_id": user_id, "reason": reason, "blocked_by": by}
            connection.execute(insert(blocked_members).values(**row, blocked_at=database_now()))

        await self._database.write(save)

    async def unblock(self, tenant_id: str, user_id: str) -> bool:
        """False where the member was not blocked. Raises QueueUnavailable."""
        return await self._database.write(lambda connection: _delete(connection, tenant_id, user_id))


def find_block(connection: Connection, tenant_id: str, user_id: str) -> Block | None:
    """In a transaction of the caller's."""
    query = select(blocked_members).where(
        blocked_members.c.tenant_id == tenant_id, blocked_members.c.user_id == user_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _block(row)


def _delete(connection: Connection, tenant_id: str, user_id: str) -> bool:
    statement = delete(blocked_members).where(
        blocked_members.c.tenant_id == tenant_id, blocked_members.c.user_id == user_id
    )
    return bool(connection.execute(statement).rowcount)


def _block(row: RowMapping) -> Block:
    return Block(
        user_id=row["user_id"],
        reason=row["reason"],
        blocked_by=row["blocked_by"],
        blocked_at=row["blocked_at"],
    )
