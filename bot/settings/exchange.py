"""A server's settings as a file in TOML, and such a file as settings: read as data, every value checked."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from bot.config import LimitSettings
from bot.settings.catalogue import SETTINGS, Kind, Setting, find_setting, most_allowed
from bot.settings.in_force import InForce, value_in_force
from bot.settings.layers import written
from bot.settings.server import MOST_IN_A_LIST, resolve
from bot.settings.typed import (
    NONE,
    Around,
    BadValue,
    NoQuota,
    Problem,
    TooManyNamed,
    known_id,
    parse,
)

MOST_BYTES = 16 * 1024
NO_LIMIT = "no limit"
LISTS = frozenset({Kind.CHANNELS, Kind.ROLES, Kind.ROLE_QUOTAS})
LARGEST_NUMBER = 2**63

AroundOf = Callable[[Setting], Around]


@dataclass(frozen=True, slots=True)
class NotReadable:
    """No file in TOML; `line` where that is known."""

    line: int | None


@dataclass(frozen=True, slots=True)
class UnknownKey:
    line: int | None
    key: str


@dataclass(frozen=True, slots=True)
class WrongValue:
    """Of a setting, or one part of its list."""

    line: int | None
    setting: Setting
    problem: Problem


Fault = NotReadable | UnknownKey | WrongValue


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file sets, and what of it cannot be."""

    values: Mapping[str, JsonValue] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def exported(in_force: InForce, around_of: AroundOf, about: Sequence[str], described: Callable[[Setting], str]) -> str:
    """Every setting: those of the server itself, and as comments those that it has not set."""
    blocks = [[*map(_comment, about)]]
    for setting in SETTINGS:
        said = _said(setting, value_in_force(in_force, setting.name), around_of(setting))
        lines = said if in_force.is_own(setting.name) else [f"# {line}" for line in said]
        blocks.append([_comment(described(setting)), *lines])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def imported(data: bytes, operator: LimitSettings, in_force: InForce, around_of: AroundOf) -> Imported:
    """What a file sets where these settings hold; what it does not name stays as it is."""
    try:
        text = data.decode("utf-8-sig")
        read = tomllib.loads(text)
    except UnicodeDecodeError:
        return Imported(faults=(NotReadable(None),))
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        return Imported(faults=(NotReadable(int(line[1]) if line else None),))
    return _Reading(text, operator, in_force, around_of).read(read)


class _Reading:
    """Of one file. The largest size comes first: others depend on it."""

    def __init__(self, text: str, operator: LimitSettings, in_force: InForce, around_of: AroundOf) -> None:
        self._lines = text.splitlines()
        self._operator = operator
        self._in_force = in_force
        self._around_of = around_of
        self._values: dict[str, JsonValue] = {}
        self._faults: list[Fault] = []

    def read(self, named: Mapping[str, object]) -> Imported:
        for key in sorted(named, key=lambda key: key != "max_size_px"):
            setting = find_setting(key)
            if setting is None:
                self._faults.append(UnknownKey(self._line(key), key))
            else:
                self._read(setting, key, named[key])
        faults = sorted(self._faults, key=lambda fault: fault.line or 0)
        return Imported(self._values, tuple(faults))

    def _read(self, setting: Setting, key: str, value: object) -> None:
        try:
            if setting.kind in LISTS:
                self._read_list(setting, key, value)
            else:
                self._values[setting.name] = parse(setting, _typed(setting, value), self._around(setting))
        except BadValue as error:
            self._faults.append(WrongValue(self._line(key), setting, error.problem))

    def _read_list(self, setting: Setting, key: str, value: object) -> None:
        """Part by part: one that is not there is left out. Where none is left, the setting stays as it is."""
        parts = [_typed(setting, part) for part in value] if isinstance(value, list) else [_typed(setting, value)]
        if parts in ([], [NONE]):
            self._values[setting.name] = {} if setting.kind is Kind.ROLE_QUOTAS else []
            return
        around, found = self._around(setting), dict[int, JsonValue]()
        for part in parts:
            try:
                found |= _part(setting, part, around)
            except BadValue as error:
                self._faults.append(WrongValue(self._line(key, part), setting, error.problem))
        if len(found) > MOST_IN_A_LIST:
            raise BadValue(setting, TooManyNamed(MOST_IN_A_LIST))
        if found:
            is_quotas = setting.kind is Kind.ROLE_QUOTAS
            self._values[setting.name] = {str(one): quota for one, quota in found.items()} if is_quotas else [*found]

    def _around(self, setting: Setting) -> Around:
        """With what the file itself says about the largest size, and with empty lists."""
        own = {**self._in_force.own, **self._values}
        most = most_allowed(setting, self._operator, resolve(self._operator, own))
        around = self._around_of(setting)
        return replace(around, most=most, current=[] if setting.kind in LISTS else around.current)

    def _line(self, key: str, part: str = "") -> int | None:
        """Where a key stands, or from there on a part of its value."""
        named = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[\]=.]""")
        numbers = (number for number, line in enumerate(self._lines, 1) if named.match(line))
        first = next(numbers, None)
        if first is None or not part:
            return first
        return next((number for number in range(first, len(self._lines) + 1) if part in self._lines[number - 1]), first)


def _part(setting: Setting, part: str, around: Around) -> dict[int, JsonValue]:
    """One channel or role, by its id or name, with its quota where it has one. Raises BadValue."""
    if setting.kind is not Kind.ROLE_QUOTAS:
        return {known_id(setting, part, around): None}
    quota = parse(setting, part, around) if part.strip() and not part.strip().startswith("-") else None
    if not isinstance(quota, dict) or not quota:
        raise BadValue(setting, NoQuota(setting.most))
    return {int(role_id): number for role_id, number in quota.items()}


def _typed(setting: Setting, value: object) -> str:
    """As somebody would type it; nothing for what no setting is: a date, a table, a number without end."""
    match value:
        case bool():
            return str(value).lower() if setting.kind is Kind.SWITCH else ""
        case str():
            return value.strip()
        case int() if abs(value) < LARGEST_NUMBER:
            return str(value)
        case float() if value.is_integer() and abs(value) < LARGEST_NUMBER:
            return str(int(value))
        case _:
            return ""


def _said(setting: Setting, value: JsonValue, around: Around) -> list[str]:
    match value:
        case list() if setting.kind is Kind.LAYERS:
            said = f'"{written(_pairs(value))}"'
        case list() | dict() if value:
            return [f"{setting.name} = [", *_parts(setting, value, around), "]"]
        case list() | dict():
            said = "[]"
        case None:
            said = f'"{NONE}"'
        case bool():
            said = str(value).lower()
        case int():
            said = f'"{value}"' if setting.kind is Kind.CHANNEL else str(value)
        case _:
            said = f'"{value}"'
    return [f"{setting.name} = {said}"]


def _parts(setting: Setting, value: list[JsonValue] | dict[str, JsonValue], around: Around) -> Iterator[str]:
    there = around.channels if setting.kind is Kind.CHANNELS else around.roles
    for one in value:
        said = str(one)
        if isinstance(value, dict):
            said = f"{said} {NO_LIMIT if value[str(one)] is None else value[str(one)]}"
        yield f'    "{said}",  {_comment(there.get(int(str(one)), "?"))}'


def _pairs(layers: list[JsonValue]) -> tuple[tuple[str, float], ...]:
    return tuple((str(one[0]), float(str(one[1]))) for one in layers if isinstance(one, list))


def _comment(words: str) -> str:
    """On one line, of letters that TOML takes."""
    return "# " + " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
