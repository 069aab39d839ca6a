"""Every change of a server's settings, as it is noted in the transaction that makes it."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue
from sqlalchemy import Connection, Row, delete, func, insert, select

from bot.store.schema import setting_changes
from nst_engine.queue.schema import database_now

log = logging.getLogger(__name__)

MOST_KEPT = 500
"""Of one server; older ones are forgotten."""

Chosen = dict[str, JsonValue]
"""The settings that differ from the operator's, by name. Names that only a newer version knows are kept as they are."""


class How(StrEnum):
    """What somebody did to change something."""

    SET = "set"
    RESET = "reset"
    FORM = "form"
    IMPORT = "import"
    TRY = "try"
    UNDO = "undo"
    OTHER = "other"
    """Something that only a newer version knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Settings that became different; a name that is missing was not set, or is not set any more."""

    id: int
    by: str
    at: float
    how: How
    before: Chosen
    after: Chosen

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.before) | frozenset(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a server has set after somebody changed it."""

    chosen: Chosen
    change: Change | None
    """None where everything was like that before."""


class ChangedMeanwhile(Exception):
    """Settings are no longer as they were when somebody was shown what would change."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(sorted(names))}")
        self.names = names


def agreed(chosen: Mapping[str, JsonValue], before: Chosen, after: Chosen) -> Chosen:
    """What a server has set when these become different. Raises ChangedMeanwhile."""
    names = frozenset(before) | frozenset(after)
    meanwhile = frozenset(name for name in names if _of(chosen, name) != _of(before, name))
    if meanwhile:
        raise ChangedMeanwhile(meanwhile)
    return {name: value for name, value in chosen.items() if name not in names} | after


def note_change(
    connection: Connection, tenant_id: str, before: Chosen, after: Chosen, *, by: str, how: How
) -> Change | None:
    """None where there is nothing to note."""
    names = {name for name in {*before, *after} if _of(before, name) != _of(after, name)}
    if not names:
        return None
    values = {
        "tenant_id": tenant_id,
        "changed_by": by,
        "changed_at": database_now(),
        "how": how.value,
        "before": json.dumps({name: value for name, value in before.items() if name in names}),
        "after": json.dumps({name: value for name, value in after.items() if name in names}),
    }
    made = insert(setting_changes).values(**values).returning(setting_changes)
    change = _change(connection.execute(made).one())
    _forget_oldest(connection, tenant_id)
    return change


def find_change(connection: Connection, tenant_id: str, change_id: int) -> Change | None:
    """A server's own only."""
    query = select(setting_changes).where(setting_changes.c.tenant_id == tenant_id, setting_changes.c.id == change_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _change(row)


def newest_changes(connection: Connection, tenant_id: str, *, skip: int, limit: int) -> Sequence[Change]:
    query = select(setting_changes).where(setting_changes.c.tenant_id == tenant_id)
    query = query.order_by(setting_changes.c.id.desc()).offset(skip).limit(limit)
    return [_change(row) for row in connection.execute(query)]


def count_changes(connection: Connection, tenant_id: str) -> int:
    query = select(func.count()).select_from(setting_changes).where(setting_changes.c.tenant_id == tenant_id)
    return int(connection.execute(query).scalar_one())


def undone(change: Change, chosen: Mapping[str, JsonValue]) -> Chosen:
    """What a server has set without this change; what was changed again since then stays as it is."""
    after = dict(chosen)
    for name in change.names - changed_since(change, chosen):
        if name in change.before:
            after[name] = change.before[name]
        else:
            after.pop(name, None)
    return after


def changed_since(change: Change, chosen: Mapping[str, JsonValue]) -> frozenset[str]:
    """What is no longer as this change left it."""
    return frozenset(name for name in change.names if _of(chosen, name) != _of(change.after, name))


def _of(chosen: Mapping[str, JsonValue], name: str) -> tuple[bool, JsonValue]:
    """A setting may be set to nothing, which is not the same as not being set."""
    return name in chosen, chosen.get(name)


def _forget_oldest(connection: Connection, tenant_id: str) -> None:
    of_server = setting_changes.c.tenant_id == tenant_id
    kept = select(setting_changes.c.id).where(of_server).order_by(setting_changes.c.id.desc())
    oldest = connection.execute(kept.offset(MOST_KEPT - 1).limit(1)).scalar_one_or_none()
    if oldest is not None:
        connection.execute(delete(setting_changes).where(of_server, setting_changes.c.id < oldest))


def _change(row: Row[tuple[object, ...]]) -> Change:
    known = {how.value for how in How}
    return Change(
        id=row.id,
        by=row.changed_by,
        at=row.changed_at,
        how=How(row.how) if row.how in known else How.OTHER,
        before=chosen_in(row.before),
        after=chosen_in(row.after),
    )


def chosen_in(kept: str | None) -> Chosen:
    """Settings as they are kept; damaged ones are none."""
    try:
        chosen = json.loads(kept) if kept else {}
    except ValueError:
        chosen = None
    if isinstance(chosen, dict):
        return chosen
    log.error("settings that cannot be read kept=%r", kept)
    return {}
