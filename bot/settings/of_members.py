"""What members set for themselves, within what holds where they are; remembered like the servers' settings."""

from collections.abc import Collection, Mapping

from pydantic import JsonValue

from bot.settings.in_force import InForce, Settings
from bot.settings.server import PERSONAL, resolve
from bot.store.members import MemberStore
from bot.store.setting_changes import Chosen

MOST_REMEMBERED = 10_000


class MembersSettings:
    """Asked before every answer to a request. Every method may raise QueueUnavailable."""

    def __init__(self, settings: Settings, members: MemberStore) -> None:
        self._settings = settings
        self._members = members
        self._theirs: dict[int, Chosen] = {}

    async def in_force(self, guild_id: int | None, user_id: int) -> InForce:
        """What holds for this member in this server, or in direct messages."""
        of_server = await self._settings.in_force(guild_id)
        theirs = await self._of(user_id)
        return InForce(
            settings=resolve(of_server.operator, of_server.own, theirs),
            own=of_server.own,
            operator=of_server.operator,
            theirs=theirs,
        )

    async def change(self, user_id: int, values: Mapping[str, JsonValue], *, unset: Collection[str] = ()) -> None:
        """Values that were found good; also one that is as the server has it, for other servers have others."""
        chosen = {name: value for name, value in (await self._of(user_id)).items() if name not in unset}
        chosen |= {name: value for name, value in values.items() if name in PERSONAL}
        await self._members.keep(str(user_id), chosen)
        self._remember(user_id, chosen)

    async def _of(self, user_id: int) -> Chosen:
        if user_id not in self._theirs:
            self._remember(user_id, await self._members.chosen(str(user_id)))
        return self._theirs[user_id]

    def _remember(self, user_id: int, chosen: Chosen) -> None:
        if len(self._theirs) >= MOST_REMEMBERED:
            self._theirs.clear()
        self._theirs[user_id] = chosen
