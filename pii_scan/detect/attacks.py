"""Texts that are hard for a regex, built from the regex itself: what its repeats take, over and over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import trees
from .trees import Node

#: Of these a set's examples are taken, the first ones that it holds.
_LETTERS = "a-1. A_@:/=,0e"
#: A repeat with a higher bound is as hard as one without.
LARGE = 64


@dataclass(frozen=True, slots=True)
class Attack:
    """`head`, then `pump` as often as fits, then `tail`."""

    head: str
    pump: str
    tail: str = ""

    def text(self, length: int) -> str:
        count = max((length - len(self.head) - len(self.tail)) // len(self.pump), 1)
        return self.head + self.pump * count + self.tail


def attacks(items: Sequence[Node], flags: int) -> list[Attack]:
    """Attacks on every repeat of a tree, with what leads there and without, and plain ones."""
    whole = sample(items, flags)
    found = [Attack("", seed) for seed in ("a", "1", " ", "@", "a.", "1-", "a@", "1 ", "é")]
    if whole:
        found += [Attack("", whole), Attack("", whole[:-1] or whole), Attack("", whole + " ")]
    for head, node, inside in _repeats(items, flags, ""):
        for pump in _pumps(node, inside):
            found += [Attack(head, pump, "\x00"), Attack("", head + pump), Attack("", pump, "\x00")]
    return list(dict.fromkeys(a for a in found if a.pump))


def sample(items: Iterable[Node], flags: int) -> str:
    """A short text that the sequence takes, as far as its anchors and look-arounds let it."""
    return "".join(_sample(node, flags) for node in items)


def _sample(node: Node, flags: int) -> str:
    kind, value = trees.name(node), node[1]
    if kind == "LITERAL":
        return chr(value)
    if trees.is_leaf(node):
        return "".join(examples(trees.wide(node, flags), 1))
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return sample(value[2], flags) * min(int(value[0]), 40)
    if kind == "SUBPATTERN":
        inner = trees.group(value, flags)
        return sample(inner.items, inner.flags)
    if kind == "ATOMIC_GROUP":
        return sample(value, flags)
    return sample(value[1][0], flags) if kind == "BRANCH" else ""


def examples(mask: int, count: int) -> list[str]:
    """So many characters of a set, different in kind."""
    known = [char for char in _LETTERS if mask >> ord(char) & 1]
    others = [chr(code) for code in trees.members(mask) if chr(code) not in known]
    return [*known, *others, *(["é"] if mask & trees.OTHERS else [])][:count]


def _repeats(items: Iterable[Node], flags: int, head: str) -> Iterator[tuple[str, Node, int]]:
    """Repeats without a bound, or a large one, with a text that leads to each and the flags there."""
    for node in items:
        kind, value = trees.name(node), node[1]
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if value[1] > LARGE or (value[1] > 1 and not all(map(trees.is_leaf, value[2]))):
                yield head, node, flags
            yield from _repeats(value[2], flags, head)
        elif kind == "SUBPATTERN":
            inner = trees.group(value, flags)
            yield from _repeats(inner.items, inner.flags, head)
        elif kind == "ATOMIC_GROUP":
            yield from _repeats(value, flags, head)
        elif kind == "BRANCH":
            for branch in value[1]:
                yield from _repeats(branch, flags, head)
        head += _sample(node, flags)


def _pumps(node: Node, flags: int) -> list[str]:
    """What the repeat takes: its body, and pairs of unlike characters that it begins with."""
    items = list(node[1][2])
    body = sample(items, flags)
    chars = examples(trees.first(items, flags), 4)
    pairs = [one + other for one, other in pairwise(chars)]
    return list(dict.fromkeys([body, *chars[:2], *pairs]))


def readable(regex: str, flags: int) -> tuple[list[Node], int] | None:
    """The tree of a regex, or None where only another engine reads it."""
    try:
        return trees.parse(regex, flags)
    except (re.error, RecursionError, OverflowError):
        return None
