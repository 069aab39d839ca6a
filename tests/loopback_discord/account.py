"""REST: who the bot is, where the gateway is, its commands, its server, direct messages, and the files it is sent."""

from typing import Any

from aiohttp import web

from tests.loopback_discord.answers import answer
from tests.loopback_discord.form import read_form
from tests.loopback_discord.refusals import bad_form, unknown
from tests.loopback_discord.values import Json
from tests.loopback_discord.wire import Wire
from tests.loopback_discord.world import World


class Account:
    """Routes that are about no channel."""

    def __init__(self, world: World, wire: Wire, *, gateway_url: str) -> None:
        self._world = world
        self._wire = wire
        self._gateway_url = gateway_url

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/@me", self._me),
            web.get("/oauth2/applications/@me", self._application),
            web.get("/applications/@me", self._application),
            web.get("/gateway", self._gateway),
            web.get("/gateway/bot", self._gateway),
            web.get("/applications/{application}/commands", self._commands),
            web.post("/applications/{application}/commands", self._add_command),
            web.put("/applications/{application}/commands", self._replace_commands),
            web.get("/guilds/{guild}", self._guild),
            web.get("/guilds/{guild}/members/{person}", self._member),
            web.post("/users/@me/channels", self._open_dm),
        ]

    async def send_file(self, request: web.Request) -> web.Response:
        """The bytes of an attachment, as Discord's content network sends them."""
        file = self._world.files.get(int(request.match_info["file"]))
        if file is None or file.filename != request.match_info["name"]:
            raise unknown("file", 10008)
        return web.Response(body=file.data, content_type=file.content_type)

    async def _me(self, _: web.Request) -> web.Response:
        return answer(self._wire.person(self._world.bot))

    async def _application(self, _: web.Request) -> web.Response:
        return answer(self._wire.application())

    async def _gateway(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self._gateway_url, "shards": 1, "session_start_limit": limit})

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(list(self._world.commands.values()))

    async def _add_command(self, request: web.Request) -> web.Response:
        command = self._registered(await request.json())
        self._world.commands[command["name"]] = command
        self._world.changed()
        return answer(command)

    async def _replace_commands(self, request: web.Request) -> web.Response:
        commands = [self._registered(command) for command in await request.json()]
        self._world.commands = {command["name"]: command for command in commands}
        self._world.changed()
        return answer(commands)

    async def _guild(self, request: web.Request) -> web.Response:
        if request.match_info["guild"] != str(self._world.guild_id):
            raise unknown("Guild", 10004)
        return answer(self._wire.guild())

    async def _member(self, request: web.Request) -> web.Response:
        for person in self._world.people:
            if request.match_info["person"] == str(person.id):
                return answer(self._wire.member(person))
        raise unknown("Member", 10007)

    async def _open_dm(self, request: web.Request) -> web.Response:
        wanted = (await read_form(request)).payload["recipient_id"]
        for person in self._world.people:
            if str(person.id) == str(wanted) and person != self._world.bot:
                return answer(self._wire.channel(self._world.open_dm(person)))
        raise unknown("User", 10013)

    def _registered(self, command: Json) -> Json:
        """The command as Discord gives it back. A command that was registered before keeps its id."""
        if size_of(command) > 8000:
            raise bad_form("options", "Command exceeds maximum size (8000)")
        known = self._world.commands.get(command["name"])
        number = known["id"] if known else str(self._world.new_id())
        described = {"description": "", "type": 1, "options": [], **command}
        return {**described, "id": number, "application_id": str(self._world.bot.id), "version": number}


def size_of(told: Any) -> int:
    """Characters of names, descriptions and values at any depth; of a field with localisations, the longest counts."""
    if isinstance(told, list):
        return sum(map(size_of, told))
    if not isinstance(told, dict):
        return 0
    own = 0
    for field in ("name", "description", "value"):
        texts = [told.get(field, ""), *(told.get(f"{field}_localizations") or {}).values()]
        own += max(len(str(text)) for text in texts)
    return own + sum(size_of(told.get(key)) for key in ("options", "choices"))
