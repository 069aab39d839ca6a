"""Admins who change a server's settings in a simulated Discord, and what they are shown."""

from typing import Any

from bot.settings.server import ServerSettings
from tests.bot_world import World


def admin_of(world: World, name: str = "ada") -> Any:
    return world.member(name, manage_guild=True)


async def configure(world: World, admin: Any, setting: str, value: str) -> Any:
    return await admin.slash(world.channel, "config set", setting=setting, value=value)


def shown(answer: Any) -> Any:
    """The last private message of an answer."""
    said = answer.followups[-1] if answer.followups else answer.response
    assert said.ephemeral
    return said.message


async def holds(world: World) -> ServerSettings:
    return await world.app.client.services.settings.of(world.guild.id)


async def own(world: World) -> dict[str, Any]:
    return dict((await world.app.client.services.settings.in_force(world.guild.id)).own)


async def try_without_rights(world: World, member: Any, command: str, **options: Any) -> Any:
    """As though the server's admins showed the command to this member."""
    world.guild.set_command_permissions(world.app.client.command_ids[command.split(maxsplit=1)[0]], {member: True})
    return await member.slash(world.channel, command, **options)
