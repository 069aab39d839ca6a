"""Places that the simulated Discord does not have: groups, and servers in which only the requester has the bot."""

from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord import actors, interactions
from simcord.backend import access
from simcord.builders import ChannelHandle

from bot.jobs.pace import SystemClock
from tests.bot_world import CAT, PERMISSIONS, WAVE, World

SECONDS = 15 * 60.0
GROUP = 3
GUILD_CONTEXT, DIRECT_CONTEXT, PRIVATE_CONTEXT = 0, 1, 2
"""As Discord numbers them."""
IN_GROUPS = discord.Permissions(attach_files=True, embed_links=True, mention_everyone=True)
IN_FOREIGN_SERVERS = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, embed_links=True)


def without(*names: str) -> discord.Permissions:
    """What the bot usually may, but for these."""
    lacking = discord.Permissions(**dict.fromkeys(names, True))
    return discord.Permissions(PERMISSIONS.value & ~lacking.value)


class LateClock(SystemClock):
    """The bot's clock, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


class Elsewhere:
    """What is different about interactions from some channels, which the simulator would send as if from its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._changes: dict[int, Callable[[int], dict[str, Any]]] = {}
        self._members: dict[int, set[int]] = {}
        """Of groups."""
        payload, accessible, check = interactions.base_payload, access.channel_accessible, actors._check_user_dm_channel

        def base_payload(backend: Any, *, channel_id: int, user_id: int, **rest: Any) -> Any:
            record, sent = payload(backend, channel_id=channel_id, user_id=user_id, **rest)
            changes = self._changes.get(channel_id)
            return record, sent | changes(user_id) if changes else sent

        def channel_accessible(backend: Any, channel_id: int, viewer_id: int, *, history: bool = False) -> bool:
            if channel_id in self._members:
                return viewer_id in self._members[channel_id]
            return bool(accessible(backend, channel_id, viewer_id, history=history))

        def check_user_dm_channel(actor: Any, channel_id: int) -> None:
            if channel_id not in self._members:
                check(actor, channel_id)

        monkeypatch.setattr(interactions, "base_payload", base_payload)
        monkeypatch.setattr(access, "channel_accessible", channel_accessible)
        monkeypatch.setattr(actors, "_check_user_dm_channel", check_user_dm_channel)

    def group(self, world: World, *users: Any) -> Any:
        """A group of people without the bot, which one of them has installed."""
        backend = world.env.backend
        channel = backend.create_channel(None, "friends", type=GROUP)
        self._members[channel.id] = {user.id for user in users}
        self._changes[channel.id] = lambda user_id: {
            "context": PRIVATE_CONTEXT,
            "authorizing_integration_owners": {"1": str(user_id)},
            "app_permissions": str(IN_GROUPS.value),
            "channel": {"id": str(channel.id), "type": GROUP, "recipients": [], "name": "friends", "owner_id": None},
        }
        self._closed(world, channel.id)
        return ChannelHandle(world.env, None, channel)

    def foreign_server(
        self, world: World, user: Any, permissions: discord.Permissions = IN_FOREIGN_SERVERS
    ) -> tuple[Any, Any]:
        """A channel of a server that the bot is no member of, and the user as a member there."""
        backend = world.env.backend
        guild = world.env.create_guild("Elsewhere")
        channel = guild.create_text_channel("general")
        member = guild.add_member(user)
        backend.get_guild(guild.id).members.pop(backend.bot_user.id)
        backend.emit("GUILD_DELETE", {"id": str(guild.id)})
        self._changes[channel.id] = lambda user_id: {
            "context": GUILD_CONTEXT,
            "authorizing_integration_owners": {"1": str(user_id)},
            "app_permissions": str(permissions.value),
        }
        self._closed(world, channel.id)
        return member, channel

    def own_messages(self, world: World, user: Any) -> Any:
        """The bot's direct messages with somebody, as Discord says it today."""
        channel = user.dm_channel
        self._changes[channel.id] = lambda user_id: {
            "context": DIRECT_CONTEXT,
            "authorizing_integration_owners": {"0": "0", "1": str(user_id)},
            "app_permissions": str(IN_GROUPS.value),
        }
        return channel

    @staticmethod
    def _closed(world: World, channel_id: int) -> None:
        """To the bot's own token."""
        world.env.inject_error("*", f"/channels/{channel_id}*", status=403, code=50001, times=None)


def forum_post(world: World, forum: Any, member: Any) -> Any:
    """Begun by a member."""
    backend = world.env.backend
    thread = backend.create_thread(forum.id, "My cats", member.id, broadcast=False)
    backend.announce_thread_create(thread)
    return ChannelHandle(world.env, world.guild, thread)


async def ask(world: World, who: Any, where: Any, **options: Any) -> Any:
    """`/stylize` in a group, too."""
    options = {"content": CAT, "style": WAVE} | options
    root = world.env.backend.find_command("stylize", None, type=1)
    return await actors._slash_resolved(who, where, "stylize", options, root)


def tokens_run_out(world: World, clock: LateClock) -> None:
    """A quarter of an hour passes, on Discord's clock and on the bot's."""
    world.env.backend.advance_clock(SECONDS)
    clock.ahead += SECONDS


def closes_direct_messages(world: World, user: Any, *, times: int | None = None) -> None:
    """Discord opens the channel all the same; what is said there is refused."""
    path = f"/channels/{user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=times)
