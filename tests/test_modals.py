"""Forms, in a bot of their own that has only them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import simcord
from discord import app_commands, ui

from bot.ui.modals import Form, Modals, Route, modal
from tests.fake_engine import picture

Sent = list[tuple[str, Form]]


class FormBot(discord.Client):
    def __init__(self, sent: Sent, *, knows_form: bool = True) -> None:
        super().__init__(intents=discord.Intents.none())
        self.tree = app_commands.CommandTree(self)
        self.modals = Modals()
        self.sent = sent
        if knows_form:
            self.modals.add(Route(r"ask:(?P<what>\w+)", self._received))

    async def setup_hook(self) -> None:
        @self.tree.command(name="ask", description="Ask")
        async def ask(interaction: discord.Interaction[Any], what: str) -> None:
            await interaction.response.send_modal(_form(what))

        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self.modals.receive(interaction)

    async def _received(self, interaction: discord.Interaction[Any], match: re.Match[str], form: Form) -> None:
        if match["what"] == "fault":
            raise ZeroDivisionError
        self.sent.append((match["what"], form))
        await interaction.response.send_message("Received.")


def _form(what: str) -> ui.Modal:
    options = [discord.SelectOption(label=name) for name in ("night", "wave")]
    radio = ui.RadioGroup[Any](custom_id="radio", required=False)
    for name in ("small", "large"):
        radio.add_option(label=name, value=name)
    return modal(
        f"ask:{what}",
        "A form",
        ui.Label(text="Name", component=ui.TextInput[Any](custom_id="name", required=False)),
        ui.Label(
            text="Styles", component=ui.Select[Any](custom_id="styles", options=options, max_values=2, required=False)
        ),
        ui.Label(text="Size", component=radio),
        ui.Label(text="Hide", component=ui.Checkbox[Any](custom_id="hide")),
        ui.Label(text="Files", component=ui.FileUpload[Any](custom_id="files", required=False, max_values=2)),
    )


@asynccontextmanager
async def form_world() -> AsyncIterator[tuple[Any, Any, Any, Sent]]:
    sent: Sent = []
    async with simcord.run(FormBot(sent)) as env:
        guild = env.create_guild("Art School")
        channel = guild.create_text_channel("studio")
        yield env, guild.add_member(env.create_user("ann")), channel, sent


async def test_everything_that_is_filled_in_arrives() -> None:
    async with form_world() as (_, ann, channel, sent):
        shown = await ann.slash(channel, "ask", what="all")
        files = [("one.png", picture("red")), ("two.png", picture("blue"))]
        values = {"name": " Ann ", "styles": ["wave", "night"], "radio": "large", "hide": True, "files": files}
        answer = await ann.submit_modal(shown, values)
        assert answer.response.content == "Received."
        ((what, form),) = sent
        assert what == "all"
        assert form.text("name") == "Ann"
        assert form.chosen("styles") == ("wave", "night")
        assert (form.choice("radio"), form.ticked("hide")) == ("large", True)
        assert [(file.filename, await file.read()) for file in form.files("files")] == files


async def test_what_is_left_empty_is_empty() -> None:
    async with form_world() as (_, ann, channel, sent):
        await ann.submit_modal(await ann.slash(channel, "ask", what="nothing"), {})
        ((_what, form),) = sent
        assert (form.text("name"), form.chosen("styles"), form.choice("radio")) == ("", (), None)
        assert (form.ticked("hide"), form.files("files"), form.text("unheard_of")) == (False, (), "")


async def test_a_form_sent_after_a_restart_arrives() -> None:
    async with form_world() as (env, ann, channel, sent):
        shown = await ann.slash(channel, "ask", what="later")
        await env.restart_bot(FormBot(sent))
        answer = await ann.submit_modal(shown, {"name": "Ann"})
        assert answer.response.content == "Received."
        assert [form.text("name") for _, form in sent] == ["Ann"]


async def test_a_form_that_nobody_knows_any_more_is_answered() -> None:
    async with form_world() as (env, ann, channel, sent):
        shown = await ann.slash(channel, "ask", what="later")
        await env.restart_bot(FormBot(sent, knows_form=False))
        answer = await ann.submit_modal(shown, {})
        assert answer.response.content == "I no longer know this form. Please open it again."
        assert answer.response.ephemeral


async def test_a_fault_behind_a_form_is_answered() -> None:
    async with form_world() as (_, ann, channel, _sent):
        answer = await ann.submit_modal(await ann.slash(channel, "ask", what="fault"), {})
        assert "Something went wrong on my side" in answer.response.content
        assert answer.response.ephemeral


async def test_an_open_form_is_not_kept_in_memory() -> None:
    async with form_world() as (env, ann, channel, _sent):
        await ann.slash(channel, "ask", what="all")
        assert env.bot._connection._view_store._modals == {}
