"""Where a value comes from, and what a request takes of it."""

from pathlib import Path

from pydantic import JsonValue

from bot.config import BotConfig, LimitSettings
from bot.settings.in_force import InForce
from bot.settings.origins import Origin
from bot.settings.request import usual_params
from bot.settings.server import resolve
from nst_engine.contract.params import KeepColours, PresetName, StylizeParams
from nst_engine.contract.settings import parse_config

OPERATOR = LimitSettings(max_size_px=1024)
SERVER: dict[str, JsonValue] = {
    "default_preset": "seed",
    "default_steps": 100,
    "style_layers": [["conv1_1", 1.0]],
    "default_strength": 60,
}


def in_force(
    own: dict[str, JsonValue] | None = None,
    theirs: dict[str, JsonValue] | None = None,
    operator: LimitSettings = OPERATOR,
) -> InForce:
    own, theirs = own or {}, theirs or {}
    return InForce(settings=resolve(operator, own, theirs), own=own, theirs=theirs, operator=operator)


def test_each_stands_above_those_before_it() -> None:
    assert in_force().origin("default_strength") is Origin.PROJECT
    assert in_force().origin("max_size_px") is Origin.OPERATOR
    assert in_force({"default_strength": 60}).origin("default_strength") is Origin.SERVER
    mine = in_force({"default_strength": 60}, {"default_strength": 70})
    assert (mine.origin("default_strength"), mine.settings.default_strength) == (Origin.MEMBER, 70)


def test_what_the_operator_wrote_down_is_the_operators_also_where_it_is_as_delivered(tmp_path: Path) -> None:
    config = parse_config({"limits": {"max_open_jobs_per_member": 3}}, BotConfig, folder=tmp_path)
    held = in_force(operator=config.limits)
    assert held.origin("max_open_jobs_per_member") is Origin.OPERATOR
    assert held.origin("max_size_px") is Origin.PROJECT


def test_a_value_above_a_limit_comes_from_whoever_set_the_limit() -> None:
    assert in_force({"max_size_px": 4096}).origin("max_size_px") is Origin.OPERATOR
    held = in_force({"max_size_px": 256}, {"default_size_px": 1000})
    assert (held.settings.default_size_px, held.origin("default_size_px")) == (256, Origin.SERVER)
    held = in_force({"default_size_px": 4096})
    assert (held.settings.default_size_px, held.origin("default_size_px")) == (1024, Origin.OPERATOR)


def test_members_decide_on_nothing_but_their_own_pictures() -> None:
    held = in_force({}, {"max_size_px": 64, "language": "de", "allowed_roles": [1], "hologram": 1})
    assert held.settings == resolve(OPERATOR, {})
    assert held.origin("language") is Origin.PROJECT


def test_what_makes_no_sense_comes_from_nobody() -> None:
    assert in_force({"default_strength": 900}).origin("default_strength") is Origin.PROJECT


def test_a_request_that_says_nothing_takes_all_of_it() -> None:
    assert usual_params(in_force(SERVER).settings) == StylizeParams(
        preset=PresetName.SEED, size=512, strength=60, steps=100, style_layers=(("conv1_1", 1.0),)
    )


def test_what_a_request_says_counts_more() -> None:
    params = usual_params(
        in_force(SERVER).settings, size=128, strength=0, keep_colours=KeepColours.TRANSFER, preset=PresetName.SEED
    )
    assert (params.size, params.strength, params.keep_colours, params.steps) == (128, 0, KeepColours.TRANSFER, 100)


def test_steps_and_layers_of_one_preset_do_not_go_with_another() -> None:
    params = usual_params(in_force(SERVER).settings, preset=PresetName.DEFAULT)
    assert (params.steps, params.style_layers, params.strength) == (None, None, 60)
    params = usual_params(in_force(SERVER, {"default_preset": "paper"}).settings)
    assert (params.preset, params.steps, params.style_layers) == (PresetName.PAPER, None, None)
    params = usual_params(in_force(SERVER, {"default_preset": "seed"}).settings)
    assert (params.preset, params.steps) == (PresetName.SEED, 100)
