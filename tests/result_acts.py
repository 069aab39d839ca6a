"""What the tests of the buttons under a finished picture do again and again."""

import io
from typing import Any

import discord
from PIL import Image
from simcord import actors, interactions, results
from simcord.backend import serializers
from simcord.enums import ComponentType, InteractionType

from nst_engine.queue.jobs import Job
from tests.bot_world import World, until
from tests.fake_engine import picture

MODERATOR = discord.Permissions(manage_messages=True, view_channel=True, read_message_history=True)


async def all_delivered(world: World) -> None:
    while await world.app.store.open_jobs():
        pass


async def finished(world: World, *, timelapse: bytes | None = None, **options: Any) -> tuple[discord.Message, Job]:
    """A picture with its buttons, and its job."""
    await world.stylize(**options)
    job = await world.engine.claim()
    await until(world.card)
    await world.engine.finish(job, timelapse=timelapse)
    await all_delivered(world)
    (message,) = world.results()
    return message, await job_of(world, job.id)


async def job_of(world: World, job_id: str) -> Job:
    job = await world.app.store.get(job_id)
    assert job is not None
    return job


async def open_job(world: World) -> Job:
    """The only one that waits or is being painted."""
    (job,) = [job for job in await world.app.store.open_jobs() if not job.is_final]
    return job


def stranger(world: World) -> Any:
    return world.guild.add_member(world.env.create_user("eve"))


def moderator(world: World) -> Any:
    role = world.guild.create_role("Mods", permissions=MODERATOR)
    return world.guild.add_member(world.env.create_user("mo"), roles=[role])


def labels(message: discord.Message) -> list[list[str]]:
    """Of the buttons, row by row."""
    return [
        [str(item.label) for item in row.children if isinstance(item, discord.Button)]
        for row in message.components
        if isinstance(row, discord.ActionRow)
    ]


def animation(colours: tuple[str, ...] = ("red", "green", "blue"), size: tuple[int, int] = (64, 48)) -> bytes:
    """A WebP that moves."""
    first, *others = (Image.open(io.BytesIO(picture(colour, size))) for colour in colours)
    buffer = io.BytesIO()
    first.save(buffer, "WEBP", save_all=True, append_images=others, duration=100)
    return buffer.getvalue()


def said_in_private(answer: Any) -> str:
    found = [each for each in (answer.response, *answer.followups) if each is not None and each.ephemeral]
    return str(found[-1].content)


def filled_in(shown: Any, **changes: Any) -> dict[str, Any]:
    """A form as it was opened, with `changes`."""
    fields = [label["component"] for label in shown.modal["components"]]
    values = {field["custom_id"]: _value(field) for field in fields}
    return {name: value for name, value in values.items() if value is not None} | changes


def _value(field: dict[str, Any]) -> Any:
    if "options" in field:
        return [str(option["value"]) for option in field["options"] if option.get("default")]
    return field.get("value")


async def pressed_at_once(
    world: World, *presses: tuple[Any, discord.Message, str] | tuple[Any, discord.Message, str | None, str | None]
) -> list[Any]:
    """Who presses which button of a message, by its label or its id; the bot hears of all before it answers any."""
    answers = [_pressed(*press) for press in presses]
    await world.env.settle()
    return answers


def _pressed(who: Any, message: discord.Message, label: str | None, custom_id: str | None = None) -> Any:
    """As SimCord's own `click`, but without waiting for what comes of it."""
    backend = who._env.backend
    stored = actors._visible_message(who, message)
    button = actors._find_component(stored.components, types=(ComponentType.BUTTON,), custom_id=custom_id, label=label)
    record, payload = interactions.base_payload(
        backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=stored.channel_id,
        guild_id=backend.get_channel(stored.channel_id).guild_id,
        user_id=who.id,
        data={"custom_id": button["custom_id"], "component_type": ComponentType.BUTTON},
    )
    payload["message"] = dict(serializers.message_payload(backend, stored))
    record.source_message_id = stored.id
    backend.emit("INTERACTION_CREATE", payload)
    return results.InteractionResult(who._env, record)
