"""Moderators who make challenges in a simulated server, and what tests look at then."""

from typing import Any

import discord

from bot.challenges.store import Challenges
from bot.challenges.values import Challenge
from bot.store.schema import challenges
from bot.ui.challenges.card import card_view
from bot.ui.challenges.preview import NOTHING_YET
from bot.ui.words import words_for
from tests.bot_world import WAVE, World, until, words


def moderator(world: World, name: str = "mo", **permissions: bool) -> Any:
    """Who may run challenges and write in channels, and no more unless it is said."""
    return world.member(name, **({"manage_events": True, "send_messages": True} | permissions))


async def create(world: World, who: Any, where: Any = None, **options: Any) -> Any:
    """With a title and a style unless others are given, or None."""
    options = {"title": "Night sky", "style": WAVE} | options
    given = {name: value for name, value in options.items() if value is not None}
    return await who.slash(where or world.channel, "challenge create", **given)


def store(world: World) -> Challenges:
    return world.app.client.services.challenges.challenges


async def drafts(world: World) -> list[Challenge]:
    """Every challenge that is in the database, confirmed or not, oldest first."""
    query = challenges.select().order_by(challenges.c.id)
    rows = await world.app.database.read(lambda connection: connection.execute(query).mappings().all())
    found = [await store(world).get(row["id"]) for row in rows]
    return [challenge for challenge in found if challenge is not None]


def field_values(shown: Any) -> dict[str, str]:
    """What a form begins with."""
    fields = [label["component"] for label in shown.modal["components"]]
    return {field["custom_id"]: field.get("value", "") for field in fields}


def files(message: discord.Message) -> list[str]:
    return [file.filename for file in message.attachments]


async def is_announced(world: World, where: Any, title: str) -> discord.Message:
    """The announcement, once it is there."""

    def found() -> discord.Message | None:
        return next((message for message in world.history(where) if f"## {title}" in words(message)), None)

    message: discord.Message = await until(found)
    return message


def card_words(challenge: Challenge) -> str:
    """What stands on the challenge's card as nothing has come in yet."""
    view = card_view(challenge, NOTHING_YET, frozenset(), words_for(challenge.terms.locale), with_buttons=False)
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))
