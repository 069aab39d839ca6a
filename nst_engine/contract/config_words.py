"""What is said about a setting that cannot be used: its key, its value and what is allowed. Pure."""

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def sentence(problem: "ErrorDetails", model: type[BaseModel]) -> str:
    """One validation error of `model` in words."""
    path = [str(part) for part in problem["loc"]]
    key = ".".join(path)
    if problem["type"] == "extra_forbidden":  # the value is not shown: it may be a token that belongs elsewhere
        return f"{key}: there is no such setting{_suggestion(path, model)}; config.example.toml has all there are"
    if isinstance(problem["input"], dict):
        return f"{key}: {_reason(problem)}"
    field = _field(path, model)
    allowed = _reason(problem) if field is None or problem["type"] == "value_error" else _allowed(field, key)
    return f"{key} = {_shown(problem['input'])}: {allowed}"


def _reason(problem: "ErrorDetails") -> str:
    return problem["msg"].removeprefix("Value error, ")


def _shown(value: object) -> str:
    """As it would stand in the file; never with the password of an address."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):
        return '"' + re.sub(r"//[^@/]*@", "//…@", str(value)) + '"'
    return str(value)


def _allowed(field: FieldInfo, key: str) -> str:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return "must be " + " or ".join(f'"{choice}"' for choice in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"must be a table, which begins with [{key}]"
    if kind in (int, float):
        return f"must be a {'whole number' if kind is int else 'number'}{_range(field)}"
    if kind is bool:
        return "must be true or false"
    return "must be the path of a folder, in quotes" if kind is Path else "must be text in quotes, and not empty"


def _range(field: FieldInfo) -> str:
    least = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    most = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    return f" from {least} to {most}" if most is not None else f", {least} or more"


def _field(path: list[str], model: type[BaseModel]) -> FieldInfo | None:
    field: FieldInfo | None = None
    fields: dict[str, FieldInfo] = model.model_fields
    for part in path:
        field = fields.get(part)
        fields = _fields_of(field)
    return field


def _fields_of(field: FieldInfo | None) -> dict[str, FieldInfo]:
    kind: Any = field.annotation if field is not None else None
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}


def _suggestion(path: list[str], model: type[BaseModel]) -> str:
    siblings = _fields_of(_field(path[:-1], model)) if len(path) > 1 else model.model_fields
    near = difflib.get_close_matches(path[-1], siblings, n=1)
    return f"; did you mean {'.'.join([*path[:-1], near[0]])}?" if near else ""
