"""What a member sees of `/stylize`, from the command to the picture."""

import io
import time
from pathlib import Path

import discord
from PIL import Image

from bot.ui.text import commands as text
from tests.bot_world import CAT, PERMISSIONS, WAVE, bot_world, buttons, until, words
from tests.fake_engine import FakeEngine, picture


async def test_a_member_gets_a_thread_a_live_card_and_one_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        answer = await world.stylize()
        assert answer.response.content == "🎨 **cat** in the style of **wave**"
        card = await until(world.card)
        (thread,) = world.threads()
        assert thread.name == "cat in the style of wave"
        assert "**Waiting** · next in the queue · starts in a moment" in words(card)
        assert buttons(card) == ["Cancel"]

        job = await world.engine.claim()
        await world.engine.report(job, 10, preview=picture("red", kind="JPEG"))
        await until(lambda: "step 10 of 100" in world.card_text())
        first = world.card()
        assert first is not None
        assert [file.filename for file in first.attachments] == ["preview-1.jpg"]
        await world.engine.report(job, 20)
        await until(lambda: "step 20 of 100" in world.card_text())
        second = world.card()
        assert second is not None
        assert second.attachments[0].id == first.attachments[0].id, "an unchanged preview is not uploaded again"

        await world.engine.finish(job)
        await until(lambda: "Finished" in world.card_text())
        (result,) = world.results()
        (file,) = result.attachments
        assert file.filename == f"stylized-{job.id}.png"
        assert await file.read() == picture("purple")
        assert file.description == "cat in the style of wave"
        assert f"<@{world.ann.id}>" in result.content
        assert "64 × 48 pixels, 100 steps in 12 s" in result.content
        last = world.card()
        assert last is not None
        assert buttons(last) == []
        assert last.attachments == []


async def test_only_the_requester_is_mentioned_by_the_result(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(content=("@everyone.png", CAT[1]))
        await world.engine.finish(await world.engine.claim())
        (result,) = await until(world.results)
        assert [user.id for user in result.mentions] == [world.ann.id]
        assert not result.mention_everyone
        posted = [
            entry.json
            for entry in world.env.http_requests
            if isinstance(entry.json, dict) and "-#" in str(entry.json.get("content"))
        ]
        assert [body["allowed_mentions"]["users"] for body in posted] == [[world.ann.id]]
        assert [body["allowed_mentions"]["parse"] for body in posted] == [[]]


async def test_in_a_direct_message_everything_happens_in_place(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        await world.stylize(bob)
        card = await until(lambda: world.card(bob.dm_channel))
        assert buttons(card) == ["Cancel"]
        await world.engine.finish(await world.engine.claim())
        await until(lambda: "Finished" in world.card_text(bob.dm_channel))
        assert len(world.results(bob.dm_channel)) == 1


async def test_inside_a_thread_no_other_thread_is_opened(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        thread = (await until(world.threads))[0]
        await until(world.card)
        await world.engine.finish(await world.engine.claim())
        await until(lambda: world.results(thread))
        await world.stylize(where=thread)
        await world.engine.finish(await world.engine.claim())
        await until(lambda: len(world.results(thread)) == 2)
        assert len(world.threads()) == 1


async def test_where_the_bot_may_not_open_threads_it_answers_in_the_channel(tmp_path: Path) -> None:
    without = discord.Permissions(PERMISSIONS.value & ~discord.Permissions(create_public_threads=True).value)
    async with bot_world(tmp_path, permissions=without) as world:
        await world.stylize()
        await until(lambda: world.card(world.channel))
        await world.engine.finish(await world.engine.claim())
        await until(lambda: world.results(world.channel))
        assert world.threads() == []


async def test_where_a_thread_does_not_open_after_all_it_answers_in_the_channel(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
        await world.stylize()
        await until(lambda: world.card(world.channel))
        await world.engine.finish(await world.engine.claim())
        await until(lambda: world.results(world.channel))


async def test_without_an_engine_the_card_says_that_the_picture_waits(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(lambda: "No engine is running at the moment; your picture waits" in world.card_text())
        await world.engine.check_in()
        await until(lambda: "No engine" not in world.card_text())


async def test_a_waiting_card_tells_its_place_and_when_it_starts(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.engine.speed = 0.01
        await world.engine.check_in()
        await world.stylize()
        await world.engine.claim()
        await world.stylize(world.guild.add_member(world.env.create_user("bob")))
        await world.stylize()
        await until(lambda: len(world.threads()) == 3 and world.card(world.threads()[2]))
        assert "number 2 in the queue · starts <t:" in world.card_text(world.threads()[2])


async def test_the_settings_are_kept_with_the_job_and_shown(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(strength=80, size=256, preset="paper")
        await until(lambda: "paper preset · strength 80 · 256 px" in world.card_text())
        job = await world.engine.claim()
        assert (job.params.strength, job.params.size, job.params.preset) == (80, 256, "paper")
        assert await world.app.blobs.get(job.content_blob) == CAT[1]
        assert await world.app.blobs.get(job.style_blobs[0]) == WAVE[1]


async def test_content_and_style_may_be_the_same_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(style=CAT)
        assert answer.response.content.startswith("🎨")


async def test_a_job_whose_engine_vanished_waits_again_and_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        dying = FakeEngine(world.app.database, world.app.blobs, lease_seconds=0.05)
        await world.stylize()
        await dying.claim()
        await until(lambda: "The engine stopped in the middle of it" in world.card_text())
        await world.engine.finish(await world.engine.claim())
        await until(world.results)


async def test_the_command_is_answered_within_a_second_while_the_engine_is_busy_and_twenty_jobs_wait(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        for number in range(21):
            await world.stylize(world.guild.add_member(world.env.create_user(f"member{number}")))
        busy = await world.engine.claim()
        await world.engine.report(busy, 1, preview=picture("red", kind="JPEG"))
        started = time.monotonic()
        answer = await world.stylize()
        elapsed = time.monotonic() - started
        assert answer.acknowledged
        assert elapsed < 1.0, "acknowledgement, reading, checking and saving together"
        await until(lambda: len(world.threads()) == 22 and world.card(world.threads()[21]))
        assert "number 21 in the queue" in world.card_text(world.threads()[21])


async def test_the_command_says_what_its_options_are(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        command = world.app.client.tree.get_command("stylize")
        assert isinstance(command, discord.app_commands.Command)
        assert command.description == text.STYLIZE_DESCRIPTION
        assert {option.name for option in command.parameters} >= {"content", "style", "strength", "size", "preset"}
        assert not any(option.required for option in command.parameters), "there are several ways to give each"


async def test_a_moving_picture_is_asked_for_with_no_more_frames_than_allowed_and_counts_as_that_much_work(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path, max_frames=3) as world:
        await world.stylize()
        still = await world.engine.claim()
        world.check.frames = 60
        await world.stylize()
        moving = await world.engine.claim()
        assert (still.params.frames, moving.params.frames) == (1, 3)
        assert moving.cost > still.cost
        await until(lambda: len(world.threads()) == 2)
        film = moving_picture()
        await world.engine.finish(moving, film)
        (result,) = await until(lambda: world.results(world.threads()[1]))
        assert result.attachments[0].filename == f"stylized-{moving.id}.webp"
        assert await result.attachments[0].read() == film
        assert "512 px · 3 frames" in world.card_text(world.threads()[1])
        assert "frames" not in world.card_text(world.threads()[0])


def moving_picture() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()
