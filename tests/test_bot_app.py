"""The bot on a real connection: it logs in, stays, and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from pydantic import SecretStr

import bot.app
from bot.app import App, BadToken, Parts, open_app
from bot.config import BotConfig
from nst_engine.contract.settings import parse_config
from nst_engine.errors import QueueUnavailable
from tests.bot_world import QUICK, FakeCheck, until
from tests.fake_engine import FakeEngine, picture
from tests.loopback_discord import LoopbackDiscord, Upload

WITHIN = 20.0


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[App]:
    config = parse_config({"engine": {"spawn": False}, "library": {"paintings": False}}, BotConfig, folder=folder)
    async with open_app(config, parts=Parts(pace=QUICK, check=FakeCheck())) as app:
        yield app


@asynccontextmanager
async def running(app: App, token: str) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(app.run(SecretStr(token)))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_picture_travels_over_a_real_connection(stand_in: LoopbackDiscord, tmp_path: Path) -> None:
    async with opened(tmp_path) as app, running(app, stand_in.token):
        await stand_in.until_connected(within=WITHIN)
        world = stand_in.world
        files = {
            "content": Upload(filename="cat.png", data=picture()),
            "style": Upload(filename="b.png", data=picture()),
        }
        await world.until(lambda: "stylize" in world.commands, within=WITHIN, what="the command")
        world.invoke_slash("stylize", files)
        await world.until(lambda: world.threads, within=WITHIN, what="a thread")
        engine = FakeEngine(app.database, app.blobs)
        job = await engine.claim()
        await engine.report(job, 5, preview=picture("red", kind="JPEG"))
        await engine.finish(job)

        def finals() -> list[Any]:
            return [m for m in world.messages() if any(f.filename.startswith("stylized-") for f in m.files)]

        await world.until(finals, within=WITHIN, what="the picture")
        while await app.store.open_jobs():
            pass
        assert len(finals()) == 1


async def test_a_token_that_discord_does_not_know_ends_the_bot(stand_in: LoopbackDiscord, tmp_path: Path) -> None:
    async with opened(tmp_path) as app:
        with pytest.raises(BadToken):
            await app.run(SecretStr("wrong"))


async def test_a_login_that_fails_for_other_reasons_is_tried_again(
    stand_in: LoopbackDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    base = discord.http.Route.BASE
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api/v10")
    async with opened(tmp_path) as app, running(app, stand_in.token) as task:
        await until(lambda: "could not log in to Discord" in caplog.text)
        assert not task.done()
        monkeypatch.setattr(discord.http.Route, "BASE", base)
        await stand_in.until_connected(within=WITHIN)


async def test_a_gateway_that_breaks_is_connected_again(stand_in: LoopbackDiscord, tmp_path: Path) -> None:
    async with opened(tmp_path) as app:
        original = app.client.connect
        broken: list[str] = []

        async def connect(*, reconnect: bool = True) -> None:
            if not broken:
                broken.append("once")
                raise KeyError("a field that a gateway parser did not expect")
            await original(reconnect=reconnect)

        app.client.connect = connect  # type: ignore[method-assign]  # the library's fault, played
        async with running(app, stand_in.token):
            await stand_in.until_connected(within=WITHIN)
    assert broken == ["once"]


async def test_a_client_closed_by_the_gateway_logs_in_anew(stand_in: LoopbackDiscord, tmp_path: Path) -> None:
    async with opened(tmp_path) as app, running(app, stand_in.token) as task:
        await stand_in.until_connected(within=WITHIN)
        await app.client.close()
        await stand_in.world.until(lambda: stand_in.gateway.identified == 2, within=WITHIN, what="a second login")
        assert not task.done()


async def test_background_work_that_breaks_starts_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    starts: list[int] = []
    again = asyncio.Event()

    async def work() -> None:
        starts.append(1)
        if len(starts) == 2:
            again.set()
            await asyncio.Event().wait()
        raise ZeroDivisionError("a bug")

    async with bot.app.running({"sums": work}, QUICK):
        await asyncio.wait_for(again.wait(), WITHIN)
    assert "background work broke name=sums" in caplog.text


async def test_where_commands_cannot_be_registered_everything_else_goes_on(
    stand_in: LoopbackDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """`discord.sync_guild` names a server that the bot is not in."""
    document = {"engine": {"spawn": False}, "discord": {"sync_guild": 5}, "library": {"paintings": False}}
    config = parse_config(document, BotConfig, folder=tmp_path)
    async with open_app(config, parts=Parts(pace=QUICK, check=FakeCheck())) as app:

        async def refuse(*_: object, **__: object) -> None:
            answer = cast(aiohttp.ClientResponse, SimpleNamespace(status=403, reason="Forbidden"))
            raise discord.Forbidden(answer, {"code": 50001, "message": "Missing Access"})

        app.client.http.bulk_upsert_guild_commands = refuse  # type: ignore[method-assign, assignment]  # Discord's part
        async with running(app, stand_in.token) as task:
            await until(lambda: stand_in.gateway.is_connected, within=WITHIN)
            assert app.client.logged_in.is_set()
            assert not task.done()
    (line,) = [record.getMessage() for record in caplog.records if "not registered" in record.getMessage()]
    assert line.startswith("commands not registered guild=5 why=")
    assert "Missing Access" in line
    assert "set discord.sync_guild to a server that the bot is in, or to 0" in line
    assert "could not log in" not in caplog.text


async def test_an_outage_of_the_queue_is_one_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with opened(tmp_path) as app:
        looks: list[int] = []

        async def away(_transaction: object) -> None:
            looks.append(1)
            raise QueueUnavailable("the database does not answer: disk I/O error")

        app.database.write = away  # type: ignore[method-assign, assignment]  # the database's part
        await until(lambda: len(looks) > 3)
    assert caplog.text.count("the queue is away, trying again until it answers: the database does not answer") == 1
    assert "Traceback" not in caplog.text


async def test_background_work_that_is_done_is_not_started_again() -> None:
    starts: list[int] = []

    async def work() -> None:
        starts.append(1)

    async with bot.app.running({"sums": work}, replace(QUICK, after_a_fault=0.0)):
        for _ in range(20):
            await asyncio.sleep(0)
    assert starts == [1]
