"""Templates of Redis keys: `user:17:session` and `user:18:session` are one dataset, `user:<*>:session`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

SLOT: Final = "<*>"
_MARKS: Final = re.compile(r"[:/|.]+")
_OUTER: Final = re.compile(r"([:/|]+)")
#: Dots join parts, but not within an address.
_DOTS: Final = re.compile(r"(\.+)")
#: Parts that surely differ from key to key: with a digit, an address, or long.
_VARIES: Final = re.compile(r"\d|@|.{33}")
#: Different parts at one place from which on they are taken for values.
_MANY: Final = 20


@dataclass(slots=True)
class _Node:
    """What follows a beginning of keys, and the keys that end here."""

    after: dict[str, _Node] = field(default_factory=dict)
    keys: list[bytes] = field(default_factory=list, repr=False)


def grouped(keys: Iterable[bytes]) -> Mapping[str, list[bytes]]:
    """The keys by template, both sorted."""
    root = _Node()
    for key in sorted(keys):
        node = root
        for part in _parts(key):
            node = node.after.setdefault(part, _Node())
        node.keys.append(key)
    found: dict[str, list[bytes]] = defaultdict(list)
    _collect(root, "", found)
    return dict(sorted(found.items()))


def _parts(key: bytes) -> list[str]:
    text = key.decode("utf-8", "backslashreplace")
    whole = [
        part for piece in _OUTER.split(text) for part in ([piece] if "@" in piece else _DOTS.split(piece))
    ]
    return [SLOT if _VARIES.search(part) else part for part in whole]


def _collect(node: _Node, name: str, found: dict[str, list[bytes]]) -> None:
    words = [part for part in node.after if part != SLOT and not _MARKS.fullmatch(part)]
    if len(words) > _MANY:
        merged = node.after.setdefault(SLOT, _Node())
        for word in words:
            _merge(merged, node.after.pop(word))
    if node.keys:
        found[name].extend(node.keys)
    for part, child in node.after.items():
        _collect(child, name + part, found)


def _merge(into: _Node, other: _Node) -> None:
    into.keys += other.keys
    for part, child in other.after.items():
        _merge(into.after.setdefault(part, _Node()), child)
