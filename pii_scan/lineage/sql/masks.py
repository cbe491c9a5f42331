"""Masks that are written with string functions: stars for most of a value."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlglot import exp

_GROUPS: Final = re.compile(r"\\\d|\$\d|\$\{\d\}")
_STARS: Final = re.compile(r"[*•●█#]|[xX]{2}")
_BROAD: Final = re.compile(r"(?<!\\)\.|\[|\\[dwS]")
_DIGITS: Final = 10
_PARTS: Final = (exp.Left, exp.Right, exp.Substring, exp.SubstringIndex, exp.SplitPart, exp.RegexpExtract)


def is_mask(node: Any) -> bool:
    """True for a literal of stars (or a repeated star), whatever stands between them but letters."""
    if isinstance(node, exp.Repeat):
        return is_star(node.this)
    return isinstance(node, exp.Literal) and bool(node.is_string) and _covers(node.name)


def is_star(node: Any) -> bool:
    """True for a literal of one character that masks."""
    return isinstance(node, exp.Literal) and node.name in ("*", "•", "●", "█", "#", "x", "X")


def _covers(text: str) -> bool:
    rest = _GROUPS.sub("", text)
    letters = {c for c in rest if c.isalnum()} - {"x", "X"}
    return bool(_STARS.search(rest)) and not letters


def masks(node: Any) -> bool:
    """True for an expression that puts stars in the place of a part of its value, or of most of it."""
    if isinstance(node, exp.RegexpReplace):
        pattern, put = node.expression, node.args.get("replacement")
        broad = isinstance(pattern, exp.Literal) and bool(_BROAD.search(pattern.name))
        return broad and (is_mask(put) or is_star(put))
    if isinstance(node, exp.Translate):
        known = node.args.get("from_"), node.args.get("to")
        return len(known[0].name if known[0] else "") >= _DIGITS and is_mask(known[1])
    if isinstance(node, exp.Overlay | exp.Stuff):
        return is_mask(node.expression)
    if isinstance(node, exp.Pad):
        return is_star(node.args.get("fill_pattern")) and isinstance(node.this, _PARTS)
    return False


def starred(parts: list[Any]) -> bool:
    """True for texts put together of which one is stars."""
    return any(is_mask(part) for part in parts)


def is_part(node: Any) -> bool:
    """True for an expression that takes a part of a text."""
    while isinstance(node, exp.Paren | exp.Cast | exp.Upper | exp.Lower | exp.Alias):
        node = node.this
    return isinstance(node, _PARTS)
