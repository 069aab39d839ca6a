"""What a server may choose about the bot, and what holds there: the operator's limits with the server's own values on
top. Knows neither Discord nor the database."""

import logging
from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.config import LimitSettings
from bot.settings.language import Language
from nst_engine.contract.params import (
    MAX_SIZE_PX,
    MAX_STEPS,
    MIN_SIZE_PX,
    NEUTRAL_STRENGTH,
    ChosenLayers,
    KeepColours,
    PresetName,
)

log = logging.getLogger(__name__)

MOST_IN_A_LIST = 50
MOST_PER_DAY = 10_000
LONGEST_COOLDOWN_SECONDS = 24 * 3600
MOST_OPEN_JOBS = 1000

DiscordId = Annotated[int, Field(gt=0, lt=2**63)]
Ids = Annotated[tuple[DiscordId, ...], Field(max_length=MOST_IN_A_LIST)]
PerDay = Annotated[int, Field(ge=0, le=MOST_PER_DAY)] | None
"""Pictures in 24 hours; None is no limit."""


class Spoilers(StrEnum):
    """When pictures are covered until somebody chooses to look."""

    AS_ASKED = "as_asked"
    ALWAYS = "always"
    AGE_RESTRICTED = "age_restricted"
    """Always in age-restricted channels, elsewhere as asked."""
    LISTED = "listed"
    """Always in `spoiler_channels`, elsewhere as asked."""


class ServerSettings(BaseModel):
    """What holds in one server, or in direct messages, where nobody sets anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_preset: PresetName = PresetName.DEFAULT
    """The recipe of a request that names none."""
    default_strength: Annotated[int, Field(ge=0, le=100)] = NEUTRAL_STRENGTH
    """The strength of a request that names none."""
    default_size_px: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 512
    """The size of a request that names none; never above `max_size_px`."""
    max_size_px: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 1024
    """The largest size that a member may ask for; never above the operator's."""
    keep_colours: KeepColours = KeepColours.NO
    """Whether a request that does not say so keeps the content's colours."""
    private: bool = False
    """Whether the result of a request that does not say so is seen by its requester alone."""
    default_steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None = None
    """The steps of a request with `default_preset`; None: as the preset has it. So are the layers."""
    content_layers: ChosenLayers | None = None
    """The layers by which contents are compared, with their weights w_l."""
    style_layers: ChosenLayers | None = None
    """The layers by which styles are compared, with their weights w_l."""
    max_open_jobs_per_member: Annotated[int, Field(ge=1, le=MOST_OPEN_JOBS)] = 3
    """How many unfinished pictures of this server one member may have; never above the operator's."""
    pictures_per_day: PerDay = None
    """How many pictures a member may ask for here in 24 hours."""
    role_quotas: Annotated[Mapping[DiscordId, PerDay], Field(max_length=MOST_IN_A_LIST)] = {}
    """Instead of `pictures_per_day`, for members with such a role; of several roles the most generous counts."""
    cooldown_seconds: Annotated[int, Field(ge=0, le=LONGEST_COOLDOWN_SECONDS)] = 0
    """How long a member waits from one request to the next."""
    allowed_channels: Ids = ()
    """Where pictures may be asked for; a thread counts as its channel. None: everywhere."""
    allowed_roles: Ids = ()
    """Who may ask for pictures: members with one of these roles. None: everybody."""
    spoilers: Spoilers = Spoilers.AS_ASKED
    """When pictures are covered."""
    spoiler_channels: Ids = ()
    """The channels that `Spoilers.LISTED` means."""
    log_channel_id: DiscordId | None = None
    """Where moderators read what was made, deleted, blocked and changed."""
    language: Language | None = None
    """What is said in public here is said in this language; None: in that of whoever asked."""


Own = Mapping[str, JsonValue]
"""The settings that a server has changed, as JSON by name. A newer version may have left names that we do not know."""


PERSONAL = frozenset({"default_preset", "default_strength", "default_size_px", "keep_colours", "private"})
"""What members may set for themselves."""
OF_A_RECIPE = ("default_steps", "content_layers", "style_layers")
"""What is chosen for one preset and would be wrong for another."""
_NOTHING: Own = MappingProxyType({})


def resolve(operator: LimitSettings, own: Own, theirs: Own = _NOTHING) -> ServerSettings:
    """What holds where a server has these values of its own, and for a member who has theirs on top.

    Values that make no sense here are as if not set.
    """
    of_server = _of_operator(operator) | _valid(own)
    of_member = {name: value for name, value in _valid(theirs).items() if name in PERSONAL}
    wanted = ServerSettings.model_validate(of_server | of_member)
    if wanted.default_preset != of_server.get("default_preset", PresetName.DEFAULT):
        wanted = wanted.model_copy(update=dict.fromkeys(OF_A_RECIPE))
    max_size_px = min(wanted.max_size_px, operator.max_size_px)
    within = {
        "max_size_px": max_size_px,
        "default_size_px": min(wanted.default_size_px, max_size_px),
        "max_open_jobs_per_member": min(wanted.max_open_jobs_per_member, operator.max_open_jobs_per_member),
    }
    return wanted.model_copy(update=within)


def _valid(values: Own) -> dict[str, JsonValue]:
    return {name: value for name, value in values.items() if is_valid(name, value)}


def is_valid(name: str, value: JsonValue) -> bool:
    """Whether this setting may have this value, whatever the operator's limits are."""
    try:
        ServerSettings.model_validate({name: value})
    except ValidationError as error:
        log.debug("not a value for a setting name=%s value=%r why=%s", name, value, error)
        return False
    return True


def as_json(settings: ServerSettings, name: str) -> JsonValue:
    """The value of one setting as it is kept."""
    value: JsonValue = settings.model_dump(mode="json", include={name})[name]
    return value


def daily_quota(settings: ServerSettings, role_ids: Collection[int]) -> int | None:
    """How many pictures a member with these roles may ask for in 24 hours; None is no limit."""
    quotas = [quota for role_id, quota in settings.role_quotas.items() if role_id in role_ids]
    if not quotas:
        return settings.pictures_per_day
    return None if None in quotas else max(quota for quota in quotas if quota is not None)


def _of_operator(operator: LimitSettings) -> dict[str, JsonValue]:
    return {
        "default_size_px": operator.default_size_px,
        "max_size_px": operator.max_size_px,
        "max_open_jobs_per_member": operator.max_open_jobs_per_member,
    }
