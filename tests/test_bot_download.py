"""What Discord hosts is fetched up to a limit, from a server on loopback; nothing is fetched from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.jobs.download import CdnDownload, is_discords
from bot.jobs.errors import DownloadTooLarge, NotAnswered, PictureGone

PICTURE = b"p" * 1000


async def _whole(_request: web.Request) -> web.Response:
    return web.Response(body=PICTURE)


async def _in_pieces(request: web.Request) -> web.StreamResponse:
    """Says nothing of its length."""
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    for _ in range(10):
        await response.write(PICTURE)
    return response


async def _elsewhere(_request: web.Request) -> web.Response:
    raise web.HTTPFound("https://example.invalid/")


async def _gone(_request: web.Request) -> web.Response:
    raise web.HTTPNotFound


class _Busy:
    """Answers only when asked for the second time."""

    def __init__(self) -> None:
        self.asked = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.asked == 1:
            raise web.HTTPServiceUnavailable
        return await _whole(request)


@asynccontextmanager
async def cdn() -> AsyncIterator[tuple[CdnDownload, str]]:
    app = web.Application()
    handlers = {"whole": _whole, "pieces": _in_pieces, "elsewhere": _elsewhere, "gone": _gone, "busy": _Busy().answer}
    app.add_routes([web.get(f"/{name}", handler) for name, handler in handlers.items()])
    async with TestServer(app) as server:
        yield CdnDownload(hosts={"127.0.0.1"}, scheme="http", waits=(0.0,)), f"http://127.0.0.1:{server.port}"


async def test_a_picture_comes_whole() -> None:
    async with cdn() as (download, base):
        assert await download(f"{base}/whole", limit_bytes=1000) == PICTURE
        assert await download(f"{base}/pieces", limit_bytes=10_000) == PICTURE * 10


@pytest.mark.parametrize("name", ["whole", "pieces"])
async def test_reading_stops_at_the_limit(name: str) -> None:
    async with cdn() as (download, base):
        with pytest.raises(DownloadTooLarge):
            await download(f"{base}/{name}", limit_bytes=999)


async def test_what_is_gone_is_told_from_what_cannot_be_had() -> None:
    async with cdn() as (download, base):
        with pytest.raises(PictureGone):
            await download(f"{base}/gone", limit_bytes=1000)
        with pytest.raises(NotAnswered):
            await download("http://127.0.0.1:9/none", limit_bytes=1000)


async def test_a_server_that_is_busy_is_asked_again() -> None:
    async with cdn() as (download, base):
        assert await download(f"{base}/busy", limit_bytes=1000) == PICTURE


async def test_a_redirect_is_not_followed() -> None:
    async with cdn() as (download, base):
        with pytest.raises(NotAnswered, match="302"):
            await download(f"{base}/elsewhere", limit_bytes=1000)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/cat.png",
        "http://cdn.discordapp.com/cat.png",
        "https://cdn.discordapp.com.example.com/cat.png",
        "https://cdn.discordapp.com@example.com/cat.png",
        "file:///etc/passwd",
        "http://127.0.0.1/cat.png",
        "",
    ],
)
async def test_nothing_is_fetched_from_anybody_but_discord(url: str) -> None:
    assert not is_discords(url)
    with pytest.raises(NotAnswered, match="hosts"):
        await CdnDownload()(url, limit_bytes=1000)


def test_the_hosts_of_discord_are_known() -> None:
    assert is_discords("https://cdn.discordapp.com/avatars/1/a.png?size=1024")
    assert is_discords("https://media.discordapp.net/stickers/1.gif")
    assert is_discords("https://images-ext-1.discordapp.net/external/a/https/example.com/cat.png")
