"""The settings in force in a server, read once and then remembered: this bot is the only one on its database."""

from dataclasses import dataclass

from pydantic import JsonValue

from bot.config import LimitSettings
from bot.settings.server import Own, ServerSettings, as_json, resolve
from bot.store.servers import Chosen, ServerStore


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What holds in a server, and which of it the server set itself."""

    settings: ServerSettings
    own: Own

    def is_own(self, name: str) -> bool:
        return name in self.own


class Settings:
    """Asked before every answer, so it must not wait for the database more than once for a server."""

    def __init__(self, servers: ServerStore, operator: LimitSettings) -> None:
        self.operator = operator
        self._servers = servers
        self._own: dict[int, Chosen] = {}

    async def of(self, guild_id: int | None) -> ServerSettings:
        """What holds in this server; None is a direct message. Raises QueueUnavailable."""
        return (await self.in_force(guild_id)).settings

    async def in_force(self, guild_id: int | None) -> InForce:
        """The same, with what the server set itself. Raises QueueUnavailable."""
        own = {} if guild_id is None else await self._own_of(guild_id)
        return InForce(settings=resolve(self.operator, own), own=own)

    async def set(self, guild_id: int, name: str, value: JsonValue, *, by: int) -> None:
        """Give a setting a value that was found good; the operator's own is not kept. Raises QueueUnavailable."""
        if value == as_json(resolve(self.operator, {}), name):
            return await self.reset(guild_id, name, by=by)
        self._own[guild_id] = await self._servers.change(
            str(guild_id), lambda chosen: chosen | {name: value}, by=str(by)
        )
        return None

    async def reset(self, guild_id: int, *names: str, by: int) -> None:
        """As the operator has these settings. Raises QueueUnavailable."""
        self._own[guild_id] = await self._servers.change(
            str(guild_id),
            lambda chosen: {name: value for name, value in chosen.items() if name not in names},
            by=str(by),
        )

    async def _own_of(self, guild_id: int) -> Chosen:
        if guild_id not in self._own:
            own = await self._servers.chosen(str(guild_id))
            self._own.setdefault(guild_id, own)
        return self._own[guild_id]


def value_in_force(in_force: InForce, name: str) -> JsonValue:
    """The value of one setting, as it is kept."""
    return as_json(in_force.settings, name)
