"""The real process tree (bot, engine agent, GPU child) on the stand-in for Discord, for tests that kill parts of it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process as Subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from nst_engine.contract.events import Summary
from nst_engine.contract.jobs import JobState
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.bus import Bus, open_bus
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.jobs import Job
from nst_engine.queue.leases import Leases
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.loopback_discord import Interaction, LoopbackDiscord, Message, serve_discord
from tests.loopback_discord.values import Flag
from tests.loopback_discord.world import Happening
from tests.process_tree import MARK, Process, marked_processes, until_ended

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = """
[database]
url = "sqlite:///stylize.db"

[blobs]
directory = "blobs"

[library]
paintings = false

[engine]
spawn = {spawn}
device = "cpu"
threads = 1
lease_seconds = 2
report_every_seconds = 0.2
"""
DONE_BY_HAND = Summary(
    width=64,
    height=64,
    steps=1,
    seconds=1.0,
    peak_memory_bytes=1,
    content_loss=1.0,
    style_loss=1.0,
    device="by hand",
)
SECONDS_TO_START = 60.0
SECONDS_TO_PAINT = 90.0
SECONDS_TO_STOP = 30.0


class BotTree:
    """Starts `python -m bot run`, finds its parts, and waits for what happens to a job."""

    def __init__(self, discord: LoopbackDiscord, folder: Path, database: Database, bus: Bus, *, spawn: bool) -> None:
        self.discord = discord
        self.log = folder / "bot.log"
        self._folder = folder
        self._jobs = JobStore(database)
        self._outbox = Outbox(database)
        self._leases = Leases(database, lease_seconds=SECONDS_TO_PAINT)
        self._blobs = DirectoryBlobs(folder / "blobs")
        self._bus = bus
        self._config = folder / "config.toml"
        self._config.write_text(CONFIG.format(spawn="true" if spawn else "false"))
        self._mark = uuid4().hex
        self._bot: Subprocess | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self._bot is not None and self._bot.returncode is None

    def processes(self) -> list[Process]:
        return marked_processes(self._mark)

    def bot(self) -> Process:
        return self._the_one("tests.run_bot_on_loopback")

    def agent(self) -> Process:
        return self._the_one("nst_engine", "serve")

    def gpu_child(self) -> Process:
        return self._the_one("nst_engine.child")

    async def start(self) -> None:
        """Start the bot and wait until it is connected and has its commands registered."""
        identified = self.discord.gateway.identified
        environment = {
            **os.environ,
            MARK: self._mark,
            "DISCORD_TOKEN": self.discord.token,
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self._folder),
        }
        launch = (sys.executable, "-m", "tests.run_bot_on_loopback", self.discord.api_url)
        with self.log.open("ab") as log:
            self._bot = await asyncio.create_subprocess_exec(
                *(*launch, "run", "--config", str(self._config)),
                cwd=PROJECT,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._watch = asyncio.create_task(self._notice_its_end(self._bot))
        await self._connected(self._bot, identified)

    async def ended(self, *, within: float = SECONDS_TO_STOP) -> int:
        """Wait for the end of the bot; its exit code, negative for a signal."""
        assert self._bot is not None
        try:
            async with asyncio.timeout(within):
                return await self._bot.wait()
        except TimeoutError as error:
            raise AssertionError(f"the bot has not ended after {within} s") from error

    async def stop(self) -> int:
        """Ask the bot to end, as a service manager does, and wait for its exit code."""
        assert self._bot is not None
        self._bot.send_signal(signal.SIGTERM)
        return await self.ended()

    async def all_gone(self) -> None:
        """Wait until no process of the tree is left."""
        for process in self.processes():
            await until_ended(process, within=SECONDS_TO_STOP)

    async def kill_what_is_left(self) -> None:
        for process in self.processes():
            process.kill()
        await self.all_gone()
        if self._watch is not None:
            await self._watch

    async def job(self, interaction: Interaction) -> Job | None:
        return await self._jobs.get(str(interaction.id))

    async def in_the_middle(self, interaction: Interaction) -> None:
        """Wait until the engine has reported at least one step of the job."""

        async def has_steps(job: Job) -> bool:
            progress = await self._jobs.progress(job.id)
            return job.state is JobState.RUNNING and progress is not None and progress.step >= 1

        await self._job_until(interaction, has_steps, "its first steps are reported")

    async def delivered(self, interaction: Interaction) -> Job:
        """Wait until the bot has recorded that its answer is posted."""

        async def is_delivered(job: Job) -> bool:
            return job.delivered_at is not None

        return await self._job_until(interaction, is_delivered, "it is delivered")

    def kill_bot_at(self, claim: Callable[[Happening], bool]) -> None:
        """Kill the bot as soon as it has made Discord do this, before it gets an answer."""

        def look(happening: Happening) -> None:
            if claim(happening):
                self.discord.world.listeners.remove(look)
                self.bot().kill()

        self.discord.world.listeners.append(look)

    async def paint_by_hand(self, interaction: Interaction, picture: bytes) -> None:
        """Do the engine's part where the tree has none: take the job and complete it with this PNG."""

        def has_card() -> bool:
            return any(one.body.components for one in self.messages_since(interaction))

        await self.discord.world.until(has_card, within=SECONDS_TO_START, what="the card")
        job = await self._leases.claim("by hand")
        assert job is not None
        assert job.id == str(interaction.id)
        blob = await self._blobs.put(picture)
        await self._leases.complete(job, result_blob=blob, result_format="PNG", summary=DONE_BY_HAND)

    async def forget_delivery_lease(self, interaction: Interaction) -> None:
        """As if the lease of a delivery that was cut off had run out."""
        await self._outbox.postpone(str(interaction.id), seconds=0.0)

    def finals(self, interaction: Interaction) -> list[Message]:
        """The messages with a finished picture that came after the command."""
        return [one for one in self.messages_since(interaction) if is_final(one)]

    def messages_since(self, interaction: Interaction) -> list[Message]:
        return [one for one in self.discord.world.messages() if one.id > interaction.id]

    def card(self, interaction: Interaction) -> Message:
        """The live card: the one message since the command that is made of components alone."""
        (card,) = [one for one in self.messages_since(interaction) if Flag.COMPONENTS_V2 in one.body.flags]
        return card

    async def final(self, interaction: Interaction) -> Message:
        """Wait for the finished picture."""
        finals = await self.discord.world.until(
            lambda: self.finals(interaction), within=SECONDS_TO_PAINT, what="the finished picture"
        )
        return finals[0]

    async def _connected(self, bot: Subprocess, identified_before: int) -> None:
        discord = self.discord

        def is_decided() -> bool:
            is_connected = discord.gateway.identified > identified_before and bool(discord.world.commands)
            return is_connected or bot.returncode is not None

        await discord.world.until(is_decided, within=SECONDS_TO_START, what="the bot connects")
        if bot.returncode is not None:
            raise AssertionError(f"the bot ended with {bot.returncode}:\n{self.log.read_text()[-4000:]}")

    async def _notice_its_end(self, bot: Subprocess) -> None:
        await bot.wait()
        self.discord.world.changed()

    async def _job_until(self, interaction: Interaction, claim: Callable[[Job], Awaitable[bool]], what: str) -> Job:
        job = None
        try:
            async with asyncio.timeout(SECONDS_TO_PAINT):
                seen = 0
                while True:
                    seen = await self._bus.wait(seen, SECONDS_TO_PAINT)
                    job = await self.job(interaction)
                    if job is not None and await claim(job):
                        return job
        except TimeoutError as error:
            raise AssertionError(f"not within {SECONDS_TO_PAINT} s: {what}; it is {job}") from error

    def _the_one(self, *words: str) -> Process:
        found = [process for process in self.processes() if process.runs(*words)]
        if len(found) != 1:
            raise AssertionError(f"one {' '.join(words)} expected among {self.processes()}")
        return found[0]


def is_final(message: Message) -> bool:
    return any(file.filename.startswith("stylized-") for file in message.files)


@asynccontextmanager
async def bot_tree(folder: Path, *, spawn: bool) -> AsyncIterator[BotTree]:
    """A stand-in, a database in `folder`, and a tree that is not started yet; `spawn` as in the config's `engine`."""
    url = f"sqlite:///{folder}/stylize.db"
    async with (
        serve_discord(heartbeat_seconds=0.5) as discord,
        open_database(url) as database,
        open_bus(url) as bus,
    ):
        tree = BotTree(discord, folder, database, bus, spawn=spawn)
        try:
            yield tree
        finally:
            await tree.kill_what_is_left()
