"""The pages of the style library, and the button that uses a style, as members press them."""

from pathlib import Path
from typing import Any

import discord

from bot.store.styles import EVERYBODY
from bot.ui.text import library as text
from bot.ui.words import words_for
from tests.bot_world import CAT, World, bot_world, buttons, words
from tests.fake_engine import picture
from tests.test_bot_library import MANAGER, alt_texts, hang, library, member, said, tenant

ENGLISH = words_for("en-US")


async def gallery(world: World, styles: int) -> Any:
    """The first page of a library with so many styles."""
    for n in range(styles):
        await hang(world, f"Style {n:02}", EVERYBODY if n else None, added_by=None if n else "77")
    return await world.ann.slash(world.channel, "style list")


def is_there(message: discord.Message) -> dict[str, bool]:
    view = discord.ui.LayoutView.from_message(message)
    return {str(item.label): not item.disabled for item in view.walk_children() if isinstance(item, discord.ui.Button)}


async def test_a_page_shows_pictures_with_names_and_who_added_them(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await gallery(world, 14)
        assert answer.ephemeral
        message = answer.response.message
        lines = words(message).splitlines()
        assert lines[:3] == [
            "## The styles of Art School",
            "-# 14 styles · page 1 of 3",
            "**Style 00**, added by <@77> · **Style 01**",
        ]
        assert alt_texts(message) == [f"The style Style {n:02}" for n in range(6)]
        assert len(message.attachments) == 6
        assert await message.attachments[0].read() == picture("olive", kind="JPEG")
        assert is_there(message) == {"Previous": False, "Next": True}


async def test_pages_are_turned_also_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message = (await gallery(world, 14)).response.message
        await world.restart()
        turned = (await world.ann.click(message, label="Next")).response or message
        second = world_message(world, turned)
        assert words(second).splitlines()[1] == "-# 14 styles · page 2 of 3"
        assert is_there(second) == {"Previous": True, "Next": True}
        await world.ann.click(second, label="Next")
        third = world_message(world, second)
        assert words(third).splitlines()[1:] == [
            "-# 14 styles · page 3 of 3",
            "**Style 12** · **Style 13**",
        ]
        assert len(third.attachments) == 2, "pictures of another page are gone"
        assert is_there(third) == {"Previous": True, "Next": False}


def world_message(world: World, message: Any) -> discord.Message:
    """As it is now."""
    from simcord.results import to_discord_message

    return to_discord_message(world.env, world.env.backend.get_message(world.channel.id, message.id))


async def test_a_page_that_is_gone_turns_to_the_last_one(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message = (await gallery(world, 7)).response.message
        for n in range(3):
            await library(world).remove(tenant(world), f"Style {n:02}")
        await world.ann.click(message, label="Next")
        now = world_message(world, message)
        assert words(now).splitlines()[1] == "-# 4 styles"
        assert buttons(now) == []


async def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        command = f"</style add:{world.app.client.command_ids['style']}>"
        message = (await world.ann.slash(world.channel, "style list")).response.message
        assert words(message).splitlines()[2] == (
            f"There are no styles here yet. Members who may manage the server add them with {command}."
        )
        assert message.attachments == []
        bob = world.env.create_user("bob")
        assert f"Add one with {command}." in words((await bob.slash("style list")).response.message)


async def test_a_picture_that_is_lost_keeps_nobody_from_reading_the_names(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        style = await hang(world, "Lost")
        key = style.thumbnail_blob
        (tmp_path / "data" / "blobs" / key[:2] / key).unlink()
        message = (await world.ann.slash(world.channel, "style list")).response.message
        assert "**Lost**" in words(message)
        assert message.attachments == []


async def test_a_style_of_a_page_is_looked_at_and_used_also_after_restarts(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message = (await gallery(world, 3)).response.message
        await world.restart()
        (_, wanted, _) = await library(world).listed(tenant(world))
        looked = await world.ann.select(message, [str(wanted.id)], custom_id="style:pick")
        assert looked.ephemeral
        assert words(looked.response.message).startswith("## Style 01\n")
        await world.restart()
        shown = await world.ann.click(looked.response.message, label="Use this style")
        assert shown.modal["title"] == "Style: Style 01"
        await world.restart()
        answer = await world.ann.submit_modal(shown, {"content": [CAT], "strength": "75"})
        assert answer.response.content.startswith("🎨 **cat** in the style of **Style 01**")
        job = await world.engine.claim()
        assert await world.app.blobs.get(job.content_blob) == CAT[1]
        assert await world.app.blobs.get(job.style_blobs[0]) == picture("teal")
        assert job.params.strength == 75


async def test_anybody_may_use_a_style_that_was_shown_to_everybody(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Wave")
        shown = await world.ann.slash(world.channel, "style show", name="Wave")
        bob = world.guild.add_member(world.env.create_user("bob"))
        form = await bob.click(shown.response.message, label="Use this style")
        assert said(await bob.submit_modal(form, {})).startswith("Which picture shall I paint?")
        form = await bob.click(shown.response.message, label="Use this style")
        await bob.submit_modal(form, {"content": [CAT]})
        assert (await world.engine.claim()).owner_id == str(bob.id)


async def test_a_style_that_was_removed_meanwhile_is_no_longer_used(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = member(world, "ada", MANAGER)
        style = await hang(world, "Wave")
        page = (await world.ann.slash(world.channel, "style list")).response.message
        shown = (await world.ann.slash(world.channel, "style show", name="Wave")).response.message
        form = await world.ann.click(shown, label="Use this style")
        await ada.slash(world.channel, "style remove", name="Wave")
        gone = "This style is not in the library any more."
        assert said(await world.ann.submit_modal(form, {"content": [CAT]})) == gone
        assert said(await world.ann.click(shown, label="Use this style")) == gone
        assert said(await world.ann.select(page, [str(style.id)], custom_id="style:pick")) == gone
        assert await world.app.store.open_jobs() == []


async def test_a_style_of_one_server_is_not_used_in_another(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Theirs", "99")
        style = await hang(world, "Ours")
        shown = (await world.ann.slash(world.channel, "style show", name="Ours")).response.message
        await library(world).remove(tenant(world), "Ours")
        theirs = await library(world).find("99", "Theirs")
        assert theirs is not None
        assert theirs.id != style.id
        assert (
            said(await world.ann.click(shown, label="Use this style")) == "This style is not in the library any more."
        )


async def test_a_fault_under_a_button_is_admitted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message = (await gallery(world, 7)).response.message

        async def broken(*_: Any) -> None:
            raise ZeroDivisionError("a bug")

        library(world).listed = broken  # type: ignore[method-assign, assignment]  # the database's part
        fault = "Something went wrong on my side"
        assert said(await world.ann.click(message, label="Next")).startswith(fault)
        assert said(await world.ann.select(message, ["1"], custom_id="style:pick")).startswith(fault)


def test_what_is_said_keeps_within_the_limits_of_discord() -> None:
    assert max(map(len, (text.STYLE_DESCRIPTION, text.ADD_DESCRIPTION, text.SHOW_DESCRIPTION))) <= 100
    assert text.list_title(None, ENGLISH, is_direct=False) == "## The styles of this server"
    assert text.list_title("*Art*", ENGLISH, is_direct=False) == "## The styles of \\*Art\\*"
    assert text.list_place(1, 1, 1, ENGLISH) == "1 style"
