"""The presets that servers have under names of their own. What is in one is JSON here: its meaning is known above."""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from bot.store.names import key_of, tidied
from bot.store.schema import server_presets
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now

LONGEST_NAME = 32
MOST_PRESETS = 20


class PresetRefused(Exception):
    """Base of what is refused about named presets."""


class BadPresetName(PresetRefused):
    """No name at all, or one of more letters than `limit`."""

    def __init__(self, length: int, limit: int = LONGEST_NAME) -> None:
        super().__init__(f"a name of {length} letters; it takes 1 to {limit}")
        self.length = length
        self.limit = limit


class PresetNameTaken(PresetRefused):
    """There is a preset of that name; `name` is as it is written there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a preset {name!r} already")
        self.name = name


class TooManyPresets(PresetRefused):
    """A server has as many as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} presets, which is the most")
        self.limit = limit


class NoSuchPreset(PresetRefused):
    """The server has none of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no preset {name!r}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPreset:
    """`choices` is JSON."""

    name: str
    choices: str
    added_by: str


class PresetStore:
    """Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, tenant_id: str) -> list[KeptPreset]:
        """By name."""
        return await self._database.read(lambda connection: _listed(connection, tenant_id))

    async def find(self, tenant_id: str, name: str) -> KeptPreset | None:
        """The preset of that name; case and spaces do not matter."""
        wanted = (server_presets.c.tenant_id == tenant_id) & (server_presets.c.name_key == key_of(name))
        query = select(server_presets).where(wanted)

        def find(connection: Connection) -> KeptPreset | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _preset(row)

        return await self._database.read(find)

    async def add(self, tenant_id: str, preset: KeptPreset, *, reserved: frozenset[str] = frozenset()) -> KeptPreset:
        """Under a tidy name, which is none of the `reserved`.

        Raises BadPresetName, PresetNameTaken and TooManyPresets.
        """
        name = tidied(preset.name)
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadPresetName(len(name))
        if key_of(name) in reserved:
            raise PresetNameTaken(name)
        new = KeptPreset(name=name, choices=preset.choices, added_by=preset.added_by)
        await self._database.write(lambda connection: _add(connection, tenant_id, new))
        return new

    async def remove(self, tenant_id: str, name: str) -> KeptPreset:
        """Raises NoSuchPreset."""

        def remove(connection: Connection) -> KeptPreset:
            found = _named(connection, tenant_id, name)
            if found is None:
                raise NoSuchPreset(tidied(name))
            this_one = (server_presets.c.tenant_id == tenant_id) & (server_presets.c.name_key == key_of(name))
            connection.execute(delete(server_presets).where(this_one))
            return found

        return await self._database.write(remove)


def _listed(connection: Connection, tenant_id: str) -> list[KeptPreset]:
    query = select(server_presets).where(server_presets.c.tenant_id == tenant_id).order_by(server_presets.c.name_key)
    return [_preset(row) for row in connection.execute(query).mappings()]


def _named(connection: Connection, tenant_id: str, name: str) -> KeptPreset | None:
    wanted = key_of(name)
    return next((preset for preset in _listed(connection, tenant_id) if key_of(preset.name) == wanted), None)


def _add(connection: Connection, tenant_id: str, new: KeptPreset) -> None:
    if (taken := _named(connection, tenant_id, new.name)) is not None:
        raise PresetNameTaken(taken.name)
    count = select(func.count()).select_from(server_presets).where(server_presets.c.tenant_id == tenant_id)
    if connection.execute(count).scalar_one() >= MOST_PRESETS:
        raise TooManyPresets(MOST_PRESETS)
    connection.execute(
        insert(server_presets).values(
            tenant_id=tenant_id,
            name=new.name,
            name_key=key_of(new.name),
            choices=new.choices,
            added_by=new.added_by,
            added_at=database_now(),
        )
    )


def _preset(row: RowMapping) -> KeptPreset:
    return KeptPreset(name=row["name"], choices=row["choices"], added_by=row["added_by"])
