"""REST: messages, their history, and threads."""

from collections.abc import Callable

from aiohttp import web

from tests.loopback_discord.answers import answer
from tests.loopback_discord.form import CREATABLE, EDITABLE, Desk, nonce_of, read_form
from tests.loopback_discord.refusals import Refused, bad_form, unknown
from tests.loopback_discord.rules import (
    check_changing,
    check_opening_a_thread,
    check_posting,
    check_reading,
    may_read_history,
)
from tests.loopback_discord.traffic import Cut
from tests.loopback_discord.values import Channel, Flag, Message
from tests.loopback_discord.wire import Wire
from tests.loopback_discord.world import World

MAX_THREAD_NAME = 100


class Channels:
    """Routes below /channels. `answers_to_lose` holds one claim for each new message whose answer must get lost."""

    def __init__(self, world: World, wire: Wire, desk: Desk) -> None:
        self._world = world
        self._wire = wire
        self._desk = desk
        self.answers_to_lose: list[Callable[[Message], bool]] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/channels/{channel}", self._get_channel),
            web.get("/channels/{channel}/messages", self._history),
            web.post("/channels/{channel}/messages", self._create),
            web.get("/channels/{channel}/messages/{message}", self._get_message),
            web.patch("/channels/{channel}/messages/{message}", self._edit),
            web.delete("/channels/{channel}/messages/{message}", self._delete),
            web.post("/channels/{channel}/messages/{message}/threads", self._open_thread_at),
            web.post("/channels/{channel}/threads", self._open_thread),
            web.post("/channels/{channel}/typing", self._typing),
        ]

    async def _get_channel(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        check_reading(self._world, channel)
        return answer(self._wire.channel(channel))

    async def _history(self, request: web.Request) -> web.Response:
        """Newest first, or oldest first when `after` is given."""
        asked = request.query
        if strangers := asked.keys() - {"limit", "before", "after"}:
            raise bad_form(min(strangers), "the stand-in does not know this query; teach it")
        channel = self._channel(request)
        check_reading(self._world, channel)
        if not may_read_history(self._world, channel):
            return answer([])
        found = [message for message in self._world.messages(channel) if not _is_hidden(message)]
        before, after = int(asked.get("before", 2**63)), int(asked.get("after", 0))
        found = [message for message in found if after < message.id < before]
        limit = int(asked.get("limit", 50))
        page = found[:limit] if "after" in asked else found[-limit:]
        return answer([self._wire.message(message) for message in reversed(page)])

    async def _create(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        form = await read_form(request)
        form.refuse_unknown(CREATABLE)
        check_posting(self._world, channel, files=bool(form.uploads))
        nonce = nonce_of(form)
        if nonce is not None and (already := self._world.posted_with_nonce(channel, nonce)):
            return answer(self._wire.message(already))
        reference = form.payload.get("message_reference")
        reply_to_id = None if reference is None else self._message_in(channel, reference["message_id"]).id
        message = self._world.post(channel, self._desk.new_body(form), nonce=nonce, reply_to_id=reply_to_id)
        for claim in self.answers_to_lose:
            if claim(message):
                self.answers_to_lose.remove(claim)
                raise Cut
        return answer(self._wire.message(message))

    async def _get_message(self, request: web.Request) -> web.Response:
        check_reading(self._world, self._channel(request))
        return answer(self._wire.message(self._message(request)))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.author != self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        form = await read_form(request)
        form.refuse_unknown(EDITABLE)
        check_changing(self._world, self._channel(request), files=bool(form.uploads))
        message = self._message(request)  # again: another edit may have come while this one was read
        edited = self._world.edit(message, self._desk.edited_body(form, message.body))
        return answer(self._wire.message(edited))

    async def _delete(self, request: web.Request) -> web.Response:
        check_changing(self._world, self._channel(request), files=False)
        self._world.delete(self._message(request))
        return web.Response(status=204)

    async def _open_thread_at(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.id in self._world.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        return await self._thread(request, thread_id=message.id)

    async def _open_thread(self, request: web.Request) -> web.Response:
        return await self._thread(request, thread_id=None)

    async def _thread(self, request: web.Request, *, thread_id: int | None) -> web.Response:
        parent = self._channel(request)
        check_opening_a_thread(self._world, parent)
        name = (await read_form(request)).payload["name"]
        if not 1 <= len(name) <= MAX_THREAD_NAME:
            raise bad_form("name", f"Must be between 1 and {MAX_THREAD_NAME} in length.")
        thread = self._world.open_thread(parent, name, thread_id=thread_id)
        return answer(self._wire.channel(thread), status=201)

    async def _typing(self, request: web.Request) -> web.Response:
        self._channel(request)
        return web.Response(status=204)

    def _channel(self, request: web.Request) -> Channel:
        channel = self._world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise unknown("Channel", 10003)
        return channel

    def _message(self, request: web.Request) -> Message:
        return self._message_in(self._channel(request), request.match_info["message"])

    def _message_in(self, channel: Channel, message_id: str | int) -> Message:
        message = self._world.message(int(message_id))
        if message is None or message.channel_id != channel.id or _is_hidden(message):
            raise unknown("Message", 10008)
        return message


def _is_hidden(message: Message) -> bool:
    """Ephemeral messages can be reached through their interaction only."""
    return Flag.EPHEMERAL in message.body.flags
