"""The style libraries: each server's own styles, and everybody's, which a server may take out of its library.

Knows names and keys of blobs, never pixels. A direct message is a server of one: its tenant is the member.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from bot.store.errors import LibraryFull, NameTaken, NameUnusable, NoSuchStyle
from bot.store.names import key_of, tidied
from bot.store.schema import hidden_styles, styles
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now

EVERYBODY = ""
"""The tenant of the styles that every server has."""
LONGEST_NAME = 32
MOST_OWN_STYLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryStyle:
    """A style that a server has. `is_own`: it was added there, and is not one of everybody's."""

    id: int
    name: str
    blob: str
    thumbnail_blob: str
    width: int
    height: int
    added_by: str | None
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStyle:
    """A style to add; its two pictures are in the blob store already."""

    tenant_id: str
    name: str
    blob: str
    thumbnail_blob: str
    width: int
    height: int
    added_by: str | None = None


class StyleLibrary:
    """All of them. Every method may raise QueueUnavailable."""

    def __init__(self, database: Database, *, most_own: int = MOST_OWN_STYLES) -> None:
        self._database = database
        self._most_own = most_own

    async def listed(self, tenant_id: str) -> list[LibraryStyle]:
        """The server's own and everybody's that it has not taken out, by name."""
        return await self._database.read(lambda connection: _listed(connection, tenant_id))

    async def taken_out(self, tenant_id: str) -> list[LibraryStyle]:
        """Everybody's styles that the server has taken out, by name."""
        return await self._database.read(lambda connection: _taken_out(connection, tenant_id))

    async def find(self, tenant_id: str, name: str) -> LibraryStyle | None:
        """The style of that name; case and spaces do not matter."""
        return _named(await self.listed(tenant_id), name)

    async def find_id(self, tenant_id: str, style_id: int) -> LibraryStyle | None:
        """The style that a button means, where the server still has it."""
        return next((style for style in await self.listed(tenant_id) if style.id == style_id), None)

    async def matching(self, tenant_id: str, typed: str, *, limit: int = 25) -> list[LibraryStyle]:
        """What a person may mean who has typed so much: names that begin like it first."""
        return best_matches(await self.listed(tenant_id), typed, limit=limit)

    async def add(self, new: NewStyle) -> LibraryStyle:
        """Put a style into a library. Raises NameUnusable, NameTaken or LibraryFull."""
        name = tidy_name(new.name)
        return await self._database.write(lambda connection: _add(connection, new, name, self._most_own))

    async def check(self, tenant_id: str, name: str) -> None:
        """Raises what `add` would raise as things stand, so that nobody uploads in vain."""
        tidy = tidy_name(name)
        await self._database.read(lambda connection: _refuse(connection, tenant_id, tidy, self._most_own))

    async def remove(self, tenant_id: str, name: str) -> LibraryStyle:
        """Delete the server's own style, or take everybody's out of its library. Raises NoSuchStyle."""
        return await self._database.write(lambda connection: _remove(connection, tenant_id, name))

    async def restore(self, tenant_id: str, name: str) -> LibraryStyle:
        """Put back one of everybody's that was taken out. Raises NoSuchStyle, or NameTaken by one of the server's."""
        return await self._database.write(lambda connection: _restore(connection, tenant_id, name))


def tidy_name(name: str) -> str:
    """As it is kept. Raises NameUnusable."""
    tidy = tidied(name)
    if not 1 <= len(tidy) <= LONGEST_NAME:
        raise NameUnusable(len(tidy), LONGEST_NAME)
    return tidy


def best_matches(found: Iterable[LibraryStyle], typed: str, *, limit: int) -> list[LibraryStyle]:
    """Names that begin with what was typed, then those with a word that does, then those that have it anywhere."""
    wanted = key_of(typed)
    ranked = [(rank, style) for style in found if (rank := _rank(key_of(style.name), wanted)) is not None]
    return [style for _, style in sorted(ranked, key=lambda pair: pair[0])][:limit]


def _rank(key: str, wanted: str) -> int | None:
    if key.startswith(wanted):
        return 0
    if f" {wanted}" in key:
        return 1
    return 2 if wanted in key else None


def _named(found: Iterable[LibraryStyle], name: str) -> LibraryStyle | None:
    wanted = key_of(name)
    return next((style for style in found if key_of(style.name) == wanted), None)


def _listed(connection: Connection, tenant_id: str) -> list[LibraryStyle]:
    """A server's own style stands before everybody's of the same name, which came later."""
    hidden = _hidden_keys(connection, tenant_id)
    found: dict[str, LibraryStyle] = {}
    for row in _rows(connection, tenant_id):
        if row.tenant_id == tenant_id or row.name_key not in hidden:
            found.setdefault(row.name_key, _style(row, tenant_id))
    return list(found.values())


def _taken_out(connection: Connection, tenant_id: str) -> list[LibraryStyle]:
    hidden = _hidden_keys(connection, tenant_id)
    rows = _rows(connection, EVERYBODY)
    return [_style(row, tenant_id) for row in rows if row.name_key in hidden]


def _rows(connection: Connection, tenant_id: str) -> list[Row[tuple[object, ...]]]:
    """The server's and everybody's, by name; of one name the server's first."""
    theirs = or_(styles.c.tenant_id == tenant_id, styles.c.tenant_id == EVERYBODY)
    rows = connection.execute(select(styles).where(theirs)).all()
    return sorted(rows, key=lambda row: (row.name_key, row.tenant_id == EVERYBODY))


def _hidden_keys(connection: Connection, tenant_id: str) -> set[str]:
    query = select(hidden_styles.c.name_key).where(hidden_styles.c.tenant_id == tenant_id)
    return set(connection.execute(query).scalars())


def _style(row: Row[tuple[object, ...]], tenant_id: str) -> LibraryStyle:
    return LibraryStyle(
        id=row.id,
        name=row.name,
        blob=row.blob,
        thumbnail_blob=row.thumbnail_blob,
        width=row.width,
        height=row.height,
        added_by=row.added_by,
        is_own=row.tenant_id == tenant_id,
    )


def _add(connection: Connection, new: NewStyle, name: str, most_own: int) -> LibraryStyle:
    _refuse(connection, new.tenant_id, name, most_own)
    values = {
        "tenant_id": new.tenant_id,
        "name": name,
        "name_key": key_of(name),
        "blob": new.blob,
        "thumbnail_blob": new.thumbnail_blob,
        "width": new.width,
        "height": new.height,
        "added_by": new.added_by,
        "added_at": database_now(),
    }
    try:
        row = connection.execute(insert(styles).values(**values).returning(styles)).one()
    except IntegrityError as error:  # by another bot at this very moment, where writers do not wait for each other
        raise NameTaken(name) from error
    return _style(row, new.tenant_id)


def _refuse(connection: Connection, tenant_id: str, name: str, most_own: int) -> None:
    taken = _named(_listed(connection, tenant_id), name)
    if taken is not None:
        raise NameTaken(taken.name)
    own = select(func.count()).select_from(styles).where(styles.c.tenant_id == tenant_id)
    if tenant_id != EVERYBODY and connection.execute(own).scalar_one() >= most_own:
        raise LibraryFull(most_own)


def _remove(connection: Connection, tenant_id: str, name: str) -> LibraryStyle:
    style = _named(_listed(connection, tenant_id), name)
    if style is None:
        raise NoSuchStyle(name)
    if style.is_own:
        connection.execute(delete(styles).where(styles.c.id == style.id))
    else:
        connection.execute(insert(hidden_styles).values(tenant_id=tenant_id, name_key=key_of(style.name)))
    return style


def _restore(connection: Connection, tenant_id: str, name: str) -> LibraryStyle:
    style = _named(_taken_out(connection, tenant_id), name)
    if style is None:
        raise NoSuchStyle(name)
    taken = _named(_listed(connection, tenant_id), name)
    if taken is not None:
        raise NameTaken(taken.name)
    this_one = (hidden_styles.c.tenant_id == tenant_id) & (hidden_styles.c.name_key == key_of(style.name))
    connection.execute(delete(hidden_styles).where(this_one))
    return style
