"""`python -m bot doctor`: everything that the bot needs, a line for each, and what to do where it is missing."""

import asyncio
import io
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PIL import Image
from pydantic import SecretStr

from bot.config import TOKEN_VARIABLE, BotConfig, without_token
from bot.doctor_data import examine_data
from bot.doctor_finding import Finding
from bot.doctor_settings import torch_is_here, unwise_settings
from bot.health import look
from bot.jobs.errors import CheckUnavailable
from bot.jobs.picture_check import ChildPictureCheck
from bot.ui.checkup import Checkup, DiscordAway, TokenRefused, check_token
from nst_engine.errors import BadPicture, QueueUnavailable
from nst_engine.queue.as_it_is import open_as_it_is
from nst_engine.queue.jobs import EngineInfo
from nst_engine.queue.store import JobStore

OURSELVES = "stylize-bot"
PACKAGES = ("discord.py", "aiohttp", "pydantic", "SQLAlchemy", "alembic", "pillow")
SECONDS_FOR_THE_NETWORK = 180.0
LOAD_THE_NETWORK = """
import sys
from nst_engine.device import choose_device, describe
from nst_engine.errors import EngineError
from nst_engine.weights import load_network
try:
    device = choose_device(sys.argv[1])
    load_network(sys.argv[2], device)
except EngineError as error:
    sys.exit(str(error))
print(describe(device))
"""


def examine(config: BotConfig, config_path: Path, token: SecretStr | None) -> Iterator[Finding]:
    """One finding after the other; the slow ones come last."""
    yield _versions()
    yield from unwise_settings(config)
    yield from examine_data(config)
    yield _picture_check()
    yield _bot(config)
    yield from _discord(config, token)
    yield from _engine(config, config_path)


def _versions() -> Finding:
    found = [f"{name} {_version(name)}" for name in PACKAGES]
    return Finding(
        what=f"Python {platform.python_version()}, {', '.join(found)}",
        is_well=all(_version(name) != "missing" for name in PACKAGES),
        remedy="Install the missing packages: make setup, or pip install 'stylize-bot[bot]'.",
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _picture_check() -> Finding:
    sample = io.BytesIO()
    Image.new("RGB", (32, 32)).save(sample, "PNG")
    try:
        asyncio.run(ChildPictureCheck()(sample.getvalue(), role="content"))
    except (CheckUnavailable, BadPicture) as error:
        remedy = f"{error}. Try: python -m nst_engine check-picture < picture.png"
        return Finding(what="check of incoming pictures", is_well=False, remedy=remedy)
    return Finding(what="check of incoming pictures", is_well=True)


def _bot(config: BotConfig) -> Finding:
    """The doctor is called before the first start, too: a bot that does not run is nothing bad."""
    sign = look(config)[0]
    return Finding(what=sign.line if sign.is_well else f"no bot is at work: {sign.line.removeprefix('bot: ')}")


def _discord(config: BotConfig, token: SecretStr | None) -> Iterator[Finding]:
    if token is None:
        remedy = (
            "In the Discord developer portal choose your application, then Bot, then Reset Token, "
            f"and set {TOKEN_VARIABLE} to the token."
        )
        yield Finding(what=f"no token: {TOKEN_VARIABLE} is not set", is_well=False, remedy=remedy)
        return
    try:
        checkup = asyncio.run(check_token(token))
    except TokenRefused:
        remedy = "Discord does not accept it. Make a new one: developer portal, Bot, Reset Token."
        yield Finding(what=f"token in {TOKEN_VARIABLE}", is_well=False, remedy=remedy)
        return
    except DiscordAway as error:
        remedy = f"{error}. Check the network and any proxy; then run this again."
        yield Finding(what="Discord cannot be reached", is_well=False, remedy=remedy)
        return
    yield from told(checkup, config.discord.sync_guild)


def told(checkup: Checkup, sync_guild: int) -> Iterator[Finding]:
    """What a login says about the bot and its servers."""
    yield Finding(what=f"token: logged in as {checkup.name}; no privileged intents are needed", is_well=True)
    yield Finding(
        what="commands come over the gateway" if not checkup.interactions_go_elsewhere else "commands go elsewhere",
        is_well=not checkup.interactions_go_elsewhere,
        remedy="In the developer portal, General Information, empty the field Interactions Endpoint URL.",
    )
    names = ", ".join(checkup.servers[:5]) or "none yet"
    yield Finding(
        what=f"servers: {names}. Invite it with {checkup.invite_url}",
        is_well=bool(checkup.servers),
        remedy="Open the link above, and choose your server.",
    )
    yield Finding(
        what="permissions in its servers"
        if not checkup.lacking
        else f"permissions missing in {'; '.join(checkup.lacking)}",
        is_well=not checkup.lacking,
        remedy="Grant them to the bot's role: Server Settings, Roles; or invite it anew with the link above.",
    )
    if sync_guild and len(checkup.servers) > 1:
        advice = "Set it to 0 when you have tried the bot, and the commands appear in all of them."
        yield Finding(
            what=f"discord.sync_guild: {len(checkup.servers) - 1} other servers have no commands", advice=advice
        )
    if sync_guild:
        yield Finding(
            what=f"server {sync_guild} for the commands (discord.sync_guild)",
            is_well=sync_guild in checkup.server_ids,
            remedy="The bot is not in it: invite it with the link above, or set discord.sync_guild to 0.",
        )


def _engine(config: BotConfig, config_path: Path) -> Iterator[Finding]:
    alive = _engines_alive(config)
    if alive:
        names = ", ".join(f"{engine.device} on {engine.host}" for engine in alive)
        yield Finding(what=f"engines running: {names}", is_well=True)
    elif config.engine.spawn:
        yield Finding(what="engine: will be started by the bot (engine.spawn = true)", is_well=True)
    else:
        remedy = f"Start one: python -m nst_engine serve --config {config_path}, or set engine.spawn = true."
        yield Finding(what="no engine is running, and the bot is not to start one", is_well=False, remedy=remedy)
    others = sorted({engine.version for engine in alive} - {_version(OURSELVES)})
    if others:
        advice = "Update bot and engines together; an older engine leaves jobs alone that it cannot read."
        yield Finding(what=f"engines of version {', '.join(others)}, bot {_version(OURSELVES)}", advice=advice)
    if config.engine.spawn:
        lacking = list(torch_is_here(config))
        yield from lacking or [_network(config)]


def _engines_alive(config: BotConfig) -> list[EngineInfo]:
    async def ask() -> list[EngineInfo]:
        async with open_as_it_is(config.database.url) as database:
            return await JobStore(database).engines()

    try:
        return asyncio.run(ask())
    except QueueUnavailable:
        return []


def _network(config: BotConfig) -> Finding:
    """Loads the weights in a process of its own, as the engine will: this one must stay without torch."""
    what = f"device {config.engine.device}, weights {config.engine.weights}"
    command = [sys.executable, "-c", LOAD_THE_NETWORK, config.engine.device, config.engine.weights]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_THE_NETWORK,
            check=False,
            env=without_token(os.environ),
        )
    except subprocess.TimeoutExpired:
        remedy = f"They did not load within {SECONDS_FOR_THE_NETWORK:.0f} s. A download may be slow; try again."
        return Finding(what=what, is_well=False, remedy=remedy)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no word from the process"])[-1]
        return Finding(what=what, is_well=False, remedy=f"{last}. See engine.device and engine.weights.")
    return Finding(what=f"{what}: loaded on {done.stdout.strip()}", is_well=True)
