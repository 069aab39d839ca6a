"""Blocking members, and what moderators read in their log channel."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.jobs.moderation import MemberBlocked, MemberUnblocked, Note, Painted
from bot.ui import log_channel as log_channel_
from bot.ui.text.moderation_log import line
from bot.ui.words import Words
from nst_engine.contract.jobs import JobState
from tests.bot_world import World, bot_world, told, until
from tests.elsewhere import without


def moderator_of(world: World) -> Any:
    return world.member("mo", moderate_members=True, manage_messages=True)


async def moderate(world: World, who: Any, command: str, **options: Any) -> str:
    return told(await who.slash(world.channel, f"moderation {command}", **options))


async def log_channel(world: World) -> Any:
    channel = world.guild.create_text_channel("logs")
    settings = world.app.client.services.settings
    await settings.set(world.guild.id, "log_channel_id", channel.id, by=1)
    return channel


async def one_picture(world: World) -> list[discord.Message]:
    """Asked for by Ann in a thread of its own, painted and posted."""
    before = len(world.threads())
    await world.stylize()
    await world.engine.finish(await world.engine.claim())
    await until(lambda: len(world.threads()) > before)
    thread = world.threads()[before]
    await until(lambda: world.results(thread))
    return world.results(thread)


def lines(world: World, channel: Any) -> str:
    return "\n".join(message.content for message in world.history(channel))


async def test_a_blocked_member_is_told_why_and_asks_again_when_unblocked(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo = moderator_of(world)
        said = await moderate(world, mo, "block", member=world.ann, reason="too many cats")
        assert said == f"{world.ann.mention} cannot ask for pictures in this server any more."
        refused = "The moderators of this server have blocked you from asking for pictures here: too many cats"
        assert told(await world.stylize()) == refused
        await world.restart()
        assert told(await world.stylize()) == refused
        bob = world.member("bob")
        assert (await world.stylize(bob)).response.content.startswith("🎨")
        said = await moderate(world, mo, "unblock", member=world.ann)
        assert said == f"{world.ann.mention} can ask for pictures in this server again."
        assert (await world.stylize()).response.content.startswith("🎨")
        said = await moderate(world, mo, "unblock", member=world.ann)
        assert said == f"{world.ann.mention} was not blocked."


async def test_without_a_reason_there_is_none_told(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await moderate(world, moderator_of(world), "block", member=world.ann)
        sentence = "The moderators of this server have blocked you from asking for pictures here."
        assert told(await world.stylize()) == sentence


async def test_what_waits_is_cancelled_and_what_is_painted_goes_on(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        painted = await world.engine.claim()
        await world.stylize()
        said = await moderate(world, moderator_of(world), "block", member=world.ann)
        assert said.endswith("1 picture that was waiting has been cancelled.")
        states = {job.id: job.state for job in await world.app.store.open_jobs()}
        assert states[painted.id] is JobState.RUNNING
        assert JobState.QUEUED not in states.values()


async def test_a_block_between_the_answer_and_the_saved_job_still_counts(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        services = world.app.client.services
        check = world.parts.check

        async def slow_check(*args: Any, **options: Any) -> Any:
            await services.blocked.block(str(world.guild.id), str(world.ann.id), reason="", by="1")
            return await check(*args, **options)

        services.reader._check = slow_check
        answer = await world.stylize()
        assert told(answer).startswith("The moderators of this server have blocked you")
        assert await world.app.store.open_jobs() == []


async def test_who_is_blocked_is_listed(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo, bob = moderator_of(world), world.member("bob")
        assert await moderate(world, mo, "blocked") == "Nobody is blocked in this server."
        await moderate(world, mo, "block", member=world.ann, reason="*spam*")
        await moderate(world, mo, "block", member=bob)
        await world.restart()
        said = await moderate(world, mo, "blocked")
        assert said.splitlines()[0] == "**Blocked in this server**"
        assert f"{world.ann.mention}, by {mo.mention} <t:" in said
        assert ":R>: \\*spam\\*" in said
        assert f"{bob.mention}, by {mo.mention}" in said


async def test_a_long_list_is_cut_to_what_a_message_holds(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        for number in range(40):
            await world.app.client.services.blocked.block(
                str(world.guild.id), str(10**17 + number), reason="x" * 300, by="1"
            )
        said = await moderate(world, moderator_of(world), "blocked")
        assert len(said) <= 2000
        assert said.endswith(" more.")


async def test_some_members_cannot_be_blocked(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo, admin = moderator_of(world), world.member("ada", manage_guild=True)
        assert await moderate(world, mo, "block", member=mo) == "You cannot block yourself."
        said = await moderate(world, mo, "block", member=admin)
        assert said == "Members who may manage the server cannot be blocked."
        assert await world.app.client.services.blocked.listed(str(world.guild.id)) == []


async def test_others_cannot_moderate_whatever_discord_shows_them(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.guild.set_command_permissions(world.app.client.command_ids["moderation"], {world.ann: True})
        bob = world.member("bob")
        for command, options in (("block", {"member": bob}), ("unblock", {"member": bob}), ("blocked", {})):
            said = await moderate(world, world.ann, command, **options)
            assert said == "Only members with the permission **Timeout Members** can do this."
        assert await world.app.client.services.blocked.listed(str(world.guild.id)) == []


async def test_the_log_channel_tells_what_was_painted_and_where(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        logs = await log_channel(world)
        await world.stylize(size=256)
        await world.engine.finish(await world.engine.claim())
        await until(lambda: "had a picture painted" in lines(world, logs))
        (thread,) = world.threads()
        said = lines(world, logs)
        assert f"🎨 {world.ann.mention} had a picture painted: https://discord.com/channels/4711/{thread.id}" in said
        assert "default preset · strength 50 · 256 px" in said
        posted = [entry.json for entry in world.env.http_requests if "had a picture painted" in str(entry.json)]
        assert [body["allowed_mentions"]["parse"] for body in posted] == [[]]


async def test_the_log_channel_tells_what_moderators_did(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        logs, mo, admin = await log_channel(world), moderator_of(world), world.member("ada", manage_guild=True)
        await world.stylize()
        await mo.click(await until(world.card), label="Cancel")
        await moderate(world, mo, "block", member=world.ann, reason="spam")
        await moderate(world, mo, "unblock", member=world.ann)
        await admin.slash(world.channel, "config set", setting="max_size_px", value="256")
        await until(lambda: "Largest size" in lines(world, logs))
        said = lines(world, logs)
        assert f"🚫 {mo.mention} cancelled a picture of {world.ann.mention}." in said
        assert f"⛔ {mo.mention} blocked {world.ann.mention}: spam" in said
        assert f"✅ {mo.mention} unblocked {world.ann.mention}." in said
        assert f"⚙️ {admin.mention}: **Largest size**: now 256 px. Before: 1024 px." in said


async def test_a_moderator_who_deletes_a_picture_is_noted_and_its_own_member_is_not(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        logs, mo = await log_channel(world), moderator_of(world)
        for who in (world.ann, mo):
            (result,) = await one_picture(world)
            await who.click(result, label="Delete")
        await until(lambda: "deleted a picture" in lines(world, logs))
        assert lines(world, logs).count("🗑️") == 1


async def test_the_log_channel_is_never_flooded(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        logs = await log_channel(world)
        for number in range(300):
            await _block_quietly(world, number)
        await until(lambda: "more." in lines(world, logs))
        messages = world.history(logs)
        assert len(messages) < 15
        assert all(len(message.content) <= 2000 for message in messages)


async def _block_quietly(world: World, number: int) -> None:
    from bot.jobs.moderation import MemberBlocked

    note = MemberBlocked(by=1, user_id=10**17 + number, reason="")
    world.app.client.services.moderation_log.note(world.guild.id, note)


async def test_a_log_channel_that_is_gone_holds_nothing_up_and_is_noted_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        logs = await log_channel(world)
        world.env.backend.delete_channel(logs.id)
        for _ in range(2):
            await one_picture(world)
            await _noted(world)
        assert caplog.text.count("log channel is closed") == 1


async def _noted(world: World) -> None:
    await until(lambda: not world.app.client.services.moderation_log._notes)


async def test_notes_wait_while_discord_does_not_answer(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        logs, mo = await log_channel(world), moderator_of(world)
        world.env.inject_error("POST", f"/channels/{logs.id}/messages", status=500, times=8)
        await moderate(world, mo, "block", member=world.ann)
        await moderate(world, mo, "unblock", member=world.ann)
        await until(lambda: "unblocked" in lines(world, logs), within=60)
        assert lines(world, logs).count("⛔") == 1


def test_moderators_see_the_commands_by_default() -> None:
    from bot.ui.moderation import moderation_commands

    assert moderation_commands().default_permissions == discord.Permissions(moderate_members=True)


async def test_a_blocked_moderator_does_not_unblock_themselves(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        mo, boss = moderator_of(world), world.member("boss", manage_guild=True, moderate_members=True)
        await moderate(world, boss, "block", member=mo)
        said = await moderate(world, mo, "unblock", member=mo)
        assert said == "Only members with the permission **Manage Server** can do this."
        assert told(await world.stylize(mo)).startswith("The moderators of this server have blocked you")


async def test_what_is_answered_in_the_channel_is_not_noted_as_private(tmp_path: Path) -> None:
    """The bot may not speak there, but its answer to the command is there for everybody to see."""
    async with bot_world(tmp_path, permissions=without("send_messages")) as world:
        noted: list[Note] = []
        world.app.client.services.moderation_log.note = lambda guild_id, note: noted.append(note)  # type: ignore[method-assign]  # to look at
        await world.stylize()
        await world.engine.finish(await world.engine.claim())
        await until(lambda: noted)
        assert [note.private for note in noted if isinstance(note, Painted)] == [False]


async def test_a_note_that_cannot_be_said_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(note: Note, guild_id: int, say: Words) -> str:
        if note == MemberUnblocked(by=1, user_id=2):
            raise ValueError(note)
        return line(note, guild_id, say)

    async with bot_world(tmp_path) as world:
        logs = await log_channel(world)
        monkeypatch.setattr(log_channel_, "line", said)
        notes = world.app.client.services.moderation_log
        notes.note(world.guild.id, MemberUnblocked(by=1, user_id=2))
        await until(lambda: not notes._notes)
        notes.note(world.guild.id, MemberBlocked(by=1, user_id=2, reason=""))
        await until(lambda: "blocked" in lines(world, logs))
