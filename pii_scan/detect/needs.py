"""What every match of a rule must have: so many bytes, so many digits, one of these characters.

Derived from the parsed regex by induction over its parts, so it holds for every match; a cell that
lacks it can't hold the rule and is never given to an automaton.
"""

from __future__ import annotations

import re._constants as op
import re._parser as parser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from . import stretches

#: Characters that rules ask for, one class a bit of a cell's mark. Every byte is of one class.
_GROUPS: Final = (
    "0123456789",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "@",
    "%",
    ":",
    "/",
    "=",
    "${}",
    "+",
    ".",
    "-",
    " \t\r\n",
    "_&?#",
)
#: Any other ASCII character.
REST: Final = 1 << len(_GROUPS)
#: The bytes of characters outside ASCII, some of which hide ASCII text.
WIDE: Final = REST << 1
DIGIT: Final = 1
UPPER: Final = 2
LETTER: Final = 6
#: Rarest first: of several classes that a rule asks for the first few are tested.
_RARITY: Final = (8, 3, 4, 9, 7, 13, 6, 5, 15, 14, 10, 11, 12, 1, 2, 0)
_TESTED: Final = 3


def _table() -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    marks = np.full(256, REST, np.uint16)
    marks[128:] = WIDE
    for bit, characters in enumerate(_GROUPS):
        for character in characters:
            marks[ord(character)] = 1 << bit
    return marks


#: The class of every byte, as a bit.
MARKS: Final = _table()


@dataclass(frozen=True, slots=True)
class Needs:
    """`length` and `digits` in bytes; of each of `marks` a cell has at least one character.

    No match is longer than `longest` characters;
    `run` digits stand together with nothing but separators between, `token` characters of a word or a
    key without anything between.
    """

    length: int
    digits: int
    marks: tuple[int, ...]
    run: int = 0
    token: int = 0
    longest: int = 1 << 30


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a regex: its least length and digits, and the classes that it can't do without."""

    length: int = 0
    digits: int = 0
    musts: frozenset[int] = frozenset()


@lru_cache(maxsize=1024)
def of(regex: str) -> Needs:
    """The needs of a regex; an unknown part of it asks for nothing."""
    tree = parser.parse(regex, 0)
    part = _sequence(tree, ignorecase=False)
    order = sorted(part.musts, key=_rarity)
    run, token = stretches.digits(tree), stretches.token(tree)
    return Needs(part.length, part.digits, tuple(order[:_TESTED]), run, token, int(tree.getwidth()[1]))


def _rarity(mark: int) -> tuple[int, int]:
    bits = [bit for bit in range(len(_RARITY)) if mark >> bit & 1]
    return max(_RARITY.index(bit) for bit in bits), len(bits)


def _sequence(items: Iterable[tuple[Any, Any]], ignorecase: bool) -> _Part:
    parts = [_part(kind, value, ignorecase) for kind, value in items]
    musts: frozenset[int] = frozenset().union(*(p.musts for p in parts))
    return _Part(sum(p.length for p in parts), sum(p.digits for p in parts), musts)


def _part(kind: Any, value: Any, ignorecase: bool) -> _Part:
    if kind is op.LITERAL:
        return _character({chr(value)}, ignorecase)
    if kind is op.IN:
        members = stretches.members(value)
        return _Part(1) if members is None else _character(members, ignorecase)
    if kind in (op.NOT_LITERAL, op.ANY):
        return _Part(1)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeated(value[0], _sequence(value[2], ignorecase))
    if kind is op.SUBPATTERN:
        _, added, removed, inner = value
        inside = (ignorecase or bool(added & 2)) and not removed & 2
        return _sequence(inner, inside)
    if kind is op.BRANCH:
        return _either([_sequence(branch, ignorecase) for branch in value[1]])
    return _Part()


def _repeated(least: int, part: _Part) -> _Part:
    if not least:
        return _Part()
    return _Part(least * part.length, least * part.digits, part.musts)


def _either(parts: Sequence[_Part]) -> _Part:
    """What holds whichever branch matches: of each branch its rarest must, taken together."""
    rarest = [min(p.musts, key=_rarity) if p.musts else 0 for p in parts]
    musts = frozenset({_joined(rarest)}) if all(rarest) else frozenset[int]()
    common = frozenset.intersection(*(p.musts for p in parts))
    return _Part(min(p.length for p in parts), min(p.digits for p in parts), musts | common)


def _joined(marks: Iterable[int]) -> int:
    total = 0
    for mark in marks:
        total |= mark
    return total


def _character(members: set[str], ignorecase: bool) -> _Part:
    if ignorecase:
        members = {form for c in members for form in (c.lower(), c.upper(), c)}
        # U+017F and U+212A fold to s and k.
        members |= {"\u017f"} if "s" in members else set()
        members |= {"\u212a"} if "k" in members else set()
    mark = _joined(_marks(members))
    digits = int(all(c in _GROUPS[0] for c in members))
    return _Part(1, digits, frozenset({mark}))


def _marks(members: Iterable[str]) -> Iterator[int]:
    for character in members:
        for byte in character.encode("utf-8", "surrogatepass"):
            yield int(MARKS[byte])
