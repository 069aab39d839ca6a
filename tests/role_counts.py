"""How many members have a role, as Discord tells it: the simulation does not know this request."""

from functools import cache
from typing import Any

from simcord.http import RequestContext, route


@cache
def teach_role_counts() -> None:
    """To every simulation from now on."""
    route("GET", "/guilds/{guild_id}/roles/member-counts")(_role_counts)


def _role_counts(context: RequestContext) -> Any:
    guild = context.backend.get_guild(context.int_arg("guild_id"))
    context.require_guild_permissions(guild.id, "manage_roles")
    held = [role_id for member in guild.members.values() for role_id in member.role_ids]
    return {str(role_id): held.count(role_id) for role_id in guild.roles if role_id != guild.id}
