"""Parsed regular expressions: Python's own parse tree, and sets of characters over it.

A set is an integer with a bit for each ASCII character and one bit for all others together, so that a
set is always at least as large as the exact one (`wide`) or at most as large (`narrow`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

Node = tuple[Any, Any]

OTHERS: Final = 1 << 128
EVERY: Final = (1 << 129) - 1
_ASCII: Final = OTHERS - 1
#: ASCII letters that Unicode folds a letter beyond ASCII into, or out of: K, long s, dotted and dotless i.
_FOLDED: Final = frozenset("iksIKS")
_LEAVES: Final = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})


def _mask(chars: Iterable[int]) -> int:
    mask = 0
    for char in chars:
        mask |= 1 << char if char < 128 else OTHERS
    return mask


_DIGITS: Final = _mask(range(48, 58))
_WORDS: Final = _DIGITS | _mask([*range(65, 91), *range(97, 123), 95])
_SPACES: Final = _mask([32, *range(9, 14)])
#: Blank to Python, though not to the `regex` package.
_SEPARATORS: Final = _mask(range(28, 32))
_CATEGORIES: Final = {"DIGIT": (_DIGITS, _DIGITS), "WORD": (_WORDS, _WORDS)} | {
    "SPACE": (_SPACES, _SPACES | _SEPARATORS)
}


def parse(regex: str, flags: int = 0) -> tuple[list[Node], int]:
    """The tree of a regex, with the flags that stand in it; `re.error` if Python can't read it."""
    parser = import_module("re._parser")
    tree = parser.parse(regex, flags)
    return list(tree), int(tree.state.flags)


def name(node: Node) -> str:
    return str(node[0])


@dataclass(frozen=True, slots=True)
class Group:
    """A group's content and the flags that hold inside it."""

    items: Sequence[Node]
    flags: int


def group(value: Any, flags: int) -> Group:
    _, added, removed, items = value
    return Group(list(items), (flags | added) & ~removed)


def is_leaf(node: Node) -> bool:
    return name(node) in _LEAVES


def wide(node: Node, flags: int) -> int:
    """All characters that a leaf may take, and perhaps more."""
    kind, value = name(node), node[1]
    if kind == "ANY":
        return EVERY
    if kind == "NOT_LITERAL":
        return EVERY & ~(_mask([value]) & _ASCII)
    if kind == "LITERAL":
        return _cased(_mask([value]), flags, value)
    if value and str(value[0][0]) == "NEGATE":
        return (_ASCII & ~_narrow(value[1:])) | OTHERS
    mask = 0
    for item in value:
        mask |= _item(item, flags)
    return mask


def _item(item: Node, flags: int) -> int:
    """A class's item with every character that it may take."""
    kind, value = name(item), item[1]
    if kind == "RANGE":
        low, high = value
        mask = _mask(range(low, min(high, 127) + 1)) | (OTHERS if high > 127 else 0)
        return _cased(mask, flags, high)
    if kind == "LITERAL":
        return _cased(_mask([value]), flags, value)
    negated, category = _category(value)
    sure, possible = _CATEGORIES[category]
    return (_ASCII & ~sure) | OTHERS if negated else possible | OTHERS


def _narrow(items: Iterable[Node]) -> int:
    """The ASCII characters that the items of a class take for sure."""
    mask = 0
    for item in items:
        kind, value = name(item), item[1]
        if kind == "RANGE":
            mask |= _mask(range(value[0], min(value[1], 127) + 1))
        elif kind == "LITERAL":
            mask |= _mask([value])
        else:
            negated, category = _category(value)
            sure, possible = _CATEGORIES[category]
            mask |= _ASCII & ~possible if negated else sure
    return mask & _ASCII


def _category(value: object) -> tuple[bool, str]:
    words = str(value).removeprefix("CATEGORY_").split("_")
    return words[0] == "NOT", words[-1]


def _cased(mask: int, flags: int, highest: int) -> int:
    """The set with the other case of its letters, if the flags ask for it."""
    if not flags & re.IGNORECASE:
        return mask
    for char in members(mask):
        mask |= _mask(map(ord, (chr(char).lower(), chr(char).upper())))
        if chr(char) in _FOLDED:
            mask |= OTHERS
    return mask | _mask(map(ord, _FOLDED)) if highest > 127 else mask


def members(mask: int) -> Iterator[int]:
    """The ASCII characters of a set."""
    return (code for code in range(128) if mask >> code & 1)


def nullable(items: Iterable[Node]) -> bool:
    """True if a sequence may match nothing; look-arounds and anchors match nothing."""
    return all(_nothing(node) for node in items)


def _nothing(node: Node) -> bool:
    kind, value = name(node), node[1]
    if kind in ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS"):
        return True
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return value[0] == 0 or nullable(value[2])
    if kind == "SUBPATTERN":
        return nullable(value[3])
    if kind == "ATOMIC_GROUP":
        return nullable(value)
    return kind == "BRANCH" and any(nullable(branch) for branch in value[1])


def first(items: Iterable[Node], flags: int) -> int:
    """All characters that a match of the sequence may begin with."""
    mask = 0
    for node in items:
        mask |= _first(node, flags)
        if not _nothing(node):
            break
    return mask


def _first(node: Node, flags: int) -> int:
    kind, value = name(node), node[1]
    if is_leaf(node):
        return wide(node, flags)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return first(value[2], flags)
    if kind == "SUBPATTERN":
        inner = group(value, flags)
        return first(inner.items, inner.flags)
    if kind == "ATOMIC_GROUP":
        return first(value, flags)
    if kind == "BRANCH":
        mask = 0
        for branch in value[1]:
            mask |= first(branch, flags)
        return mask
    return EVERY if kind.startswith("GROUPREF") else 0
