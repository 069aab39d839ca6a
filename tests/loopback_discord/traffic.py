"""Every REST call that came in, and the failures that a test has prepared for some of them. Knows no route."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from aiohttp import web

from tests.loopback_discord.limits import RateLimits

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(StrEnum):
    """What can happen to a call."""

    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    RESET = "reset"
    """The connection breaks before the call is carried out."""
    LOST_ANSWER = "lost answer"
    """It is carried out, and then the connection breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `route` has its parameters in braces; `status` is None where the connection broke."""

    route: str
    path: str
    at: float
    status: int | None
    fault: Fault | None = None


class Traffic:
    """The stand-in's border. `limits` are Discord's rate limits, where a test wants them kept."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._begun = 0
        self._faults: dict[int, Fault] = {}
        self.calls: list[Call] = []
        self.limits: RateLimits | None = None

    def fail(self, number: int, *faults: Fault) -> None:
        """The call with this number, from now on and from 0, meets the first fault, and those behind it the others."""
        self._faults = {self._begun + number + more: fault for more, fault in enumerate(faults)}

    @property
    def prepared(self) -> list[Fault]:
        """The faults that no call has met yet."""
        return list(self._faults.values())

    async def carry(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Pass a call on to its handler, or let it meet what it has to meet."""
        fault = self._faults.pop(self._begun, None)
        self._begun += 1
        try:
            response = await self._meet(request, handler, fault)
        except Cut:
            self._note(request, None, fault)
            return await cut(request)
        self._note(request, response.status, fault)
        return response

    async def _meet(self, request: web.Request, handler: Handler, fault: Fault | None) -> web.StreamResponse:
        match fault:
            case None:
                return await self._within_limits(request, handler)
            case Fault.RATE_LIMITED:
                return rate_limited(0.02, scope="shared")
            case Fault.SERVER_ERROR:
                return _json({"message": "500: Internal Server Error", "code": 0}, status=500)
            case Fault.UNAVAILABLE:
                return web.Response(text="upstream connect error", status=503)
            case Fault.RESET:
                raise Cut
            case Fault.LOST_ANSWER:
                await handler(request)
                raise Cut
            case _:
                assert_never(fault)

    async def _within_limits(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.limits is None:
            return await handler(request)
        verdict = self.limits.count(self._route(request), request.path)
        if verdict.retry_after is not None:
            return rate_limited(verdict.retry_after, scope=verdict.scope, headers=verdict.headers)
        response = await handler(request)
        response.headers.update(verdict.headers)
        return response

    def _note(self, request: web.Request, status: int | None, fault: Fault | None) -> None:
        route, path = self._route(request), request.path.removeprefix(self._api)
        self.calls.append(Call(route=route, path=path, at=time.monotonic(), status=status, fault=fault))

    def _route(self, request: web.Request) -> str:
        resource = request.match_info.route.resource
        known = resource.canonical if resource is not None else request.path
        return f"{request.method} {known.removeprefix(self._api)}"


class Cut(Exception):
    """The connection has to break now."""


async def cut(request: web.Request) -> web.Response:
    """Break the connection, as if the network had failed."""
    assert request.transport is not None
    request.transport.abort()
    raise asyncio.CancelledError


def rate_limited(retry_after: float, *, scope: str, headers: dict[str, str] | None = None) -> web.Response:
    """Discord's 429; without `Via`, discord.py would take it for a ban by what stands before Discord."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": scope == "global"}
    said = {"Via": "1.1 loopback", "Retry-After": str(retry_after), "X-RateLimit-Scope": scope, **(headers or {})}
    return _json(body, status=429, headers=said)


def _json(value: dict[str, object], *, status: int, headers: dict[str, str] | None = None) -> web.Response:
    body = json.dumps(value).encode()
    return web.Response(body=body, content_type="application/json", status=status, headers=headers)
