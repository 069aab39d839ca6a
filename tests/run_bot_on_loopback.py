"""Run the real bot against the stand-in for Discord: `python -m tests.run_bot_on_loopback API_URL run --config FILE`.

Changes where discord.py looks for Discord, then hands over to `python -m bot` in this process, which a test may kill.
"""

import asyncio
import json
import runpy
import sys
from collections.abc import Callable
from types import ModuleType
from urllib.request import Request, urlopen

import discord.http
import discord.webhook.async_
import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

SetAttribute = Callable[[object, str, object], None]


def redirect(api_url: str, set_attribute: SetAttribute = setattr) -> None:
    """Point discord.py at `api_url`, and at the gateway and the files of the same stand-in."""
    set_attribute(Route, "BASE", api_url)
    set_attribute(Asset, "BASE", api_url)
    set_attribute(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(gateway_url(api_url)))


def gateway_url(api_url: str) -> str:
    """Ask the stand-in, as a library would ask Discord."""
    request = Request(f"{api_url}/gateway")  # noqa: S310 - the address is the test's own
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        return str(json.load(answer)["url"])


def hurry(haste: float, set_attribute: SetAttribute = setattr) -> None:
    """Make discord.py's pauses before it tries again so many times shorter, and nobody else's."""
    hasty = ModuleType("asyncio")
    hasty.__dict__.update(asyncio.__dict__)

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / haste)

    hasty.__dict__["sleep"] = sleep
    for part in (discord.http, discord.webhook.async_):
        set_attribute(part, "asyncio", hasty)


def main() -> None:
    _, api_url, *arguments = sys.argv
    redirect(api_url)
    sys.argv = ["bot", *arguments]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
