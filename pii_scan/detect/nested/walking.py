"""A tree to the paths and texts of its leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ...core.redact import value_kind
from .reading import parse
from .tree import ANY, HERE, ITEM, KEYS, Bounds, Object, Text, Tree

Path = tuple[str, ...]


def leaves(root: Path, tree: Tree, bounds: Bounds) -> Iterator[tuple[Path, str]]:
    """Every scalar of a parsed cell with its path; null and empty ones are left out.

    Text inside strings is parsed too. A text at `root` itself is what remains of the cell beside
    its sub-fields, and what lies beyond the count of leaves, as lines. What lies beyond the depth
    comes as JSON text at the path where the walk ended.
    """
    stack: list[tuple[Path, Any, int]] = [(root, tree.node, 0)]
    count = 0
    while stack and count < bounds.leaves:
        path, node, depth = stack.pop()
        if isinstance(node, str):
            inner = parse(node, bounds) if depth < bounds.depth and not isinstance(node, Text) else None
            if inner is None:
                count += 1
                if node.strip():
                    yield path, _whole(node)
                continue
            node = inner.node
        if depth >= bounds.depth and node:
            count += 1
            yield path, _whole(_written(node))
        elif isinstance(node, list):
            stack.extend(reversed([(p, v, depth + 1) for p, v in _children(path, node, bounds)]))
        elif node is not None:
            count += 1
            yield path, _written(node)
    if stack:
        rest = (f"{path[-1] if path else ''}: {_written(node)}" for path, node, _ in reversed(stack))
        yield root, _whole("\n".join(rest))


def _written(node: Any) -> str:
    """A scalar, or the rest of a tree, as text."""
    if isinstance(node, list):
        return json.dumps(_plain(node), ensure_ascii=False)
    return {True: "true", False: "false", None: ""}[node] if not isinstance(node, str) else node


def _whole(text: str) -> str:
    """The text as UTF-8 can hold it: escaped halves of a character are joined, or replaced."""
    if text.isascii():
        return str(text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _children(path: Path, node: list[Any], bounds: Bounds) -> Iterator[tuple[Path, Any]]:
    if not isinstance(node, Object):
        yield from (((*path, ITEM), item) for item in node)
        return
    many = len(node) > bounds.keys and len({key for key, _ in node}) > bounds.keys
    for key, value in node:
        if key is HERE:
            yield path, value
        elif key == ITEM or not (many or _is_value(key)):
            yield (*path, key), value
        else:
            yield (*path, KEYS), "" + key
            yield (*path, ANY), value


@lru_cache(maxsize=4096)
def _is_value(key: str) -> bool:
    """True for a key that is data: an address, a number, an id, or longer than names are."""
    return len(key) > 64 or key.isdigit() or bool(value_kind(key))


def _plain(node: Any) -> Any:
    """The rest as what `json.dumps` writes, to any depth that was parsed."""
    if isinstance(node, Object):
        return [[key, _plain(value)] for key, value in node]
    return [_plain(item) for item in node] if isinstance(node, list) else node
