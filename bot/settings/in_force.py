"""The settings in force in a server, read once and then remembered: this bot is the only one on its database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.config import LimitSettings
from bot.settings.origins import Origin, origin_of
from bot.settings.server import Own, ServerSettings, as_json, is_valid, resolve
from bot.store.servers import ServerStore
from bot.store.setting_changes import Change, Chosen, How, agreed, undone


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What holds in a server, and which of it the server set itself; for a member, with what they set."""

    settings: ServerSettings
    own: Own
    operator: LimitSettings = field(default_factory=LimitSettings)
    theirs: Own = field(default_factory=dict)

    def is_own(self, name: str) -> bool:
        return name in self.own

    def origin(self, name: str) -> Origin:
        """Who decided on what holds."""
        return origin_of(name, self.settings, self.operator, self.own, self.theirs)


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
        return InForce(settings=resolve(self.operator, own), own=own, operator=self.operator)

    async def set(self, guild_id: int, name: str, value: JsonValue, *, by: int) -> None:
        """Give a setting a value that was found good. Raises QueueUnavailable."""
        await self.change(guild_id, {name: value}, by=by, how=How.SET)

    async def reset(self, guild_id: int, *names: str, by: int) -> Change | None:
        """As the operator has these settings. Raises QueueUnavailable."""
        return await self.change(guild_id, {}, unset=names, by=by, how=How.RESET)

    async def change(
        self, guild_id: int, values: Mapping[str, JsonValue], *, by: int, how: How, unset: Collection[str] = ()
    ) -> Change | None:
        """Several at once, as one change, which is noted; None where all was like that.

        Values that were found good; what is as the operator has it is not kept. Raises QueueUnavailable.
        """
        edit = self.as_if(values, unset)
        return await self._change(guild_id, edit, by=by, how=how)

    def as_if(
        self, values: Mapping[str, JsonValue], unset: Collection[str] = ()
    ) -> Callable[[Chosen], Mapping[str, JsonValue]]:
        """What a server will have set after it has set these values, from what it has set."""
        usual = resolve(self.operator, {})
        kept = {name: value for name, value in values.items() if not _is_like(usual, name, value)}
        gone = {*unset, *(name for name in values if name not in kept)}
        return lambda chosen: {name: value for name, value in chosen.items() if name not in gone} | kept

    async def undo(self, guild_id: int, change: Change, *, by: int) -> Change | None:
        """As it was before this change, but for what was changed again since; a change as well.

        None where nothing is left of it. Raises QueueUnavailable.
        """
        return await self._change(guild_id, lambda chosen: undone(change, chosen), by=by, how=How.UNDO)

    async def agree(self, guild_id: int, before: Chosen, after: Chosen, *, by: int, how: How) -> Change | None:
        """What was proposed, where all of it is still as it was then. Raises ChangedMeanwhile and QueueUnavailable."""
        return await self._change(guild_id, lambda chosen: agreed(chosen, before, after), by=by, how=how)

    async def find_change(self, guild_id: int, change_id: int) -> Change | None:
        """Raises QueueUnavailable."""
        return await self._servers.find_change(str(guild_id), change_id)

    async def count_changes(self, guild_id: int) -> int:
        """Raises QueueUnavailable."""
        return await self._servers.count_changes(str(guild_id))

    async def newest_changes(self, guild_id: int, *, skip: int, limit: int) -> Sequence[Change]:
        """Raises QueueUnavailable."""
        return await self._servers.newest_changes(str(guild_id), skip=skip, limit=limit)

    async def _change(
        self, guild_id: int, edit: Callable[[Chosen], Mapping[str, JsonValue]], *, by: int, how: How
    ) -> Change | None:
        changed = await self._servers.change(str(guild_id), edit, by=str(by), how=how)
        self._own[guild_id] = changed.chosen
        return changed.change

    async def _own_of(self, guild_id: int) -> Chosen:
        if guild_id not in self._own:
            own = await self._servers.chosen(str(guild_id))
            self._own.setdefault(guild_id, own)
        return self._own[guild_id]


def value_in_force(in_force: InForce, name: str) -> JsonValue:
    """The value of one setting, as it is kept."""
    return as_json(in_force.settings, name)


def _is_like(usual: ServerSettings, name: str, value: JsonValue) -> bool:
    return is_valid(name, value) and value == as_json(usual, name)
