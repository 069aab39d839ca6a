"""A message as the bot sends it: read from JSON or multipart, checked by Discord's rules, made into a `Body`."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.loopback_discord.components import check_components, with_files
from tests.loopback_discord.refusals import Refused, bad_form
from tests.loopback_discord.values import Body, Flag, Json, StoredFile, Upload
from tests.loopback_discord.wire import UPLOAD_LIMIT_BYTES, Wire
from tests.loopback_discord.world import World

MAX_CONTENT = 2000
MAX_FILES = 10
MAX_NONCE = 25
EDITABLE = frozenset({"content", "embeds", "components", "flags", "attachments", "allowed_mentions", "tts"})
CREATABLE = EDITABLE | {"nonce", "enforce_nonce", "message_reference"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What came: the JSON part, and the files by their number."""

    payload: Json
    uploads: dict[int, Upload]

    def of(self, key: str) -> "Form":
        """The same files with the message that the payload holds under `key`."""
        return Form(payload=self.payload.get(key) or {}, uploads=self.uploads)

    def refuse_unknown(self, known: frozenset[str]) -> None:
        if strangers := sorted(self.payload.keys() - known):
            raise bad_form(strangers[0], "the stand-in does not know this field; teach it")


async def read_form(request: web.Request) -> Form:
    """Read a request's body, JSON or multipart with `payload_json` and `files[n]`."""
    if not request.content_type.startswith("multipart/"):
        return Form(payload=await request.json() if request.can_read_body else {}, uploads={})
    payload: Json = {}
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            payload = json.loads(await part.text())
            continue
        number = int((part.name or "").removeprefix("files[").removesuffix("]"))
        uploads[number] = Upload(filename=part.filename or "", data=bytes(await part.read()))
    return Form(payload=payload, uploads=uploads)


def nonce_of(form: Form) -> str | None:
    """The nonce that the bot wants enforced."""
    nonce = form.payload.get("nonce")
    if nonce is not None and len(nonce) > MAX_NONCE:
        raise bad_form("nonce", f"Must be {MAX_NONCE} or fewer in length.")
    return str(nonce) if nonce is not None and form.payload.get("enforce_nonce") else None


class Desk:
    """Turns forms into message bodies: stores the files and points the components at them."""

    def __init__(self, world: World, wire: Wire) -> None:
        self._world = world
        self._wire = wire

    def new_body(self, form: Form) -> Body:
        """The body of a new message."""
        return self._body(form, Body())

    def edited_body(self, form: Form, before: Body) -> Body:
        """The body after an edit: a field that was not sent stays as it was."""
        flags = Flag(form.payload.get("flags") or 0)
        if Flag.COMPONENTS_V2 in before.flags and "flags" in form.payload and Flag.COMPONENTS_V2 not in flags:
            raise bad_form("flags", "The IS_COMPONENTS_V2 flag cannot be removed.")
        return self._body(form, before)

    def _body(self, form: Form, before: Body) -> Body:
        payload = form.payload
        files = self._files(form, before)
        components = before.components
        if payload.get("components") is not None:
            components = tuple(payload["components"])
        flags = before.flags | Flag(payload.get("flags") or 0)
        check_components(components, v2=Flag.COMPONENTS_V2 in flags)
        body = Body(
            content=str(_sent(payload, "content", before.content) or ""),
            embeds=tuple(_sent(payload, "embeds", before.embeds) or ()),
            components=with_files(components, {file.filename: (file, self._wire.file_url(file)) for file in files}),
            files=files,
            flags=flags,
        )
        _check(body)
        return body

    def _files(self, form: Form, before: Body) -> tuple[StoredFile, ...]:
        """The files kept from before and the new ones, as the payload's list of attachments says."""
        _check_uploads(form.uploads)
        listed = form.payload.get("attachments")
        if listed is None:
            kept, numbers = before.files, sorted(form.uploads)
        else:
            old = {file.id: file for file in before.files}
            ids = [int(one["id"]) for one in listed]
            kept = tuple(old[number] for number in ids if number in old)
            numbers = [number for number in ids if number not in old]
        if sorted(numbers) != sorted(form.uploads):
            raise bad_form("attachments", f"lists files {numbers}, but files {sorted(form.uploads)} were sent")
        return (*kept, *(self._world.store(form.uploads[number]) for number in numbers))


def _sent(payload: Json, key: str, before: Any) -> Any:
    return payload.get(key, before)


def _check_uploads(uploads: dict[int, Upload]) -> None:
    for upload in uploads.values():
        if len(upload.data) > UPLOAD_LIMIT_BYTES:
            raise Refused(413, 40005, "Request entity too large")
        if not upload.data:
            raise bad_form("attachments", f"{upload.filename} has no bytes: a file object was sent twice?")


def _check(body: Body) -> None:
    if len(body.content) > MAX_CONTENT:
        raise bad_form("content", f"Must be {MAX_CONTENT} or fewer in length.")
    if len(body.files) > MAX_FILES:
        raise bad_form("attachments", f"Must be {MAX_FILES} or fewer.")
    if Flag.COMPONENTS_V2 in body.flags and (body.content or body.embeds):
        raise bad_form("content", "cannot be used with the IS_COMPONENTS_V2 flag")
    if not (body.content or body.embeds or body.files or body.components):
        raise Refused(400, 50006, "Cannot send an empty message")
