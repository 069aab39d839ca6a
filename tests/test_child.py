"""The GPU child as its agent sees it: one JSON object per line, whatever its painter does."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from nst_engine.contract.commands import ChildExit, Paint, Stop
from nst_engine.contract.params import StylizeParams

CHECKOUT = Path(__file__).parent.parent


class Child:
    """A child process, line by line."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    def paint(self, act: str, job: str = "a/1") -> None:
        paths = {"content": Path(act), "styles": (Path("style"),), "output": Path("result.png")}
        self.say(Paint(job=job, params=StylizeParams(), **paths).model_dump_json())

    def stop(self, job: str) -> None:
        self.say(Stop(job=job).model_dump_json())

    async def next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            event: dict[str, Any] = json.loads(await self.process.stdout.readline())
            return event

    async def expect(self, *kinds: str) -> None:
        for kind in kinds:
            assert (await self.next())["kind"] == kind

    async def ended(self) -> tuple[int, str, str]:
        """Its exit code, what was left on the wire, and its log."""
        async with asyncio.timeout(20):
            assert self.process.stdout is not None
            assert self.process.stderr is not None
            wire, log = await self.process.stdout.read(), await self.process.stderr.read()
            return await self.process.wait(), wire.decode(), log.decode()

    async def closed(self) -> tuple[int, str, str]:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await self.ended()


@asynccontextmanager
async def child(*options: str, module: str = "tests.run_child") -> AsyncIterator[Child]:
    command = (sys.executable, "-m", module, *options)
    process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_says_ready_with_its_device_before_any_job() -> None:
    async with child() as it:
        assert await it.next() == {"kind": "ready", "device": "scripted"}


async def test_a_stray_print_goes_to_the_log_and_never_to_the_wire() -> None:
    async with child() as it:
        it.paint("prints")
        await it.expect("ready", "started", "stopped")
        code, wire, log = await it.closed()
        assert (code, wire) == (ChildExit.AGENT_GONE, "")
        assert "a stray byte" in log


async def test_it_stops_the_job_that_the_stop_names_and_no_other() -> None:
    async with child() as it:
        it.stop("a/1")
        it.paint("until stopped", job="a/2")
        await it.expect("ready", "started", "progress")
        it.stop("a/1")
        it.stop("a/2")
        await it.expect("stopped")
        it.paint("until stopped", job="b/1")
        await it.expect("started", "progress")
        it.stop("b/1")
        await it.expect("stopped")


async def test_the_end_of_its_input_ends_it_at_once_in_the_middle_of_a_job() -> None:
    async with child() as it:
        it.paint("until stopped")
        await it.expect("ready", "started", "progress")
        code, wire, _ = await it.closed()
        assert (code, wire) == (ChildExit.AGENT_GONE, "")


async def test_signals_meant_for_its_agent_do_not_end_it() -> None:
    async with child() as it:
        await it.expect("ready")
        it.process.send_signal(signal.SIGINT)
        it.process.send_signal(signal.SIGTERM)
        it.paint("nothing at all")
        await it.expect("started", "stopped")


@pytest.mark.parametrize(
    ("act", "reason", "words"),
    [
        ("bad picture", "bad_picture", "The content picture is empty."),
        ("not finite", "not_finite", "at step 7"),
        ("out of memory", "out_of_memory", "2048 pixels; a smaller size needs less"),
        ("no memory", "out_of_memory", "a smaller size needs less"),
        ("bug", "engine_error", "did not expect (KeyError)"),
        ("nothing", "engine_error", "ended without a picture"),
    ],
)
async def test_an_error_is_one_failed_event_with_a_sentence_and_the_next_job_is_painted(
    act: str, reason: str, words: str
) -> None:
    async with child() as it:
        it.paint(act, job="the job/1")
        it.paint("nothing at all")
        await it.expect("ready", "started")
        failed = await it.next()
        assert (failed["kind"], failed["reason"]) == ("failed", reason)
        assert words in failed["detail"]
        await it.expect("started", "stopped")
        _, _, log = await it.closed()
        assert "job=the job/1" in log
        assert ("Traceback" in log) == (act in {"bug", "no memory"})
        assert "tidied" in log


async def test_a_broken_device_ends_it_without_a_word_so_that_the_job_is_tried_in_a_fresh_one() -> None:
    async with child() as it:
        it.paint("broken device")
        await it.expect("ready", "started")
        code, wire, log = await it.ended()
        assert (code, wire) == (ChildExit.DEVICE_BROKEN, "")
        assert "illegal memory access" in log


@pytest.mark.parametrize(
    ("weights", "words"), [("bad", "vgg.pth: there is no such weights file"), ("bug", "did not expect (KeyError)")]
)
async def test_a_child_that_cannot_load_its_network_says_why_and_exits_with_its_own_code(
    weights: str, words: str
) -> None:
    async with child("--weights", weights) as it:
        failed = await it.next()
        assert failed["kind"] == "failed"
        assert words in failed["detail"]
        assert (await it.ended())[0] == ChildExit.CANNOT_START


async def test_a_command_that_it_does_not_know_ends_it() -> None:
    async with child() as it:
        it.say('{"kind": "paint", "job": "a/1", "a new field": 1}')
        code, _, log = await it.ended()
        assert code == ChildExit.BAD_COMMAND
        assert "a new field" in log


async def test_the_real_child_names_the_weights_that_are_not_there(tmp_path: Path) -> None:
    """The one test here that imports torch."""
    missing = str(tmp_path / "none.pth")
    async with child("--device", "cpu", "--weights", missing, module="nst_engine.child") as it:
        failed = await it.next()
        assert missing in failed["detail"]
        assert (await it.ended())[0] == ChildExit.CANNOT_START
