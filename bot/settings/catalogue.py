"""Every setting of a server as a small record: `/config` and the documentation go by this list. What a setting is
called and what it does stands in `bot.ui.text.settings`."""

from dataclasses import dataclass
from enum import StrEnum

from bot.config import LimitSettings
from bot.settings.language import Language
from bot.settings.server import (
    LONGEST_COOLDOWN_SECONDS,
    MOST_IN_A_LIST,
    MOST_OPEN_JOBS,
    MOST_PER_DAY,
    PERSONAL,
    ServerSettings,
    Spoilers,
)
from nst_engine.contract.params import MAX_SIZE_PX, MAX_STEPS, MIN_SIZE_PX, KeepColours, PresetName

YES, NO = "yes", "no"
SWITCHES = (YES, NO)


class Kind(StrEnum):
    """How a setting's value is typed, checked and shown."""

    CHOICE = "choice"
    SWITCH = "switch"
    """Yes or no."""
    NUMBER = "number"
    PER_DAY = "per_day"
    """A number, or no limit."""
    ROLE_QUOTAS = "role_quotas"
    SECONDS = "seconds"
    LAYERS = "layers"
    """Layers of the network, each with its weight."""
    CHANNELS = "channels"
    ROLES = "roles"
    CHANNEL = "channel"


class Group(StrEnum):
    """Settings that are shown together, and changed in one form: Discord has room for five."""

    DEFAULTS = "defaults"
    RECIPE = "recipe"
    LIMITS = "limits"
    PLACES = "places"
    MODERATION = "moderation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What there is to know about one setting, but for its words."""

    name: str
    """The field of `ServerSettings`."""
    kind: Kind
    group: Group
    choices: tuple[str, ...] = ()
    """All that is allowed, for a choice; the words for yes and no, for a switch."""
    least: int = 0
    most: int = 0
    """The range of a number, or how many a list may have, before the operator's own limits."""
    may_be_empty: bool = False
    """There is a word for "not set": no limit, everywhere, everybody, none."""


SETTINGS: tuple[Setting, ...] = (
    Setting(name="default_preset", kind=Kind.CHOICE, group=Group.DEFAULTS, choices=tuple(PresetName)),
    Setting(name="default_strength", kind=Kind.NUMBER, group=Group.DEFAULTS, most=100),
    Setting(name="default_size_px", kind=Kind.NUMBER, group=Group.DEFAULTS, least=MIN_SIZE_PX, most=MAX_SIZE_PX),
    Setting(name="keep_colours", kind=Kind.CHOICE, group=Group.DEFAULTS, choices=tuple(KeepColours)),
    Setting(name="private", kind=Kind.SWITCH, group=Group.DEFAULTS, choices=SWITCHES),
    Setting(name="default_steps", kind=Kind.NUMBER, group=Group.RECIPE, least=1, most=MAX_STEPS, may_be_empty=True),
    Setting(name="content_layers", kind=Kind.LAYERS, group=Group.RECIPE, may_be_empty=True),
    Setting(name="style_layers", kind=Kind.LAYERS, group=Group.RECIPE, may_be_empty=True),
    Setting(name="max_size_px", kind=Kind.NUMBER, group=Group.LIMITS, least=MIN_SIZE_PX, most=MAX_SIZE_PX),
    Setting(name="max_open_jobs_per_member", kind=Kind.NUMBER, group=Group.LIMITS, least=1, most=MOST_OPEN_JOBS),
    Setting(name="pictures_per_day", kind=Kind.PER_DAY, group=Group.LIMITS, most=MOST_PER_DAY, may_be_empty=True),
    Setting(name="role_quotas", kind=Kind.ROLE_QUOTAS, group=Group.LIMITS, most=MOST_PER_DAY, may_be_empty=True),
    Setting(name="cooldown_seconds", kind=Kind.SECONDS, group=Group.LIMITS, most=LONGEST_COOLDOWN_SECONDS),
    Setting(name="allowed_channels", kind=Kind.CHANNELS, group=Group.PLACES, most=MOST_IN_A_LIST, may_be_empty=True),
    Setting(name="allowed_roles", kind=Kind.ROLES, group=Group.PLACES, most=MOST_IN_A_LIST, may_be_empty=True),
    Setting(name="spoilers", kind=Kind.CHOICE, group=Group.MODERATION, choices=tuple(Spoilers)),
    Setting(
        name="spoiler_channels", kind=Kind.CHANNELS, group=Group.MODERATION, most=MOST_IN_A_LIST, may_be_empty=True
    ),
    Setting(name="log_channel_id", kind=Kind.CHANNEL, group=Group.MODERATION, may_be_empty=True),
    Setting(name="language", kind=Kind.CHOICE, group=Group.MODERATION, choices=tuple(Language), may_be_empty=True),
)
"""In the order in which they are shown."""

PERSONAL_SETTINGS = tuple(setting for setting in SETTINGS if setting.name in PERSONAL)
"""Those that members may set for themselves."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def find_setting(name: str) -> Setting | None:
    return _BY_NAME.get(name.strip().lower())


def most_allowed(setting: Setting, operator: LimitSettings, settings: ServerSettings) -> int:
    """The upper end of a number's range where this operator's limits and these settings hold."""
    match setting.name:
        case "max_size_px":
            return operator.max_size_px
        case "default_size_px":
            return settings.max_size_px
        case "max_open_jobs_per_member":
            return operator.max_open_jobs_per_member
        case _:
            return setting.most
