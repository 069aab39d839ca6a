"""One GPU child as a process, and its keeper, without a queue."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nst_engine.agent.bell import Bell
from nst_engine.agent.child_keeper import ChildKeeper
from nst_engine.agent.child_link import ChildLink, ChildLost
from nst_engine.contract.events import Ready
from tests.fake_child import fake_child, lives


@asynccontextmanager
async def kept(
    command: Sequence[str], *, seconds_to_get_ready: float = 20.0
) -> AsyncIterator[tuple[ChildKeeper, Bell]]:
    bell = Bell()
    keeper = ChildKeeper(command, bell.ring, seconds_to_get_ready=seconds_to_get_ready)
    running = asyncio.create_task(keeper.run())
    try:
        yield keeper, bell
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until_ready(keeper: ChildKeeper, bell: Bell) -> ChildLink:
    async with asyncio.timeout(20):
        while keeper.child is None:
            await bell.wait(bell.rings, 20.0)
    return keeper.child


async def test_a_ring_between_looking_and_waiting_is_not_missed() -> None:
    bell = Bell()
    seen = bell.rings
    bell.ring()
    async with asyncio.timeout(1):
        await bell.wait(seen, 60.0)


async def test_a_closed_child_is_gone_and_says_so_to_every_later_reader(tmp_path: Path) -> None:
    link = await ChildLink.start(fake_child(tmp_path, {}), lambda: None)
    assert await link.next_event(20.0) == Ready(device="fake")
    await link.close()
    for _ in range(2):
        with pytest.raises(ChildLost, match="was not needed any more"):
            await link.next_event(20.0)


async def test_a_child_that_does_not_get_ready_is_killed_and_another_started(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with kept(fake_child(tmp_path, {}, starts=["silence"]), seconds_to_get_ready=0.5) as (keeper, bell):
        link = await until_ready(keeper, bell)
        assert lives(tmp_path)[1:] == [link.pid]
    assert "said nothing for 0.5 s and was killed before it was ready" in caplog.text


async def test_a_program_that_is_not_there_is_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Listener(logging.Handler):
        said = asyncio.Event()

        def emit(self, record: logging.LogRecord) -> None:
            self.said.set()

    listener = Listener()
    logging.getLogger("nst_engine.agent").addHandler(listener)
    try:
        async with kept([str(tmp_path / "python")]), asyncio.timeout(20):
            await listener.said.wait()
    finally:
        logging.getLogger("nst_engine.agent").removeHandler(listener)
    assert "the GPU child cannot be started" in caplog.text


async def test_no_child_is_left_when_its_keeper_ends(tmp_path: Path) -> None:
    async with kept(fake_child(tmp_path, {})) as (keeper, bell):
        link = await until_ready(keeper, bell)
    assert link.gone.is_set()
