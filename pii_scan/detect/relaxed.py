"""A regex that Rust reads and that matches wherever a Python one does: a superset by construction.

Look-arounds, anchors and lazy or possessive marks go, back-references become anything, every class
is opened to all characters beyond ASCII that it might take, and large bounds are opened. Each step
only adds matches, so a text that the result does not match holds none of the exact ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from . import trees
from .trees import Node

#: Bounds above it are opened, so that the automaton stays small.
_LARGE: Final = 12
#: A longer result would be slower than what it saves.
_LONGEST: Final = 100_000
#: Constructions of the `regex` package that Python reads as something else: named classes inside a class,
#: and, outside of one, counts of errors.
_NAMED: Final = re.compile(r"\[[^\]]*\[[:.=]")
_CLASS: Final = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_ERRORS: Final = re.compile(r"\{(?!\d+(?:,\d*)?\}|,\d+\})")
#: Flags in the midst of a regex hold for all of it; these only add matches, or move anchors.
_INLINE: Final = re.compile(r"(?<!\\)\(\?([ims]+)\)")
#: Flags under which both read a regex alike: I, M, S, X, U, and the package's ASCII and VERSION0.
_KNOWN: Final = 0x2 | 0x8 | 0x10 | 0x40 | 0x20 | 0x80 | 0x2000
_PYTHONS: Final = 0x2 | 0x8 | 0x10 | 0x40


def relaxed(regex: str, flags: int = 0) -> str | None:
    """The superset, or None if the regex has a part that is not understood.

    `flags` are those of the `regex` package, which Presidio compiles with.
    """
    inline, bare = _INLINE.findall(regex), _CLASS.sub("", regex)
    if flags & ~_KNOWN or _NAMED.search(regex) or _ERRORS.search(bare) or inline != _INLINE.findall(bare):
        return None
    for letter in "".join(inline):
        flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}[letter]
    try:
        items, found = trees.parse(_INLINE.sub("", regex), flags & _PYTHONS)
        text = _sequence(items, found)
    except (re.error, KeyError, RecursionError, OverflowError):
        return None
    return text if len(text) <= _LONGEST else None


def _sequence(items: Iterable[Node], flags: int) -> str:
    return "".join(_node(node, flags) for node in items)


def _node(node: Node, flags: int) -> str:
    kind, value = trees.name(node), node[1]
    if kind == "LITERAL" and value > 127 and _uncased(value):
        return re.escape(chr(value))
    if trees.is_leaf(node):
        return _class(trees.wide(node, flags))
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeat(value, flags)
    if kind == "SUBPATTERN":
        inner = trees.group(value, flags)
        return f"(?:{_sequence(inner.items, inner.flags)})"
    if kind == "ATOMIC_GROUP":
        return f"(?:{_sequence(value, flags)})"
    if kind == "BRANCH":
        return "(?:" + "|".join(_sequence(branch, flags) for branch in value[1]) + ")"
    if kind == "GROUPREF_EXISTS":
        _, then, otherwise = value
        return f"(?:{_sequence(then, flags)}|{_sequence(otherwise or [], flags)})"
    return {"GROUPREF": "(?s:.*)", "FAILURE": ""}[kind]


def _uncased(code: int) -> bool:
    char = chr(code)
    return char == char.lower() == char.upper() == char.casefold()


def _repeat(value: tuple[int, int, Iterable[Node]], flags: int) -> str:
    least, most, items = value
    body = _sequence(items, flags)
    if not body:
        return ""
    low = min(int(least), _LARGE)
    high = "" if most > _LARGE else str(int(most))
    return f"(?:{body}){{{low},{high}}}"


def _class(mask: int) -> str:
    """A set of characters as Rust writes it."""
    if mask == trees.EVERY:
        return "(?s:.)"
    runs: list[list[int]] = []
    for code in trees.members(mask):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    text = "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in runs)
    if mask & trees.OTHERS:
        text += r"\x{80}-\x{10FFFF}"
    return f"[{text}]" if text else r"[^\s\S]"


def _code(code: int) -> str:
    char = chr(code)
    return char if char.isalnum() else f"\\x{{{code:02X}}}"
