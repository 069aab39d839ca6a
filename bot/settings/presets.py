"""Named presets of a server, and the table of settings that an admin compares before they are saved. Pure."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from bot.settings.request import usual_params
from bot.settings.server import OF_A_RECIPE, ServerSettings
from nst_engine.contract.params import (
    MAX_STYLE_SCALE,
    MIN_STYLE_SCALE,
    KeepColours,
    PresetName,
    StylizeParams,
)

MOST_VALUES = 3
"""Of one setting: with two settings that makes nine pictures."""
BUILT_IN = frozenset(str(name) for name in PresetName)
"""No preset of a server may be called like one of these."""
_HELD = frozenset(
    {"preset", "strength", "style_scale", "keep_colours", "steps", "content_layers", "style_layers"}
    | {"tv", "pooling", "init"}
)
"""What a named preset decides. Size, seed and the weights of styles belong to a request."""

Value = str | int | float | None
"""None: as the preset has it."""


class Tunable(StrEnum):
    """What can be compared; named as the field of `StylizeParams`."""

    PRESET = "preset"
    STRENGTH = "strength"
    STYLE_SCALE = "style_scale"
    KEEP_COLOURS = "keep_colours"
    STEPS = "steps"


SETTING_OF: Mapping[Tunable, str] = MappingProxyType(
    {
        Tunable.PRESET: "default_preset",
        Tunable.STRENGTH: "default_strength",
        Tunable.KEEP_COLOURS: "keep_colours",
        Tunable.STEPS: "default_steps",
    }
)
"""By which a server has it as its default; the size of the strokes is no such setting."""

Chosen = Mapping[Tunable, Value]


class Line(BaseModel):
    """One setting and the values to compare."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tunable: Tunable
    values: tuple[Value, ...]


class Grid(BaseModel):
    """The columns of a table, and its rows where there is a second setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: Line
    rows: Line | None = None

    @property
    def width(self) -> int:
        return len(self.columns.values)

    @property
    def height(self) -> int:
        return len(self.rows.values) if self.rows else 1

    def cells(self) -> list[Chosen]:
        """What is chosen in each, row by row."""
        across: list[Chosen] = [{self.columns.tunable: value} for value in self.columns.values]
        if self.rows is None:
            return across
        return [{**cell, self.rows.tunable: value} for value in self.rows.values for cell in across]


class NoScale(Exception):
    """No size of strokes."""

    least, most = MIN_STYLE_SCALE, MAX_STYLE_SCALE


def parts_of(typed: str) -> list[str]:
    """Values that were typed with commas or semicolons between them."""
    return [part for one in re.split(r"[;,]", typed) if (part := " ".join(one.split()))]


def parse_scale(typed: str) -> float:
    """Raises NoScale."""
    digits = typed.strip().removesuffix("×").removesuffix("x").strip()
    scale = float(digits) if re.fullmatch(r"\d{1,3}(\.\d{1,4})?|\.\d{1,4}", digits, re.ASCII) else 0.0
    if not MIN_STYLE_SCALE <= scale <= MAX_STYLE_SCALE:
        raise NoScale
    return scale


def line(tunable: Tunable, values: Iterable[Value], usual: ServerSettings) -> Line:
    """Each value once, with what holds now where there is room for it; numbers in their order."""
    distinct = list(dict.fromkeys(values))
    now = value_now(tunable, usual)
    if now not in distinct and len(distinct) < MOST_VALUES:
        distinct.insert(0, now)
    numbers = sorted(value for value in distinct if isinstance(value, int | float))
    others = [value for value in distinct if not isinstance(value, int | float)]
    return Line(tunable=tunable, values=(*others, *numbers))


def value_now(tunable: Tunable, usual: ServerSettings) -> Value:
    """What a request gets that says nothing."""
    value: Value = usual_params(usual).model_dump(mode="json")[tunable]
    return value


def params_of(chosen: Chosen, usual: ServerSettings, size_px: int) -> StylizeParams:
    """As a member would get it who chose this, and nothing else."""
    preset = chosen.get(Tunable.PRESET)
    params = usual_params(usual, preset=None if preset is None else PresetName(str(preset)), size=size_px)
    return StylizeParams.model_validate(params.model_dump() | {str(name): value for name, value in chosen.items()})


def as_defaults(chosen: Chosen, usual: ServerSettings) -> tuple[dict[str, JsonValue], frozenset[str]]:
    """The server's settings that make this the default, and those to unset: another preset brings its own recipe."""
    values: dict[str, JsonValue] = {
        SETTING_OF[name]: value for name, value in chosen.items() if name in SETTING_OF and value is not None
    }
    unset = {SETTING_OF[name] for name, value in chosen.items() if name in SETTING_OF and value is None}
    if values.get("default_preset", usual.default_preset) != usual.default_preset:
        unset |= set(OF_A_RECIPE) - set(values)
    return values, frozenset(unset)


def choices_of(params: StylizeParams) -> str:
    """What a named preset keeps of these, as JSON."""
    return json.dumps(params.model_dump(mode="json", include=set(_HELD), exclude_none=True))


def read_choices(kept: str) -> StylizeParams | None:
    """What a named preset means; None for what another version kept and this one does not understand."""
    try:
        return StylizeParams.model_validate_json(kept)
    except ValidationError:
        return None


def params_with(
    named: StylizeParams, usual: ServerSettings, **asked: int | float | KeepColours | None
) -> StylizeParams:
    """What a request asks for that names this preset. What it asks for beside it goes before; None is nothing."""
    said: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    return named.model_copy(update={"size": usual.default_size_px, **said})


def with_choices_of(named: StylizeParams, params: StylizeParams) -> StylizeParams:
    """These, with all that the preset decides."""
    return params.model_copy(update={name: getattr(named, name) for name in _HELD})


def names_beginning(names: Sequence[str], typed: str) -> list[str]:
    """Those that begin like what was typed first, then those that have it anywhere."""
    wanted = typed.casefold().strip()
    found = [name for name in names if wanted in name.casefold()]
    return sorted(found, key=lambda name: not name.casefold().startswith(wanted))
