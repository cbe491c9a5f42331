"""Text to a tree: which reader takes it, and what no reader needs to see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import polars as pl

from ..sealed import envelope
from . import base64text, jsontext, logfmt, printed, querystring, records, xmltext
from .tree import Bounds, Object, Tree

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _digits(test: Callable[[int], bool]) -> str:
    return "[" + "".join(digit for value, digit in enumerate(_DIGITS) if test(value)) + "]"


def _group() -> str:
    """Four base64 digits of three bytes of UTF-8 text; of those of a hash one in three passes."""
    plain = _digits(lambda v: 2 <= v <= 31)
    then_plain = _digits(lambda v: v % 16 in (0, 2, 3, 4, 5, 6, 7)) + _digits(lambda v: v % 4 != 2)
    then_lead = _digits(lambda v: v % 16 >= 12) + _digits(lambda v: v % 4 == 2)
    lead = _digits(lambda v: 48 <= v <= 61) + _digits(lambda v: 8 <= v % 16 <= 11) + "[A-Za-z0-9+/_-]"
    following = _digits(lambda v: 32 <= v <= 47) + "[A-Za-z0-9][A-Za-z0-9+/_-]"
    return f"(?:(?:{plain}(?:{then_plain}|{then_lead})|{lead}|{following})[A-Za-z0-9+/_-])"


_ENCODED: Final = (
    rf"\s*(?:[Bb]earer eyJ|{_group()}{{3}}[A-Za-z0-9+/_\r\n-]*(?:={{1,2}}|\.eyJ[\w-]+\.[\w-]*)?\s*$)"
)
#: What begins like a record, or is base64 of text from its first digits on.
_LIST: Final = r"\[\s*(?:[\"'{\[\]:]|-?[0-9][0-9.eE+-]*\s*[,\]]|true|false|null|\w+: )"
_BEGINS: Final = rf"^(?:\s*(?:[{{<]|{_LIST})|{_ENCODED})"
#: Literals, so that no automaton runs over ordinary text; a sign at the end is base64's filling.
_HOLDS: Final = r"=[^=]|\{|map\[|#<"
_SIGN: Final = re.compile(_HOLDS)
_BRACKET: Final = re.compile(_LIST)
_BASE64: Final = re.compile(_ENCODED)


def likely(text: pl.Expr) -> pl.Expr:
    """True for every cell that `parse` could take, and few others."""
    return text.str.contains(_HOLDS) | text.str.contains(_BEGINS)


def parse(text: str, bounds: Bounds) -> Tree | None:
    """The values inside a cell, or None for one that is a value itself or too long."""
    if len(text) > bounds.size:
        return None
    bare = text.strip()
    first = bare[:1]
    if first == "{" and envelope(bare):
        return None
    bracket = first == "[" and _BRACKET.match(bare) is not None
    if first == "{" or bracket:
        node: Any = jsontext.read(bare)
        if node is not None:
            return Tree(node, "json")
    elif first == "<":
        node = xmltext.read(bare, bounds.depth)
        if node is not None:
            return Tree(node, "record")
    node = _inside(bare, bounds) if bracket or _SIGN.search(bare) else None
    if node is None and _BASE64.match(bare):
        node = base64text.read(bare)
    return None if node is None else Tree(node, "record")


def _inside(text: str, bounds: Bounds) -> Object | None:
    """Pairs, dumps and printed records in a text, those of the surest form."""
    if "=" in text:
        found = querystring.read(text)
        if found is None and ("] =>" in text or "]=>" in text):
            found = printed.read(text, bounds.depth)
        if found is not None:
            return found
    found = records.read(text, bounds.depth)
    return found if found is not None or "=" not in text else logfmt.read(text)
