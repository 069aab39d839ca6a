"""The engine of this machine as a child process: started, watched, started again, and let go at the end."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.config import without_token

log = logging.getLogger(__name__)

SECONDS_TO_STOP = 20.0
SECONDS_OF_HEALTH = 60.0
"""An engine that ran for so long was well; its next start does not wait."""
WAITS = (1.0, 2.0, 5.0, 15.0, 30.0)


def engine_command(config_path: Path) -> tuple[str, ...]:
    """How the engine is started. `--supervised` makes it stop when its standard input ends, so it never outlives us."""
    return (sys.executable, "-m", "nst_engine", "serve", "--config", str(config_path), "--supervised")


class EngineProcess:
    """Keeps one engine running. Its logs go where ours go."""

    def __init__(self, command: Sequence[str], *, waits: Sequence[float] = WAITS) -> None:
        self._command = tuple(command)
        self._waits = tuple(waits)

    async def run(self) -> None:
        """Until cancelled; then the engine is asked to stop, and killed if it does not."""
        failures = 0
        while True:
            started = asyncio.get_running_loop().time()
            await self._run_once()
            healthy = asyncio.get_running_loop().time() - started > SECONDS_OF_HEALTH
            failures = 0 if healthy else failures + 1
            wait = self._waits[min(failures, len(self._waits) - 1)]
            log.warning("engine starts again in_s=%s failures=%s", wait, failures)
            await asyncio.sleep(wait)

    async def _run_once(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                env=without_token(os.environ),
            )
        except OSError as error:
            log.error("engine does not start why=%s", error)  # noqa: TRY400  # the sentence says it all
            return
        log.info("engine started pid=%s", process.pid)
        try:
            status = await process.wait()
            log.warning("engine ended pid=%s status=%s", process.pid, status)
        finally:
            await _let_go(process)


async def _let_go(process: asyncio.subprocess.Process) -> None:
    """End its standard input, wait, and kill it where that was not enough."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is not None:
        return
    try:
        async with asyncio.timeout(SECONDS_TO_STOP):
            await process.wait()
    except TimeoutError:
        log.warning("engine does not stop, killed pid=%s", process.pid)
        process.kill()
        await process.wait()
