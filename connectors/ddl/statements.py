"""Cuts SQL files into statements, with the line that each begins in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: What a `;` may stand in without ending a statement: comments, strings, names, PostgreSQL's `$tag$` bodies.
_PIECE: Final = re.compile(
    r"--[^\n]*|(?m:^)[ \t]*#[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|'(?:[^'\\]|''|\\.)*(?:'|\Z)|\"[^\"]*(?:\"|\Z)|`[^`]*(?:`|\Z)"
    r"|\$(?P<tag>[A-Za-z_]*)\$.*?(?:\$(?P=tag)\$|\Z)|;",
    re.DOTALL,
)
_COMMENT: Final = re.compile(r"\s+|--[^\n]*(?:\n|\Z)|/\*.*?(?:\*/|\Z)|#[^\n]*(?:\n|\Z)", re.DOTALL)
_COPY: Final = re.compile(r"COPY\b.*\bFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
_COPY_END: Final = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement's text, without comments before it, and its first line's number from 1."""

    text: str = field(repr=False)
    line: int


def statements(text: str) -> Iterator[Statement]:
    """The statements in order; the rows of a `COPY … FROM stdin` are passed over."""
    start, line, counted = 0, 1, 0
    while start < len(text):
        end = _end(text, start)
        first = _beginning(text, start, end)
        line, counted = line + text.count("\n", counted, first), first
        start = end + 1
        if first < end:
            body = text[first:end].rstrip()
            yield Statement(body, line)
            if _COPY.match(body):
                rows = _COPY_END.search(text, start)
                start = rows.end() if rows else len(text)


def _end(text: str, start: int) -> int:
    """The place of the `;` that ends what begins here, or of the text's end."""
    for piece in _PIECE.finditer(text, start):
        if piece.group() == ";":
            return piece.start()
    return len(text)


def _beginning(text: str, start: int, end: int) -> int:
    """Where the first word stands, behind blanks and comments."""
    while start < end and (found := _COMMENT.match(text, start, end)):
        start = found.end()
    return start
