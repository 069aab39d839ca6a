"""Modals that work whenever they are sent, also after a restart: what one needs stands in its custom_id, and a route by
that id says what to do. Nothing is kept in memory, where the library would keep it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.ui.errors import always_answered
from bot.ui.first_answer import surely
from bot.ui.text import forms as text
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Answer = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a person sent, by the custom_ids of the fields. A field left empty need not be there."""

    answers: Mapping[str, Answer]
    attached: Mapping[str, discord.Attachment]

    def text(self, field: str) -> str:
        """Of a TextInput, without spaces around it."""
        answer = self.answers.get(field)
        return answer.strip() if isinstance(answer, str) else ""

    def chosen(self, field: str) -> tuple[str, ...]:
        """Of a Select, RadioGroup or CheckboxGroup; members, roles and channels by their ids."""
        answer = self.answers.get(field)
        if isinstance(answer, tuple):
            return answer
        return (answer,) if isinstance(answer, str) and answer else ()

    def choice(self, field: str) -> str | None:
        """The one that was chosen, or the first."""
        return next(iter(self.chosen(field)), None)

    def ticked(self, field: str) -> bool:
        """Of a Checkbox."""
        return self.answers.get(field) is True

    def files(self, field: str) -> tuple[discord.Attachment, ...]:
        """Of a FileUpload."""
        return tuple(self.attached[key] for key in self.chosen(field) if key in self.attached)


Handler = Callable[["discord.Interaction[StylizeClient]", re.Match[str], Form], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Modals whose custom_id is `template`, a pattern, go to `handler`; named groups carry what it needs."""

    template: str
    handler: Handler


class Modals:
    """Whatever `handler` raises is answered as errors are."""

    def __init__(self) -> None:
        self._handlers: dict[re.Pattern[str], Handler] = {}

    def add(self, *routes: Route) -> None:
        """May be done again."""
        self._handlers |= {re.compile(route.template): route.handler for route in routes}

    async def receive(self, interaction: "discord.Interaction[StylizeClient]") -> None:
        """To be called with every interaction; those that are no modals are left alone."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        async with always_answered(interaction):
            await self._handle(interaction)

    async def _handle(self, interaction: "discord.Interaction[StylizeClient]") -> None:
        sent: Mapping[str, Any] = interaction.data or {}
        custom_id = str(sent.get("custom_id"))
        found = (
            (handler, match) for pattern, handler in self._handlers.items() if (match := pattern.fullmatch(custom_id))
        )
        handler, match = next(found, (None, None))
        if handler is None or match is None:
            await interaction.response.send_message(words_of(interaction)(text.UNKNOWN), ephemeral=True)
            return
        await handler(interaction, match, _form(interaction, sent))


def modal(custom_id: str, title: str, *items: ui.Item[Any]) -> ui.Modal:
    """One to five `ui.Label`s or `ui.TextDisplay`s; every field needs a custom_id of its own."""
    made = ui.Modal(title=title, custom_id=custom_id)
    for item in items:
        made.add_item(item)
    made.stop()  # a stopped one is not kept by the library
    return made


async def show(interaction: discord.Interaction[Any], shown: ui.Modal) -> None:
    """Answer with a modal. Raises discord.HTTPException and NotAnswered."""
    await surely(interaction, partial(interaction.response.send_modal, shown))


def _form(interaction: discord.Interaction[Any], sent: Mapping[str, Any]) -> Form:
    answers = {field["custom_id"]: _answer(field) for field in _fields(sent.get("components", ()))}
    files = sent.get("resolved", {}).get("attachments", {})
    state = interaction._state  # the library itself makes attachments only of modals that it remembers
    return Form(answers, {key: discord.Attachment(data=file, state=state) for key, file in files.items()})


def _fields(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if "custom_id" in component:
            yield component
        yield from _fields(component.get("components", ()))
        yield from _fields([component["component"]] if "component" in component else ())


def _answer(field: Mapping[str, Any]) -> Answer:
    if "values" in field:
        return tuple(str(value) for value in field["values"])
    value = field.get("value")
    return value if isinstance(value, bool) else str(value or "")
