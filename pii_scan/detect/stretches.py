"""Stretches that every match of a regex has: digits in a row but for separators, characters of a token.

A walk over the parsed regex counts what must follow each other; whatever it can't follow ends a stretch,
so that a stretch is never told longer than it is.
"""

from __future__ import annotations

import re._constants as op
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

DIGITS: Final = frozenset("0123456789")
#: What may stand between the digits of a number, and how many of it.
SEPARATORS: Final = frozenset(" ./()-")
BETWEEN: Final = 4
TOKEN: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_+/=.~-")
_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
#: Repeats are unrolled so often.
_UNROLLED: Final = 64


@dataclass(frozen=True, slots=True)
class _Step:
    """One character that must come, or up to `most` that may; None for any character at all."""

    members: frozenset[str] | None
    must: bool = True
    most: int = 1


def members(items: Sequence[tuple[Any, Any]]) -> set[str] | None:
    """The characters of a class, or None if it is open-ended."""
    found: set[str] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            found.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < 256:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return found


def digits(tree: Iterable[tuple[Any, Any]]) -> int:
    """The digits that stand together in every match, at most `BETWEEN` separators between two."""
    best = count = between = 0
    for step in _steps(tree):
        if step.members is not None and step.members <= DIGITS:
            count, between = (count + 1, 0) if step.must else (count, between)
        elif step.members is not None and step.members <= SEPARATORS and between + step.most <= BETWEEN:
            between += step.most
        else:
            count = between = 0
        best = max(best, count)
    return max(best, _branched(tree, digits))


def token(tree: Iterable[tuple[Any, Any]]) -> int:
    """The characters of a token that stand together in every match."""
    best = count = 0
    for step in _steps(tree):
        inside = step.members is not None and step.members <= TOKEN
        count = count + step.must if inside else 0
        best = max(best, count)
    return max(best, _branched(tree, token))


def _branched(tree: Iterable[tuple[Any, Any]], measure: Any) -> int:
    """The longest that every branch of one choice has."""
    best = 0
    for kind, value in tree:
        if kind is op.BRANCH:
            best = max(best, min(measure(branch) for branch in value[1]))
        elif kind is op.SUBPATTERN:
            best = max(best, _branched(value[3], measure))
    return best


def _steps(tree: Iterable[tuple[Any, Any]]) -> Iterator[_Step]:
    for kind, value in tree:
        if kind is op.LITERAL:
            yield _Step(frozenset(chr(value)))
        elif kind is op.IN:
            found = members(value)
            yield _Step(None if found is None else frozenset(found))
        elif kind in _REPEATS:
            yield from _repeated(*value)
        elif kind is op.SUBPATTERN:
            yield from _steps(value[3])
        else:
            yield _Step(None)


def _repeated(least: int, most: int, tree: Any) -> Iterator[_Step]:
    inner = list(_steps(tree))
    for _ in range(min(least, _UNROLLED)):
        yield from inner
    if most > least:
        one = inner[0].members if len(inner) == 1 else None
        yield _Step(one, must=False, most=min(most - least, 1 << 16))
