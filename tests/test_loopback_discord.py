"""The stand-in for Discord behaves, for a trivial discord.py client, as the kill tests need Discord to behave."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from PIL import Image

from tests.loopback_discord import Interaction, LoopbackDiscord, Message, Upload, serve_discord

WITHIN = 10.0


def png(colour: str = "red", size: tuple[int, int] = (4, 3)) -> bytes:
    """A small real picture."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


CONTENT = Upload(filename="cat.png", data=png("red"))
STYLE = Upload(filename="waves.png", data=png("blue"))


class Poke(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"job:(?P<id>\d+):poke"):
    """A button that survives a restart: all it needs is in its id."""

    def __init__(self, job: str) -> None:
        super().__init__(ui.Button(label="Poke", custom_id=f"job:{job}:poke"))
        self.job = job

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> "Poke":
        return cls(match["id"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"poked {self.job}", ephemeral=True)


class Card(ui.LayoutView):
    def __init__(self, words: str, picture: str, job: str) -> None:
        super().__init__(timeout=None)
        gallery: ui.MediaGallery[Card] = ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{picture}"))
        self.add_item(ui.Container(ui.TextDisplay(words), gallery, ui.ActionRow(Poke(job))))


class TrivialBot(discord.Client):
    """Makes the same calls as the real bot, and nothing else."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(app_commands.Command(name="stylize", description="Paint", callback=_stylize))
        self.resumed = asyncio.Event()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Poke)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass  # the library's own waits five seconds before a second identify, for Discord's sake

    async def on_resumed(self) -> None:
        self.resumed.set()


async def _stylize(
    interaction: discord.Interaction[Any], content: discord.Attachment, style: discord.Attachment, size: int = 512
) -> None:
    await interaction.response.defer(thinking=True)
    seen = len(await content.read()) + len(await style.read())
    answer = await interaction.edit_original_response(content=f"{seen} bytes, {size} px, {content.width} wide")
    message = interaction.channel.get_partial_message(answer.id)  # type: ignore[union-attr]  # it is a text channel
    thread = await message.create_thread(name="A picture")
    card = await thread.send(view=Card("step 0", "a.png", "7"), file=discord.File(io.BytesIO(png()), "a.png"))
    partial = thread.get_partial_message(card.id)
    second = discord.File(io.BytesIO(png("green")), "b.png")
    await partial.edit(view=Card("step 1", "b.png", "7"), attachments=[second])
    await thread.send("done", file=discord.File(io.BytesIO(png("black")), "stylized.png"), nonce=7)


@asynccontextmanager
async def running_bot(server: LoopbackDiscord) -> AsyncIterator[TrivialBot]:
    bot = TrivialBot()
    task = asyncio.create_task(bot.start(server.token))
    try:
        await server.until_connected(within=WITHIN)
        await asyncio.wait_for(bot.wait_until_ready(), WITHIN)
        yield bot
    finally:
        await bot.close()
        await task


@pytest.fixture
async def bot(stand_in: LoopbackDiscord) -> AsyncIterator[TrivialBot]:
    async with running_bot(stand_in) as running:
        yield running


def invoke(server: LoopbackDiscord) -> Interaction:
    return server.world.invoke_slash("stylize", {"content": CONTENT, "style": STYLE, "size": 64})


async def final_message(server: LoopbackDiscord, within: float = WITHIN) -> Message:
    def finals() -> list[Message]:
        return [one for one in server.world.messages() if [f.filename for f in one.files] == ["stylized.png"]]

    return (await server.world.until(finals, within=within, what="the final picture"))[0]


async def text_channel(bot: TrivialBot, server: LoopbackDiscord) -> discord.TextChannel:
    channel = await bot.fetch_channel(server.world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_client_logs_in_and_sees_the_server(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    guild = bot.get_guild(stand_in.world.guild_id)
    assert guild is not None
    assert guild.me.id == stand_in.world.bot.id
    assert [channel.name for channel in guild.text_channels] == ["art"]
    permissions = guild.text_channels[0].permissions_for(guild.me)
    assert permissions.create_public_threads
    assert permissions.attach_files
    assert not permissions.manage_messages


async def test_a_wrong_token_is_refused(stand_in: LoopbackDiscord) -> None:
    async with TrivialBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("not the token")


async def test_a_slash_command_makes_a_thread_with_a_card_and_a_picture(
    stand_in: LoopbackDiscord, bot: TrivialBot
) -> None:
    world = stand_in.world
    invoke(stand_in)
    final = await final_message(stand_in)
    (answer,) = world.messages(world.channel)
    assert answer.words == f"{len(CONTENT.data) + len(STYLE.data)} bytes, 64 px, 4 wide"
    (thread,) = world.threads
    assert (thread.id, thread.name, thread.parent_id) == (answer.id, "A picture", world.channel.id)
    card, _ = world.messages(thread)
    assert card.words == "step 1"
    assert [(file.filename, file.data) for file in card.files] == [("b.png", png("green"))]
    assert len(card.edits) == 1
    assert final.files[0].data == png("black")
    assert stand_in.refusals == []


async def test_a_dynamic_button_works_for_a_client_that_never_sent_it(stand_in: LoopbackDiscord) -> None:
    async with running_bot(stand_in):
        invoke(stand_in)
        await final_message(stand_in)
    card = stand_in.world.messages(stand_in.world.threads[0])[0]
    async with running_bot(stand_in):
        click = stand_in.world.click(card, "job:7:poke", stand_in.world.moderator)
        answers = await stand_in.world.until(
            lambda: [one for one in stand_in.world.messages() if one.interaction_id == click.id],
            within=WITHIN,
            what="an answer to the click",
        )
    assert answers[0].words == "poked 7"
    assert stand_in.refusals == []


async def test_history_is_newest_first_and_oldest_first_after_a_message(
    stand_in: LoopbackDiscord, bot: TrivialBot
) -> None:
    channel = await text_channel(bot, stand_in)
    sent = [await channel.send(f"message {number}") for number in range(4)]
    assert [one.id async for one in channel.history(limit=2)] == [sent[3].id, sent[2].id]
    assert [one.id async for one in channel.history(after=sent[0], limit=2)] == [sent[1].id, sent[2].id]


async def test_the_same_nonce_gives_the_same_message(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    first = await channel.send("once", nonce="abc")
    again = await channel.send("twice", nonce="abc")
    other = await channel.send("other", nonce="abd")
    assert again.id == first.id != other.id
    assert [one.words for one in stand_in.world.messages()] == ["once", "other"]
    stand_in.world.forget_nonces()
    later = await channel.send("later", nonce="abc")
    assert later.id != first.id


async def test_an_answer_can_get_lost_after_the_message_was_made(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    stand_in.lose_answer_to(lambda message: message.words == "lost")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("lost", nonce="abc")
    again = await channel.send("lost", nonce="abc")
    assert [one.id for one in stand_in.world.messages()] == [again.id]


async def test_direct_messages_and_deletion_work(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    guild = bot.get_guild(stand_in.world.guild_id)
    assert guild is not None
    member = await guild.fetch_member(stand_in.world.member.id)
    message = await member.send("hello")
    (channel,) = [one for one in stand_in.world.channels.values() if one.recipient == stand_in.world.member]
    assert [one.words for one in stand_in.world.messages(channel)] == ["hello"]
    await message.delete()
    assert stand_in.world.messages(channel) == []
    assert [one.words for one in stand_in.world.deleted] == ["hello"]


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(
    stand_in: LoopbackDiscord, bot: TrivialBot
) -> None:
    await stand_in.gateway.drop_connections()
    invoke(stand_in)
    await final_message(stand_in)
    await asyncio.wait_for(bot.resumed.wait(), WITHIN)
    assert (stand_in.gateway.identified, stand_in.gateway.resumed) == (1, 1)


async def test_a_forgotten_session_identifies_afresh(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    stand_in.gateway.forget_sessions()
    await stand_in.gateway.drop_connections()
    await stand_in.world.until(lambda: stand_in.gateway.identified == 2, within=WITHIN, what="a second identify")
    invoke(stand_in)
    await final_message(stand_in)


async def test_heartbeats_are_counted() -> None:
    async with serve_discord(heartbeat_seconds=0.05) as server, aiohttp.ClientSession() as session:
        url = server.base_url.replace("http", "ws") + "/ws"
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["d"] == {"heartbeat_interval": 50}
            waiting = asyncio.create_task(server.until_heartbeats(1, within=WITHIN))
            await asyncio.sleep(0)
            await socket.send_json({"op": 1, "d": None})
            assert await socket.receive_json() == {"op": 11}
            await waiting


@pytest.mark.parametrize(
    ("message", "blame"),
    [
        ({"content": "x" * 2001}, "2000"),
        ({"content": ""}, "empty"),
        ({"view": Card("step", "missing.png", "1")}, "attachment://missing.png"),
        ({"content": "x", "nonce": "n" * 26}, "25"),
        ({"view": ui.LayoutView().add_item(ui.TextDisplay("x" * 3999)).add_item(ui.TextDisplay("yy"))}, "4000"),
    ],
)
async def test_what_discord_refuses_is_refused(
    stand_in: LoopbackDiscord, bot: TrivialBot, message: dict[str, Any], blame: str
) -> None:
    channel = await text_channel(bot, stand_in)
    with pytest.raises(discord.HTTPException, match=re.escape(blame)):
        await channel.send(**message)
    assert len(stand_in.refusals) == 1
    assert stand_in.world.messages() == []


async def test_a_card_cannot_get_plain_content_in_an_edit(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    card = await channel.send(view=ui.LayoutView().add_item(ui.TextDisplay("card")))
    with pytest.raises(discord.HTTPException, match="IS_COMPONENTS_V2"):
        await card.edit(content="plain")


async def test_an_edit_keeps_what_it_does_not_name(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    message = await channel.send("before", file=discord.File(io.BytesIO(png()), "kept.png"))
    await message.edit(content="after")
    await message.add_files(discord.File(io.BytesIO(png("blue")), "new.png"))
    (seen,) = stand_in.world.messages()
    assert seen.words == "after"
    assert [file.filename for file in seen.files] == ["kept.png", "new.png"]
    assert len(seen.edits) == 2


async def test_a_file_object_that_was_read_before_is_refused(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    spent = io.BytesIO(png())
    spent.read()
    with pytest.raises(discord.HTTPException, match="no bytes"):
        await channel.send(file=discord.File(spent, "spent.png"))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"content": CONTENT}, "needs"),
        ({"content": CONTENT, "style": STYLE, "colour": "red"}, "no option"),
        ({"content": CONTENT, "style": "words"}, "is not"),
        ({"content": CONTENT, "style": STYLE, "size": "big"}, "is not"),
    ],
)
async def test_a_person_cannot_send_what_the_command_does_not_declare(
    stand_in: LoopbackDiscord, bot: TrivialBot, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        stand_in.world.invoke_slash("stylize", options)


async def test_a_request_that_nobody_prepared_fails_the_test_by_name() -> None:
    with pytest.raises(AssertionError, match=r"GET /api/v10/guilds/1/audit-logs"):
        async with serve_discord() as server, aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bot {server.token}"}
            async with session.get(f"{server.api_url}/guilds/1/audit-logs", headers=headers) as answer:
                assert answer.status == 404


async def test_privileged_intents_are_not_granted(stand_in: LoopbackDiscord) -> None:
    async with serve_discord() as server, aiohttp.ClientSession() as session:
        async with session.ws_connect(server.base_url.replace("http", "ws") + "/ws") as socket:
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": {"token": server.token, "intents": 1 << 15}})
            assert (await socket.receive()).data == 4014
        assert "MESSAGE_CONTENT" in server.gateway.problems.pop()


async def test_waiting_in_vain_shows_what_there_is(stand_in: LoopbackDiscord, bot: TrivialBot) -> None:
    channel = await text_channel(bot, stand_in)
    await channel.send("all there is")
    with pytest.raises(AssertionError, match="all there is"):
        await stand_in.world.until(lambda: False, within=0.01, what="the impossible")
