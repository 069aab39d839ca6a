"""The Tweak form, as members open it, fill it in and get it back."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.settings.language import Language
from bot.ui.text import commands, tweak
from bot.ui.words import words_in
from nst_engine.contract.events import FailureReason
from nst_engine.contract.params import Init, KeepColours, PresetName
from tests.bot_world import bot_world, until
from tests.fake_engine import picture
from tests.result_acts import (
    all_delivered,
    filled_in,
    finished,
    open_job,
    pressed_at_once,
    said_in_private,
    stranger,
)

each_time = pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])
MORE = "seed: 7\nstroke size: 1.5\nstart from: noise\nsmoothness: 3\nspoiler: yes"


@each_time
async def test_every_choice_can_be_changed_in_one_form(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, before = await finished(world)
        form = await world.ann.click(message, label="Tweak…")
        if after_restart:
            await world.restart()
        values = filled_in(form, preset=["paper"], strength="70", size="300", colours=["transfer"], more=MORE)
        answer = await world.ann.submit_modal(form, values)
        assert not answer.ephemeral
        assert "Tweaked." in answer.response.content
        assert "paper preset · strength 70 · seed 7 · own palette · stroke size 1.5" in answer.response.content
        job = await open_job(world)
        params = job.params
        assert (params.preset, params.strength, params.size) == (PresetName.PAPER, 70, 300)
        assert (params.keep_colours, params.seed, params.style_scale) == (KeepColours.TRANSFER, 7, 1.5)
        assert (params.init, params.tv) == (Init.NOISE, 3.0)
        assert (job.content_blob, job.style_blobs) == (before.content_blob, before.style_blobs)
        await world.engine.finish(await world.engine.claim(), picture("gold"))
        await all_delivered(world)
        assert world.results()[-1].attachments[0].filename.startswith("SPOILER_")


async def test_a_form_opens_after_a_restart_with_the_values_of_its_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, strength=70, size=300)
        await world.restart()
        form = await stranger(world).click(message, label="Tweak…")
        values = filled_in(form)
        assert values["preset"] == ["default"]
        assert (values["strength"], values["size"], values["colours"]) == ("70", "300", ["no"])
        assert values["more"].startswith("seed: 0\nstroke size: 1\n")


@each_time
async def test_what_was_wrong_is_named_and_nothing_that_was_typed_is_lost(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        form = await world.ann.click(message, label="Tweak…")
        values = filled_in(form, strength="500", colours=["luminance"], more="stroke size: 9\nseed: 7")
        refused = await world.ann.submit_modal(form, values)
        assert refused.ephemeral
        assert "`strength: 500`: take a whole number from 0 to 100." in refused.response.content
        assert "`stroke size: 9`: take a number from 0.25 to 4." in refused.response.content
        assert await world.app.store.open_jobs() == []
        if after_restart:
            await world.restart()
        again = await world.ann.click(refused.response.message, label="Back to the form")
        assert filled_in(again) == values
        await world.ann.submit_modal(again, filled_in(again, strength="60", more="stroke size: 2\nseed: 7"))
        params = (await open_job(world)).params
        assert (params.strength, params.style_scale, params.seed) == (60, 2.0, 7)
        assert params.keep_colours is KeepColours.LUMINANCE


async def test_a_stranger_may_tweak_and_the_picture_is_theirs(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        eve = stranger(world)
        form = await eve.click(message, label="Tweak…")
        await eve.submit_modal(form, filled_in(form, strength="80"))
        assert (await open_job(world)).owner_id == str(eve.id)


async def test_a_form_that_asks_for_what_is_under_way_is_refused(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        for _ in range(2):
            form = await world.ann.click(message, label="Tweak…")
            answer = await world.ann.submit_modal(form, filled_in(form, strength="80"))
        assert said_in_private(answer).startswith("You have asked for exactly this already")
        await open_job(world)


async def test_a_size_above_what_the_server_allows_is_refused_in_the_form(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_size_px=600) as world:
        message, _ = await finished(world)
        form = await world.ann.click(message, label="Tweak…")
        assert "64 to 600" in str(form.modal)
        answer = await world.ann.submit_modal(form, filled_in(form, size="700"))
        assert "`size: 700`: take a whole number from 64 to 600." in said_in_private(answer)


async def test_a_picture_too_large_for_the_engine_can_be_tweaked(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        await world.engine.fail(await world.engine.claim(), FailureReason.OUT_OF_MEMORY)
        await all_delivered(world)
        form = await world.ann.click(world.letters()[0], label="Tweak…")
        await world.ann.submit_modal(form, filled_in(form, size="256"))
        assert (await open_job(world)).params.size == 256


async def test_a_double_click_on_tweak_opens_one_form(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        answers = await pressed_at_once(world, (world.ann, message, "Tweak…"), (world.ann, message, "Tweak…"))
        assert sorted(answer.modal is None for answer in answers) == [False, True]


async def test_a_form_is_within_discords_limits_and_names_everything(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        form = await world.ann.click(message, label="Tweak…")
        assert len(form.modal["title"]) <= 45
        labels: list[dict[str, Any]] = form.modal["components"]
        assert len(labels) == 5
        assert all(label["type"] == discord.ComponentType.label.value for label in labels)


@pytest.mark.parametrize("language", Language, ids=str)
def test_the_words_of_the_form_are_within_discords_limits(language: Language) -> None:
    say = words_in(language)
    assert len(say(tweak.TITLE)) <= 45
    assert (
        max(len(say(label)) for label in (tweak.PRESET, tweak.STRENGTH, tweak.SIZE, tweak.COLOURS, tweak.MORE_LABEL))
        <= 45
    )
    hints = (say(tweak.STRENGTH_HINT), say(tweak.MORE_HINT), tweak.size_hint(8192, 64, say))
    options = [say(name) for names in (commands.COLOURS, commands.PRESET_NAMES) for name in names.values()]
    assert max(len(words) for words in (*hints, *options)) <= 100
    assert len(say(tweak.BUTTON)) <= 80


@pytest.mark.parametrize("is_theirs", [True, False], ids=["their own", "another's"])
async def test_nobody_uncovers_the_picture_of_somebody_else(tmp_path: Path, is_theirs: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, before = await finished(world)
        await world.app.store.set_address(before.id, dict(before.address or {}, spoiler=True))
        who = world.ann if is_theirs else stranger(world)
        form = await who.click(message, label="Tweak…")
        await who.submit_modal(form, filled_in(form, strength="60", more="spoiler: no"))
        assert (await open_job(world)).address["spoiler"] is not is_theirs  # type: ignore[index]  # it has one
