"""`/settings`: what members choose for themselves; and what every request takes from there and from the server."""

from pathlib import Path
from typing import Any

from nst_engine.contract.params import KeepColours, PresetName
from tests.bot_world import CAT, WAVE, World, bot_world, words
from tests.config_acts import admin_of, configure

LAYERS = "conv1_1 0.5, conv2_1 0.5"


async def page(who: Any, *where: Any) -> Any:
    return (await who.slash(*where, "settings")).response.message


async def choose(world: World, who: Any, **values: Any) -> Any:
    """Send the form with these fields; the others as usual."""
    form = await who.click(await page(who, world.channel), label="Change…")
    usual = {"default_preset": ["usual"], "keep_colours": ["usual"], "private": ["usual"]}
    return await who.submit_modal(form, usual | values)


async def test_what_holds_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_size_px=2048) as world:
        await configure(world, admin_of(world), "keep_colours", "luminance")
        answer = await choose(world, world.ann, default_strength="70", private=["yes"])
        assert words(answer.response.message) == (
            "Saved.\n### Your defaults\nWhat holds for your pictures here where you choose nothing else.\n"
            "Preset: **default: the best for most pictures** · as delivered\n"
            "Strength: **70** · set by you\n"
            "Size: **512 px** · as delivered\n"
            "Colours: **light and dark only: every colour stays in its place** · set here\n"
            "Private results: **yes** · set by you\n"
            "-# Your own choices go with you into every server and into direct messages."
        )


async def test_a_members_own_choices_are_taken_where_a_request_says_nothing_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path) as world:
        await choose(
            world, world.ann, default_strength="70", default_size_px="256", keep_colours=["transfer"], private=["yes"]
        )
        await world.restart()
        answer = await world.stylize()
        assert answer.response.ephemeral
        job = await world.engine.claim()
        assert (job.params.strength, job.params.size) == (70, 256)
        assert job.params.keep_colours is KeepColours.TRANSFER
        await world.stylize(strength=10, size=128, keep_colours="no", private=False)
        job = await world.engine.claim()
        assert (job.params.strength, job.params.size, job.params.keep_colours) == (10, 128, KeepColours.NO)
        assert job.address is not None
        assert job.address["starter_message_id"] is not None
        ben = world.member("ben")
        await world.stylize(ben)
        assert (await world.engine.claim()).params.strength == 50


async def test_they_hold_in_direct_messages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        zoe = world.env.create_user("zoe")
        shown = await page(zoe)
        form = await zoe.click(shown, label="Change…")
        values = {"default_preset": ["paper"], "keep_colours": ["usual"], "private": ["usual"]}
        answer = await zoe.submit_modal(form, values | {"default_strength": "30"})
        assert "Preset: **paper: as Gatys, Ecker and Bethge published it** · set by you" in words(
            answer.response.message
        )
        await world.stylize(zoe)
        job = await world.engine.claim()
        assert (job.params.preset, job.params.strength) == (PresetName.PAPER, 30)


async def test_they_stay_within_the_servers_limits(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await choose(world, world.ann, default_size_px="1000")
        await configure(world, admin_of(world), "max_size_px", "256")
        shown = await page(world.ann, world.channel)
        assert "Size: **256 px** · set here" in words(shown)
        await world.stylize()
        assert (await world.engine.claim()).params.size == 256
        await choose(world, world.ann, default_size_px="256", default_strength="70")
        await configure(world, admin_of(world, "ben"), "max_size_px", "1024")
        await world.stylize()
        params = (await world.engine.claim()).params
        assert (params.size, params.strength) == (1000, 70)


async def test_wrong_values_are_told_and_the_rest_is_saved(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await choose(world, world.ann, default_strength="200", default_size_px="256")
        said = words(answer.response.message)
        assert said.startswith(
            "Some of this cannot be; the rest was saved.\n- **Strength**: write a whole number from 0 to 100.\n"
        )
        assert "Size: **256 px** · set by you" in said


async def test_choices_are_forgotten_by_a_button_or_field_by_field(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await choose(world, world.ann, default_strength="70", private=["yes"])
        answer = await choose(world, world.ann, private=["yes"])
        assert "Strength: **50** · as delivered" in words(answer.response.message)
        await world.restart()
        shown = await page(world.ann, world.channel)
        answer = await world.ann.click(shown, label="Forget my choices")
        assert "Your choices are forgotten" in words(answer.response.message)
        assert "Private results: **no** · as delivered" in words(answer.response.message)


async def test_the_form_begins_with_what_was_chosen_and_names_what_is_usual(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await choose(world, world.ann, default_strength="70", keep_colours=["transfer"])
        form = await world.ann.click(await page(world.ann, world.channel), label="Change…")
        found = {label["component"]["custom_id"]: label["component"] for label in form.modal["components"]}
        assert len(found) == 5
        assert found["default_strength"]["value"] == "70"
        assert "value" not in found["default_size_px"]
        assert found["default_size_px"]["placeholder"] == "As usual here (512 px)"
        first = found["default_preset"]["options"][0]
        assert (first["label"], first["default"]) == ("As usual here (default: the best for most pictures)", True)
        assert [one["value"] for one in found["keep_colours"]["options"] if one.get("default")] == ["transfer"]


async def test_the_forms_for_pictures_begin_with_a_members_own_choices(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await choose(world, world.ann, default_strength="75", private=["yes"])
        form = await world.ann.context_menu(world.channel, "Stylize avatar", world.ann)
        found = {label["component"]["custom_id"]: label["component"] for label in form.modal["components"]}
        assert [one["value"] for one in found["strength"]["options"] if one.get("default")] == ["75"]
        assert [one["value"] for one in found["also"]["options"] if one.get("default")] == ["private"]


async def test_the_servers_steps_and_layers_go_with_its_own_preset_alone(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        for setting, value in (
            ("default_preset", "seed"),
            ("default_steps", "100"),
            ("style_layers", LAYERS),
            ("content_layers", "conv3_2"),
        ):
            await configure(world, admin, setting, value)
        await world.stylize()
        params = (await world.engine.claim()).params
        assert (params.preset, params.steps) == (PresetName.SEED, 100)
        assert params.style_layers == (("conv1_1", 0.5), ("conv2_1", 0.5))
        assert params.content_layers == (("conv3_2", 1.0),)
        await world.stylize(preset="paper")
        params = (await world.engine.claim()).params
        assert (params.preset, params.steps, params.style_layers) == (PresetName.PAPER, None, None)
        await choose(world, world.ann, default_preset=["default"])
        await world.stylize(content=WAVE, style=CAT)
        params = (await world.engine.claim()).params
        assert (params.preset, params.steps, params.style_layers) == (PresetName.DEFAULT, None, None)


async def test_a_server_makes_results_private_unless_a_member_says_otherwise(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await configure(world, admin_of(world), "private", "yes")
        assert (await world.stylize()).response.ephemeral
        await world.engine.claim()
        assert not (await world.stylize(private=False, strength=20)).response.ephemeral
