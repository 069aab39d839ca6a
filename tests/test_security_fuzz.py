"""Input that nobody meant: no traceback reaches a person, nothing stops working. Pictures: `test_images_refused.py`."""

import logging
import random
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from simcord import actors
from simcord.backend import serializers

from bot.__main__ import main as bot_main
from bot.config import BotConfig
from nst_engine.cli import _parser as engine_parser
from nst_engine.contract.settings import EngineConfig, load_config
from nst_engine.errors import BadConfig, BadInput
from nst_engine.stylize_request import request_of
from tests import fuzz
from tests.bot_world import World, bot_world, until
from tests.test_bot_inputs import add_style

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLE = (PROJECT / "config.example.toml").read_text(encoding="utf-8")
COMPONENT, MODAL = 3, 5
BUTTON, SELECT, TEXT_INPUT, LABEL = 2, 3, 4, 18
"""As Discord numbers interactions and components."""
SETTINGS, BOT_LINES, ENGINE_LINES, PRESSES, FORMS = 300, 100, 250, 120, 100
SEED = 20261124
FIELDS = ("strength", "size", "library", "styles", "colours", "also", "seed", "preset", "reason", "weights", "hours")
ENGINE_WORDS = (
    *("stylize", "serve", "health", "check-picture", "thumbnail", "bench", "a.jpg", "b.jpg", "-o", "out.png", "--size"),
    *("--preset", "paper", "--strength", "--steps", "--seed", "--mask", "-", "--style-weights", "2,1", "--frames"),
    *(
        "--keep-colours",
        "--timelapse",
        "way.webp",
        "--config",
        "--name",
        "--side",
        "--help",
        "--init",
        "--tv",
        "--start",
    ),
)
BOT_WORDS = (
    "run",
    "doctor",
    "health",
    "stats",
    "db",
    "upgrade",
    "--config",
    "--json",
    "--help",
    "none.toml",
    "config.toml",
)


def test_settings_by_chance_are_used_or_refused_in_words(tmp_path: Path) -> None:
    chance, path, refused = random.Random(SEED), tmp_path / "config.toml", 0
    for _ in range(SETTINGS):
        path.write_text(fuzz.settings(EXAMPLE, chance), encoding="utf-8")
        for model in (BotConfig, EngineConfig):
            try:
                load_config(path, model)
            except BadConfig as error:
                refused += 1
                assert all(problem and "\n" not in problem[:80] for problem in error.problems)
    assert refused > SETTINGS // 2, "most of these are wrong"


def test_command_lines_of_the_bot_by_chance_end_in_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)  # where "config.toml" names a broken file
    (tmp_path / "config.toml").write_text("[limits]\nmax_size_px = 'many'\n")
    chance = random.Random(SEED)
    statuses = {_status(fuzz.command_line(BOT_WORDS, chance)) for _ in range(BOT_LINES)}
    assert statuses <= {0, 1, 2}
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err


def _status(line: list[str]) -> int | str | None:
    try:
        return bot_main(line)
    except SystemExit as ended:
        return ended.code


def test_command_lines_of_the_engine_by_chance_are_understood_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    for _ in range(ENGINE_LINES):
        line = fuzz.command_line(ENGINE_WORDS, chance)
        try:
            chosen = engine_parser().parse_args(["stylize", "a.jpg", "b.jpg", "-o", "c.png", *line] if line else line)
            request_of(chosen)
        except SystemExit as ended:
            assert ended.code in {0, 2}
        except BadInput as error:
            assert str(error)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize("module", ["bot", "nst_engine"])
def test_whole_programs_say_what_is_wrong_in_a_line(module: str, tmp_path: Path) -> None:
    for line in (["run", "--config", "\udcff"], ["serve", "--config", str(tmp_path)], ["nothing"]):
        command = [sys.executable, "-m", module, *line]
        done = subprocess.run(command, capture_output=True, check=False, cwd=PROJECT, timeout=60)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


async def test_presses_by_chance_are_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        real = await _something_to_press(world)
        patterns = list(world.app.client._connection._view_store._dynamic_items)
        ids = fuzz.custom_ids(patterns, real, random.Random(SEED))
        with caplog.at_level(logging.ERROR):
            for custom_id in islice(ids, PRESSES):
                answer = await _press(world, custom_id, random.Random(custom_id))
                fits = any(pattern.fullmatch(custom_id) for pattern in patterns)
                assert answer.acknowledged or not fits, custom_id
                assert "Traceback" not in str(answer.response)
        await _still_works(world)
    faults = {record.name for record in caplog.records if record.levelno >= logging.ERROR}
    assert faults <= {"bot.ui.errors"}, "a button under a message where it never stands: told by the one place for that"


async def test_forms_by_chance_are_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        real = await _something_to_press(world)
        patterns = list(world.app.client.modals._handlers)
        chance = random.Random(SEED)
        ids = fuzz.custom_ids(patterns, real, chance)
        with caplog.at_level(logging.ERROR):
            for custom_id in islice(ids, FORMS):
                answer = await _send_form(world, custom_id, chance)
                assert answer.acknowledged, custom_id
                assert "Traceback" not in str(answer.response)
        await _still_works(world)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def _something_to_press(world: World) -> tuple[str, ...]:
    """The ids of a finished job and of a style."""
    style = await add_style(world, "Wave", "teal")
    await world.stylize()
    job = await world.engine.claim()
    await world.engine.finish(job)
    await until(world.results)
    return (job.id, str(style.id))


async def _press(world: World, custom_id: str, chance: random.Random) -> Any:
    """Of a button or a menu that stands in a message of the bot with this id."""
    kind = BUTTON if "pick" not in custom_id else SELECT
    data: dict[str, Any] = {"custom_id": custom_id, "component_type": kind}
    part: dict[str, Any] = {"type": kind, "custom_id": custom_id}
    if kind == SELECT:
        data["values"] = [chance.choice((*fuzz.NUMBERS, *fuzz.TEXTS))[:100] or "0"]
        part["options"] = [{"label": "one", "value": data["values"][0]}]
    else:
        part |= {"style": 1, "label": "Press"}
    message = world.env.backend.get_message(world.results()[0].channel.id, world.results()[0].id)
    shown = dict(serializers.message_payload(world.env.backend, message)) | {
        "components": [{"type": 1, "components": [part]}]
    }
    return await actors._dispatch_actor_interaction(
        world.ann, COMPONENT, world.threads()[0], data, extra={"message": shown}, source_message_id=message.id
    )


async def _send_form(world: World, custom_id: str, chance: random.Random) -> Any:
    fields = [
        {"type": LABEL, "component": {"type": TEXT_INPUT, "custom_id": name, "value": chance.choice(fuzz.TEXTS)[:4000]}}
        for name in chance.sample(FIELDS, 3)
    ]
    chosen = {"type": SELECT, "custom_id": chance.choice(FIELDS), "values": [chance.choice(fuzz.NUMBERS)]}
    data = {"custom_id": custom_id, "components": [*fields, {"type": LABEL, "component": chosen}]}
    return await actors._dispatch_actor_interaction(world.ann, MODAL, world.channel, data)


async def _still_works(world: World) -> None:
    answer = await world.ann.slash(world.channel, "help")
    assert re.search(r"stylize", str(answer.response.content) + str(answer.response.message.components))
