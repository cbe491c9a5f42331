"""Refuses a regex whose matching time grows faster than the text: one such rule can stop a scan.

First the parse tree: repeats that can share the same characters in many ways. Then the clock: texts
built from the regex itself, from 8 kB to 1 MB, in a process of its own that is ended at a deadline.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import trees
from .attacks import LARGE, Attack, attacks, readable
from .trees import Node

SIZES: Final = (8_192, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576)
_REPEATS: Final = ("MAX_REPEAT", "MIN_REPEAT")
_BORDERS: Final = ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF")


@dataclass(frozen=True, slots=True)
class Bounds:
    """`growth`: the most that twice the text may cost; `rate`: the most processor seconds for 1 MB;
    `seconds`: when the measuring process is ended, whatever it does.
    """

    growth: float = 2.5
    rate: float = 4.0
    seconds: float = 120.0
    sizes: tuple[int, ...] = field(default=SIZES)


def check(regex: str, flags: int = re.ASCII, bounds: Bounds | None = None) -> str:
    """Why the regex is refused, or nothing if its matching time is linear.

    `flags` are Python's. A regex that only the `regex` package reads is measured with that, on plain
    texts alone.
    """
    tree = readable(regex, flags)
    if tree is None:
        plain = [Attack("", seed, tail) for seed in "a1 @.é" for tail in ("", regex[-1:])]
        return _measured(regex, flags, plain, bounds or Bounds(), "regex")
    items, found = tree
    hostile = attacks(items, found)
    return _ambiguous(items, found) or _measured(regex, flags, hostile, bounds or Bounds(), "re")


def _ambiguous(items: Sequence[Node], flags: int) -> str:
    """The first pair of repeats that share characters without a border between them."""
    for sequence, inside in _sequences(items, flags):
        for reason in (_nested(sequence, inside), _adjacent(sequence, inside)):
            if reason:
                return reason
    return ""


def _sequences(items: Sequence[Node], flags: int) -> Iterator[tuple[Sequence[Node], int]]:
    """Every sequence in the tree, the outer ones first."""
    yield items, flags
    for node in items:
        for inner, inside in _children(node, flags):
            yield from _sequences(inner, inside)


def _children(node: Node, flags: int) -> list[tuple[Sequence[Node], int]]:
    kind, value = trees.name(node), node[1]
    if kind in (*_REPEATS, "POSSESSIVE_REPEAT"):
        return [(list(value[2]), flags)]
    if kind == "SUBPATTERN":
        inner = trees.group(value, flags)
        return [(inner.items, inner.flags)]
    if kind == "BRANCH":
        return [(list(branch), flags) for branch in value[1]]
    return [(list(value), flags)] if kind == "ATOMIC_GROUP" else []


def _endless(node: Node) -> bool:
    return trees.name(node) in _REPEATS and bool(node[1][1] > LARGE)


def _nested(items: Sequence[Node], flags: int) -> str:
    """A repeat whose body may end in a repeat of what the body may begin with: exponential."""
    for node in filter(_endless, items):
        body = list(node[1][2])
        start = trees.first(body, flags)
        if any(trees.first(r[1][2], inside) & start for r, inside in _last_repeats(body, flags)):
            return "a repeat inside a repeat takes the same characters"
    return ""


def _last_repeats(items: Sequence[Node], flags: int) -> Iterator[tuple[Node, int]]:
    """Endless repeats after which the sequence may be over."""
    for index, node in enumerate(items):
        if not trees.nullable(items[index + 1 :]):
            continue
        if _endless(node):
            yield node, flags
        for inner, inside in _children(node, flags):
            yield from _last_repeats(inner, inside)


def _adjacent(items: Sequence[Node], flags: int) -> str:
    """Two repeats of the same characters with nothing else between them: quadratic at each place."""
    flat = list(_flat(items, flags))
    for index, (node, inside) in enumerate(flat):
        if not _endless(node):
            continue
        shared = trees.first(node[1][2], inside) if _single(node) else 0
        for other, there in flat[index + 1 :]:
            follows = trees.first([other], there)
            if _endless(other) and shared & follows and _may_fail(flat[index + 1 :], other):
                return "two repeats beside each other take the same characters"
            if not trees.nullable([other]):
                shared = shared if trees.is_leaf(other) and not follows & ~shared else 0
            if not shared:
                break
    return ""


def _may_fail(rest: Sequence[tuple[Node, int]], last: Node) -> bool:
    """True if something after `last` may send a match back."""
    after = [node for node, _ in rest[[node for node, _ in rest].index(last) + 1 :]]
    return any(trees.name(n) in _BORDERS or not trees.nullable([n]) for n in after)


def _single(node: Node) -> bool:
    """True if a repeat's body is one character."""
    body = list(node[1][2])
    return len(body) == 1 and trees.is_leaf(body[0])


def _flat(items: Iterable[Node], flags: int) -> Iterator[tuple[Node, int]]:
    """The sequence with its groups opened."""
    for node in items:
        if trees.name(node) == "SUBPATTERN":
            inner = trees.group(node[1], flags)
            yield from _flat(inner.items, inner.flags)
        else:
            yield node, flags


def _measured(regex: str, flags: int, hostile: Sequence[Attack], bounds: Bounds, engine: str) -> str:
    """The reason of a measurement that a second one bears out: a busy machine is no fault of the regex."""
    reason = _measured_once(regex, flags, hostile, bounds, engine)
    return _measured_once(regex, flags, hostile, bounds, engine) if reason else reason


def _measured_once(regex: str, flags: int, hostile: Sequence[Attack], bounds: Bounds, engine: str) -> str:
    """What the clock says against the regex."""
    order = {
        "engine": engine,
        "regex": regex,
        "flags": flags,
        "attacks": [(a.head, a.pump, a.tail) for a in hostile],
        "sizes": bounds.sizes,
        "growth": bounds.growth,
        "rate": bounds.rate,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pii_scan.detect.probe"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=bounds.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it was not done within {bounds.seconds:g} seconds"
    return done.stdout.strip() if done.returncode == 0 else "it could not be compiled or measured"
