"""Quotas, waits, channels, roles and covers, as the members of a server meet them."""

from pathlib import Path
from typing import Any

import discord
import pytest

from nst_engine.contract.events import FailureReason
from nst_engine.queue.quota import Usage
from tests.bot_world import World, bot_world, told, until


async def let(world: World, **values: Any) -> None:
    """Have these settings in the server."""
    for name, value in values.items():
        await world.app.client.services.settings.set(world.guild.id, name, value, by=1)


async def painted(world: World, who: Any = None, where: Any = None, **options: Any) -> None:
    """A picture that is asked for and finished."""
    answer = await world.stylize(who, where, **options)
    assert answer.response.content.startswith("🎨"), answer.response.content
    await world.engine.finish(await world.engine.claim())


async def test_a_member_has_so_many_pictures_a_day_and_is_told_when_the_next_is_possible(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=2)
        await painted(world)
        await painted(world)
        said = told(await world.stylize())
        assert said.startswith(
            "You have had the 2 pictures that you can ask for here in 24 hours. The next is possible <t:"
        )
        assert said.endswith(":R>.")
        await world.restart()
        assert told(await world.stylize()) == said
        await painted(world, world.member("bob"))


async def test_what_was_asked_for_elsewhere_does_not_count(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=1)
        user = world.env.create_user("bob")
        bob = world.guild.add_member(user)
        await world.stylize(user)
        await painted(world, bob)
        assert "You have had the one picture" in told(await world.stylize(bob))
        assert (await world.stylize(user)).response.content.startswith("🎨")


async def test_what_failed_or_was_never_started_does_not_count(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=1)
        await world.stylize()
        (job,) = await world.app.store.open_jobs()
        await world.app.store.request_cancel(job.id)
        await world.stylize()
        await world.engine.fail(await world.engine.claim(), FailureReason.ENGINE_ERROR)
        await painted(world)
        assert "The next is possible" in told(await world.stylize())


async def test_what_was_cancelled_in_the_middle_counts(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=1)
        await world.stylize()
        job = await world.engine.claim()
        await world.app.store.request_cancel(job.id)
        assert await world.engine.obey_cancel(job)
        assert "The next is possible" in told(await world.stylize())


async def test_a_role_has_a_number_of_its_own(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        artists, muted = world.guild.create_role("Artists"), world.guild.create_role("Muted")
        await let(world, pictures_per_day=1, role_quotas={str(artists.id): 2, str(muted.id): 0})
        both, mute = world.member("both", artists, muted), world.member("mute", muted)
        for _ in range(2):
            await painted(world, both)
        assert "You have had the 2 pictures" in told(await world.stylize(both))
        assert told(await world.stylize(mute)) == "Members with your roles cannot ask for pictures in this server."


async def test_a_member_waits_from_one_picture_to_the_next(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, cooldown_seconds=3600)
        await painted(world)
        for _ in range(2):
            said = told(await world.stylize())
            assert said.endswith(" before you ask for another picture here.")
            assert said.startswith(("Please wait 1 h", "Please wait 59 min"))
            await world.restart()


async def test_moderators_have_no_quota_and_need_not_wait_but_cannot_fill_the_queue(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=1, cooldown_seconds=3600, max_open_jobs_per_member=2)
        admin = world.member("ada", manage_guild=True)
        for _ in range(2):
            assert (await world.stylize(admin)).response.content.startswith("🎨")
        assert told(await world.stylize(admin)).startswith("You have 2 pictures waiting or being painted")


async def test_a_servers_cap_on_open_pictures_counts_this_server_only(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, max_open_jobs_per_member=1)
        user = world.env.create_user("bob")
        bob = world.guild.add_member(user)
        await world.stylize(user)
        assert (await world.stylize(bob)).response.content.startswith("🎨")
        assert told(await world.stylize(bob)).startswith("You have a picture waiting or being painted")


async def test_requests_that_race_cannot_pass_the_quota(tmp_path: Path) -> None:
    """Each saw at its first look that there is room; saving the job decides."""
    async with bot_world(tmp_path, max_open_jobs_per_member=10) as world:
        await let(world, pictures_per_day=2)

        async def none_yet(**_: str) -> Usage:
            return Usage(now=0.0)

        world.app.store.usage = none_yet  # type: ignore[method-assign]  # as all of them saw it
        answers = [await world.stylize() for _ in range(4)]
        assert len(await world.app.store.open_jobs()) == 2
        assert all("You have had the 2 pictures" in told(answer) for answer in answers[2:])
        assert all(answer.response is None for answer in answers[2:]), "the public answers are taken back"


async def test_pictures_are_painted_in_some_channels_and_their_threads_only(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        lounge = world.guild.create_text_channel("lounge")
        await let(world, allowed_channels=[world.channel.id])
        assert told(await world.stylize(where=lounge)) == (
            f"In this server, pictures are painted only in {world.channel.mention}."
        )
        await painted(world)
        thread = (await until(world.threads))[0]
        await painted(world, where=thread)
        await world.restart()
        assert "only in" in told(await world.stylize(where=lounge))


async def test_only_members_with_a_role_may_ask(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        artists = world.guild.create_role("Artists")
        await let(world, allowed_roles=[artists.id])
        assert told(await world.stylize()) == (
            f"In this server, only members with the role {artists.mention} can ask for pictures."
        )
        await painted(world, world.member("art", artists))


async def test_the_servers_largest_size_counts_and_its_default_is_used(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, max_size_px=256)
        assert told(await world.stylize(size=257)).endswith("the largest size is 256.")
        await world.stylize()
        assert (await world.engine.claim()).params.size == 256


async def test_settings_of_a_server_do_not_reach_direct_messages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await let(world, pictures_per_day=0, allowed_channels=[1])
        bob = world.env.create_user("bob")
        assert (await world.stylize(bob)).response.content.startswith("🎨")


async def spoiler_of(world: World, where: Any = None, **options: Any) -> bool:
    answer = await world.stylize(where=where, **options)
    assert answer.response.content.startswith("🎨"), answer.response.content
    job = (await world.app.store.open_jobs())[-1]
    assert job.address is not None
    return bool(job.address["spoiler"])


def restrict(world: World, channel: Any) -> None:
    """Make it age-restricted."""
    found = world.app.client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    found.nsfw = True


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("as_asked", (False, False, False)),
        ("always", (True, True, True)),
        ("age_restricted", (False, True, False)),
        ("listed", (False, False, True)),
    ],
)
async def test_a_server_says_where_pictures_are_covered(
    tmp_path: Path, policy: str, expected: tuple[bool, ...]
) -> None:
    async with bot_world(tmp_path, max_open_jobs_per_member=9) as world:
        adults, listed = world.guild.create_text_channel("adults"), world.guild.create_text_channel("listed")
        restrict(world, adults)
        await let(world, spoilers=policy, spoiler_channels=[listed.id])
        covered = [await spoiler_of(world, where) for where in (world.channel, adults, listed)]
        assert tuple(covered) == expected
        assert await spoiler_of(world, spoiler=True)


async def test_a_thread_is_as_its_channel_is(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await painted(world)
        thread = (await until(world.threads))[0]
        restrict(world, world.channel)
        await let(world, spoilers="age_restricted")
        assert await spoiler_of(world, thread)


async def test_what_was_made_in_an_age_restricted_channel_is_covered_in_direct_messages(tmp_path: Path) -> None:
    """Its own channel is closed in the meantime, so it goes to its requester."""
    async with bot_world(tmp_path) as world:
        restrict(world, world.channel)
        user = world.env.create_user("bob")
        await world.stylize(world.guild.add_member(user))
        await until(world.card)
        for channel in (world.threads()[0], world.channel):
            world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50001, times=None)
        await world.engine.finish(await world.engine.claim())
        (result,) = await until(lambda: [m for m in world.history(user.dm_channel) if m.attachments])
        assert [file.filename.startswith("SPOILER_stylized-") for file in result.attachments] == [True]
        again = await user.click(result, label="Again")
        assert again.response is not None
        job = (await world.app.store.open_jobs())[-1]
        assert job.address is not None
        assert job.address["spoiler"], "what goes on from it is covered there, too"
