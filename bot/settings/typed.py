"""What an admin types as the value of a setting, as a value: mentions, ids, names, numbers, durations and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.settings.catalogue import NO, SWITCHES, YES, Kind, Setting
from bot.settings.layers import layers_in
from bot.settings.server import MOST_IN_A_LIST

NONE_WORDS = frozenset({"none", "off", "no", "-", "no limit", "unlimited", "everywhere", "everybody", "anyone", "all"})
NONE = "none"
"""What always means "not set"."""
_SWITCHED = {YES: True, "on": True, "true": True, NO: False, "off": False, "false": False}

_MENTION = re.compile(r"<(?:#|@&)(\d{1,20})>|(\d{15,20})")
_DURATION = re.compile(r"(\d{1,6})\s*(?:(h|m|s)[a-z]*\.?)?\s*")
_SECONDS = {"h": 3600, "m": 60, "s": 1, "": 1}
_QUOTA = re.compile(r"(?P<role>.+?)\s*[:=]?\s+(?P<quota>\d{1,9}|no limit|unlimited)")


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """No whole number, or not one from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class NoLayers:
    """No layers of the network with weights that can be used."""


@dataclass(frozen=True, slots=True)
class NotOneOf:
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoDuration:
    """No time, or a longer one than this."""

    most_seconds: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """No channel or role of this server."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class TooManyNamed:
    most: int


@dataclass(frozen=True, slots=True)
class NoQuota:
    """Not a role with a number of pictures behind it."""

    most: int


Problem = OutOfRange | NoLayers | NotOneOf | NoDuration | Unknown | TooManyNamed | NoQuota


class BadValue(Exception):
    """A setting cannot have what was typed."""

    def __init__(self, setting: Setting, problem: Problem) -> None:
        super().__init__(f"{setting.name}: {problem!r}")
        self.setting = setting
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a typed value is understood by."""

    most: int
    """The upper end of the range that holds here."""
    current: JsonValue
    """The value now: lists may be added to and taken from."""
    channels: Mapping[int, str] = field(default_factory=dict)
    """The server's, by id."""
    roles: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What choices are called, by the choice."""
    nothing: frozenset[str] = frozenset()
    """What no value is called in the language of whoever types, in lower case."""


def parse(setting: Setting, typed: str, around: Around) -> JsonValue:
    """The value that was meant. Raises BadValue."""
    words = " ".join(typed.split())
    words = "none" if words.casefold() in around.nothing else words
    if setting.may_be_empty and words.lower() in NONE_WORDS:
        return _nothing(setting)
    match setting.kind:
        case Kind.CHOICE:
            return _choice(setting, words, around)
        case Kind.SWITCH:
            return _switch(setting, words, around)
        case Kind.LAYERS:
            return _layers(setting, words)
        case Kind.NUMBER | Kind.PER_DAY:
            return _number(setting, words, OutOfRange(setting.least, around.most))
        case Kind.SECONDS:
            return _seconds(setting, words)
        case Kind.CHANNEL:
            return known_id(setting, words, around)
        case Kind.CHANNELS | Kind.ROLES:
            return _ids(setting, words, around)
        case Kind.ROLE_QUOTAS:
            return _quotas(setting, words, around)


def _nothing(setting: Setting) -> JsonValue:
    match setting.kind:
        case Kind.CHANNELS | Kind.ROLES:
            return []
        case Kind.ROLE_QUOTAS:
            return {}
        case _:
            return None


def _choice(setting: Setting, words: str, around: Around) -> str:
    wanted = words.casefold()
    for choice in setting.choices:
        if wanted in {choice.casefold(), around.labels.get(choice, choice).casefold()}:
            return choice
    raise BadValue(setting, NotOneOf(setting.choices))


def _switch(setting: Setting, words: str, around: Around) -> bool:
    wanted = words.casefold()
    known = _SWITCHED | {around.labels.get(word, word).casefold(): word == YES for word in SWITCHES}
    if wanted not in known:
        raise BadValue(setting, NotOneOf(SWITCHES))
    return known[wanted]


def _layers(setting: Setting, words: str) -> JsonValue:
    try:
        return [[layer, weight] for layer, weight in layers_in(words)]
    except ValueError as error:
        raise BadValue(setting, NoLayers()) from error


def _number(setting: Setting, words: str, allowed: OutOfRange) -> int:
    digits = re.sub(r"\s*(px|pixels?|%)$", "", words.lower())
    number = int(digits) if re.fullmatch(r"\d{1,9}", digits) else -1
    if not allowed.least <= number <= allowed.most:
        raise BadValue(setting, allowed)
    return number


def _seconds(setting: Setting, words: str) -> int:
    """`90`, `90 s`, `5 min`, `1 h 30 min`; `none`."""
    if words.lower() in NONE_WORDS:
        return 0
    parts = _DURATION.findall(words.lower())
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
    if not parts or _DURATION.sub("", words.lower()) or seconds > setting.most:
        raise BadValue(setting, NoDuration(setting.most))
    return seconds


def _ids(setting: Setting, words: str, around: Around) -> JsonValue:
    """A whole new list; or, where everything named has + or - before it, a change of the list as it is."""
    named = [_signed(setting, part, around) for part in _parts(words)]
    if not all(sign for sign, _ in named):
        ids = list(dict.fromkeys(known for _, known in named))
    else:
        ids = [int(str(known)) for known in around.current] if isinstance(around.current, list) else []
        for sign, known in named:
            ids = [other for other in ids if other != known] + ([known] if sign == "+" else [])
    if len(ids) > setting.most:
        raise BadValue(setting, TooManyNamed(setting.most))
    return list[JsonValue](ids)


def _parts(words: str) -> list[str]:
    """Names stand between commas, since they may have spaces; mentions and ids need none."""
    parts: list[str] = []
    for part in words.split(","):
        only_mentions = not re.sub(r"[-+\s]", "", _MENTION.sub("", part))
        parts += re.findall(r"[-+]?\s*<[^>]+>|[-+]?\s*\d+", part) if only_mentions else [part.strip()]
    return [part for part in parts if part]


def _signed(setting: Setting, part: str, around: Around) -> tuple[str, int]:
    sign = part[0] if part[0] in "+-" else ""
    return sign, known_id(setting, part.removeprefix(sign).strip(), around)


def known_id(setting: Setting, name: str, around: Around) -> int:
    """The channel's or role's id. Raises BadValue.

    One that has been deleted may still be named by its id, to take it out of a list.
    """
    there = around.channels if setting.kind in {Kind.CHANNEL, Kind.CHANNELS} else around.roles
    listed = around.current if isinstance(around.current, list | dict) else ()
    if mention := _MENTION.fullmatch(name):
        known = int(mention[1] or mention[2])
        if known in there or str(known) in map(str, listed):
            return known
    plain = name.lstrip("#@").casefold()
    by_name = (known for known, called in there.items() if called.casefold() == plain)
    known_by_name = next(by_name, None)
    if known_by_name is None:
        raise BadValue(setting, Unknown(setting.kind, name))
    return known_by_name


def _quotas(setting: Setting, words: str, around: Around) -> JsonValue:
    """`@Role 10` gives a role a number, `@Role no limit` none, `-@Role` takes it out; the others stay as they are."""
    quotas = dict(around.current) if isinstance(around.current, dict) else {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        if part.startswith("-"):
            quotas.pop(str(known_id(setting, part[1:].strip(), around)), None)
            continue
        given = _QUOTA.fullmatch(part)
        if given is None:
            raise BadValue(setting, NoQuota(setting.most))
        role_id, quota = known_id(setting, given["role"], around), given["quota"]
        quotas |= {str(role_id): _quota(setting, quota)}
    if len(quotas) > MOST_IN_A_LIST:
        raise BadValue(setting, TooManyNamed(MOST_IN_A_LIST))
    return quotas


def _quota(setting: Setting, typed: str) -> int | None:
    return _number(setting, typed, OutOfRange(0, setting.most)) if typed.isdigit() else None
