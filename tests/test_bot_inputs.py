"""Everything that `/stylize` takes, as a member gives it; and what is said where it does not make a picture."""

from pathlib import Path
from typing import Any

import discord
import pytest
from pydantic import JsonValue

from bot.jobs.address import Address
from bot.store.styles import LibraryStyle, NewStyle
from nst_engine.contract.params import KeepColours, PresetName
from nst_engine.queue.jobs import Job
from tests.bot_world import CAT, WAVE, World, bot_world
from tests.fake_engine import picture

NIGHT, GLASS, MEADOW = (
    ("night.png", picture("black")),
    ("glass.png", picture("teal")),
    ("meadow.png", picture("lime")),
)
FACE = picture("pink")


async def add_style(world: World, name: str, colour: str = "gold") -> LibraryStyle:
    blob = await world.app.blobs.put(picture(colour))
    tenant = str(world.guild.id)
    new = NewStyle(tenant_id=tenant, name=name, blob=blob, thumbnail_blob=blob, width=64, height=48)
    return await world.app.client.services.library.add(new)


async def content_of(world: World, job: Job) -> bytes:
    return await world.app.blobs.get(job.content_blob)


async def styles_of(world: World, job: Job) -> list[bytes]:
    return [await world.app.blobs.get(blob) for blob in job.style_blobs]


def refused(answer: Any) -> str:
    """The one private sentence that a request ended in."""
    assert answer.response.ephemeral
    return str(answer.response.content)


async def test_discord_requires_no_option(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        command = world.app.client.tree.get_command("stylize")
        assert isinstance(command, discord.app_commands.Command)
        assert [option.name for option in command.parameters if option.required] == []
        assert [option.name for option in command.parameters][:4] == ["content", "style", "from_library", "avatar"]
        assert refused(await world.ann.slash(world.channel, "stylize")) == (
            "Which picture shall I paint? Give it as `content`, or choose an `avatar` or an `emoji`."
        )


async def test_every_choice_reaches_the_job(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(
            strength=80, size=256, preset="paper", keep_colours="luminance", style_scale=2.0, seed=7, spoiler=True
        )
        job = await world.engine.claim()
        params, address = job.params, Address.model_validate(job.address)
        assert (address.spoiler, address.private) == (True, False)
        assert (params.strength, params.size, params.preset) == (80, 256, PresetName.PAPER)
        assert (params.keep_colours, params.style_scale, params.seed) == (KeepColours.LUMINANCE, 2.0, 7)


async def test_a_picture_that_only_its_requester_sees_is_asked_for(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(private=True)
        assert answer.response.ephemeral
        assert Address.model_validate((await world.engine.claim()).address).private


@pytest.mark.parametrize("option", ["content", "style"])
async def test_what_is_made_of_a_covered_picture_is_covered(tmp_path: Path, option: str) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(**{option: ("SPOILER_ending.png", CAT[1])})
        assert "**ending**" in answer.response.content
        assert Address.model_validate((await world.engine.claim()).address).spoiler


async def test_what_is_left_out_is_as_the_server_has_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        settings = world.app.client.services.settings
        chosen: dict[str, JsonValue] = {
            "default_strength": 65,
            "default_size_px": 384,
            "default_preset": "paper",
            "keep_colours": "transfer",
        }
        for name, value in chosen.items():
            await settings.set(world.guild.id, name, value, by=world.ann.id)
        await world.stylize()
        params = (await world.engine.claim()).params
        assert (params.strength, params.size, params.preset) == (65, 384, PresetName.PAPER)
        assert params.keep_colours is KeepColours.TRANSFER
        await world.stylize(strength=0, keep_colours="no")
        params = (await world.engine.claim()).params
        assert (params.strength, params.keep_colours) == (0, KeepColours.NO)


async def test_four_styles_and_their_weights_reach_the_job_in_order(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(style2=NIGHT, style3=GLASS, style4=MEADOW, weights="4, 3, 2, 1")
        assert answer.response.content.startswith(
            "🎨 **cat** in the style of **wave**, **night**, **glass** and **meadow**"
        )
        job = await world.engine.claim()
        assert job.params.style_weights == (4.0, 3.0, 2.0, 1.0)
        assert await styles_of(world, job) == [WAVE[1], NIGHT[1], GLASS[1], MEADOW[1]]


async def test_styles_of_the_library_come_after_attached_ones(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await add_style(world, "Starry Night", "navy")
        await add_style(world, "Wave", "teal")
        await world.stylize(from_library="wave,  starry NIGHT", weights="1 2 3")
        job = await world.engine.claim()
        assert await styles_of(world, job) == [WAVE[1], picture("teal"), picture("navy")]
        assert job.params.style_weights == (1.0, 2.0, 3.0)
        answer = await world.stylize(style=None, from_library="Wave")
        assert answer.response.content.startswith("🎨 **cat** in the style of **Wave**")
        assert await styles_of(world, await world.engine.claim()) == [picture("teal")]


MISTAKES: tuple[tuple[dict[str, Any], str], ...] = (
    (
        {"style": None},
        "Which style shall I use? Give a picture as `style`, or name one of the library with `from_library`.",
    ),
    (
        {"style": None, "from_library": " , "},
        "Which style shall I use? Give a picture as `style`, or name one of the library with `from_library`.",
    ),
    (
        {"style2": NIGHT, "style3": GLASS, "style4": MEADOW, "from_library": "Wave"},
        "You gave 5 styles; a picture has at most 4.",
    ),
    (
        {"from_library": "Wave, Sunflowers"},
        "There is no style **Sunflowers** in the library here. `/style list` shows all.",
    ),
    (
        {"weights": "much"},
        "**much** are no weights. Write one number for each style, for example `2, 1` or `70% 30%`.",
    ),
    ({"weights": "1, 2"}, "Weights: 2, styles: 1. Give one weight for each style, or none."),
    ({"weights": "20000"}, "A weight of 20,000 is too large; it may be at most 10,000."),
    (
        {"style2": NIGHT, "weights": "0 0"},
        "At least one weight must be more than 0, or there would be no style at all.",
    ),
    (
        {"emoji": "<:sun:1234567890123456>"},
        "You gave `content` and `emoji`, and I paint one picture at a time. Choose one of them.",
    ),
    (
        {"content": None, "emoji": "😀"},
        "Discord has no picture of this emoji. Choose one of a server's own, or attach a picture as `content`.",
    ),
    ({"content": None, "emoji": ":nosuch:"}, "I know no emoji or sticker called **nosuch** here."),
    ({"content": None, "emoji": "sticker:1234567890123456"}, "I know no emoji or sticker called"),
)


async def test_what_does_not_make_a_picture_is_refused_in_one_sentence(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await add_style(world, "Wave")
        for options, sentence in MISTAKES:
            assert refused(await world.stylize(**options)).startswith(sentence)
        assert await world.app.store.open_jobs() == []
        assert world.threads() == []


async def test_a_members_avatar_is_painted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.guild.add_member(world.env.create_user("bob", avatar="a_0123456789abcdef0123456789abcdef"))
        url = f"https://cdn.discordapp.com/avatars/{bob.id}/a_0123456789abcdef0123456789abcdef.png?size=1024"
        world.cdn.pictures[url] = FACE
        answer = await world.stylize(content=None, avatar=bob)
        assert answer.response.content.startswith("🎨 **bob** in the style of **wave**")
        assert await content_of(world, await world.engine.claim()) == FACE


async def test_a_member_without_an_avatar_has_discords(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for number in range(6):
            world.cdn.pictures[f"https://cdn.discordapp.com/embed/avatars/{number}.png?size=1024"] = FACE
        await world.stylize(content=None, avatar=world.ann)
        assert await content_of(world, await world.engine.claim()) == FACE


async def test_a_picture_that_discord_no_longer_has_is_told_from_one_that_cannot_be_fetched(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(content=None, avatar=world.ann)
        assert answer.followups[-1].content == (
            "That picture is no longer there. Please attach it again, or choose another."
        )


async def test_an_emoji_of_the_server_is_painted_by_name_or_as_chosen(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        sun = world.guild.create_emoji("Sun")
        dance = world.guild.create_emoji("dance", animated=True)
        world.cdn.pictures[f"https://cdn.discordapp.com/emojis/{sun.id}.png"] = FACE
        world.cdn.pictures[f"https://cdn.discordapp.com/emojis/{dance.id}.webp?animated=true"] = picture("red")
        await world.stylize(content=None, emoji=":sun:")
        assert await content_of(world, await world.engine.claim()) == FACE
        offered = await world.ann.autocomplete(world.channel, "stylize", "emoji", "da")
        assert offered == [{"name": "dance (emoji)", "value": f"<a:dance:{dance.id}>"}]
        await world.stylize(content=None, emoji=offered[0]["value"])
        assert await content_of(world, await world.engine.claim()) == picture("red")


async def test_an_emoji_that_moves_is_an_animation(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        dance = world.guild.create_emoji("dance", animated=True)
        world.cdn.pictures[f"https://cdn.discordapp.com/emojis/{dance.id}.webp?animated=true"] = picture("red")
        world.check.frames = 9
        await world.stylize(content=None, emoji="dance")
        assert (await world.engine.claim()).params.frames == 9


async def test_a_pasted_emoji_works_in_a_direct_message_too(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        world.cdn.pictures["https://cdn.discordapp.com/emojis/1234567890123456.png"] = FACE
        assert "I know no emoji" in refused(await world.stylize(bob, content=None, emoji="sun"))
        assert await bob.autocomplete("stylize", "emoji", "") == []
        await world.stylize(bob, content=None, emoji="<:sun:1234567890123456>")
        assert await content_of(world, await world.engine.claim()) == FACE


async def test_a_sticker_is_painted_unless_it_is_a_drawing(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        hello = world.guild.create_sticker("Hello there")
        film = world.guild.create_sticker("film", format_type=4)
        world.guild.create_sticker("drawn", format_type=3)
        world.cdn.pictures |= {
            f"https://cdn.discordapp.com/stickers/{hello.id}.png": FACE,
            f"https://media.discordapp.net/stickers/{film.id}.gif": picture("red"),
        }
        offered = await world.ann.autocomplete(world.channel, "stylize", "emoji", "")
        assert [choice["name"] for choice in offered] == ["film (sticker)", "Hello there (sticker)"]
        await world.stylize(content=None, emoji=offered[1]["value"])
        assert await content_of(world, await world.engine.claim()) == FACE
        await world.stylize(content=None, emoji="film")
        assert await content_of(world, await world.engine.claim()) == picture("red")
        assert refused(await world.stylize(content=None, emoji="drawn")) == (
            "The sticker **drawn** is kept in a way that I cannot read. Choose another, or attach a picture."
        )


async def test_an_emoji_added_while_the_bot_runs_is_known(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        assert await world.ann.autocomplete(world.channel, "stylize", "emoji", "sun") == []
        world.guild.create_emoji("sun")
        assert len(await world.ann.autocomplete(world.channel, "stylize", "emoji", "sun")) == 1


async def test_names_of_the_library_are_offered_one_after_another(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for name in ("Wave", "Night sky", "Tower"):
            await add_style(world, name)

        async def offered(typed: str) -> list[str]:
            choices = await world.ann.autocomplete(world.channel, "stylize", "from_library", typed)
            return [choice["value"] for choice in choices]

        assert await offered("") == ["Night sky", "Tower", "Wave"]
        assert await offered("ni") == ["Night sky"]
        assert await offered("night SKY, w") == ["night SKY, Wave", "night SKY, Tower"]
        assert await offered("zebra") == []


async def test_names_that_fit_into_no_choice_are_not_offered(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for letter in "abcd":
            await add_style(world, letter * 32)
        typed = ", ".join(letter * 32 for letter in "abc")
        assert await world.ann.autocomplete(world.channel, "stylize", "from_library", f"{typed}, d") == []
        await world.stylize(style=None, from_library=f"{typed}, {'d' * 32}")
        assert len((await world.engine.claim()).style_blobs) == 4


async def test_the_same_inputs_work_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await add_style(world, "Wave")
        sun = world.guild.create_emoji("sun")
        world.cdn.pictures[f"https://cdn.discordapp.com/emojis/{sun.id}.png"] = FACE
        await world.restart()
        assert len(await world.ann.autocomplete(world.channel, "stylize", "emoji", "sun")) == 1
        await world.stylize(content=None, style=None, emoji="sun", from_library="wave")
        job = await world.engine.claim()
        assert (await content_of(world, job), await styles_of(world, job)) == (FACE, [picture("gold")])


async def test_pictures_attached_beside_a_missing_content_are_not_read(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(content=None, style=CAT)
        assert refused(answer).startswith("Which picture shall I paint?")
