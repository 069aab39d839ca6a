"""`/config try` as an admin uses it: pictures side by side, the choice of one, and presets under names."""

import io
from pathlib import Path
from typing import Any

import discord
import pytest
from PIL import Image, ImageColor

from bot.stats import gather
from nst_engine.contract.events import FailureReason
from nst_engine.contract.params import KeepColours, PresetName
from nst_engine.queue.jobs import Job
from tests.bot_world import CAT, WAVE, World, bot_world, told, until
from tests.elsewhere import LateClock, closes_direct_messages, tokens_run_out
from tests.fake_engine import picture

COLOURS = ("red", "green", "blue", "orange", "purple", "teal", "navy", "olive", "gold")
TABLE = {"setting": "strength", "values": "25, 50, 75", "setting2": "keep_colours", "values2": "no, luminance"}
NOT_A_MANAGER = "Only members with the permission **Manage Server** can do this."


def admin_of(world: World) -> Any:
    return world.member("ada", manage_guild=True)


async def begin(world: World, admin: Any, **options: Any) -> Any:
    given = {"photo": CAT, "style": WAVE, "setting": "strength", "values": "25"} | options
    return await admin.slash(world.channel, "config try", **{name: one for name, one in given.items() if one})


def seen(world: World, admin: Any) -> discord.Message:
    """The last that the admin sees in the channel."""
    messages: list[discord.Message] = list(world.channel.history(viewer=admin))
    return messages[-1]


def direct(admin: Any) -> Any:
    return admin.user.dm_channel


async def claimed(world: World) -> Job:
    """The keeper hands jobs in by itself, a moment later."""
    while (job := await world.engine.leases.claim(world.engine.name)) is None:
        pass
    return job


async def paint(world: World, count: int, *, failing: tuple[int, ...] = ()) -> list[Job]:
    jobs = []
    for number in range(count):
        jobs.append(await claimed(world))
        if number in failing:
            await world.engine.fail(jobs[-1], FailureReason.OUT_OF_MEMORY)
        else:
            await world.engine.finish(jobs[-1], picture(COLOURS[number], (256, 171)))
    return jobs


async def shown(world: World, admin: Any, where: Any = None) -> discord.Message:
    """The message with the sheet."""

    def sheet() -> discord.Message | None:
        messages = world.channel.history(viewer=admin) if where is None else where.history()
        return next((message for message in messages if message.attachments), None)

    message: discord.Message = await until(sheet)
    await ended(world)
    return message


async def ended(world: World) -> None:
    while await world.app.client.services.trials.store.open_ones():
        pass


def labels(message: discord.Message) -> list[str]:
    return [str(item.label) for row in message.components for item in row.children]  # type: ignore[union-attr]


def options_of(form: Any) -> list[str]:
    return [option["label"] for option in form.modal["components"][0]["component"]["options"]]


async def use(world: World, admin: Any, message: discord.Message, cell: int) -> str:
    form = await admin.click(message, label="Use one as default…")
    return told(await admin.submit_modal(form, {"cell": [str(cell)]}))


async def test_the_proposed_value_is_painted_beside_what_holds_now(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        answer = await begin(world, admin)
        assert told(answer).startswith("**Strength**, side by side\n0 of 2 painted\n")
        assert labels(seen(world, admin)) == ["Stop"]
        await world.engine.check_in()
        await paint(world, 1)
        await until(lambda: "1 of 2 painted" in seen(world, admin).content)
        assert (await gather(world.config.database.url)).deliveries.under_way == 0
        jobs = await paint(world, 1)
        message = await shown(world, admin)
        assert message.content == (
            "**Strength**, side by side\nNumber 2 is what holds now.\n-# Nothing is changed until you choose one."
        )
        assert message.flags.ephemeral
        assert labels(message) == ["Use one as default…", "Save as a preset…"]
        assert (jobs[0].params.size, jobs[0].params.strength, jobs[0].params.timelapse_frames) == (256, 50, 0)
        assert world.threads() == []
        assert [one for one in world.history(world.channel) if not one.flags.ephemeral] == []
        assert await world.app.store.open_jobs() == []


async def test_two_settings_make_a_table_that_is_one_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, **TABLE)
        jobs = await paint(world, 6)
        assert [(job.params.strength, job.params.keep_colours) for job in jobs] == [
            (strength, colours) for colours in (KeepColours.NO, KeepColours.LUMINANCE) for strength in (25, 50, 75)
        ]
        message = await shown(world, admin)
        sheet = Image.open(io.BytesIO(await message.attachments[0].read())).convert("RGB")
        colours = [colour for _, colour in sheet.getcolors(1 << 20) or ()]
        assert all(ImageColor.getrgb(name) in colours for name in COLOURS[:6])
        assert sheet.width > 3 * 256


async def test_a_try_uses_up_no_day_keeps_nobody_waiting_and_is_the_only_one(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await admin.slash(world.channel, "config set", setting="pictures_per_day", value="1")
        await begin(world, admin, **TABLE)
        first = await claimed(world)
        await world.stylize(who=admin)
        await world.engine.finish(first)
        assert (await claimed(world)).owner_id == str(admin.id)
        again = await begin(world, admin)
        assert told(again) == "A try is under way in this server. Wait for its pictures, or stop it."
        assert labels(again.response.message) == ["Stop"]


async def test_a_try_goes_on_after_a_restart_in_the_middle(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, **TABLE)
        await paint(world, 2)
        await world.restart()
        await paint(world, 4)
        message = await shown(world, admin)
        assert message.content.startswith("**Strength and Colours**, side by side")
        await world.restart()
        assert "**Strength**: now 75. Before: 50." in await use(world, admin, message, 5)
        settings = await world.app.client.services.settings.of(world.guild.id)
        assert (settings.default_strength, settings.keep_colours) == (75, KeepColours.LUMINANCE)


async def test_a_try_that_was_saved_but_not_handed_in_is_handed_in_at_the_next_start(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await world.app.client.services.trials.store.open_ones()
        await begin(world, admin)
        await world.restart()
        await paint(world, 2)
        assert (await shown(world, admin)).content.startswith("**Strength**")


async def test_what_is_chosen_becomes_the_default_and_stands_in_both_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with bot_world(tmp_path) as world:
        admin, logs = admin_of(world), world.guild.create_text_channel("logs")
        await admin.slash(world.channel, "config set", setting="log_channel_id", value=logs.mention)
        await begin(world, admin)
        await paint(world, 2)
        form = await admin.click(await shown(world, admin), label="Use one as default…")
        assert options_of(form) == ["1. Strength: 25", "2. Strength: 50 (now)"]
        said = told(await admin.submit_modal(form, {"cell": ["0"]}))
        assert said == "**Strength**: now 25. Before: 50."
        await until(lambda: any("**Strength**: now 25" in one.content for one in world.history(logs)))
        assert "name=default_strength before=50 after=25" in caplog.text


async def test_another_preset_brings_its_own_steps_and_layers(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await admin.slash(world.channel, "config set", setting="default_steps", value="99")
        await begin(world, admin, setting="preset", values="paper")
        jobs = await paint(world, 2)
        assert [(job.params.preset, job.params.steps) for job in jobs] == [
            (PresetName.DEFAULT, 99),
            (PresetName.PAPER, None),
        ]
        await use(world, admin, await shown(world, admin), 1)
        settings = await world.app.client.services.settings.of(world.guild.id)
        assert (settings.default_preset, settings.default_steps) == (PresetName.PAPER, None)


async def test_a_picture_that_fails_is_left_out_and_cannot_be_chosen(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, values="25, 75")
        await paint(world, 3, failing=(1,))
        message = await shown(world, admin)
        assert "1 picture could not be painted." in message.content
        form = await admin.click(message, label="Save as a preset…")
        assert options_of(form) == ["1. Strength: 25", "3. Strength: 75"]


async def test_where_every_picture_fails_that_is_said(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin)
        await paint(world, 2, failing=(0, 1))
        await ended(world)
        assert seen(world, admin).content == "None of the pictures could be painted. Nothing was changed."
        assert labels(seen(world, admin)) == []


async def test_without_an_engine_it_says_so_and_goes_on_later_in_direct_messages(tmp_path: Path) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        admin = admin_of(world)
        await begin(world, admin)
        await until(lambda: "No engine is running at the moment." in seen(world, admin).content)
        tokens_run_out(world, clock)
        await world.restart()
        await world.engine.check_in()
        await paint(world, 2)
        message = await shown(world, admin, direct(admin))
        form = await admin.user.click(message, label="Use one as default…")
        assert told(await admin.user.submit_modal(form, {"cell": ["0"]})) == "**Strength**: now 25. Before: 50."


async def test_where_direct_messages_are_closed_too_the_log_channel_has_it(tmp_path: Path) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        admin, logs = admin_of(world), world.guild.create_text_channel("logs")
        await admin.slash(world.channel, "config set", setting="log_channel_id", value=logs.mention)
        await begin(world, admin)
        closes_direct_messages(world, admin.user)
        tokens_run_out(world, clock)
        await paint(world, 2)
        message = await shown(world, admin, logs)
        eve = world.member("eve", moderate_members=True)
        assert told(await eve.click(message, label="Use one as default…")) == NOT_A_MANAGER


async def test_where_nobody_can_be_shown_it_the_next_try_may_begin(tmp_path: Path) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        admin = admin_of(world)
        await begin(world, admin)
        closes_direct_messages(world, admin.user)
        tokens_run_out(world, clock)
        await paint(world, 2)
        await ended(world)
        assert "0 of 2 painted" in told(await begin(world, admin))


async def test_it_is_stopped_and_another_may_begin(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, **TABLE)
        running = await claimed(world)
        message = seen(world, admin)
        await world.restart()
        assert told(await admin.click(message, label="Stop")) == "I am stopping it."
        await ended(world)
        assert message.channel is not None
        first = next(one for one in world.channel.history(viewer=admin) if one.id == message.id)
        assert first.content == "Stopped. Nothing was changed."
        assert await world.engine.obey_cancel(running)
        assert await world.engine.leases.claim("engine-1") is None
        assert "0 of 2 painted" in told(await begin(world, admin))


async def test_who_may_not_manage_the_server_may_neither_try_nor_choose(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin, eve = admin_of(world), world.member("eve", moderate_members=True)
        ids = world.app.client.command_ids
        world.guild.set_command_permissions(ids["config"], {eve: True, admin: True})
        assert told(await begin(world, eve)) == NOT_A_MANAGER
        assert told(await eve.slash(world.channel, "config preset list")) == NOT_A_MANAGER
        assert told(await eve.slash(world.channel, "config preset remove", name="Soft")) == NOT_A_MANAGER
        await begin(world, admin)
        await paint(world, 2)
        message = await shown(world, admin)
        form = await admin.click(message, label="Use one as default…")
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            role.permissions &= ~discord.Permissions(manage_guild=True).value
        assert told(await admin.submit_modal(form, {"cell": ["0"]})) == NOT_A_MANAGER


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"values": "250"}, "**Strength**: write a whole number from 0 to 100."),
        ({"values": "1, 2, 3, 4"}, "**Strength**: give at most 3 values."),
        ({"values": "50"}, "There is nothing to compare: give at least one value that does not hold now."),
        ({"setting": "size"}, "**size** cannot be compared. Choose `preset`, `strength`, `style_scale`"),
        ({"setting": "style_scale", "values": "9"}, "**Stroke size**: write numbers from 0.25 to 4, such as"),
        ({"setting": "preset", "values": "oil"}, "**Preset**: choose `default`, `paper` or `seed`."),
        ({"setting2": "steps"}, "To compare a second setting, give both `setting2` and `values2`."),
        ({"setting2": "strength", "values2": "3"}, "Choose two different settings, or leave the second one out."),
        ({"style": None}, "There is no painting in the library here. Attach a picture as `style`."),
        ({"from_library": "Night"}, "Give either `style` or `from_library`, not both."),
        ({"photo": ("notes.txt", b"hello")}, "The content file"),
    ],
)
async def test_what_cannot_be_tried_is_refused_in_one_sentence(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        assert told(await begin(world, admin, **options)).startswith(sentence)
        assert await world.app.client.services.trials.store.open_ones() == []


async def test_settings_and_values_are_offered_and_what_is_offered_can_be_tried(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        offered = await admin.autocomplete(world.channel, "config try", "setting", "")
        assert [one["value"] for one in offered] == ["preset", "strength", "style_scale", "keep_colours", "steps"]
        for one in offered:
            values = await admin.autocomplete(world.channel, "config try", "values", "", setting=one["value"])
            assert values, one
        more = await admin.autocomplete(world.channel, "config try", "values2", "0.5, ", setting2="style_scale")
        assert [one["value"] for one in more] == ["0.5, 1", "0.5, 1.5", "0.5, 2", "0.5, 3"]
        assert await admin.autocomplete(world.channel, "config try", "values", "1, 2, 3,", setting="steps") == []
