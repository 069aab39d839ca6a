"""REST: answers to interactions, by their token: the callback, the original response and follow-ups."""

import time
from enum import IntEnum

from aiohttp import web

from tests.loopback_discord.answers import answer
from tests.loopback_discord.form import CREATABLE, EDITABLE, Desk, Form, read_form
from tests.loopback_discord.refusals import Refused, bad_form, unknown
from tests.loopback_discord.values import Body, Flag, Interaction, InteractionKind, Json, Message
from tests.loopback_discord.wire import Wire
from tests.loopback_discord.world import World

SECONDS_TO_ANSWER = 3.0


class AnswerKind(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7


class Replies:
    """Routes below /interactions and /webhooks; they need no bot token."""

    def __init__(self, world: World, wire: Wire, desk: Desk) -> None:
        self._world = world
        self._wire = wire
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/interactions/{interaction}/{token}/callback", self._answer),
            web.post("/webhooks/{application}/{token}", self._follow_up),
            web.get("/webhooks/{application}/{token}/messages/{message}", self._get),
            web.patch("/webhooks/{application}/{token}/messages/{message}", self._edit),
            web.delete("/webhooks/{application}/{token}/messages/{message}", self._delete),
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        interaction = self._unanswered(request)
        form = await read_form(request)
        interaction = self._unanswered(request)
        kind = form.payload["type"]
        message = self._act(interaction, kind, form.of("data"))
        self._world.answered(interaction, kind, message.id if message else None)
        if request.query.get("with_response") not in ("1", "true"):
            return web.Response(status=204)
        return answer(self._callback(interaction, kind, message))

    async def _follow_up(self, request: web.Request) -> web.Response:
        """A follow-up; the first one after a deferral is the deferred message itself."""
        interaction = self._alive(request)
        form = await read_form(request)
        form.refuse_unknown(CREATABLE)
        original = self._world.message(interaction.message_id) if interaction.message_id else None
        if original is not None and Flag.LOADING in original.body.flags:
            message = self._fill(original, form)
        else:
            channel = self._world.channels[interaction.channel_id]
            message = self._world.post(channel, self._desk.new_body(form), interaction_id=interaction.id)
        return answer(self._wire.message(message))

    async def _get(self, request: web.Request) -> web.Response:
        return answer(self._wire.message(self._message(request)))

    async def _edit(self, request: web.Request) -> web.Response:
        self._message(request)
        form = await read_form(request)
        form.refuse_unknown(EDITABLE)
        return answer(self._wire.message(self._fill(self._message(request), form)))

    async def _delete(self, request: web.Request) -> web.Response:
        self._world.delete(self._message(request))
        return web.Response(status=204)

    def _act(self, interaction: Interaction, kind: int, form: Form) -> Message | None:
        """Do what an answer of this kind asks; the message that it makes or changes, if any."""
        channel = self._world.channels[interaction.channel_id]
        is_click = interaction.kind is InteractionKind.COMPONENT
        match kind:
            case AnswerKind.MESSAGE:
                form.refuse_unknown(CREATABLE)
                return self._world.post(channel, self._desk.new_body(form), interaction_id=interaction.id)
            case AnswerKind.DEFERRED_MESSAGE:
                flags = Flag.LOADING | Flag(form.payload.get("flags") or 0)
                return self._world.post(channel, Body(flags=flags), interaction_id=interaction.id)
            case AnswerKind.DEFERRED_UPDATE if is_click:
                return self._clicked(interaction)
            case AnswerKind.UPDATE_MESSAGE if is_click:
                form.refuse_unknown(EDITABLE)
                clicked = self._clicked(interaction)
                return self._world.edit(clicked, self._desk.edited_body(form, clicked.body))
            case _:
                raise bad_form("type", f"nobody prepared answer type {kind} to a {interaction.kind.name}")

    def _fill(self, message: Message, form: Form) -> Message:
        """Edit a message of an interaction; a deferred one is no longer loading."""
        body = self._desk.edited_body(form, message.body)
        loaded = Body(
            content=body.content,
            components=body.components,
            embeds=body.embeds,
            files=body.files,
            flags=body.flags & ~Flag.LOADING,
        )
        return self._world.edit(message, loaded)

    def _callback(self, interaction: Interaction, kind: int, message: Message | None) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        if message is None:
            return {"interaction": about}
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = Flag.LOADING in message.body.flags
        about["response_message_ephemeral"] = Flag.EPHEMERAL in message.body.flags
        written: Json = {"interaction": about}
        if kind != AnswerKind.DEFERRED_UPDATE:
            written["resource"] = {"type": kind, "message": self._wire.message(message)}
        return written

    def _unanswered(self, request: web.Request) -> Interaction:
        interaction = self._world.interactions.get(int(request.match_info["interaction"]))
        if interaction is None or interaction.token != request.match_info["token"]:
            raise unknown("interaction", 10062)
        if interaction.answer is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if time.time() - interaction.created_at > SECONDS_TO_ANSWER:
            raise unknown("interaction", 10062)
        return interaction

    def _alive(self, request: web.Request) -> Interaction:
        """The answered interaction of a token that has not run out."""
        for interaction in self._world.interactions.values():
            if interaction.token == request.match_info["token"] and interaction.answer is not None:
                if not self._world.token_works(interaction):
                    raise Refused(401, 50027, "Invalid Webhook Token")
                return interaction
        raise unknown("Webhook", 10015)

    def _message(self, request: web.Request) -> Message:
        """The message that the path names; `@original` is the one that the callback made."""
        interaction = self._alive(request)
        asked = request.match_info["message"]
        number = interaction.message_id if asked == "@original" else int(asked)
        message = None if number is None else self._world.message(number)
        if message is None or (asked != "@original" and message.interaction_id != interaction.id):
            raise unknown("Message", 10008)
        return message

    def _clicked(self, interaction: Interaction) -> Message:
        message = self._world.message(interaction.clicked_message_id or 0)
        if message is None:
            raise unknown("Message", 10008)
        return message
