"""`python -m nst_engine health`: whether an engine of this machine is alive, for container health checks and monitors.

Changes nothing. An engine says every few seconds that it is alive, for as long as it has a process that can paint.
"""

import asyncio
import socket

from nst_engine.contract.settings import EngineConfig
from nst_engine.queue.as_it_is import open_as_it_is
from nst_engine.queue.jobs import EngineInfo
from nst_engine.queue.standing import engines_alive
from nst_engine.shell import answer

EXIT_ALIVE = 0
EXIT_SILENT = 1


def run_health(config: EngineConfig) -> int:
    """Say in one line whether an engine of this machine is alive; the exit status. Raises QueueUnavailable."""
    alive = engines_here(config.database.url)
    if not alive:
        answer(f"no engine on {socket.gethostname()} is alive: it is starting, or its log says why")
        return EXIT_SILENT
    answer(f"alive on {socket.gethostname()}: {', '.join(engine.device for engine in alive)}")
    return EXIT_ALIVE


def engines_here(url: str) -> list[EngineInfo]:
    """The living engines of this machine, by its name; in a container that is the container's own. Raises
    QueueUnavailable."""

    async def ask() -> list[EngineInfo]:
        async with open_as_it_is(url) as database:
            return await database.read(engines_alive)

    return [engine for engine in asyncio.run(ask()) if engine.host == socket.gethostname()]
