"""Connects the parts and owns everything that is opened and every task that runs beside the Discord client."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import aiohttp
import discord
from pydantic import SecretStr

from bot.challenges.conductor import Conductor
from bot.challenges.desk import challenge_desk
from bot.config import MIB, BotConfig
from bot.jobs.download import CdnDownload, Download
from bot.jobs.engine_process import EngineProcess, engine_command
from bot.jobs.follower import Follower
from bot.jobs.gallery import ChildGallery, Gallery
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.only_one import only_bot
from bot.jobs.pace import Clock, Pace, SystemClock
from bot.jobs.picture_check import ChildPictureCheck, PictureCheck
from bot.jobs.seeding import Seeding
from bot.jobs.steward import Desk
from bot.jobs.thumbnails import ChildThumbnails, Thumbnails
from bot.jobs.trial_keeper import TrialDesk, TrialKeeper
from bot.jobs.turns import Turns
from bot.jobs.under_way import UnderWay
from bot.settings.in_force import Settings
from bot.settings.of_members import MembersSettings
from bot.store.blocked import BlockList
from bot.store.found_pictures import FoundPictures
from bot.store.members import MemberStore
from bot.store.notes import Notes
from bot.store.presets import PresetStore
from bot.store.proposals import Proposals
from bot.store.servers import ServerStore
from bot.store.styles import StyleLibrary
from bot.store.trials import TrialStore
from bot.ui.board import DiscordBoard
from bot.ui.challenges.herald import DiscordHerald
from bot.ui.client import Services, StylizeClient
from bot.ui.config_try_room import DiscordShowroom
from bot.ui.courier import DiscordCourier
from bot.ui.left_over import explain_left_over
from bot.ui.log_channel import ModerationLog
from bot.ui.reading import PictureReader
from bot.ui.status import Figures
from bot.ui.welcome import Welcome
from nst_engine.queue.blobs import BlobStore, DirectoryBlobs
from nst_engine.queue.bus import open_bus
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.intake import Intake
from nst_engine.queue.leases import Leases
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class BadToken(Exception):
    """Discord does not know the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a test or a demo may bring instead of the real thing."""

    pace: Pace = field(default_factory=Pace)
    clock: Clock = field(default_factory=SystemClock)
    check: PictureCheck = field(default_factory=ChildPictureCheck)
    download: Download = field(default_factory=CdnDownload)
    thumbnails: Thumbnails = field(default_factory=ChildThumbnails)
    gallery: Gallery = field(default_factory=ChildGallery)
    seconds_for_another_bot_to_end: float = 30.0
    """When one is updated, the old bot may still be ending while the new one starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running bot. Its background work waits until the client can speak to Discord."""

    client: StylizeClient
    config: BotConfig
    database: Database
    store: JobStore
    blobs: BlobStore
    pace: Pace

    async def run(self, token: SecretStr) -> None:
        """Stay connected until cancelled, whatever Discord and the network do. Raises BadToken."""
        while True:
            await self._log_in(token)
            await self._stay_connected()
            await self.client.reopen()

    async def _log_in(self, token: SecretStr) -> None:
        for wait in chain(self.pace.logins, repeat(self.pace.logins[-1])):
            if await self._is_let_in(token):
                break
            log.warning("logging in again in_s=%s", wait)
            await self.client.reopen()
            await asyncio.sleep(wait)

    async def _is_let_in(self, token: SecretStr) -> bool:
        try:
            await self.client.login(token.get_secret_value())
        except discord.LoginFailure as error:
            raise BadToken(str(error)) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("could not log in to Discord why=%r", error)
            return False
        return True

    async def _stay_connected(self) -> None:
        """Until the client was closed by a gateway that does not want it back."""
        while not self.client.is_closed():
            try:
                await self.client.connect(reconnect=True)
            except Exception:
                log.exception("the gateway broke again_in_s=%s", self.pace.logins[0])
            await asyncio.sleep(self.pace.logins[0])


@asynccontextmanager
async def open_app(
    config: BotConfig, *, config_path: Path | None = None, parts: Parts | None = None
) -> AsyncIterator[App]:
    """The only bot on its database, which is open, and background work running; not connected to Discord yet.

    `config_path` is handed to the engine where the bot has to start one. Raises QueueUnavailable and BadConfig.
    """
    parts = parts or Parts()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(only_bot(config.database.url, within=parts.seconds_for_another_bot_to_end))
        database = await stack.enter_async_context(open_database(config.database.url))
        bus = await stack.enter_async_context(open_bus(config.database.url))
        client = await stack.enter_async_context(StylizeClient(config.discord))
        blobs = DirectoryBlobs(config.blobs.directory)
        await blobs.prepare()
        store, intake = JobStore(database), Intake(database)
        client.serve(_services(client, database, store, intake, blobs, parts, config))
        desk = _desk(client, database, store, blobs, parts)
        work: dict[str, Work] = {
            "follower": _once_logged_in(client, Follower(desk, bus).run),
            "moderation log": _once_logged_in(client, client.services.moderation_log.run),
            "welcome": _once_logged_in(client, client.services.welcome.run),
            "challenges": _once_logged_in(client, _conductor(client, parts).run),
            "left over": _once_logged_in(client, await _left_over(client, intake, parts.pace)),
            "tries": _once_logged_in(client, _trial_keeper(client, desk).run),
            "heartbeat": Heartbeat(client.services.notes, partial(_is_online, client), parts.clock, parts.pace).run,
            "sweep": partial(_sweep, Leases(database, lease_seconds=config.engine.lease_seconds), desk),
        }
        if config.library.paintings:
            work["paintings"] = _once_logged_in(client, _seeding(client.services, parts).run)
        if config.engine.spawn and config_path is not None:
            work["engine"] = EngineProcess(engine_command(config_path)).run
        await stack.enter_async_context(running(work, parts.pace))
        yield App(client=client, config=config, database=database, store=store, blobs=blobs, pace=parts.pace)


def _desk(client: StylizeClient, database: Database, store: JobStore, blobs: BlobStore, parts: Parts) -> Desk:
    return Desk(
        store=store,
        outbox=Outbox(database),
        board=DiscordBoard(client),
        courier=DiscordCourier(client, blobs),
        clock=parts.clock,
        pace=parts.pace,
        turns=Turns(parts.clock, parts.pace),
        on_delivered=client.services.moderation_log.painted,
    )


def _services(
    client: StylizeClient,
    database: Database,
    store: JobStore,
    intake: Intake,
    blobs: BlobStore,
    parts: Parts,
    config: BotConfig,
) -> Services:
    limits = config.limits
    notes, servers = Notes(database), ServerStore(database)
    settings = Settings(servers, limits)
    return Services(
        store=store,
        blobs=blobs,
        notes=notes,
        intake=intake,
        reader=PictureReader(blobs, parts.check, parts.download, limit_bytes=limits.max_upload_mib * MIB),
        thumbnails=parts.thumbnails,
        library=StyleLibrary(database),
        found=FoundPictures(database),
        settings=settings,
        members=MembersSettings(settings, MemberStore(database)),
        proposals=Proposals(database),
        presets=PresetStore(database),
        trials=TrialDesk(TrialStore(database)),
        blocked=BlockList(database),
        moderation_log=ModerationLog(client, settings, parts.pace),
        welcome=Welcome(client, servers, notes, parts.pace, parts.clock),
        under_way=UnderWay(),
        challenges=challenge_desk(database),
        clock=parts.clock,
        figures=Figures(database=database, database_url=config.database.url, blobs=config.blobs.directory),
        limits=limits,
    )


def _conductor(client: StylizeClient, parts: Parts) -> Conductor:
    return Conductor(client.services.challenges, DiscordHerald(client), parts.clock, parts.pace)


def _trial_keeper(client: StylizeClient, desk: Desk) -> TrialKeeper:
    services = client.services
    showroom = DiscordShowroom(client, services.blobs, services.settings, desk.clock)
    return TrialKeeper(services.trials, desk.store, desk.outbox, showroom, desk.clock, desk.pace)


def _seeding(services: Services, parts: Parts) -> Seeding:
    return Seeding(
        gallery=parts.gallery,
        library=services.library,
        blobs=services.blobs,
        check=parts.check,
        thumbnails=parts.thumbnails,
    )


async def _left_over(client: StylizeClient, intake: Intake, pace: Pace) -> Work:
    """Looked up before the client logs in: what begins from now on is this process's own."""
    return partial(explain_left_over, client, intake, await intake.left_over(), pace)


@asynccontextmanager
async def running(work: Mapping[str, Work], pace: Pace) -> AsyncIterator[None]:
    """Run all of `work` beside the body, and end it with the body."""
    tasks = [asyncio.create_task(_kept_running(name, start, pace), name=name) for name, start in work.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_running(name: str, start: Work, pace: Pace) -> None:
    """A part that meets an error nobody expected starts anew; it never dies in silence."""
    while True:
        try:
            return await start()
        except Exception:
            log.exception("background work broke name=%s again_in_s=%s", name, pace.after_a_fault)
        await asyncio.sleep(pace.after_a_fault)


def _once_logged_in(client: StylizeClient, start: Work) -> Work:
    """Work that speaks to Discord; its requests need no gateway."""

    async def wait_and_start() -> None:
        await client.logged_in.wait()
        await start()

    return wait_and_start


def _is_online(client: StylizeClient) -> bool:
    """Whether the gateway's connection stands; a client that has logged in once stays ready without it."""
    return client.is_ready() and not client.is_closed() and client.ws.open


async def _sweep(leases: Leases, desk: Desk) -> None:
    """Put back the jobs of engines that vanished."""
    while True:
        for job in await desk.outage.once(leases.release_expired) or ():
            log.warning("engine lost job=%s state=%s attempts=%s", job.id, job.state, job.attempts)
        await asyncio.sleep(desk.pace.between_sweeps)
