"""Where a value comes from: from nobody's choice up to a member's own."""

from enum import StrEnum

from bot.config import LimitSettings
from bot.settings.server import PERSONAL, Own, ServerSettings, as_json, is_valid


class Origin(StrEnum):
    """Each stands above those before it, and within their limits."""

    PROJECT = "project"
    """As the bot is made."""
    OPERATOR = "operator"
    """In config.toml."""
    SERVER = "server"
    MEMBER = "member"


def origin_of(name: str, held: ServerSettings, operator: LimitSettings, own: Own, theirs: Own) -> Origin:
    """Of what holds. A value above a limit is cut, and then the limit decides."""
    for values, origin in ((theirs if name in PERSONAL else {}, Origin.MEMBER), (own, Origin.SERVER)):
        if name in values and is_valid(name, values[name]):
            if as_json(held, name) == as_json(ServerSettings.model_validate({name: values[name]}), name):
                return origin
            return _of_limit(name, held, operator, own)
    return Origin.OPERATOR if name in operator.model_fields_set else Origin.PROJECT


def _of_limit(name: str, held: ServerSettings, operator: LimitSettings, own: Own) -> Origin:
    if name == "default_size_px":
        return origin_of("max_size_px", held, operator, own, {})
    return Origin.OPERATOR if name in operator.model_fields_set else Origin.PROJECT
