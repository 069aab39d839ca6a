"""`python -m tests.measure`: what the bot and the queue take, in milliseconds and megabytes, as a table.

Measured on the real processes: the bot on a stand-in for Discord, with its engine painting on the CPU; and the engine
agent, with a child that paints nothing, for the time from submission to start. A large challenge is measured in the
database, and through its commands and buttons in the simulation. Speed is never a test; see docs/performance.md.
"""

import asyncio
import json
import os
import platform
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from pathlib import Path
from statistics import median

from nst_engine.contract.jobs import JobState
from tests.agent_rig import open_queue
from tests.bot_tree import BotTree, bot_tree
from tests.fake_child import fake_child
from tests.loopback_discord import Interaction
from tests.loopback_discord.values import Person
from tests.measure_challenge_commands import command_rows
from tests.measure_challenges import Row, challenge_rows
from tests.test_kill import picture

WAITING = 20
SAMPLES = 20
SUBMISSIONS = 50
SECONDS = 120.0


async def main() -> None:
    """Measure, then print."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="stylize-measure-") as folder:
        (bot := Path(folder, "bot")).mkdir()
        (agent := Path(folder, "agent")).mkdir()
        rows += await _bot_rows(bot)
        rows += await _agent_rows(agent)
        rows += await challenge_rows(Path(folder))
        rows += await command_rows(Path(folder, "commands"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | median | 95th percentile | worst |\n|---|---|---|---|")
    for name, unit, values in rows:
        if len(values) == 1:
            print(f"| {name} | {values[0]:.0f} {unit} | | |")
        else:
            high = sorted(values)[int(0.95 * (len(values) - 1))]
            print(f"| {name} | {median(values):.0f} {unit} | {high:.0f} {unit} | {max(values):.0f} {unit} |")


async def _bot_rows(folder: Path) -> list[Row]:
    """Commands sent one after another to a bot whose engine is painting and whose queue is long."""
    async with bot_tree(folder, spawn=True) as tree:
        await tree.start()
        await tree.in_the_middle(_stylize(tree, 0, size=256))
        for number in range(1, WAITING + 1):
            await _card(tree, _stylize(tree, number))
        answers, cards = [], []
        for number in range(WAITING + 1, WAITING + 1 + SAMPLES):
            command = _stylize(tree, number)
            shown = await _card(tree, command)
            answered = tree.discord.world.interactions[command.id].answered_at
            assert answered is not None
            answers.append(1000 * (answered - command.created_at))
            cards.append(1000 * (shown - command.created_at))
        memory = _peak_memory_mb(tree.bot().pid)
        await tree.stop()
    busy = f"engine busy, {WAITING} or more jobs waiting"
    return [
        (f"`/stylize` to its first answer, {busy}", "ms", answers),
        (f"`/stylize` to the card in the thread, {busy}", "ms", cards),
        ("memory of the bot's process, at its peak", "MB", [memory]),
    ]


def _stylize(tree: BotTree, number: int, size: int = 64) -> Interaction:
    member = Person(id=tree.discord.world.new_id(), name=f"member-{number}")
    files = {"content": picture("content.png", 2.0 + number), "style": picture("style.png", 1.5)}
    return tree.discord.world.invoke_slash("stylize", {**files, "size": size}, person=member)


async def _card(tree: BotTree, command: Interaction) -> float:
    """When the card of this command was there, on the clock of the stand-in."""
    button = f"job:{command.id}:cancel"

    def shown() -> float | None:
        for message in reversed(tree.messages_since(command)):
            if button in json.dumps(message.body.components):
                return message.created_at
        return None

    found = await tree.discord.world.until(shown, within=SECONDS, what="the card")
    assert found is not None
    return found


def _peak_memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError("this needs Linux: it reads /proc")


async def _agent_rows(folder: Path) -> list[Row]:
    """Submissions to an idle engine in a process of its own, one at a time."""
    command = (sys.executable, "-m", "tests.run_serve", str(folder), json.dumps(fake_child(folder, {})))
    waits = []
    async with open_queue(folder) as queue:
        serving = await asyncio.create_subprocess_exec(*command, stderr=DEVNULL)
        try:
            await queue.until_engine()
            for number in range(SUBMISSIONS):
                await queue.submit(str(number))
                done = await queue.until_state(JobState.DONE, str(number))
                assert done.started_at is not None
                waits.append(1000 * (done.started_at - done.created_at))
        finally:
            serving.terminate()
            await serving.wait()
    return [("submission to start, idle engine, SQLite", "ms", waits)]


if __name__ == "__main__":
    asyncio.run(main())
