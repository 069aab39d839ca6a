"""Changes of a server's settings that somebody was shown and has still to agree to, for a week."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from sqlalchemy import Delete, delete

from bot.store.notes import Notes
from bot.store.schema import notes
from nst_engine.queue.database import Database

KEPT_FOR = timedelta(days=7)
_PREFIX = "proposal:"
_DIGITS = 20
"""Of the longest id; shorter ones are filled up, so that the order of names is that of time."""


class Proposal(BaseModel):
    """What a server is to have set; a name that is missing is not to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant_id: str
    before: dict[str, JsonValue]
    """As it was when it was shown."""
    after: dict[str, JsonValue]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.before) | frozenset(self.after)


class Proposals:
    """By the id of the interaction that they come from. Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes = Notes(database)

    async def keep(self, proposal_id: int, proposal: Proposal, *, forget_before: int) -> None:
        """And forget all from before that id."""
        await self._database.write(lambda connection: connection.execute(_forget(forget_before)))
        await self._notes.write(_name(proposal_id), proposal.model_dump_json())

    async def find(self, tenant_id: str, proposal_id: int) -> Proposal | None:
        """A server's own only."""
        saved = await self._notes.read(_name(proposal_id))
        try:
            found = None if saved is None else Proposal.model_validate_json(saved)
        except ValidationError:
            return None
        return found if found is not None and found.tenant_id == tenant_id else None


def _name(proposal_id: int) -> str:
    return f"{_PREFIX}{proposal_id:0{_DIGITS}}"


def _forget(before: int) -> Delete:
    return delete(notes).where(notes.c.name.startswith(_PREFIX), notes.c.name < _name(before))
