"""The WebSocket side: hello, identify or resume, heartbeats, and one numbered log of events for each session."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import assert_never

from aiohttp import WSMessage, WSMsgType, web

from tests.loopback_discord.values import ChannelKind, Flag, Json, Message
from tests.loopback_discord.wire import Wire
from tests.loopback_discord.world import (
    Happening,
    InteractionCreated,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    ServerChanged,
    ThreadCreated,
    World,
)


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
"""The stand-in grants none of these: the bot must do without."""


class CloseCode(IntEnum):
    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    DISALLOWED_INTENTS = 4014


class HungUp(Exception):
    """We close the connection with a code."""

    def __init__(self, code: CloseCode, why: str) -> None:
        super().__init__(f"{code} {why}")
        self.code = code
        self.why = why


@dataclass(slots=True, eq=False)
class Session:
    """All events since identify; a connection sends them in order, and a resumed one goes on where the last ended."""

    id: str
    intents: Intent
    log: list[Json] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, event: str, data: Json) -> None:
        self.log.append({"op": Op.DISPATCH, "s": len(self.log) + 1, "t": event, "d": data})
        self.grown.set()


class Gateway:
    """Serves sessions and tells them what happens in the world. `heartbeats` counts all heartbeats that came."""

    def __init__(self, world: World, wire: Wire, *, token: str, url: str, heartbeat_seconds: float) -> None:
        self._world = world
        self._wire = wire
        self._token = token
        self._url = url
        self._heartbeat_seconds = heartbeat_seconds
        self._sessions: dict[str, Session] = {}
        self._sockets: dict[web.WebSocketResponse, Session | None] = {}
        self.heartbeats = 0
        self.identified = 0
        self.resumed = 0
        self.problems: list[str] = []
        world.listeners.append(self._tell)

    @property
    def is_connected(self) -> bool:
        """Whether a bot has identified and holds its connection."""
        return any(session is not None for session in self._sockets.values())

    async def drop_connections(self) -> None:
        """Close all connections in a way after which a client may resume."""
        for socket in list(self._sockets):
            await socket.close(code=CloseCode.UNKNOWN_ERROR)

    def forget_sessions(self) -> None:
        """Who tries to resume is told to identify afresh."""
        self._sessions.clear()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets[socket] = None
        writer: asyncio.Task[None] | None = None
        try:
            await _send(socket, {"op": Op.HELLO, "d": {"heartbeat_interval": int(self._heartbeat_seconds * 1000)}})
            async for frame in socket:
                writer = await self._receive(socket, frame, writer)
        except HungUp as reason:
            await socket.close(code=reason.code, message=reason.why.encode())
        except ConnectionError:
            pass  # the bot was killed while we were writing
        finally:
            del self._sockets[socket]
            await _end(writer)
            self._world.changed()
        return socket

    async def _receive(
        self, socket: web.WebSocketResponse, frame: WSMessage, writer: asyncio.Task[None] | None
    ) -> asyncio.Task[None] | None:
        """Answer one frame; the result is the task that writes events, once there is one."""
        if frame.type is not WSMsgType.TEXT:
            raise HungUp(CloseCode.UNKNOWN_ERROR, f"a frame of type {frame.type!r}")
        said = json.loads(frame.data)
        match said["op"]:
            case Op.HEARTBEAT:
                self.heartbeats += 1
                await _send(socket, {"op": Op.HEARTBEAT_ACK})
                self._world.changed()
            case Op.IDENTIFY:
                session = self._identify(said["d"])
                return self._attach(socket, session, sent=0)
            case Op.RESUME:
                resumed = self._resume(said["d"])
                if resumed is not None:
                    return self._attach(socket, resumed, sent=said["d"]["seq"])
                await _send(socket, {"op": Op.INVALID_SESSION, "d": False})
            case Op.PRESENCE:
                pass
            case other:
                self.problems.append(f"gateway: nobody prepared opcode {other}")
                raise HungUp(CloseCode.UNKNOWN_OPCODE, "Unknown opcode")
        return writer

    def _attach(self, socket: web.WebSocketResponse, session: Session, *, sent: int) -> asyncio.Task[None]:
        self._sockets[socket] = session
        self._world.changed()
        return asyncio.create_task(_write(socket, session, sent))

    def _identify(self, data: Json) -> Session:
        self._check_token(data)
        intents = Intent(data["intents"])
        if asked := intents & PRIVILEGED:
            self.problems.append(f"gateway: the bot asked for privileged intents {asked!r}")
            raise HungUp(CloseCode.DISALLOWED_INTENTS, "Disallowed intents")
        self.identified += 1
        session = Session(id=f"session-{self.identified}", intents=intents)
        self._sessions[session.id] = session
        session.add("READY", self._ready(session))
        if Intent.GUILDS in intents:
            session.add("GUILD_CREATE", self._wire.guild())
        return session

    def _resume(self, data: Json) -> Session | None:
        self._check_token(data)
        session = self._sessions.get(data["session_id"])
        if session is not None:
            self.resumed += 1
            session.add("RESUMED", {})
        return session

    def _check_token(self, data: Json) -> None:
        if data["token"] != self._token:
            raise HungUp(CloseCode.AUTHENTICATION_FAILED, "Authentication failed")

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": self._wire.person(self._world.bot),
            "guilds": [{"id": str(self._world.guild_id), "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self._url,
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }

    def _tell(self, happening: Happening) -> None:
        for session in self._sessions.values():
            for event, data in self._event_for(happening, session.intents):
                session.add(event, data)

    def _event_for(self, happening: Happening, intents: Intent) -> Iterator[tuple[str, Json]]:
        """What a session with these intents hears of it: an event or nothing."""
        match happening:
            case MessageCreated() | MessageEdited() | MessageDeleted():
                if self._hears(happening.message, intents):
                    yield self._message_event(happening)
            case ThreadCreated(thread):
                if Intent.GUILDS in intents:
                    yield "THREAD_CREATE", {**self._wire.channel(thread), "newly_created": True}
            case ServerChanged(event, data):
                if Intent.GUILDS in intents:
                    yield event, data
            case InteractionCreated(interaction):
                yield "INTERACTION_CREATE", self._wire.interaction(interaction)
            case _:
                assert_never(happening)

    def _message_event(self, happening: MessageCreated | MessageEdited | MessageDeleted) -> tuple[str, Json]:
        match happening:
            case MessageCreated(message):
                return "MESSAGE_CREATE", self._wire.message(message)
            case MessageEdited(message):
                return "MESSAGE_UPDATE", self._wire.message(message)
            case MessageDeleted(message):
                return "MESSAGE_DELETE", {"id": str(message.id), "channel_id": str(message.channel_id)}
            case _:
                assert_never(happening)

    def _hears(self, message: Message, intents: Intent) -> bool:
        is_dm = self._world.channels[message.channel_id].kind is ChannelKind.DM
        needed = Intent.DIRECT_MESSAGES if is_dm else Intent.GUILD_MESSAGES
        return needed in intents and Flag.EPHEMERAL not in message.body.flags


async def _write(socket: web.WebSocketResponse, session: Session, sent: int) -> None:
    while not socket.closed:
        for event in session.log[sent:]:
            await _send(socket, event)
            sent += 1
        session.grown.clear()
        if sent == len(session.log):
            await session.grown.wait()


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _send(socket: web.WebSocketResponse, message: Json) -> None:
    await socket.send_str(json.dumps(message))
