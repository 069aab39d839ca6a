"""Tells Discord which commands there are: when they changed, and not at every start, since Discord limits that."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.store.notes import Notes
from nst_engine.errors import QueueUnavailable

log = logging.getLogger(__name__)

SECONDS_TO_REGISTER = 60.0
"""Where Discord's limit on registrations is reached, the library would wait for hours."""
SERVER_REMEDY = "set discord.sync_guild to a server that the bot is in, or to 0; `python -m bot doctor` looks at it"
REMEDY = "nothing where /stylize is known already; otherwise start the bot again later, tomorrow at the latest"


class Registered(BaseModel):
    """What Discord was told last, and by which ids it knows the commands."""

    model_config = ConfigDict(frozen=True)

    fingerprint: str
    ids: Mapping[str, int]


async def register(
    tree: app_commands.CommandTree[Any], notes: Notes, guild: discord.Object | None
) -> Mapping[str, int]:
    """Register the tree where it is not registered yet; the commands' ids by name, none where nobody knows them.

    Where Discord refuses, the commands that it knows from before go on working, and so does everything else.
    """
    if guild is not None:
        tree.copy_global_to(guild=guild)
    name = _note_name(tree, guild)
    fingerprint = await _fingerprint(tree, guild)
    before = await _registered(notes, name)
    if before is not None and before.fingerprint == fingerprint:
        log.info("commands are registered already guild=%s", guild.id if guild else "all")
        return before.ids
    try:
        async with asyncio.timeout(SECONDS_TO_REGISTER):
            commands = await tree.sync(guild=guild)
    except (discord.HTTPException, app_commands.AppCommandError, TimeoutError) as error:
        remedy = SERVER_REMEDY if guild else REMEDY
        where = guild.id if guild else "all"
        log.error("commands not registered guild=%s why=%r what_to_do=%s", where, error, remedy)  # noqa: TRY400  # the sentence says it all
        return before.ids if before else {}
    now = Registered(fingerprint=fingerprint, ids={command.name: command.id for command in commands})
    await _note(notes, name, now)
    log.info("commands registered guild=%s count=%s", guild.id if guild else "all", len(commands))
    return now.ids


def _note_name(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> str:
    return f"commands:{tree.client.application_id}:{guild.id if guild else 'all'}"


async def payloads(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> list[dict[str, Any]]:
    """What Discord would be told of each command, translations included."""
    commands = [command for kind in discord.AppCommandType for command in tree.get_commands(guild=guild, type=kind)]
    if tree.translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, tree.translator) for command in commands]


async def _fingerprint(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> str:
    """Of all that Discord would be told; the order of the commands does not matter."""
    told = [json.dumps(payload, sort_keys=True, default=str) for payload in await payloads(tree, guild)]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


async def _registered(notes: Notes, name: str) -> Registered | None:
    try:
        saved = await notes.read(name)
        return None if saved is None else Registered.model_validate_json(saved)
    except (QueueUnavailable, ValidationError) as error:
        log.warning("registering the commands anew why=%r", error)
        return None


async def _note(notes: Notes, name: str, registered: Registered) -> None:
    try:
        await notes.write(name, registered.model_dump_json())
    except QueueUnavailable as error:
        log.warning("the commands will be registered again at the next start why=%r", error)
