"""`/challenge create`: what a moderator chooses becomes a draft, or is refused in words before anything is saved."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.creation import MOST_UNFINISHED
from bot.challenges.errors import WrongPhase
from bot.challenges.times import DAY, HOUR, WEEK
from bot.challenges.values import NewChallenge, Phase, Terms, VotingMode
from bot.ui.challenges.draft import STYLE_SIDE_PX
from nst_engine.errors import QueueUnavailable
from tests.bot_world import CAT, PERMISSIONS, WAVE, World, WorldClock, bot_world, buttons, told, until, words
from tests.challenge_acts import page
from tests.challenge_drafts import create, drafts, files, moderator, store
from tests.fake_engine import picture
from tests.test_bot_library import hang

ROLES = PERMISSIONS | discord.Permissions(manage_roles=True)


def all_of(world: World) -> Any:
    """Everybody's role."""
    return world.guild.default_role


def require_tag(world: World, forum: Any, *tags: dict[str, Any]) -> None:
    """As a server's settings would: the simulation has no such switch."""
    channel = world.app.client.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    channel._flags = discord.ChannelFlags(require_tag=True).value
    channel._available_tags = {tag["id"]: discord.ForumTag.from_data(state=channel._state, data=tag) for tag in tags}  # type: ignore[arg-type]  # as Discord sends it


def tag(*, moderated: bool) -> dict[str, Any]:
    return {"id": 77, "name": "event", "moderated": moderated, "emoji_id": None, "emoji_name": None}


async def test_a_title_and_a_picture_are_enough(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        shown = page(await create(world, moderator(world)))
        now = world.app.client.services.clock.now()
        (draft,) = await drafts(world)
        assert (draft.title, draft.phase, draft.schedule.confirmed) == ("Night sky", Phase.DRAFT, False)
        assert draft.channel_id == world.channel.id
        assert draft.schedule.opens_at == pytest.approx(now, abs=1)
        assert draft.schedule.entries_end_at - draft.schedule.opens_at == 3 * DAY
        assert draft.schedule.voting_ends_at - draft.schedule.entries_end_at == DAY
        (style,) = draft.terms.styles
        assert draft.terms == Terms(styles=(style,), voting_seconds=DAY)
        assert (style.name, style.width, style.height) == ("wave", 64, 48)
        assert await world.app.blobs.get(style.blob) == WAVE[1]
        assert await world.app.blobs.get(style.thumbnail_blob) == picture("olive", kind="JPEG")
        assert files(shown) == ["style-1.jpg"]
        assert buttons(shown) == ["Announce and open", "Change…", "Discard"]
        assert world.history(world.channel) == []


async def test_every_choice_is_kept(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock(), permissions=ROLES) as world:
        mo = moderator(world, manage_roles=True)
        enter, vote, ping, winner = (
            world.guild.create_role(name, mentionable=True) for name in ("enter", "vote", "ping", "winner")
        )
        news = world.guild.create_news_channel("news")
        await hang(world, "Night wind")
        now = world.app.client.services.clock.now()
        await create(
            world,
            mo,
            description=" Bring your own sky. ",
            style2=CAT,
            from_library="night WIND",
            starts="in 2h",
            ends=f"<t:{round(now + 2 * DAY)}:F>",
            voting="12 hours",
            mode="duels",
            entries_per_member=3,
            needs_approval=True,
            enter_role=enter,
            vote_role=vote,
            member_for="7d",
            ping_role=ping,
            winner_role=winner,
            channel=news,
        )
        (draft,) = await drafts(world)
        assert draft.channel_id == news.id
        assert draft.schedule.opens_at == pytest.approx(now + 2 * HOUR, abs=1)
        assert draft.schedule.entries_end_at == round(now + 2 * DAY)
        assert [style.name for style in draft.terms.styles] == ["wave", "cat", "Night wind"]
        assert draft.terms.model_copy(update={"styles": ()}) == Terms(
            description="Bring your own sky.",
            mode=VotingMode.DUELS,
            entries_per_member=3,
            voting_seconds=12 * HOUR,
            enter_role_ids=(enter.id,),
            vote_role_ids=(vote.id,),
            member_for_seconds=WEEK,
            ping_role_id=ping.id,
            winner_role_id=winner.id,
            needs_approval=True,
            ends_at_a_moment=True,
        )


async def test_the_pictures_on_the_card_are_large_enough_to_see(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        asked: list[int] = []

        async def thumbnails(_data: bytes, *, side_px: int, role: str) -> bytes:
            asked.append(side_px)
            assert role == "style"
            return picture("olive", kind="JPEG")

        object.__setattr__(world.app.client.services, "thumbnails", thumbnails)
        await create(world, moderator(world), style2=CAT)
        assert asked == [STYLE_SIDE_PX, STYLE_SIDE_PX]


async def test_no_style_is_a_free_theme_and_the_preview_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shown = page(await create(world, moderator(world), style=None))
        assert "⚠️ No style was given: this is a free theme, and members bring both pictures." in words(shown)
        assert files(shown) == []
        (draft,) = await drafts(world)
        assert draft.terms.styles == ()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"starts": "whenever"}, "“whenever” is not understood as a time. Write for example"),
    ({"starts": "2020-01-01"}, "“2020-01-01” is in the past."),
    ({"starts": "200d"}, "“200d” is too far away: it may begin in 180 days at the latest."),
    ({"lasts": "1m"}, "“1m” is too short: it takes at least 5 minutes."),
    ({"lasts": "61d"}, "“61d” is too long: 60 days is the most."),
    ({"ends": "in 1m"}, "“in 1m” is too short: it takes at least 5 minutes."),
    ({"lasts": "3d", "ends": "in 3d"}, "Give `lasts` or `ends`, not both of them."),
    ({"voting": "31d"}, "“31d” is too long: 30 days is the most."),
    ({"member_for": "11y"}, "“11y” is too long: 3650 days is the most."),
    ({"title": " \u2003 "}, "A challenge needs a title."),
    ({"from_library": "Nobody's"}, "There is no style **Nobody's** in the library here."),
    ({"from_library": "a, a, a, a"}, "You gave 5 styles; a picture has at most 4."),
    ({"style": ("notes.txt", b"hello")}, "The style file is not a picture (text/plain)."),
    ({"style": ("bad.png", b"bad")}, "The style picture is broken."),
    ({"weekly": True}, "A weekly series takes its styles from the library: name them with `from_library`,"),
    ({"weekly": True, "style": None}, "A weekly series needs at least two styles: name them with"),
    ({"weekly": True, "style": None, "from_library": "a"}, "A weekly series needs at least two styles: name them"),
    (
        {"weekly": True, "style": None, "from_library": ", ".join(["a"] * 27)},
        "A weekly series has at most 26 styles.",
    ),
    (
        {"weekly": True, "style": None, "from_library": "a, a", "lasts": "8d"},
        "“8d” is too long: 7 days is the most.",
    ),
]


async def test_what_cannot_be_is_told_in_a_sentence_and_nothing_is_saved(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo = moderator(world)
        await hang(world, "a")
        world.check.bad[b"bad"] = "is broken"
        for options, sentence in REFUSED:
            answer = await create(world, mo, **options)
            assert told(answer).replace("\\", "").startswith(sentence)
        assert await drafts(world) == []


async def test_only_those_who_run_challenges_make_one(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = AssertionError("the picture was read")
        judge = world.member("judge", manage_messages=True, send_messages=True)
        for who in (world.ann, judge):
            said = told(await create(world, who))
            assert said == "Only members with the permission **Manage Events** can do this."
        assert await drafts(world) == []
        world.check.fault = None
        for number, right in enumerate(("manage_guild", "administrator", "manage_events")):
            page(await create(world, world.member(f"mo{number}", **{right: True, "send_messages": True})))


async def test_a_channel_where_the_bot_cannot_post_is_refused(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo = moderator(world)
        denied = discord.PermissionOverwrite(attach_files=False, send_messages=False)
        quiet = world.guild.create_text_channel("quiet", overwrites={world.env.bot.user: denied})
        said = told(await create(world, mo, channel=quiet))
        assert said == f"I lack the permissions **Send Messages** and **Attach Files** in <#{quiet.id}>."
        world.app.client.get_guild(world.guild.id)._channels.pop(quiet.id)  # type: ignore[union-attr]  # it is there
        said = told(await create(world, mo, channel=quiet))
        assert said == "Choose a text channel, an announcement channel or a forum that I can see."
        assert await drafts(world) == []


async def test_a_channel_where_whoever_asks_cannot_post_is_refused(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        denied = discord.PermissionOverwrite(send_messages=False)
        mo, chief = moderator(world), moderator(world, "chief", manage_guild=True)
        news = world.guild.create_text_channel("news", overwrites={mo: denied, chief: denied})
        assert told(await create(world, mo, channel=news)).startswith(f"You may not post in <#{news.id}> yourself")
        page(await create(world, chief, channel=news))


async def test_a_voice_channel_is_no_place_for_a_challenge(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        voice = world.guild.create_voice_channel("stage")
        said = told(await create(world, moderator(world), where=voice))
        assert said.startswith("Choose a text channel, an announcement channel or a forum")


async def test_asked_for_in_a_thread_it_goes_into_the_channel(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        (thread,) = await until(world.threads)
        await create(world, moderator(world), where=thread)
        (draft,) = await drafts(world)
        assert draft.channel_id == world.channel.id


async def test_a_forum_may_want_a_tag_that_the_bot_may_use(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo, forum = moderator(world), world.guild.create_forum_channel("challenges")
        page(await create(world, mo, channel=forum))
        for tags in ((), (tag(moderated=True),)):
            require_tag(world, forum, *tags)
            said = told(await create(world, mo, channel=forum))
            assert said.startswith(f"Posts in <#{forum.id}> need a tag, and there is none that I may use.")
        require_tag(world, forum, tag(moderated=False))
        page(await create(world, mo, channel=forum))


async def test_nobody_gives_a_role_through_the_bot_that_they_may_not_give(tmp_path: Path) -> None:
    async with bot_world(tmp_path, permissions=ROLES) as world:
        crown = world.guild.create_role("Crown")
        mo, chief = moderator(world), moderator(world, "chief", manage_roles=True)
        said = told(await create(world, mo, winner_role=crown))
        assert said == f"You may not give <@&{crown.id}> to members yourself, so I do not either."
        page(await create(world, chief, winner_role=crown))
        above = world.guild.create_role("Above", position=50)
        assert told(await create(world, chief, winner_role=above)).startswith("You may not give")
        for role in (all_of(world), world.guild.roles[world.env.bot.user.name]):
            said = told(await create(world, chief, winner_role=role))
            assert said == f"<@&{role.id}> cannot be given to a winner: choose another role."


async def test_a_permission_in_one_channel_alone_gives_no_roles(tmp_path: Path) -> None:
    """There Manage Roles means to manage the channel's permissions."""
    async with bot_world(tmp_path, permissions=ROLES) as world:
        mo, crown = moderator(world), world.guild.create_role("Crown")
        here = world.guild.create_text_channel(
            "here", overwrites={mo: discord.PermissionOverwrite(manage_roles=True, send_messages=True)}
        )
        assert told(await create(world, mo, where=here, winner_role=crown)).startswith("You may not give")


async def test_nobody_mentions_a_role_through_the_bot_that_they_may_not_mention(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        shy, loud = world.guild.create_role("Shy"), world.guild.create_role("Loud", mentionable=True)
        mo, chief = moderator(world), moderator(world, "chief", mention_everyone=True)
        said = told(await create(world, mo, ping_role=shy))
        assert said == f"You may not mention <@&{shy.id}> there yourself, so I do not either."
        assert "is mentioned" in words(page(await create(world, mo, ping_role=loud)))
        page(await create(world, chief, ping_role=shy))
        said = told(await create(world, chief, ping_role=all_of(world)))
        assert said == "I do not mention everybody: choose another role."


async def test_everybodys_role_asks_for_nothing(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await create(world, moderator(world), enter_role=all_of(world), vote_role=all_of(world))
        (draft,) = await drafts(world)
        assert (draft.terms.enter_role_ids, draft.terms.vote_role_ids) == ((), ())


async def test_so_many_challenges_go_on_at_once_and_no_more(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        first = page(await create(world, mo))
        await fill(world)
        said = "There are 10 challenges here that are not over yet, which is the most. End or cancel one first."
        assert told(await create(world, mo)) == said
        assert told(await mo.click(first, label="Announce and open")) == said
        assert len([draft for draft in await drafts(world) if not draft.schedule.confirmed]) == 1


async def fill(world: World) -> None:
    """As many challenges as may go on, announced for later."""
    now = world.app.client.services.clock.now()
    for number in range(MOST_UNFINISHED):
        new = NewChallenge(
            tenant_id=str(world.guild.id),
            title=f"No. {number}",
            terms=Terms(voting_seconds=DAY),
            channel_id=world.channel.id,
            opens_at=now + DAY,
            entries_end_at=now + 2 * DAY,
            created_by="1",
        )
        draft = await store(world).create(new, now)
        await store(world).confirm(draft.tenant_id, draft.id, now)


async def test_a_database_that_is_away_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bot_world(tmp_path) as world:

        async def away(*_: Any) -> Any:
            raise QueueUnavailable("away")

        monkeypatch.setattr(store(world), "create", away)
        said = told(await create(world, moderator(world)))
        assert said == "I cannot reach my queue at the moment. Please try again in a minute."


async def test_the_challenge_speaks_the_servers_language(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.app.client.services.settings.set(world.guild.id, "language", "de", by=1)
        await create(world, moderator(world))
        (draft,) = await drafts(world)
        assert draft.terms.locale == "de"


def offered(choices: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    return ((choice["name"], choice["value"]) for choice in choices)


async def test_times_are_offered_while_a_moderator_types(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:

        async def typed(option: str, value: str, **filled: Any) -> list[tuple[str, str]]:
            choices = await world.ann.autocomplete(world.channel, "challenge create", option, value, **filled)
            assert all(len(choice["name"]) <= 100 for choice in choices)
            return list(offered(choices))

        assert world.env.now().isoformat().startswith("2026-01-01T00:00")
        assert (await typed("starts", ""))[:2] == [
            ("now: as soon as it is announced", "now"),
            ("in 1 hour (Thu, Jan 1, 01:00 UTC)", "in 1h"),
        ]
        assert await typed("starts", "n") == [("now: as soon as it is announced", "now")]
        assert await typed("starts", "18:30") == [("Thu, Jan 1, 18:30 UTC", "2026-01-01 18:30 UTC")]
        assert [value for _, value in await typed("lasts", "")] == ["12h", "1d", "2d", "3d", "5d", "1w", "2w"]
        assert (await typed("lasts", "3"))[:2] == [
            ("3 days (until Sun, Jan 4, 00:00 UTC)", "3d"),
            ("3 hours (until Thu, Jan 1, 03:00 UTC)", "3h"),
        ]
        assert [value for _, value in await typed("lasts", "3 ho")] == ["3h"]
        assert await typed("lasts", "1d", starts="in 1w") == [("1 day (until Fri, Jan 9, 00:00 UTC)", "1d")]
        assert (await typed("ends", ""))[0] == (
            "1 day and 18 hours (until Fri, Jan 2, 18:00 UTC)",
            "2026-01-02 18:00 UTC",
        )
        assert await typed("ends", "in 5d") == [("5 days (until Tue, Jan 6, 00:00 UTC)", "2026-01-06 00:00 UTC")]
        assert await typed("voting", "12h", lasts="2d") == [("12 hours (until Sat, Jan 3, 12:00 UTC)", "12h")]
        assert await typed("member_for", "7d") == [("7 days", "1w")]
        assert await typed("lasts", "nonsense") == []
        assert await typed("voting", "1d", starts="bosh", ends="tosh") == [
            ("1 day (until Mon, Jan 5, 00:00 UTC)", "1d")
        ]


async def test_styles_of_the_library_are_offered(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Night wind")
        choices = await world.ann.autocomplete(world.channel, "challenge create", "from_library", "ni")
        assert list(offered(choices)) == [("Night wind", "Night wind")]


async def test_whatever_is_offered_is_understood(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        for option in ("starts", "lasts", "ends", "voting", "member_for"):
            choices = await mo.autocomplete(world.channel, "challenge create", option, "")
            assert choices
            page(await create(world, mo, style=None, **{option: choices[-1]["value"]}))


async def test_two_moderators_confirm_a_draft_once_and_change_it_no_more(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await hang(world, "Wave")
        await create(world, moderator(world), style=None, from_library="Wave, Wave", weekly=True)
        (draft,) = await drafts(world)
        both = (store(world).confirm(draft.tenant_id, draft.id, draft.created_at) for _ in range(2))
        ends = await asyncio.gather(*both, return_exceptions=True)
        assert [type(end) for end in ends if isinstance(end, BaseException)] == [WrongPhase]
        assert len(await world.app.client.services.challenges.series.listed(draft.tenant_id)) == 1
        with pytest.raises(WrongPhase):
            await store(world).revise(
                draft.tenant_id, draft.id, title="x", terms=draft.terms, opens_at=0.0, entries_end_at=DAY
            )
