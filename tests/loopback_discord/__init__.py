"""A small Discord on 127.0.0.1 for tests that kill the bot: it lives in the test process and so outlives the bot."""

from tests.loopback_discord.limits import RateLimits
from tests.loopback_discord.server import LoopbackDiscord, serve_discord
from tests.loopback_discord.traffic import Call, Fault
from tests.loopback_discord.values import Channel, Interaction, Message, Permission, Person, StoredFile, Upload
from tests.loopback_discord.world import World

__all__ = [
    "Call",
    "Channel",
    "Fault",
    "Interaction",
    "LoopbackDiscord",
    "Message",
    "Permission",
    "Person",
    "RateLimits",
    "StoredFile",
    "Upload",
    "World",
    "serve_discord",
]
