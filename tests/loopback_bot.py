"""The bot in the test's own process on the stand-in for Discord: the real library over real HTTP, and a fake engine.

For what SimCord cannot do: broken connections, answers that get lost, rate limits, and places that are closed midway.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from bot.app import App, Parts, open_app
from bot.config import BotConfig
from bot.jobs.pace import Pace
from nst_engine.contract.settings import parse_config
from nst_engine.queue.jobs import Job
from tests.bot_world import CAT, QUICK, WAVE, FakeCheck
from tests.fake_engine import FakeEngine
from tests.loopback_discord import Channel, Interaction, LoopbackDiscord, Message, Person, Upload, serve_discord
from tests.loopback_discord.values import Flag, every_component
from tests.loopback_discord.world import Happening
from tests.run_bot_on_loopback import hurry, redirect

WITHIN = 15.0
HEARTBEAT = 0.05

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopbackBot:
    """A running bot and all that is around it."""

    discord: LoopbackDiscord
    app: App
    engine: FakeEngine
    check: FakeCheck

    def stylize(self, person: Person | None = None, channel: Channel | None = None) -> Interaction:
        """Somebody (the member) sends the command somewhere (in the text channel)."""
        pictures = {role: Upload(filename=name, data=data) for role, (name, data) in PICTURES.items()}
        return self.discord.world.invoke_slash("stylize", pictures, person=person, channel=channel)

    async def shows(self, interaction: Interaction, words: str) -> Message:
        """Wait until the newest card of a job says this."""

        def says() -> Message | None:
            card = self.card(interaction)
            return card if card is not None and words in card.words else None

        return await self.until(says, f"a card that says {words}")

    async def queued(self, interaction: Interaction) -> Message:
        """Wait for the card of a job that waits."""
        return await self.shows(interaction, "Waiting")

    async def begun(self, interaction: Interaction) -> Job:
        """Wait for the card, and have the engine begin this job, the only one that waits."""
        await self.queued(interaction)
        job = await self.engine.claim()
        assert job.id == str(interaction.id)
        return job

    async def delivered(self, interaction: Interaction, *, within: float = WITHIN) -> Job:
        """Wait until the bot has recorded that nothing is left to be said."""
        async with asyncio.timeout(within):
            while True:
                job = await self.app.store.get(str(interaction.id))
                if job is not None and job.delivered_at is not None:
                    return job
                await asyncio.sleep(0.01)

    def when(self, claim: Callable[[Happening], bool], act: Callable[[Happening], None]) -> None:
        """Do something as soon as this has happened, before the bot hears of it."""

        def look(happening: Happening) -> None:
            if claim(happening):
                self.discord.world.listeners.remove(look)
                act(happening)

        self.discord.world.listeners.append(look)

    async def beats(self, number: int = 2) -> None:
        """Let some time pass, in which the bot has nothing to wait for."""
        await self.discord.until_heartbeats(number, within=WITHIN)

    async def left_alone(self, interaction: Interaction) -> None:
        """Wait until the bot is done with a job, its attempts to close the card included."""
        stewards = [task for task in asyncio.all_tasks() if task.get_name() == f"steward of job {interaction.id}"]
        if stewards:
            _, unfinished = await asyncio.wait(stewards, timeout=WITHIN)
            assert not unfinished

    async def until(self, claim: Callable[[], T | None], what: str) -> T:
        found = await self.discord.world.until(claim, within=WITHIN, what=what)
        assert found is not None
        return found

    def since(self, interaction: Interaction) -> list[Message]:
        return [one for one in self.discord.world.messages() if one.id > interaction.id]

    def pictures(self, interaction: Interaction) -> list[Message]:
        """All messages with the finished picture of this job."""
        mark = f"stylized-{interaction.id}."
        return [one for one in self.since(interaction) if any(file.filename.startswith(mark) for file in one.files)]

    def cards(self, interaction: Interaction) -> list[Message]:
        """Of the only job since this command."""
        return [
            one for one in self.since(interaction) if Flag.COMPONENTS_V2 in one.body.flags and not one.interaction_id
        ]

    def card(self, interaction: Interaction) -> Message | None:
        cards = [one for one in self.cards(interaction) if one not in self.pictures(interaction)]
        return cards[-1] if cards else None

    def in_thread(self, interaction: Interaction) -> list[Message]:
        """What the bot said about one job among many."""
        return self.discord.world.messages(self.thread(interaction))

    def card_in_thread(self, interaction: Interaction) -> Message:
        """The card of one job among many."""
        (card,) = [one for one in self.in_thread(interaction) if Flag.COMPONENTS_V2 in one.body.flags]
        return card

    def answered(self, interaction: Interaction) -> Interaction:
        """The command as it is now."""
        return self.discord.world.interactions[interaction.id]

    def channel(self, interaction: Interaction) -> Channel:
        """Where the command was sent."""
        return self.discord.world.channels[interaction.channel_id]

    def thread(self, interaction: Interaction) -> Channel:
        """The one that was opened from the answer to this command."""
        answered = self.discord.world.interactions[interaction.id]
        return self.discord.world.channels[answered.message_id or 0]


def in_haste(pace: Pace, haste: float) -> Pace:
    """The same pace, so many times faster."""
    faster = {name: _divided(value, haste) for name, value in asdict(pace).items()}
    return replace(pace, **faster)


def _divided(value: Any, haste: float) -> Any:
    """Seconds only; numbers of attempts stay as they are."""
    if isinstance(value, tuple):
        return tuple(_divided(one, haste) for one in value)
    return value / haste if isinstance(value, float) else value


PICTURES = {"content": CAT, "style": WAVE}


def buttons(message: Message) -> list[str]:
    """The ids of its buttons."""
    return [part["custom_id"] for part in every_component(message.body.components) if "custom_id" in part]


@asynccontextmanager
async def loopback_bot(
    folder: Path, *, pace: Pace = QUICK, haste: float = 100.0, **limits: int
) -> AsyncIterator[LoopbackBot]:
    """Connected, with its commands registered. discord.py's own pauses are `haste` times shorter."""
    check = FakeCheck()
    sections = {"engine": {"spawn": False}, "library": {"paintings": False}, "limits": limits}
    config = parse_config(sections, BotConfig, folder=folder)
    with pytest.MonkeyPatch.context() as patch:
        async with serve_discord(heartbeat_seconds=HEARTBEAT) as discord:
            await asyncio.to_thread(redirect, discord.api_url, patch.setattr)
            hurry(haste, patch.setattr)
            async with open_app(config, parts=Parts(pace=pace, check=check)) as app:
                running = asyncio.create_task(app.run(SecretStr(discord.token)))
                try:
                    await discord.until_connected(within=WITHIN)
                    engine = FakeEngine(app.database, app.blobs)
                    yield LoopbackBot(discord=discord, app=app, engine=engine, check=check)
                finally:
                    running.cancel()
                    await asyncio.gather(running, return_exceptions=True)
