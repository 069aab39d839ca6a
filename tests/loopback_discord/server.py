"""Puts the stand-in on a loopback port, and fails the test that met a request nobody prepared."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import unused_port

from tests.loopback_discord.account import Account
from tests.loopback_discord.answers import answer
from tests.loopback_discord.channels import Channels
from tests.loopback_discord.form import Desk
from tests.loopback_discord.gateway import Gateway
from tests.loopback_discord.refusals import Refused
from tests.loopback_discord.replies import Replies
from tests.loopback_discord.traffic import Cut, Traffic
from tests.loopback_discord.values import Message
from tests.loopback_discord.wire import UPLOAD_LIMIT_BYTES, Wire
from tests.loopback_discord.world import World

API = "/api/v10"
LOOPBACK = "127.0.0.1"
TOKEN = "loopback.token.of-no-worth"  # noqa: S105 - opens nothing but this stand-in
_PUBLIC = (f"{API}/interactions/", f"{API}/webhooks/", "/cdn/", "/ws", f"{API}/gateway")
"""Paths that need no bot token: theirs is in the path, or the gateway asks for it."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)


class LoopbackDiscord:
    """One running stand-in. `problems`: requests that nobody prepared; `refusals`: every no that Discord would say."""

    def __init__(self, *, port: int, heartbeat_seconds: float) -> None:
        self.world = World()
        self.token = TOKEN
        self.base_url = f"http://{LOOPBACK}:{port}"
        self.api_url = self.base_url + API
        self.traffic = Traffic(API)
        self.refusals: list[str] = []
        self._unprepared: list[str] = []
        gateway_url = f"ws://{LOOPBACK}:{port}/ws"
        wire = Wire(self.world, self.base_url)
        desk = Desk(self.world, wire)
        self.gateway = Gateway(self.world, wire, token=TOKEN, url=gateway_url, heartbeat_seconds=heartbeat_seconds)
        self._account = Account(self.world, wire, gateway_url=gateway_url)
        self._channels = Channels(self.world, wire, desk)
        self._replies = Replies(self.world, wire, desk)

    @property
    def problems(self) -> list[str]:
        return [*self._unprepared, *self.gateway.problems]

    def lose_answer_to(self, claim: Callable[[Message], bool]) -> None:
        """The next new message for which `claim` holds is created, but the connection breaks before the answer."""
        self._channels.answers_to_lose.append(claim)

    async def until_connected(self, *, within: float) -> None:
        """Wait until a bot is on the gateway and has registered commands."""
        await self.world.until(
            lambda: self.gateway.is_connected and self.world.commands, within=within, what="a bot connects"
        )

    async def until_heartbeats(self, number: int, *, within: float) -> None:
        """Wait for so many more heartbeats: time has passed for the bot, and its event loop is alive."""
        goal = self.gateway.heartbeats + number
        await self.world.until(lambda: self.gateway.heartbeats >= goal, within=within, what=f"{number} heartbeats")

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._border, self._guard], client_max_size=4 * UPLOAD_LIMIT_BYTES)
        api = [*self._account.routes(), *self._channels.routes(), *self._replies.routes()]
        app.add_routes([web.RouteDef(one.method, API + one.path, one.handler, one.kwargs) for one in api])
        app.add_routes([web.get("/ws", self.gateway.serve), web.get("/cdn/{file}/{name}", self._account.send_file)])
        return app

    @web.middleware
    async def _border(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The gateway is no REST call."""
        if request.path.startswith(("/ws", f"{API}/gateway")):
            return await handler(request)
        return await self.traffic.carry(request, handler)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the token, and write down every no and every request that nobody prepared."""
        what = f"{request.method} {request.path}"
        try:
            _check_token(request)
            return await handler(request)
        except Cut:
            raise
        except Refused as no:
            self.refusals.append(f"{what}: {no}")
            return answer(no.as_json(), status=no.status)
        except web.HTTPException as error:
            self._unprepared.append(f"{what}: {error.status}, nobody prepared this request")
            return answer({"code": 0, "message": f"{error.status}: unprepared"}, status=404)
        except Exception as error:  # noqa: BLE001 - our own fault must fail the test, not hang the bot
            _log.exception("the stand-in failed on %s", what)
            self._unprepared.append(f"{what}: the stand-in failed: {error!r}")
            return answer({"code": 0, "message": "the stand-in failed"}, status=501)


def _check_token(request: web.Request) -> None:
    if not request.path.startswith(_PUBLIC) and request.headers.get("Authorization") != f"Bot {TOKEN}":
        raise Refused(401, 0, "401: Unauthorized")


@asynccontextmanager
async def serve_discord(*, heartbeat_seconds: float = 41.25) -> AsyncIterator[LoopbackDiscord]:
    """Serve on a free port. Leaving raises AssertionError if there were requests that nobody prepared."""
    port = unused_port()
    discord = LoopbackDiscord(port=port, heartbeat_seconds=heartbeat_seconds)
    runner = web.AppRunner(discord.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield discord
        await discord.gateway.drop_connections()
    except BaseException as error:
        error.add_note("\n".join(["The stand-in for Discord:", *discord.problems, *discord.refusals]))
        raise
    finally:
        await runner.cleanup()
    if discord.problems:
        raise AssertionError("\n".join(discord.problems))
