"""A server's settings: what they are called, what they do, and how their values are shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.settings.catalogue import NO, YES, Group, Kind, Setting
from bot.settings.language import Language
from bot.settings.layers import written
from bot.settings.origins import Origin
from bot.settings.server import ServerSettings, Spoilers
from bot.settings.typed import (
    NoDuration,
    NoLayers,
    NoQuota,
    NotOneOf,
    OutOfRange,
    Problem,
    TooManyNamed,
    Unknown,
)
from bot.ui.text.commands import COLOURS, PRESET_NAMES
from bot.ui.text.durations import duration
from bot.ui.text.mentions import channels, roles, some
from bot.ui.text.names import cut, escaped, plain
from bot.ui.words import Words, later
from nst_engine.contract.params import LAYERS, KeepColours, PresetName

LONGEST_QUOTE = 48

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "default_preset": later("Preset"),
        "default_strength": later("Strength"),
        "default_size_px": later("Size"),
        "keep_colours": later("Colours"),
        "private": later("Private results"),
        "default_steps": later("Steps"),
        "content_layers": later("Content layers"),
        "style_layers": later("Style layers"),
        "max_size_px": later("Largest size"),
        "max_open_jobs_per_member": later("Open pictures"),
        "pictures_per_day": later("Pictures a day"),
        "role_quotas": later("Pictures a day by role"),
        "cooldown_seconds": later("Wait between pictures"),
        "allowed_channels": later("Channels"),
        "allowed_roles": later("Roles"),
        "spoilers": later("Spoilers"),
        "spoiler_channels": later("Spoiler channels"),
        "log_channel_id": later("Log channel"),
        "language": later("Language"),
    }
)
DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "default_preset": later("The recipe to paint by"),
        "default_strength": later("How much of the style, from 0 to 100"),
        "default_size_px": later("Longer side of the result in pixels"),
        "keep_colours": later("Whose colours the result has"),
        "private": later("Whether only the member who asks sees the result"),
        "default_steps": later("How long to paint; more steps take more time"),
        "content_layers": later("Where the network compares the photo, with weights"),
        "style_layers": later("Where the network compares the style, with weights"),
        "max_size_px": later("The largest size that a member may choose"),
        "max_open_jobs_per_member": later("How many pictures of a member may wait or be painted at a time"),
        "pictures_per_day": later("How many a member may ask for in 24 hours; moderators have no limit"),
        "role_quotas": later("For members with a role, instead of the number for all; the largest counts"),
        "cooldown_seconds": later("How long a member waits before asking again"),
        "allowed_channels": later("Where pictures may be asked for; threads belong to their channel"),
        "allowed_roles": later("Who may ask for pictures: members with one of these roles"),
        "spoilers": later("When pictures are covered until somebody chooses to look"),
        "spoiler_channels": later("Where pictures are always covered, if spoilers are set to these channels"),
        "log_channel_id": later("Where moderators read what is made, deleted, blocked and changed"),
        "language": later("What I say in public; private answers are in each reader's own language"),
    }
)
GROUPS: Mapping[Group, str] = MappingProxyType(
    {
        Group.DEFAULTS: later("Defaults: what holds where a member chooses nothing"),
        Group.RECIPE: later("Fine tuning: for the preset above"),
        Group.LIMITS: later("How much"),
        Group.PLACES: later("Where and who"),
        Group.MODERATION: later("Moderation and language"),
    }
)
SPOILERS: Mapping[Spoilers, str] = MappingProxyType(
    {
        Spoilers.AS_ASKED: later("as asked"),
        Spoilers.ALWAYS: later("always"),
        Spoilers.AGE_RESTRICTED: later("always in age-restricted channels"),
        Spoilers.LISTED: later("always in the spoiler channels"),
    }
)
LANGUAGES: Mapping[Language, str] = MappingProxyType(
    {
        Language.ENGLISH: "English",
        Language.GERMAN: "Deutsch",
        Language.SPANISH: "Español",
        Language.FRENCH: "Français",
        Language.JAPANESE: "日本語",
        Language.PORTUGUESE: "Português (Brasil)",
    }
)
"""Each in its own language, as its readers look for it."""
SWITCHED: Mapping[str, str] = MappingProxyType({YES: later("yes"), NO: later("no")})
ORIGINS: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.PROJECT: later("as delivered"),
        Origin.OPERATOR: later("set by the operator"),
        Origin.SERVER: later("set here"),
        Origin.MEMBER: later("set by you"),
    }
)
"""Who decided on a value."""
_NOTHING: Mapping[str, str] = MappingProxyType(
    {
        "default_steps": later("as the preset has it"),
        "content_layers": later("as the preset has it"),
        "style_layers": later("as the preset has it"),
        "pictures_per_day": later("no limit"),
        "role_quotas": later("none"),
        "cooldown_seconds": later("none"),
        "allowed_channels": later("everywhere"),
        "allowed_roles": later("everybody"),
        "spoiler_channels": later("none"),
        "log_channel_id": later("none"),
        "language": later("that of whoever asks"),
    }
)


def name(setting: Setting, say: Words) -> str:
    return say(NAMES[setting.name])


def value(setting: Setting, settings: ServerSettings, say: Words) -> str:
    """What holds, as it is shown."""
    held = getattr(settings, setting.name)
    if held is None or held in ((), {}):
        return nothing(setting, say)
    if setting.kind is Kind.ROLE_QUOTAS:
        quotas = [role_quota(role_id, quota, say) for role_id, quota in settings.role_quotas.items()]
        return say.listed(some(quotas, say))
    return _held(setting, held, say)


def nothing(setting: Setting, say: Words) -> str:
    """What it is called when nothing is set."""
    return say(_NOTHING[setting.name])


def _held(setting: Setting, held: object, say: Words) -> str:
    match setting.kind, held:
        case Kind.CHOICE, _:
            return choice(setting, str(held), say)
        case Kind.SWITCH, _:
            return say(SWITCHED[YES if held else NO])
        case Kind.LAYERS, tuple(layers):
            return f"`{written(layers)}`"
        case Kind.SECONDS, 0:
            return say(_NOTHING[setting.name])
        case Kind.SECONDS, int(seconds):
            return duration(seconds, say)
        case Kind.CHANNELS, tuple(ids):
            return say.listed(channels(ids, say))
        case Kind.ROLES, tuple(ids):
            return say.listed(roles(ids, say))
        case Kind.CHANNEL, int(channel_id):
            return f"<#{channel_id}>"
        case _, int(number) if setting.name.endswith("_px"):
            return say("{size} px", size=number)
        case _:
            return str(held)


def role_quota(role_id: int, quota: int | None, say: Words) -> str:
    many = say("no limit") if quota is None else say.number(quota)
    return say("{role}: {number}", role=f"<@&{role_id}>", number=many)


def choice(setting: Setting, chosen: str, say: Words) -> str:
    """What one of a setting's choices is called."""
    match setting.name:
        case "default_preset":
            return say(PRESET_NAMES[PresetName(chosen)])
        case "keep_colours":
            return say(COLOURS[KeepColours(chosen)])
        case "spoilers":
            return say(SPOILERS[Spoilers(chosen)])
        case "private":
            return say(SWITCHED[chosen])
        case "language":
            return LANGUAGES[Language(chosen)]
        case _:
            return chosen


def problem(setting: Setting, why: Problem, say: Words) -> str:
    """Why a setting cannot have what was typed, with what is allowed."""
    called = f"**{name(setting, say)}**"
    match why:
        case OutOfRange():
            return _out_of_range(setting, why, say)
        case NoLayers():
            return say(
                "{setting}: name layers from {first} to {last}, each with a weight if you like: "
                "`conv1_1 0.5, conv2_1 0.5`.",
                setting=called,
                first=LAYERS[0],
                last=LAYERS[-1],
            )
        case NotOneOf(choices=choices):
            allowed = say.either([f"`{one}`" for one in choices])
            return say("{setting}: choose {choices}.", setting=called, choices=allowed)
        case NoDuration(most_seconds=most):
            longest = duration(most, say)
            return say(
                "{setting}: write a time such as `30 s` or `5 min`, at most {longest}.", setting=called, longest=longest
            )
        case Unknown():
            return _unknown(why, say)
        case TooManyNamed(most=most):
            return say("{setting}: no more than {n} can be named.", setting=called, n=most)
        case NoQuota(most=most):
            return say(
                "Write a role and its pictures a day, from 0 to {most}: `@Artists 10` or `@Artists no limit`. "
                "`-@Artists` takes a role out.",
                most=most,
            )
        case _:
            assert_never(why)


def range_hint(setting: Setting, most: int, say: Words) -> str:
    """In an empty field of a form."""
    if setting.may_be_empty:
        return say("{nothing}, or {least} to {most}", nothing=nothing(setting, say), least=setting.least, most=most)
    return say("{least} to {most}", least=setting.least, most=most)


def origin(found: Origin, say: Words) -> str:
    return say(ORIGINS[found])


def _out_of_range(setting: Setting, why: OutOfRange, say: Words) -> str:
    called = f"**{name(setting, say)}**"
    if setting.kind is Kind.PER_DAY:
        return say(
            "{setting}: write a number from {least} to {most}, or `none` for no limit.",
            setting=called,
            least=why.least,
            most=why.most,
        )
    if setting.may_be_empty:
        return say(
            "{setting}: write a whole number from {least} to {most}, or `none`.",
            setting=called,
            least=why.least,
            most=why.most,
        )
    return say(
        "{setting}: write a whole number from {least} to {most}.", setting=called, least=why.least, most=why.most
    )


def _unknown(why: Unknown, say: Words) -> str:
    called = escaped(cut(plain(why.name), LONGEST_QUOTE))
    if why.kind in {Kind.CHANNEL, Kind.CHANNELS}:
        return say(
            "There is no channel **{name}** here that I can see. Choose one from the list, or mention it.", name=called
        )
    return say("There is no role **{name}** here. Choose one from the list, or mention it.", name=called)
