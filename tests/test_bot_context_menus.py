"""The menus of messages and members, and the forms that they open, as a member uses them."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from simcord.backend.models.message import MessageSticker
from simcord.results import to_discord_message

from bot.jobs.choices import Wrong, WrongChoice
from bot.ui import message_pictures
from bot.ui.text import commands as text
from nst_engine.contract.params import KeepColours
from tests.bot_world import CAT, EVERYBODY, WAVE, World, bot_world
from tests.fake_engine import picture
from tests.test_bot_inputs import FACE, add_style, content_of, styles_of

NOTES = ("notes.txt", b"hello")
IN_REPLY = "I see no picture in this message. If it is in the one that this replies to, use the menu there."


async def a_message(world: World, *files: tuple[str, bytes], **options: Any) -> discord.Message:
    """By Ann, who may write here."""
    for role in world.env.backend.guilds[world.guild.id].roles.values():
        role.permissions |= EVERYBODY.value | discord.Permissions(send_messages=True, attach_files=True).value
    message: discord.Message = await world.ann.send(world.channel, "look", attachments=files, **options)
    return message


def made(world: World, **parts: Any) -> discord.Message:
    """A message as people cannot send it through the simulation."""
    return to_discord_message(
        world.env, world.env.backend.create_message(world.channel.id, world.ann.id, "look", **parts)
    )


async def pick(world: World, menu: str, target: Any) -> Any:
    return await world.ann.context_menu(world.channel, menu, target)


def fields(shown: Any) -> list[str]:
    assert shown.modal is not None, shown.response
    return [label["component"]["custom_id"] for label in shown.modal["components"]]


async def test_a_picture_in_a_message_is_painted_in_a_style_of_the_library(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await add_style(world, "Wave", "teal")
        night = await add_style(world, "Night", "navy")
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, NOTES, CAT, WAVE))
        assert shown.modal["title"] == "Stylize this picture"
        assert fields(shown) == ["library", "styles", "strength", "colours", "also"]
        values = {"library": [str(night.id)], "strength": "75", "colours": "luminance", "also": ["spoiler"]}
        answer = await world.ann.submit_modal(shown, values)
        assert answer.response.content.startswith("🎨 **cat** in the style of **Night**")
        job = await world.engine.claim()
        assert (await content_of(world, job), await styles_of(world, job)) == (CAT[1], [picture("navy")])
        assert (job.params.strength, job.params.keep_colours) == (75, KeepColours.LUMINANCE)
        assert job.address is not None
        assert job.address["spoiler"] is True


async def test_what_is_made_of_a_covered_picture_of_a_message_is_covered(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shown = await pick(world, text.USE_AS_STYLE, await a_message(world, ("SPOILER_ending.png", CAT[1])))
        answer = await world.ann.submit_modal(shown, {"content": [WAVE]})
        assert answer.response.content.startswith("🎨 **wave** in the style of **ending**")
        job = await world.engine.claim()
        assert job.address is not None
        assert job.address["spoiler"] is True


async def test_styles_of_the_library_and_uploaded_ones_go_together(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        night = await add_style(world, "Night", "navy")
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        await world.ann.submit_modal(shown, {"library": [str(night.id)], "styles": [WAVE, ("b.png", FACE)]})
        job = await world.engine.claim()
        assert await styles_of(world, job) == [picture("navy"), WAVE[1], FACE]
        assert (job.params.strength, job.params.keep_colours) == (50, KeepColours.NO)


async def test_without_a_library_a_style_is_uploaded(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        assert fields(shown) == ["styles", "strength", "colours", "also"]
        await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert await styles_of(world, await world.engine.claim()) == [WAVE[1]]


async def test_a_form_without_a_style_or_with_too_many_is_answered_in_words(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        night = await add_style(world, "Night")
        message = await a_message(world, CAT)
        answer = await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, message), {})
        assert answer.response.ephemeral
        assert answer.response.content == ("Which style shall I use? Choose one of the library, or upload a picture.")
        values = {"library": [str(night.id)], "styles": [WAVE] * 4}
        answer = await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, message), values)
        assert answer.response.content == "You gave 5 styles; a picture has at most 4."


async def test_the_servers_own_styles_come_first_and_no_more_than_fit(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for number in range(30):
            await add_style(world, f"Style {number:02}")
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        select = shown.modal["components"][0]
        assert [option["label"] for option in select["component"]["options"]][:2] == ["Style 00", "Style 01"]
        assert len(select["component"]["options"]) == 25
        assert select["description"] == "25 of 30; `/stylize` knows them all"


async def test_the_form_begins_with_what_is_usual_in_the_server(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.app.client.services.settings.set(world.guild.id, "default_strength", 60, by=1)
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        options = shown.modal["components"][1]["component"]["options"]
        assert [option["value"] for option in options] == ["25", "50", "60", "75", "100"]
        assert [option["label"] for option in options if option.get("default")] == ["As usual here (60)"]
        await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert (await world.engine.claim()).params.strength == 60


async def test_a_form_works_after_a_restart_and_after_its_message_was_deleted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message = await a_message(world, CAT)
        stylize = await pick(world, text.STYLIZE_PICTURE, message)
        as_style = await pick(world, text.USE_AS_STYLE, message)
        avatar = await pick(world, text.STYLIZE_AVATAR, world.ann)
        for number in range(6):
            world.cdn.pictures[f"https://cdn.discordapp.com/embed/avatars/{number}.png?size=1024"] = FACE
        await world.ann.delete(message)
        await world.restart()
        await world.ann.submit_modal(stylize, {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == CAT[1]
        await world.ann.submit_modal(as_style, {"content": [WAVE]})
        assert await styles_of(world, await world.engine.claim()) == [CAT[1]]
        await world.ann.submit_modal(avatar, {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == FACE


async def test_the_menus_work_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.restart()
        message = await a_message(world, CAT)
        await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, message), {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == CAT[1]


async def test_a_picture_that_was_forgotten_is_said_to_be(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        found = world.app.client.services.found
        picture_id = int(shown.modal["custom_id"].partition(":")[2])
        kept = await found.find(picture_id)
        assert kept is not None
        await found.keep(picture_id + 1, kept, forget_before=picture_id + 1)
        answer = await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert answer.response.content == "I no longer know which picture this form was for. Please open it again."
        assert answer.response.ephemeral


async def test_a_picture_in_a_message_is_used_as_style(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shown = await pick(world, text.USE_AS_STYLE, await a_message(world, WAVE))
        assert shown.modal["title"] == "Use as style"
        assert fields(shown) == ["content", "avatar", "strength", "colours", "also"]
        answer = await world.ann.submit_modal(shown, {"content": [CAT], "strength": "100"})
        assert answer.response.content.startswith("🎨 **cat** in the style of **wave**")
        job = await world.engine.claim()
        assert (await content_of(world, job), await styles_of(world, job)) == (CAT[1], [WAVE[1]])
        assert job.params.strength == 100


async def test_ones_own_avatar_is_painted_in_a_pictures_style(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for number in range(6):
            world.cdn.pictures[f"https://cdn.discordapp.com/embed/avatars/{number}.png?size=1024"] = FACE
        message = await a_message(world, WAVE)
        await world.ann.submit_modal(await pick(world, text.USE_AS_STYLE, message), {"avatar": True})
        assert await content_of(world, await world.engine.claim()) == FACE
        both = await world.ann.submit_modal(
            await pick(world, text.USE_AS_STYLE, message), {"avatar": True, "content": [CAT]}
        )
        assert both.response.content == "You gave a picture and your avatar. Choose one of the two."
        none = await world.ann.submit_modal(await pick(world, text.USE_AS_STYLE, message), {})
        assert none.response.content == "Which picture shall I paint? Upload one, or choose your avatar."


async def test_the_picture_of_the_message_that_was_replied_to_is_taken(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        reply = await a_message(world, reply_to=await a_message(world, CAT))
        await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, reply), {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == CAT[1]
        own = await a_message(world, WAVE, reply_to=await a_message(world, CAT))
        await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, own), {"styles": [CAT]})
        assert await content_of(world, await world.engine.claim()) == WAVE[1], "its own picture goes first"


async def test_a_reply_to_the_bots_own_picture_needs_no_second_look(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await a_message(world)
        files = world.env.backend.store_attachments(world.channel.id, [CAT])
        result = world.env.backend.create_message(world.channel.id, world.env.bot.user.id, attachments=files)
        reply = await a_message(world, reply_to=to_discord_message(world.env, result))
        world.env.inject_error("GET", "/channels/*/messages/*", status=403, code=50001)
        await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, reply), {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == CAT[1]


async def test_a_reply_to_a_message_that_the_bot_may_not_see_says_what_to_do(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        reply = await a_message(world, reply_to=await a_message(world, CAT))
        world.env.inject_error("GET", "/channels/*/messages/*", status=403, code=50001)
        answer = await pick(world, text.STYLIZE_PICTURE, reply)
        assert answer.response.content == IN_REPLY


async def test_a_forwarded_picture_is_taken(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        forwarded = await world.ann.forward(await a_message(world, CAT), world.channel)
        await world.ann.submit_modal(await pick(world, text.STYLIZE_PICTURE, forwarded), {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == CAT[1]


async def test_a_message_without_a_picture_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bare = await a_message(world, NOTES)
        replied_to = await a_message(world, reply_to=bare)
        deleted = await a_message(world, CAT)
        orphan = await a_message(world, reply_to=deleted)
        await world.ann.delete(deleted)
        for message, sentence in (
            (bare, "I see no picture in this message."),
            (replied_to, IN_REPLY),
            (orphan, IN_REPLY),
        ):
            for menu in (text.STYLIZE_PICTURE, text.USE_AS_STYLE):
                answer = await pick(world, menu, message)
                assert answer.modal is None
                assert answer.response.ephemeral
                assert answer.response.content == sentence


async def test_a_sticker_in_a_message_is_painted_unless_it_is_a_drawing(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await a_message(world)
        sun, drawn = (MessageSticker(10**18 + kind, f"sun{kind}", kind, world.guild.id) for kind in (1, 3))
        world.cdn.pictures[f"https://cdn.discordapp.com/stickers/{sun.id}.png"] = FACE
        shown = await pick(world, text.STYLIZE_PICTURE, made(world, stickers=[sun]))
        await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert await content_of(world, await world.engine.claim()) == FACE
        answer = await pick(world, text.STYLIZE_PICTURE, made(world, stickers=[drawn]))
        assert "The sticker **sun3** is kept in a way that I cannot read." in answer.response.content


async def test_the_preview_of_a_link_is_taken_as_discord_fetched_it_and_never_from_elsewhere(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await a_message(world)
        proxied = "https://images-ext-1.discordapp.net/external/abc/https/example.com/cat.png"
        world.cdn.pictures[proxied] = FACE
        image = {"url": "https://example.com/cat.png", "proxy_url": proxied}
        shown = await pick(world, text.STYLIZE_PICTURE, made(world, embeds=[{"title": "A cat", "image": image}]))
        answer = await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert answer.response.content.startswith("🎨 **A cat** in the style of")
        assert await content_of(world, await world.engine.claim()) == FACE
        for proxy_url in (None, "https://example.com/cat.png", "http://127.0.0.1/cat.png"):
            image = {"url": "https://example.com/cat.png"} | ({"proxy_url": proxy_url} if proxy_url else {})
            answer = await pick(world, text.STYLIZE_PICTURE, made(world, embeds=[{"thumbnail": image}]))
            assert answer.modal is None


async def test_a_members_avatar_is_stylized_from_their_menu(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.guild.add_member(world.env.create_user("bob", avatar="0123456789abcdef0123456789abcdef"))
        url = f"https://cdn.discordapp.com/avatars/{bob.id}/0123456789abcdef0123456789abcdef.png?size=1024"
        world.cdn.pictures[url] = FACE
        shown = await pick(world, text.STYLIZE_AVATAR, bob)
        answer = await world.ann.submit_modal(shown, {"styles": [WAVE]})
        assert answer.response.content.startswith("🎨 **bob** in the style of **wave**")
        assert await content_of(world, await world.engine.claim()) == FACE


async def test_a_bad_picture_takes_the_public_answer_of_a_form_back(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.bad[b"junk"] = "is junk"
        shown = await pick(world, text.STYLIZE_PICTURE, await a_message(world, CAT))
        answer = await world.ann.submit_modal(shown, {"styles": [("b.png", b"junk")]})
        assert answer.followups[-1].content == "The style picture is junk."
        assert [m for m in world.history(world.channel) if not m.flags.ephemeral] == []
        assert await world.app.store.open_jobs() == []


async def test_a_message_that_takes_long_to_be_fetched_keeps_nobody_waiting_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Discord waits for three seconds."""
    monkeypatch.setattr(message_pictures, "SECONDS_TO_LOOK", 0.01)
    reply = discord.MessageReference(message_id=1, channel_id=2)
    reply.resolved = None
    channel = SimpleNamespace(fetch_message=lambda _message_id: asyncio.Future())
    message: Any = SimpleNamespace(
        attachments=[], stickers=[], embeds=[], message_snapshots=[], reference=reply, channel=channel
    )
    with pytest.raises(WrongChoice) as caught:
        await message_pictures.picture_of(message)
    assert caught.value.mistake is Wrong.NO_PICTURE_IN_REPLY
