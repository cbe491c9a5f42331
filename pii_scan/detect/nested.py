"""Cells that hold JSON become cells of sub-field paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ..core.redact import value_kind

Path = tuple[str, ...]
Pairs = list[tuple[str, Any]]
ITEM: Final = "[]"
#: An object used as a map has one path for its values and one for its keys, which are data too.
ANY: Final = "*"
KEYS: Final = "[key]"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one cell may cost; text beyond it is read as plain text, never dropped."""

    size: int
    depth: int
    leaves: int
    keys: int


class _Object(list[tuple[str, Any]]):
    """An object's pairs in order: a key given twice hides nothing."""


def parse(text: str, bounds: Bounds) -> Any:
    """The JSON object or array in `text` with numbers as they are written, or None if it is none."""
    if len(text) > bounds.size:
        return None
    try:
        value = json.loads(
            text, object_pairs_hook=_Object, parse_float=str, parse_int=str, parse_constant=str
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def leaves(root: Path, value: Any, bounds: Bounds) -> Iterator[tuple[Path, str]]:
    """Every scalar of a parsed value with its path; null and empty ones are left out.

    JSON inside strings is read too. What lies beyond the depth or the count of leaves comes as
    JSON text at the path where the walk ended.
    """
    stack: list[tuple[Path, Any, int]] = [(root, value, 0)]
    count = 0
    while stack:
        path, node, depth = stack.pop()
        if isinstance(node, str):
            inner = parse(node, bounds) if node[:1] in "{[" and depth < bounds.depth else None
            if inner is None:
                count += 1
                if node.strip():
                    yield path, node
                continue
            node = inner
        if depth >= bounds.depth or count >= bounds.leaves:
            yield path, json.dumps(_plain(node), ensure_ascii=False)
            count += 1
        elif isinstance(node, list):
            stack.extend(reversed([(p, v, depth + 1) for p, v in _children(path, node, bounds)]))
        elif node is not None:
            yield path, "true" if node is True else "false" if node is False else str(node)


def _children(path: Path, node: list[Any], bounds: Bounds) -> Iterator[tuple[Path, Any]]:
    if not isinstance(node, _Object):
        yield from (((*path, ITEM), item) for item in node)
        return
    many = len(node) > bounds.keys
    for key, value in node:
        if many or _is_value(key):
            yield (*path, KEYS), "" + key
            yield (*path, ANY), value
        else:
            yield (*path, key), value


def _is_value(key: str) -> bool:
    """True for a key that is data: an address, a number, an id, or longer than names are."""
    return len(key) > 64 or key.isdigit() or bool(value_kind(key))


def _plain(node: Any) -> Any:
    """The rest as what `json.dumps` writes, to any depth that was parsed."""
    if isinstance(node, _Object):
        return [[key, _plain(value)] for key, value in node]
    return [_plain(item) for item in node] if isinstance(node, list) else node
