"""`python -m nst_engine serve`: opens what the agent needs, runs it, and speaks signals and exit codes."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO

from nst_engine.agent.loop import Agent
from nst_engine.agent.stores import Stores
from nst_engine.contract.settings import EngineConfig, EngineSettings
from nst_engine.errors import BadInput, QueueUnavailable, UnknownSchema
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.bus import open_bus
from nst_engine.queue.database import open_database
from nst_engine.queue.leases import Leases

log = logging.getLogger(__name__)

EXIT_DONE = 0
EXIT_TRY_LATER = 1
EXIT_BAD_INPUT = 2


def run_serve(config: EngineConfig, *, supervised: bool, child_command: Sequence[str] | None = None) -> int:
    """Run an engine until it is told to end; returns the exit code.

    SIGTERM and SIGINT drain it, a second one ends it at once. With `supervised` the end of stdin means that whoever
    started it is gone, and drains it, too. `child_command` replaces the GPU child.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # says at every start that it has nothing to do
    try:
        asyncio.run(_serve(config, child_command or command_of(config.engine), supervised=supervised))
    except (BadInput, UnknownSchema) as error:
        log.error("the engine cannot start: %s", error)  # noqa: TRY400 - one clear line
        return EXIT_BAD_INPUT
    except QueueUnavailable as error:
        log.error("the engine cannot start now: %s", error)  # noqa: TRY400 - one clear line
        return EXIT_TRY_LATER
    return EXIT_DONE


def command_of(settings: EngineSettings) -> tuple[str, ...]:
    """The command line of the GPU child."""
    return (
        *(sys.executable, "-m", "nst_engine.child"),
        *("--device", settings.device),
        *("--weights", settings.weights),
        *("--threads", str(settings.threads)),
        *("--report-every-seconds", str(settings.report_every_seconds)),
    )


async def _serve(config: EngineConfig, child_command: Sequence[str], *, supervised: bool) -> None:
    url = config.database.url
    blobs = DirectoryBlobs(config.blobs.directory)
    await blobs.prepare()
    async with open_database(url) as database, open_bus(url) as bus:
        stores = Stores(
            leases=Leases(database, lease_seconds=config.engine.lease_seconds),
            blobs=blobs,
        )
        agent = Agent(stores, bus, config.engine, child_command)
        _drain_on_signals(agent.drain)
        if supervised:
            _drain_on_end_of(sys.stdin.buffer, agent.drain)
        await agent.run()


def _drain_on_signals(drain: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def at_once(number: signal.Signals) -> None:
        log.warning("%s again, ending at once", number.name)
        os._exit(128 + number)  # the GPU child ends with our end of its pipe

    def first(number: signal.Signals) -> None:
        log.info("%s", number.name)
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, at_once, each)
        drain()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, first, each)


def _drain_on_end_of(stream: BinaryIO, drain: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def watch() -> None:
        while os.read(stream.fileno(), 4096):
            pass
        log.info("whoever started this engine is gone")
        loop.call_soon_threadsafe(drain)

    threading.Thread(target=watch, name="supervisor", daemon=True).start()
