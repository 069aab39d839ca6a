"""Reads the plain part of YAML that compose.yaml keeps to: mappings, lists, scalars, comments, and lists in brackets.

It refuses all else: anchors, tags, text over several lines.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

Node = str | int | bool | None | list["Node"] | dict[str, "Node"]

_KEY = re.compile(r"([A-Za-z0-9_.-]+):(?: +(.+))?")
_WORDS: dict[str, Node] = {"true": True, "false": False, "null": None, "~": None}
_BARE = re.compile(r"[A-Za-z0-9_./:=-]+")


@dataclass(frozen=True)
class Line:
    depth: int
    text: str


def read(text: str) -> Node:
    """Raises ValueError for whatever is not plain."""
    node, rest = _node(_lines(text), 0)
    if rest:
        raise ValueError(f"not expected here: {rest[0].text}")
    return node


def _lines(text: str) -> list[Line]:
    if "\t" in text:
        raise ValueError("a tab")
    kept = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [Line(len(line) - len(line.lstrip()), line.strip()) for line in kept]


def _node(lines: Sequence[Line], depth: int) -> tuple[Node, Sequence[Line]]:
    if not lines or lines[0].depth < depth:
        return None, lines
    return _list(lines, lines[0].depth) if lines[0].text.startswith("- ") else _mapping(lines, lines[0].depth)


def _mapping(lines: Sequence[Line], depth: int) -> tuple[dict[str, Node], Sequence[Line]]:
    found: dict[str, Node] = {}
    while lines and lines[0].depth == depth:
        match = _KEY.fullmatch(lines[0].text)
        if match is None or match[1] in found:
            raise ValueError(f"not a key, or there twice: {lines[0].text}")
        if match[2] is None:
            found[match[1]], lines = _node(lines[1:], depth + 1)
        else:
            found[match[1]], lines = _scalar(match[2]), lines[1:]
    return found, lines


def _list(lines: Sequence[Line], depth: int) -> tuple[list[Node], Sequence[Line]]:
    found: list[Node] = []
    while lines and lines[0].depth == depth and lines[0].text.startswith("- "):
        item = lines[0].text[2:]
        if _KEY.fullmatch(item):
            mapping, lines = _mapping([Line(depth + 2, item), *lines[1:]], depth + 2)
            found.append(mapping)
        else:
            found.append(_scalar(item))
            lines = lines[1:]
    return found, lines


def _scalar(text: str) -> Node:
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith('"'):
        return str(json.loads(text))
    if text.startswith("["):
        return [_scalar(item.strip()) for item in text.removeprefix("[").removesuffix("]").split(",")]
    if text.isdigit():
        return int(text)
    if not _BARE.fullmatch(text):
        raise ValueError(f"not a plain word: {text}")
    return text
