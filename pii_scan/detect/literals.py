"""Literal text that every match of a regex holds: what one search for many words can rule out cheaply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from . import trees
from .trees import Node

#: More strings than this are no shorter way.
_MANY: Final = 64
Strings = frozenset[str]
_NOTHING: Final[Strings] = frozenset({""})


def needed(regex: str, flags: int = re.ASCII) -> tuple[str, ...]:
    """Strings of which each match holds one, in lower case for a search that ignores ASCII case.

    Empty if there are none for sure.
    """
    items, found = trees.parse(regex, flags)
    best = _best(_pieces(items, found))
    return tuple(sorted(text for text in best if not any(o in text for o in best if o != text)))


def _best(pieces: Iterable[Strings]) -> Strings:
    """The piece whose shortest string is longest; of equal ones that with the fewest."""
    return max(pieces, key=lambda piece: (_shortest(piece), -len(piece)), default=frozenset())


def _shortest(piece: Strings) -> int:
    return min(map(len, piece), default=0)


def _pieces(items: Sequence[Node], flags: int) -> list[Strings]:
    """All sets of strings of which the sequence holds one."""
    pieces: list[Strings] = []
    run = _NOTHING
    for node in items:
        whole = _whole(node, flags)
        joined = frozenset(a + b for a in run for b in whole) if whole else frozenset()
        if joined and len(joined) <= _MANY:
            run = joined
            continue
        pieces.append(run)
        run = whole if whole and len(whole) <= _MANY else _NOTHING
        if run is _NOTHING:
            pieces.append(_inside(node, flags))
    return [piece for piece in (*pieces, run) if piece and "" not in piece]


def _whole(node: Node, flags: int) -> Strings:
    """All texts of a node, in lower case, if they are few; empty if they aren't."""
    kind, value = trees.name(node), node[1]
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING
    if trees.is_leaf(node):
        return _letters(node, flags)
    if kind == "SUBPATTERN":
        inner = trees.group(value, flags)
        return _texts(inner.items, inner.flags)
    if kind == "BRANCH":
        branches = [_texts(branch, flags) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if kind == "MAX_REPEAT" and value[0] == value[1] and value[0] <= 8:
        return _texts([*value[2]] * value[0], flags)
    if kind == "MAX_REPEAT" and (value[0], value[1]) == (0, 1):
        once = _texts(list(value[2]), flags)
        return once | _NOTHING if once else frozenset()
    return frozenset()


def _letters(node: Node, flags: int) -> Strings:
    mask = trees.wide(node, flags & ~re.IGNORECASE)
    chars = frozenset(chr(code).lower() for code in trees.members(mask))
    return chars if not mask & trees.OTHERS and len(chars) <= 8 else frozenset()


def _texts(items: Sequence[Node], flags: int) -> Strings:
    texts = _NOTHING
    for node in items:
        whole = _whole(node, flags)
        texts = frozenset(a + b for a in texts for b in whole)
        if not texts or len(texts) > _MANY:
            return frozenset()
    return texts


def _inside(node: Node, flags: int) -> Strings:
    """The best piece inside a node that must match."""
    kind, value = trees.name(node), node[1]
    if kind == "SUBPATTERN":
        inner = trees.group(value, flags)
        return _best(_pieces(inner.items, inner.flags))
    if kind in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
        return _best(_pieces(list(value[2]), flags))
    if kind == "BRANCH":
        branches = [_best(_pieces(list(branch), flags)) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()
