"""The bot on a real connection: it logs in, stays, and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
from pydantic import SecretStr

import bot.app
from bot.app import App, BadToken, Parts, open_app
from bot.config import BotConfig
from nst_engine.contract.settings import parse_config
from tests.bot_world import QUICK, FakeCheck, until
from tests.fake_engine import FakeEngine, picture
from tests.loopback_discord import LoopbackDiscord, Upload, serve_discord
from tests.run_bot_on_loopback import redirect

WITHIN = 20.0


@pytest.fixture
async def stand_in(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    async with serve_discord() as server:
        await asyncio.to_thread(redirect, server.api_url, monkeypatch.setattr)
        yield server


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[App]:
    config = parse_config({"engine": {"spawn": False}}, BotConfig, folder=folder)
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
