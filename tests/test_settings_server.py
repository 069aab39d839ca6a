"""What a server may set, and what holds there."""

from typing import Any

import pytest
from pydantic import JsonValue

from bot.config import LimitSettings
from bot.settings.catalogue import SETTINGS, Kind, find_setting, most_allowed
from bot.settings.server import ServerSettings, Spoilers, as_json, daily_quota, is_valid, resolve
from nst_engine.contract.params import KeepColours, PresetName

OPERATOR = LimitSettings(default_size_px=512, max_size_px=1024, max_open_jobs_per_member=3)


def test_a_server_that_set_nothing_has_the_operators_values() -> None:
    settings = resolve(OPERATOR, {})
    assert (settings.default_size_px, settings.max_size_px, settings.max_open_jobs_per_member) == (512, 1024, 3)
    assert settings.pictures_per_day is None
    assert settings.allowed_channels == ()
    assert settings.spoilers is Spoilers.AS_ASKED


def test_a_servers_own_values_are_on_top() -> None:
    own: dict[str, JsonValue] = {
        "default_preset": "paper",
        "keep_colours": "luminance",
        "pictures_per_day": 5,
        "role_quotas": {"7": None},
    }
    settings = resolve(OPERATOR, own)
    assert settings.default_preset is PresetName.PAPER
    assert settings.keep_colours is KeepColours.LUMINANCE
    assert settings.pictures_per_day == 5
    assert settings.role_quotas == {7: None}


@pytest.mark.parametrize(("own", "holds"), [(4096, 1024), (1024, 1024), (256, 256)])
def test_the_largest_size_is_never_above_the_operators(own: int, holds: int) -> None:
    assert resolve(OPERATOR, {"max_size_px": own}).max_size_px == holds


def test_the_default_size_is_never_above_the_largest() -> None:
    assert resolve(OPERATOR, {"max_size_px": 256}).default_size_px == 256
    assert resolve(OPERATOR, {"default_size_px": 8000}).default_size_px == 1024


def test_open_pictures_are_never_more_than_the_operators() -> None:
    assert resolve(OPERATOR, {"max_open_jobs_per_member": 50}).max_open_jobs_per_member == 3
    assert resolve(OPERATOR, {"max_open_jobs_per_member": 1}).max_open_jobs_per_member == 1


@pytest.mark.parametrize(
    "own",
    [{"hologram": True}, {"max_size_px": "huge"}, {"default_strength": 101}, {"language": "tlh"}, {"spoilers": "?"}],
)
def test_what_another_version_left_is_as_if_it_were_not_set(own: dict[str, Any]) -> None:
    assert resolve(OPERATOR, own) == resolve(OPERATOR, {})


def test_one_bad_value_does_not_take_the_others_with_it() -> None:
    assert resolve(OPERATOR, {"hologram": 1, "default_strength": -1, "cooldown_seconds": 60}).cooldown_seconds == 60


@pytest.mark.parametrize(
    ("roles", "quota"),
    [((), 5), ((1,), 5), ((10,), 2), ((10, 20), 20), ((30,), 0), ((30, 10), 2), ((20, 40), None), ((40, 1), None)],
)
def test_the_most_generous_role_counts_and_stands_for_the_general_number(roles: tuple[int, ...], quota: object) -> None:
    settings = ServerSettings(pictures_per_day=5, role_quotas={10: 2, 20: 20, 30: 0, 40: None})
    assert daily_quota(settings, roles) == quota


def test_every_field_is_in_the_catalogue_once() -> None:
    assert sorted(setting.name for setting in SETTINGS) == sorted(ServerSettings.model_fields)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_catalogues_limits_are_the_models(setting: Any) -> None:
    if setting.kind in {Kind.NUMBER, Kind.PER_DAY, Kind.SECONDS}:
        assert is_valid(setting.name, setting.least)
        assert is_valid(setting.name, setting.most)
        assert not is_valid(setting.name, setting.least - 1)
        assert not is_valid(setting.name, setting.most + 1)
    for choice in setting.choices:
        assert is_valid(setting.name, choice)
    if setting.kind in {Kind.CHANNELS, Kind.ROLES}:
        assert is_valid(setting.name, list(range(1, setting.most + 1)))
        assert not is_valid(setting.name, list(range(1, setting.most + 2)))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_default_survives_being_kept(setting: Any) -> None:
    assert is_valid(setting.name, as_json(ServerSettings(), setting.name))


def test_a_setting_is_found_however_it_is_written() -> None:
    found = find_setting(" Max_Size_PX ")
    assert found is not None
    assert found.name == "max_size_px"
    assert find_setting("hologram") is None


def test_the_range_that_is_told_is_the_one_that_holds() -> None:
    settings = resolve(OPERATOR, {"max_size_px": 768})

    def most(name: str) -> int:
        found = find_setting(name)
        assert found is not None
        return most_allowed(found, OPERATOR, settings)

    assert (most("max_size_px"), most("default_size_px"), most("max_open_jobs_per_member")) == (1024, 768, 3)
    assert most("default_strength") == 100
