"""`/style` as members and admins use it."""

from pathlib import Path
from typing import Any

import discord
import pytest
from sqlalchemy import insert

from bot.jobs.errors import CheckUnavailable
from bot.store.schema import styles
from bot.store.styles import EVERYBODY, LibraryStyle, NewStyle, StyleLibrary
from nst_engine.errors import BadPicture, QueueUnavailable
from tests.bot_world import CAT, WAVE, World, bot_world, buttons, words
from tests.fake_engine import picture

MANAGER = discord.Permissions(manage_guild=True)
STICKERS = discord.Permissions(manage_expressions=True)


def library(world: World) -> StyleLibrary:
    return world.app.client.services.library


def tenant(world: World) -> str:
    return str(world.guild.id)


def member(world: World, name: str, permissions: discord.Permissions) -> Any:
    role = world.guild.create_role(f"Role of {name}", permissions=permissions)
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def hang(world: World, name: str, tenant_id: str | None = None, added_by: str | None = None) -> LibraryStyle:
    """Put a style into a library without asking the bot."""
    new = NewStyle(
        tenant_id=tenant(world) if tenant_id is None else tenant_id,
        name=name,
        blob=await world.app.blobs.put(picture("teal")),
        thumbnail_blob=await world.app.blobs.put(picture("olive", kind="JPEG")),
        width=640,
        height=480,
        added_by=added_by,
    )
    return await library(world).add(new)


async def fill(world: World, count: int) -> None:
    """Put many styles into the server's library at once."""
    alike = {"blob": "a" * 64, "thumbnail_blob": "b" * 64, "width": 640, "height": 480, "added_at": 0.0}
    rows = [{"tenant_id": tenant(world), "name": f"Style {n}", "name_key": f"style {n}"} | alike for n in range(count)]
    await world.app.database.write(lambda connection: connection.execute(insert(styles), rows))


async def names(world: World, tenant_id: str | None = None) -> list[str]:
    return [style.name for style in await library(world).listed(tenant_id or tenant(world))]


def said(answer: Any) -> str:
    """What was said last, and to whoever asked alone."""
    last = [message for message in (answer.response, *answer.followups) if message is not None][-1]
    assert last.ephemeral
    return words(last.message) if last.flags.components_v2 else str(last.content)


def alt_texts(message: discord.Message) -> list[str | None]:
    view = discord.ui.LayoutView.from_message(message)
    galleries = [item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery)]
    return [shown.description for gallery in galleries for shown in gallery.items]


async def suggested(who: Any, where: Any, command: str, typed: str) -> list[str]:
    return [choice["name"] for choice in await who.autocomplete(where, command, "name", typed)]


@pytest.mark.parametrize("permissions", [MANAGER, STICKERS, discord.Permissions(administrator=True)])
async def test_who_may_manage_the_server_adds_a_style_that_everybody_then_uses(
    tmp_path: Path, permissions: discord.Permissions
) -> None:
    async with bot_world(tmp_path) as world:
        ada = member(world, "ada", permissions)
        answer = await ada.slash(world.channel, "style add", name=" night  Wind", picture=WAVE)
        assert answer.ephemeral
        assert words(answer.response.message).splitlines() == [
            "**night Wind** is in the library now.",
            "## night Wind",
            f"-# added by <@{ada.id}> · 64 × 48 pixels",
        ]
        assert buttons(answer.response.message) == ["Use this style"]
        (style,) = await library(world).listed(tenant(world))
        assert await world.app.blobs.get(style.blob) == WAVE[1]
        assert await world.app.blobs.get(style.thumbnail_blob) == picture("olive", kind="JPEG")
        await world.stylize(style=None, from_library="NIGHT WIND")
        job = await world.engine.claim()
        assert await world.app.blobs.get(job.style_blobs[0]) == WAVE[1]


@pytest.mark.parametrize(
    ("command", "options"), [("add", {"picture": WAVE, "name": "Mine"}), ("remove", {"name": "Breaker"})]
)
async def test_members_who_may_not_manage_the_server_change_nothing(
    tmp_path: Path, command: str, options: dict[str, Any]
) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Breaker")
        moderator = member(world, "mo", discord.Permissions(manage_messages=True, create_expressions=True))
        for who in (world.ann, moderator):
            answer = await who.slash(world.channel, f"style {command}", **options)
            assert said(answer) == (
                "Only members who may manage this server or its emojis and stickers can change its styles."
            )
        assert await names(world) == ["Breaker"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 33, "This name has 33 letters; a style's name has at most 32."),
        ("\u200b", "A style needs a name, of 1 to 32 letters."),
        (
            "BREAKER",
            "There is a style called **Break\\_er** here already. Choose another name, or remove that one first.",
        ),
    ],
)
async def test_a_name_that_cannot_be_used_is_refused_before_the_picture_is_read(
    tmp_path: Path, name: str, sentence: str
) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Break_er" if "_" in sentence else "Breaker", EVERYBODY)
        world.check.fault = AssertionError("the picture was read")
        ada = member(world, "ada", MANAGER)
        name = "break_ER" if "_" in sentence else name
        assert said(await ada.slash(world.channel, "style add", name=name, picture=WAVE)) == sentence


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("notes.txt", b"hello"), "The style file is not a picture (text/plain)."),
        (("wave.png", b""), "The style picture is an empty file (0 bytes)."),
        (("wave.png", bytes(2 * 2**20)), "The style picture is 2.0 MiB large; I read files of up to 1 MiB."),
    ],
)
async def test_a_file_that_is_no_picture_is_refused(tmp_path: Path, file: tuple[str, bytes], sentence: str) -> None:
    async with bot_world(tmp_path, max_upload_mib=1) as world:
        ada = member(world, "ada", MANAGER)
        answer = await ada.slash(world.channel, "style add", name="Wave", picture=file)
        assert said(answer).startswith(sentence)
        assert await names(world) == []


async def test_a_picture_whose_pixels_are_bad_or_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = member(world, "ada", MANAGER)
        world.check.bad[WAVE[1]] = "is a damaged or incomplete PNG"
        answer = await ada.slash(world.channel, "style add", name="Wave", picture=WAVE)
        assert said(answer) == "The style picture is a damaged or incomplete PNG."
        world.check.fault = CheckUnavailable("no processes left")
        answer = await ada.slash(world.channel, "style add", name="Wave", picture=WAVE)
        assert said(answer).startswith("I cannot look at pictures at the moment.")
        assert await names(world) == []


async def test_a_full_library_says_how_many_it_holds(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await fill(world, 200)
        ada = member(world, "ada", MANAGER)
        answer = await ada.slash(world.channel, "style add", name="One more", picture=WAVE)
        assert said(answer).startswith("This library has 200 styles of its own, which is the most.")


async def test_a_style_is_shown_to_everybody_with_its_alt_text(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        style = await hang(world, "Night wind", EVERYBODY)
        answer = await world.ann.slash(world.channel, "style show", name="night  WIND")
        assert not answer.ephemeral
        message = answer.response.message
        assert words(message).splitlines() == ["## Night wind", "-# comes with the bot · 640 × 480 pixels"]
        assert alt_texts(message) == ["The style Night wind"]
        assert [file.filename for file in message.attachments] == [f"style-{style.id}.jpg"]


async def test_a_style_is_shown_though_its_large_picture_cannot_be_made(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        style = await hang(world, "Night wind", EVERYBODY)

        async def broken(data: bytes, **_options: Any) -> bytes:
            raise BadPicture("not today")

        object.__setattr__(world.app.client.services, "thumbnails", broken)
        answer = await world.ann.slash(world.channel, "style show", name="Night wind")
        (file,) = answer.response.message.attachments
        assert await file.read() == await world.app.blobs.get(style.thumbnail_blob)


async def test_a_name_that_nothing_has_is_told_to_whoever_typed_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.ann.slash(world.channel, "style show", name="*@everyone*" + "x" * 90)
        assert said(answer) == (
            f"I found no style called **\\*\\@everyone\\*{'x' * 36}…** here. Choose one of those that are offered."
        )
        ada = member(world, "ada", MANAGER)
        for command in ("remove", "restore"):
            assert said(await ada.slash(world.channel, f"style {command}", name="Koi")) == (
                "I found no style called **Koi** here. Choose one of those that are offered."
            )


async def test_a_style_of_the_server_is_removed_for_good(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Ours", added_by="7")
        ada = member(world, "ada", STICKERS)
        answer = await ada.slash(world.channel, "style remove", name="ours")
        assert said(answer) == ("**Ours** is no longer in the library. Pictures that were painted with it stay.")
        assert await names(world) == []


async def test_one_of_the_bots_own_is_taken_out_and_put_back(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Breaker", EVERYBODY)
        ada = member(world, "ada", MANAGER)
        answer = await ada.slash(world.channel, "style remove", name="breaker")
        command_id = world.app.client.command_ids["style"]
        assert said(answer) == (f"**Breaker** is no longer in the library. </style restore:{command_id}> puts it back.")
        await world.restart()
        assert await names(world) == []
        assert await names(world, "another server") == ["Breaker"]
        assert await suggested(ada, world.channel, "style remove", "") == []
        assert await suggested(ada, world.channel, "style restore", "br") == ["Breaker"]
        assert said(await world.ann.slash(world.channel, "style restore", name="Breaker")).startswith("Only members")
        answer = await ada.slash(world.channel, "style restore", name="breaker")
        assert said(answer) == "**Breaker** is in the library again."
        assert await names(world) == ["Breaker"]


async def test_names_are_offered_while_typing(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for name in ("Night wind", "Windmill", "Koi"):
            await hang(world, name)
        for command in ("style show", "style remove"):
            assert await suggested(world.ann, world.channel, command, "wind") == ["Windmill", "Night wind"]

        async def away(tenant_id: str) -> list[LibraryStyle]:
            raise QueueUnavailable("no database")

        library(world).listed = away  # type: ignore[method-assign]  # the database's part
        assert await suggested(world.ann, world.channel, "style show", "wind") == []


async def test_while_the_database_is_away_that_is_said(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:

        async def away(tenant_id: str) -> list[LibraryStyle]:
            raise QueueUnavailable("no database")

        library(world).listed = away  # type: ignore[method-assign]  # the database's part
        for command, options in (("style list", {}), ("style show", {"name": "Koi"})):
            answer = await world.ann.slash(world.channel, command, **options)
            assert said(answer).startswith("I cannot reach my queue at the moment.")


async def test_in_direct_messages_everybody_has_a_library_of_their_own(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Breaker", EVERYBODY)
        await hang(world, "Of the server")
        bob = world.env.create_user("bob")
        answer = await bob.slash("style add", name="My cat", picture=CAT)
        assert words(answer.response.message).startswith("**My cat** is in the library now.")
        assert await names(world, str(bob.id)) == ["Breaker", "My cat"]
        listed = await bob.slash("style list")
        assert words(listed.response.message).startswith("## Your styles\n-# 2 styles\n")
        await bob.slash("style remove", name="Breaker")
        assert await names(world, str(bob.id)) == ["My cat"]
        assert await names(world) == ["Breaker", "Of the server"]
