"""What Discord says about the token and the bot's place in its servers."""

from dataclasses import dataclass

import aiohttp
import discord
from pydantic import SecretStr

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    read_message_history=True,
)
SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What a login told. `invite_url` adds the bot to a server with exactly what it needs."""

    name: str
    invite_url: str
    servers: tuple[str, ...]
    server_ids: tuple[int, ...]
    lacking: tuple[str, ...]
    """Permissions that the bot's role lacks, as `server: permission, permission`."""
    interactions_go_elsewhere: bool
    """The application sends its interactions to a web address, so the bot would never see a command."""


class TokenRefused(Exception):
    """Discord does not know the token."""


class DiscordAway(Exception):
    """There is no way to Discord from here at the moment."""


async def check_token(token: SecretStr) -> Checkup:
    """Log in over REST, without a gateway. Raises TokenRefused or DiscordAway."""
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token.get_secret_value())
            return await _look_around(client)
    except discord.LoginFailure as error:
        raise TokenRefused(str(error)) from error
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DiscordAway(str(error) or repr(error)) from error


async def _look_around(client: discord.Client) -> Checkup:
    about = await client.application_info()
    servers = await client.http.get_guilds(limit=200)
    return Checkup(
        name=str(client.user),
        invite_url=discord.utils.oauth_url(about.id, permissions=PERMISSIONS, scopes=SCOPES),
        servers=tuple(server["name"] for server in servers),
        server_ids=tuple(int(server["id"]) for server in servers),
        lacking=tuple(line for server in servers if (line := lacking(server["name"], int(server["permissions"])))),
        interactions_go_elsewhere=bool(about.interactions_endpoint_url),
    )


def lacking(server: str, granted: int) -> str:
    """What the bot may not do there, as one line. A channel may still differ; `/stylize` says so when it is used."""
    missing = discord.Permissions(PERMISSIONS.value & ~granted)
    if discord.Permissions(granted).administrator or not missing.value:
        return ""
    return f"{server}: {', '.join(name.replace('_', ' ') for name, is_set in missing if is_set)}"
