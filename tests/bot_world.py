"""A simulated Discord with the real bot, the real queue and a fake engine in it; people act, tests look."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import discord
import simcord
from discord.webhook.async_ import AsyncWebhookAdapter
from simcord.http.client import FakeWebhookAdapter

from bot.app import App, Parts, open_app
from bot.config import BotConfig
from bot.jobs.admission import Role
from bot.jobs.gallery import ChildGallery, Gallery
from bot.jobs.pace import Clock, Pace, SystemClock
from bot.jobs.picture_check import ChildPictureCheck, PictureFacts
from bot.jobs.thumbnails import THUMBNAIL_SIDE_PX, ChildThumbnails
from nst_engine.contract.settings import parse_config
from nst_engine.errors import BadPicture
from nst_engine.queue.database import open_database
from nst_engine.queue.store import JobStore
from tests.fake_cdn import FakeCdn
from tests.fake_engine import FakeEngine, picture
from tests.role_counts import teach_role_counts

QUICK = Pace(
    between_edits=0.02,
    between_edits_in_a_place=0.0,
    between_looks=0.01,
    idle_look=0.05,
    between_sweeps=0.05,
    delivery_lease=5.0,
    delivery_attempt=4.0,
    retries=(0.05,),
    logins=(0.01,),
    after_a_fault=0.05,
    before_welcome=3600.0,
    between_log_messages=0.05,
    between_challenge_looks=0.02,
    between_challenge_edits=0.05,
    between_old_challenge_edits=0.05,
)
CAT = ("cat.png", picture("orange"))
WAVE = ("wave.png", picture("navy"))
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    create_public_threads=True,
    read_message_history=True,
)
"""All that the bot needs, and no more."""

EVERYBODY = discord.Permissions(view_channel=True, read_message_history=True, use_application_commands=True)


class WorldClock(SystemClock):
    """The simulation's: `env.advance_time` moves it. What waits, waits as ever."""

    def __init__(self) -> None:
        self.env: Any = None

    def now(self) -> float:
        return 0.0 if self.env is None else float(self.env.now().timestamp())


class FakeCheck:
    """Finds every picture good, except those whose bytes it was told about."""

    def __init__(self) -> None:
        self.bad: dict[bytes, str] = {}
        self.fault: BaseException | None = None
        self.frames = 1

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts:
        if self.fault is not None:
            raise self.fault
        if data in self.bad:
            raise BadPicture(f"The {role} picture {self.bad[data]}.")
        return PictureFacts(width=64, height=48, frames=self.frames)


class FakeThumbnails:
    """Makes the same small picture of every other."""

    async def __call__(self, data: bytes, *, side_px: int = THUMBNAIL_SIDE_PX, role: Role = "content") -> bytes:
        return picture("olive", kind="JPEG")


async def until(claim: Callable[[], Any], *, within: float = 8.0) -> Any:
    """Wait for the bot's background work to make `claim` true, and return what it returned."""
    deadline = asyncio.get_running_loop().time() + within
    while not (found := claim()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError("this did not come true in time")
        await asyncio.sleep(0.005)
    return found


@dataclass
class World:
    """What a test acts in."""

    config: BotConfig
    env: Any
    app: App
    parts: Parts
    stack: AsyncExitStack
    engine: FakeEngine
    guild: Any = None
    channel: Any = None
    ann: Any = None
    check: FakeCheck = field(default_factory=FakeCheck)
    cdn: FakeCdn = field(default_factory=FakeCdn)

    async def stylize(self, who: Any = None, where: Any = None, **options: Any) -> Any:
        """Invoke the command; the pictures are usable ones unless others are given, or None."""
        options = {
            name: value for name, value in ({"content": CAT, "style": WAVE} | options).items() if value is not None
        }
        if where is None and who is not None and not hasattr(who, "guild"):
            return await who.slash("stylize", **options)
        return await (who or self.ann).slash(where or self.channel, "stylize", **options)

    def member(self, name: str, *roles: Any, **permissions: bool) -> Any:
        """A new member of the server, who has these roles, and a role of their own with these permissions."""
        own = [self.guild.create_role(f"{name}'s", permissions=discord.Permissions(**permissions))]
        return self.guild.add_member(self.env.create_user(name), roles=[*roles, *(own if permissions else [])])

    async def restart(self) -> None:
        """The bot's process ends and another one starts on the same database; Discord goes on."""
        await self.stack.aclose()
        await self.start_again()

    async def start_again(self, meanwhile: Callable[[JobStore], Awaitable[None]] | None = None) -> None:
        """Start a bot after the last one has ended, and after `meanwhile` has changed the database."""
        if meanwhile is not None:
            async with open_database(self.config.database.url) as database:
                await meanwhile(JobStore(database))
        self.app = await self.stack.enter_async_context(open_app(self.config, parts=self.parts))
        self.engine = FakeEngine(self.app.database, self.app.blobs)
        await self.env.restart_bot(self.app.client)

    def blob_path(self, key: str) -> Path:
        """Where a picture is kept."""
        return self.config.blobs.directory / key[:2] / key

    def threads(self) -> list[Any]:
        return list(self.channel.threads)

    def history(self, where: Any = None) -> list[discord.Message]:
        """Messages by the bot, oldest first; of the first thread unless a place is named."""
        place = where or self.threads()[0]
        return [message for message in place.history() if message.author.id == self.env.bot.user.id]

    def card(self, where: Any = None) -> discord.Message | None:
        """The live card in a place."""
        found = [m for m in self._safe_history(where) if m.flags.components_v2]
        return found[-1] if found else None

    def card_text(self, where: Any = None) -> str:
        card = self.card(where)
        return "" if card is None else words(card)

    def results(self, where: Any = None) -> list[discord.Message]:
        """Messages that carry a finished picture."""
        return [m for m in self._safe_history(where) if any("stylized-" in a.filename for a in m.attachments)]

    def letters(self, where: Any = None) -> list[discord.Message]:
        """Plain messages in a place, the card and system messages left out."""
        return [m for m in self._safe_history(where) if not m.flags.components_v2 and m.content]

    def _safe_history(self, where: Any) -> list[discord.Message]:
        return self.history(where) if where is not None or self.threads() else []


def told(answer: Any) -> str:
    """What one person alone was told, in plain words or in components; the last of it."""
    said = answer.followups[-1] if answer.followups else answer.response
    assert said.ephemeral
    return said.content or words(said.message)


def words(message: discord.Message) -> str:
    """All text of a message made of components."""
    view = discord.ui.LayoutView.from_message(message)
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def buttons(message: discord.Message) -> list[str]:
    view = discord.ui.LayoutView.from_message(message)
    return [str(item.label) for item in view.walk_children() if isinstance(item, discord.ui.Button)]


@contextmanager
def webhooks_of(env: Any) -> Iterator[None]:
    """For the bot's background work, which begins before the simulator: that gives webhooks to its own tasks only."""
    simulated = FakeWebhookAdapter(env.backend)

    async def request(_self: Any, *args: Any, **options: Any) -> Any:
        return await simulated.request(*args, **options)

    with patch.object(AsyncWebhookAdapter, "request", request):
        yield


@asynccontextmanager
async def bot_world(
    folder: Path,
    *,
    pace: Pace = QUICK,
    permissions: discord.Permissions = PERMISSIONS,
    real_check: bool = False,
    gallery: Gallery | None = None,
    clock: Clock | None = None,
    **limits: Any,
) -> AsyncIterator[World]:
    """A server with a text channel and a member called Ann, and the bot in it."""
    teach_role_counts()
    check, cdn = FakeCheck(), FakeCdn()
    parts = Parts(
        pace=pace,
        download=cdn,
        clock=clock or SystemClock(),
        check=ChildPictureCheck() if real_check else check,
        thumbnails=ChildThumbnails() if real_check else FakeThumbnails(),
        gallery=gallery or ChildGallery(),
    )
    sections = {"engine": {"spawn": False}, "library": {"paintings": gallery is not None}, "limits": limits}
    config = parse_config(sections, BotConfig, folder=folder)
    async with AsyncExitStack() as outer, AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, parts=parts))
        env = await outer.enter_async_context(simcord.run(app.client))
        cdn.env = env
        if isinstance(parts.clock, WorldClock):
            parts.clock.env = env
        outer.enter_context(webhooks_of(env))
        engine = FakeEngine(app.database, app.blobs)
        world = World(config=config, env=env, app=app, parts=parts, stack=stack, engine=engine, check=check, cdn=cdn)
        world.guild = env.create_guild("Art School", id=4711)
        for role in env.backend.guilds[world.guild.id].roles.values():
            role.permissions = permissions.value if role.managed else EVERYBODY.value
        world.channel = world.guild.create_text_channel("studio")
        world.ann = world.guild.add_member(env.create_user("ann"))
        yield world
