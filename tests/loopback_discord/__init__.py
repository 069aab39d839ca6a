"""A small Discord on 127.0.0.1 for tests that kill the bot: it lives in the test process and so outlives the bot."""

from tests.loopback_discord.server import LoopbackDiscord, serve_discord
from tests.loopback_discord.values import Channel, Interaction, Message, Person, StoredFile, Upload
from tests.loopback_discord.world import World

__all__ = [
    "Channel",
    "Interaction",
    "LoopbackDiscord",
    "Message",
    "Person",
    "StoredFile",
    "Upload",
    "World",
    "serve_discord",
]
