"""Presets and tries as the database keeps them, and what they mean."""

import io

import pytest
from PIL import Image

from bot.settings.presets import (
    Grid,
    Line,
    NoScale,
    Tunable,
    as_defaults,
    choices_of,
    line,
    params_of,
    params_with,
    parse_scale,
    parts_of,
    read_choices,
    with_choices_of,
)
from bot.settings.server import ServerSettings
from bot.store.presets import (
    MOST_PRESETS,
    BadPresetName,
    KeptPreset,
    NoSuchPreset,
    PresetNameTaken,
    PresetStore,
    TooManyPresets,
)
from bot.store.trials import TrialStore, TrialUnderWay
from bot.ui.contact_sheet import Heading, SheetWords, contact_sheet
from nst_engine.contract.params import KeepColours, PresetName, StylizeParams
from nst_engine.queue.database import Database
from tests.fake_engine import picture

USUAL = ServerSettings()
WORDS = SheetWords(now=("now",), missing=("not painted",))


def preset(name: str, choices: str = "{}") -> KeptPreset:
    return KeptPreset(name=name, choices=choices, added_by="7")


async def test_a_preset_is_found_by_its_name_in_its_own_server_only(database: Database) -> None:
    store = PresetStore(database)
    await store.add("1", preset("  Soft   light ", '{"strength":30}'))
    found = await store.find("1", "SOFT LIGHT")
    assert found == preset("Soft light", '{"strength":30}')
    assert await store.find("2", "Soft light") is None
    assert [one.name for one in await store.listed("1")] == ["Soft light"]
    assert (await store.remove("1", "soft light")).name == "Soft light"
    with pytest.raises(NoSuchPreset):
        await store.remove("1", "Soft light")


async def test_names_are_short_free_and_not_those_of_the_project(database: Database) -> None:
    store = PresetStore(database)
    await store.add("1", preset("Soft"))
    for name, refused in (("", BadPresetName), ("x" * 33, BadPresetName), ("soft", PresetNameTaken)):
        with pytest.raises(refused):
            await store.add("1", preset(name))
    with pytest.raises(PresetNameTaken):
        await store.add("1", preset("Paper"), reserved=frozenset({"paper"}))
    await store.add("1", preset("x" * 32))


async def test_a_server_has_twenty_at_most(database: Database) -> None:
    store = PresetStore(database)
    for number in range(MOST_PRESETS):
        await store.add("1", preset(f"Preset {number}"))
    with pytest.raises(TooManyPresets, match="20"):
        await store.add("1", preset("One more"))
    await store.add("2", preset("One more"))


async def test_a_server_has_one_try_at_a_time(database: Database) -> None:
    store = TrialStore(database)
    first = await store.begin("1", "{}", "{}")
    with pytest.raises(TrialUnderWay) as refused:
        await store.begin("1", "{}", "{}")
    assert refused.value.trial_id == first.id
    other = await store.begin("2", "{}", "{}")
    assert [one.id for one in await store.open_ones()] == [first.id, other.id]
    await store.stop(first.id, by="7")
    assert (await store.open_ones())[0].is_stopped
    await store.end(first.id)
    kept = await store.find(first.id)
    assert kept is not None
    assert (kept.has_ended, kept.webhook) == (True, None)
    assert (await store.begin("1", "{}", "{}")).id > other.id


def test_a_preset_means_what_was_saved_and_a_request_goes_before_it() -> None:
    params = StylizeParams(strength=80, style_scale=2.0, size=256, seed=9, steps=30, keep_colours=KeepColours.TRANSFER)
    named = read_choices(choices_of(params))
    assert named == params.model_copy(update={"size": 512, "seed": 0})
    asked = params_with(named, USUAL.model_copy(update={"default_size_px": 300}), strength=5, size=None)
    assert (asked.strength, asked.style_scale, asked.size) == (5, 2.0, 300)
    onto = with_choices_of(named, StylizeParams(seed=3, size=128, strength=1))
    assert (onto.seed, onto.size, onto.strength) == (3, 128, 80)


@pytest.mark.parametrize("kept", ["", "[]", '{"preset": "oil"}', '{"strength": 999}', '{"hologram": 1}'])
def test_what_another_version_kept_is_not_understood_and_breaks_nothing(kept: str) -> None:
    assert read_choices(kept) is None


def test_what_holds_now_joins_the_values_where_there_is_room() -> None:
    assert line(Tunable.STRENGTH, [75, 25], USUAL).values == (25, 50, 75)
    assert line(Tunable.STRENGTH, [75, 25, 30], USUAL).values == (25, 30, 75)
    assert line(Tunable.STRENGTH, [50, 60], USUAL).values == (50, 60)
    assert line(Tunable.PRESET, ["paper"], USUAL).values == ("default", "paper")
    assert line(Tunable.STEPS, [60, 20], USUAL).values == (None, 20, 60)


def test_a_table_has_a_cell_for_each_pair_row_by_row() -> None:
    grid = Grid(
        columns=Line(tunable=Tunable.STRENGTH, values=(1, 2)), rows=Line(tunable=Tunable.STYLE_SCALE, values=(0.5, 2.0))
    )
    params = [params_of(chosen, USUAL, 256) for chosen in grid.cells()]
    assert [(one.strength, one.style_scale) for one in params] == [(1, 0.5), (2, 0.5), (1, 2.0), (2, 2.0)]
    assert Grid.model_validate_json(grid.model_dump_json()) == grid


def test_another_preset_as_the_default_unsets_what_was_tuned_for_the_one_before() -> None:
    values, unset = as_defaults({Tunable.PRESET: "paper", Tunable.STRENGTH: 60}, USUAL)
    assert values == {"default_preset": "paper", "default_strength": 60}
    assert unset == {"default_steps", "content_layers", "style_layers"}
    assert as_defaults({Tunable.PRESET: "default"}, USUAL) == ({"default_preset": "default"}, frozenset())
    values, unset = as_defaults({Tunable.STEPS: None, Tunable.STYLE_SCALE: 2.0}, USUAL)
    assert (dict(values), set(unset)) == ({}, {"default_steps"})
    values, unset = as_defaults({Tunable.PRESET: "seed", Tunable.STEPS: 5}, USUAL)
    assert (values["default_steps"], "default_steps" in unset) == (5, False)
    assert params_of({Tunable.PRESET: "seed"}, USUAL, 64).preset is PresetName.SEED


def test_sizes_of_strokes_are_read_and_others_refused() -> None:
    assert [parse_scale(one) for one in ("1", " 0.5", ".25", "4", "2x", "1.5 ×")] == [1, 0.5, 0.25, 4, 2, 1.5]
    for wrong in ("0", "5", "big", "1e1", "", "-1", "nan", "1.2.3"):
        with pytest.raises(NoScale):
            parse_scale(wrong)
    assert parts_of("0.5; 1,  2 ,,") == ["0.5", "1", "2"]


def test_a_sheet_holds_each_picture_in_its_place_frames_the_current_one_and_says_what_is_missing() -> None:
    red, blue = picture("red", (256, 171)), picture("blue", (256, 171))
    columns = Heading(title=("Stärke", "Strength"), values=(("25",), ("50",)))
    rows = Heading(title=("Colours",), values=(("the photo's own palette and more",), ("日本語", "other")))
    sheet = Image.open(io.BytesIO(contact_sheet([red, blue, None, red], columns, rows, WORDS, current=1)))
    across = [sheet.getpixel((x, 200)) for x in range(sheet.width)]
    assert across.index((255, 0, 0)) < across.index((250, 196, 92)) < across.index((0, 0, 255))
    down = [sheet.getpixel((across.index((255, 0, 0)) + 100, y)) for y in range(sheet.height)]
    assert down.count((255, 0, 0)) == 171
    alone = Image.open(io.BytesIO(contact_sheet([red, None], columns, None, WORDS, current=None)))
    assert alone.width < sheet.width


def test_a_sheet_of_very_narrow_pictures_or_of_none_still_has_room_for_words() -> None:
    columns = Heading(title=("Strength",), values=(("25",), ("50",)))
    for pictures in ([picture("red", (16, 256))] * 2, [None, None]):
        sheet = Image.open(io.BytesIO(contact_sheet(pictures, columns, None, WORDS, current=0)))
        assert sheet.width >= 2 * 120
