"""What members do with a finished picture, today and after a restart."""

from pathlib import Path
from typing import Any

import discord
import pytest

from nst_engine.contract.events import FailureReason
from nst_engine.contract.params import Init, KeepColours, StylizeParams
from nst_engine.queue.jobs import Job, NewJob
from tests.bot_world import World, bot_world, until
from tests.fake_engine import picture
from tests.result_acts import (
    all_delivered,
    finished,
    job_of,
    labels,
    open_job,
    pressed_at_once,
    said_in_private,
    stranger,
)

NEW_PICTURE = ("Again", "More style", "Less style", "Keep colours", "Larger")


def pictures_of(job: Job | NewJob) -> tuple[object, ...]:
    return job.content_blob, job.style_blobs, job.mask_blobs


def changes(before: StylizeParams, after: StylizeParams) -> dict[str, Any]:
    one, other = before.model_dump(), after.model_dump()
    return {name: value for name, value in other.items() if value != one[name]}


async def test_a_finished_picture_has_two_rows_of_buttons(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        assert labels(message) == [list(NEW_PICTURE), ["Tweak…", "Timelapse", "Compare", "Delete"]]
        ids = [item.custom_id for row in message.components for item in row.children]  # type: ignore[union-attr]  # rows of buttons
        assert ids[0] == f"job:{job.id}:again"
        assert all(str(each).startswith(f"job:{job.id}:") for each in ids)


@pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])
@pytest.mark.parametrize(
    ("label", "change", "told"),
    [
        ("More style", {"strength": 65}, "More style: strength 50 → 65."),
        ("Less style", {"strength": 35}, "Less style: strength 50 → 35."),
        ("Keep colours", {"keep_colours": KeepColours.LUMINANCE}, "In its own colours"),
        ("Larger", {"size": 768, "init": Init.PICTURE}, "Larger: 512 → 768 pixels"),
    ],
)
async def test_a_button_asks_for_the_same_picture_with_one_change(
    tmp_path: Path, label: str, change: dict[str, Any], told: str, after_restart: bool
) -> None:
    async with bot_world(tmp_path) as world:
        message, before = await finished(world)
        if after_restart:
            await world.restart()
        answer = await world.ann.click(message, label=label)
        assert not answer.ephemeral
        assert told in answer.response.content
        after = await open_job(world)
        assert changes(before.params, after.params) == change
        assert pictures_of(after) == pictures_of(before)
        assert after.owner_id == str(world.ann.id)
        await until(lambda: "**Waiting**" in world.card_text())
        await world.engine.finish(await world.engine.claim(), picture("gold"))
        await all_delivered(world)
        assert [labels(result)[0][0] for result in world.results()] == ["Again", "Again"]


@pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])
async def test_again_takes_another_seed_and_nothing_else(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, before = await finished(world)
        if after_restart:
            await world.restart()
        answer = await world.ann.click(message, label="Again")
        after = await open_job(world)
        assert set(changes(before.params, after.params)) == {"seed"}
        assert f"Again, differently: seed {after.params.seed}." in answer.response.content


async def test_larger_goes_on_from_the_finished_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, before = await finished(world)
        await world.ann.click(message, label="Larger")
        after = await world.engine.claim()
        assert after.start_blob == before.result_blob
        await world.engine.finish(after, picture("gold"))
        await all_delivered(world)
        assert "goes on from an earlier picture" in world.results()[-1].content

        await world.ann.click(world.results()[-1], label="More style")
        anew = await open_job(world)
        assert (anew.start_blob, anew.params.init, anew.params.size) == (None, None, 768)


async def test_the_largest_picture_does_not_become_larger(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_size_px=512) as world:
        message, _ = await finished(world)
        answer = await world.ann.click(message, label="Larger")
        assert answer.ephemeral
        told = "It is 512 pixels already, and the largest size that I paint here is 512."
        assert answer.response.content == told
        assert await world.app.store.open_jobs() == []


@pytest.mark.parametrize(("strength", "label"), [(100, "More style"), (0, "Less style")])
async def test_the_strength_ends_somewhere(tmp_path: Path, strength: int, label: str) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, strength=strength)
        answer = await world.ann.click(message, label=label)
        assert answer.ephemeral
        assert answer.response.content.startswith(f"The strength is {strength} already")


async def test_a_picture_in_its_own_colours_offers_the_styles(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        await world.ann.click(message, label="Keep colours")
        await world.engine.finish(await world.engine.claim(), picture("gold"))
        await all_delivered(world)
        result = world.results()[-1]
        assert labels(result)[0][3] == "Style's colours"
        assert "own colours" in result.content
        answer = await world.ann.click(result, label="Style's colours")
        assert "In the style's colours." in answer.response.content
        assert (await open_job(world)).params.keep_colours is KeepColours.NO


async def test_masks_weights_and_spoiler_go_along(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        _, seen = await finished(world)
        keys = [await world.app.blobs.put(picture(colour)) for colour in ("white", "black", "red")]
        address = dict(seen.address or {}, style_names=["one", "two"], spoiler=True)
        params = StylizeParams(style_weights=(2.0, 1.0), style_scale=1.5)
        await world.app.store.submit(
            NewJob(
                id=str(int(seen.id) + 1),
                owner_id=seen.owner_id,
                tenant_id=seen.tenant_id,
                params=params,
                content_blob=seen.content_blob,
                style_blobs=(keys[2], seen.style_blobs[0]),
                mask_blobs=(keys[0], None),
                cost=1.0,
                address=address,
            )
        )
        before = await world.engine.claim()
        await world.engine.finish(before, picture("gold"))
        await all_delivered(world)
        await world.ann.click(world.results()[-1], label="More style")
        after = await open_job(world)
        assert pictures_of(after) == pictures_of(before)
        assert set(changes(params, after.params)) == {"strength", "timelapse_frames"}
        assert after.address is not None
        assert after.address["spoiler"] is True
        assert after.address["style_names"] == ["one", "two"]


@pytest.mark.parametrize("label", NEW_PICTURE)
async def test_a_stranger_may_ask_for_a_new_picture_which_is_theirs(tmp_path: Path, label: str) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        eve = stranger(world)
        await eve.click(message, label=label)
        assert (await open_job(world)).owner_id == str(eve.id)


async def test_who_is_blocked_gets_nothing_from_a_button(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        eve = stranger(world)
        await world.app.client.services.blocked.block(job.tenant_id, str(eve.id), by=str(world.ann.id), reason="")
        for label in ("Again", "Timelapse", "Compare"):
            answer = await eve.click(message, label=label)
            assert answer.ephemeral or answer.followups[-1].ephemeral
        assert await world.app.store.open_jobs() == []


async def test_in_a_thread_everything_stays_in_the_thread(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        (thread,) = world.threads()
        await world.ann.click(message, label="Again")
        await world.engine.finish(await world.engine.claim(), picture("gold"))
        await all_delivered(world)
        assert len(world.threads()) == 1
        assert len(world.results(thread)) == 2


async def test_in_a_direct_message_the_buttons_work_too(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        await world.stylize(bob)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        (message,) = world.results(bob.dm_channel)
        await bob.click(message, label="More style")
        await world.engine.finish(await world.engine.claim(), picture("gold"))
        await all_delivered(world)
        assert len(world.results(bob.dm_channel)) == 2


async def test_the_same_twice_is_asked_for_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        await world.ann.click(message, label="More style")
        answer = await world.ann.click(message, label="More style")
        assert answer.ephemeral
        assert answer.response.content.startswith("You have asked for exactly this already")
        await open_job(world)
        eve = stranger(world)
        await eve.click(message, label="More style")
        assert len(await world.app.store.open_jobs()) == 2, "somebody else may have it too"


async def test_a_double_click_is_one_click(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        answers = await pressed_at_once(world, (world.ann, message, "Again"), (world.ann, message, "Again"))
        job = await open_job(world)
        assert sorted(answer.ephemeral for answer in answers) == [False, True]
        told = next(answer.response.content for answer in answers if answer.ephemeral)
        assert told == "One moment, please: I am doing that already."
        assert job.owner_id == str(world.ann.id)


async def test_two_people_at_once_both_get_a_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        eve = stranger(world)
        await pressed_at_once(world, (world.ann, message, "Again"), (eve, message, "Again"))
        owners = {job.owner_id for job in await world.app.store.open_jobs()}
        assert owners == {str(world.ann.id), str(eve.id)}


async def forget(world: World) -> None:
    async def forgotten(job_id: str) -> None:
        return None

    world.app.store.get = forgotten  # type: ignore[method-assign]  # the database's part


@pytest.mark.parametrize("label", [*NEW_PICTURE, "Tweak…", "Timelapse", "Compare", "Delete"])
async def test_a_picture_that_nobody_knows_any_more_is_answered_in_words(tmp_path: Path, label: str) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        await forget(world)
        answer = await world.ann.click(message, label=label)
        assert said_in_private(answer) == "I no longer know this picture."


@pytest.mark.parametrize("label", ["Again", "Larger", "Compare"])
async def test_pictures_that_are_no_longer_kept_are_answered_in_words(tmp_path: Path, label: str) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        world.blob_path(job.content_blob).unlink()
        answer = await world.ann.click(message, label=label)
        assert said_in_private(answer).startswith("The pictures that this one was made of are no longer kept.")
        assert await world.app.store.open_jobs() == []


@pytest.mark.parametrize("label", ["Larger", "Compare"])
async def test_a_result_that_is_no_longer_kept_is_answered_in_words(tmp_path: Path, label: str) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        world.blob_path(str(job.result_blob)).unlink()
        answer = await world.ann.click(message, label=label)
        assert said_in_private(answer) == "The finished picture is no longer kept."


async def test_a_fault_under_a_button_is_admitted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)

        async def broken(job_id: str) -> None:
            raise ZeroDivisionError("a bug")

        world.app.store.get = broken  # type: ignore[method-assign]  # the database's part
        answer = await world.ann.click(message, label="Again")
        assert "Something went wrong on my side" in said_in_private(answer)
        assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("reason", "offered"),
    [
        (FailureReason.ENGINE_ERROR, [["Try again"]]),
        (FailureReason.ENGINE_LOST, [["Try again"]]),
        (FailureReason.TIMED_OUT, [["Try again", "Tweak…"]]),
        (FailureReason.OUT_OF_MEMORY, [["Tweak…"]]),
        (FailureReason.NOT_FINITE, [["Tweak…"]]),
        (FailureReason.BAD_PICTURE, []),
    ],
)
async def test_after_a_failure_there_is_a_button_for_what_may_help(
    tmp_path: Path, reason: FailureReason, offered: list[list[str]]
) -> None:
    async with bot_world(tmp_path) as world:
        assert labels(await failed(world, reason)) == offered


async def failed(world: World, reason: FailureReason) -> discord.Message:
    await world.stylize(strength=70)
    await until(world.card)
    await world.engine.fail(await world.engine.claim(), reason)
    await all_delivered(world)
    (letter,) = world.letters()
    return letter


@pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])
async def test_try_again_gives_the_same_order_once_more(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        letter = await failed(world, FailureReason.ENGINE_ERROR)
        if after_restart:
            await world.restart()
        answer = await world.ann.click(letter, label="Try again")
        assert "Once more, with the same choices." in answer.response.content
        job = await open_job(world)
        before = await job_of(world, letter.content.split()[-1])
        assert (job.params, pictures_of(job)) == (before.params, pictures_of(before))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
