"""A policy's text in blocks: headings, list items, paragraphs and table rows, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["heading", "item", "paragraph", "row"]

_ITEM = re.compile(r"(?:[•◦▪●‣·∙*–—-]|\(?[a-z]\)|\(?[ivx]{1,4}\)|\(?\d{1,2}\))\s+(?=\S)")
_NUMBERED = re.compile(
    r"(?:(?:article|section)\s+)?(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2})*\s*[.):–—-]?\s+(?=\S)", re.IGNORECASE
)
_ENDS = re.compile(r"[.;:,!…»]$")
#: A line that begins with a name and a colon, as in a list without bullets.
_RUN_IN = re.compile(r"[A-ZÀ-ÖØ-Þ][^.:;]{1,60}?\s?:\s")
_NESTED = re.compile(r"(?:\t|\s{2,})(?:[•◦▪●‣·∙*–—-]|\(?\w\)|\d{1,2}\.)\s")
_RULE = re.compile(r"[-=_*|:+\s]+")
#: A heading is no longer than this many characters.
_LONGEST_HEADING = 110
#: Ranks of headings without marks of their own: below all that have such, and below each other in this order.
_CAPITALS_LEVEL, _NUMBERED_LEVEL, _PLAIN_LEVEL = 10, 11, 20
#: A text with a longer line than this is not wrapped by hand: each of its lines is a block of its own.
_LONGEST_WRAPPED = 180


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its words as in the collapsed text, and where they begin there.

    `level` is a heading's rank, 1 for the highest.
    """

    kind: Kind
    text: str
    start: int
    heading: str = ""
    level: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class _Line:
    text: str
    start: int
    before: bool  # a blank line stands before it
    after: bool = True
    nested: bool = False  # an indented item follows: it is an item itself, no heading
    apart: bool = True  # it does not go on with the line before, whatever it holds


def blocks(text: str) -> list[Block]:
    """The blocks in order; each but a heading carries the headings above it, outermost first."""
    found: list[Block] = []
    heading = ""
    for block in _joined(_lines(text)):
        if block.kind == "heading":
            heading = block.text
        found.append(replace(block, heading=heading))
    return found


def _lines(text: str) -> list[_Line]:
    """Lines that hold words, with their places in the collapsed text."""
    lines: list[_Line] = []
    position, blank = 0, True
    raws = text.splitlines()
    unwrapped = any(len(raw) > _LONGEST_WRAPPED and "|" not in raw for raw in raws)
    for number, raw in enumerate(raws):
        words = " ".join(raw.split())
        if not words:
            blank = True
            continue
        if lines:
            lines[-1].after = blank
        nested = number + 1 < len(raws) and _NESTED.match(raws[number + 1]) is not None
        lines.append(_Line(words, position, blank, nested=nested, apart=blank or unwrapped))
        position += len(words) + 1
        blank = False
    return lines


def _joined(lines: list[_Line]) -> Iterator[Block]:
    """Wrapped lines joined to blocks."""
    index = 0
    while index < len(lines):
        line = lines[index]
        last = index
        kind, skip = _kind(line, lines[index - 1] if index else None)
        if kind not in ("heading", "row"):
            while last + 1 < len(lines) and _goes_on(lines[last], lines[last + 1]):
                last += 1
        if not _RULE.fullmatch(line.text):
            words = " ".join(part.text for part in lines[index : last + 1])
            level = _level(line.text, skip) if kind == "heading" else 0
            yield Block(kind, words[skip:], line.start + skip, level=level)
        index = last + 1


def _level(text: str, skip: int) -> int:
    """The rank of a heading by its marks or its number; capitals alone are of the first."""
    mark = text[:skip].strip()
    if mark.startswith("#"):
        return len(mark) - len(mark.lstrip("#"))
    if mark:
        return _NUMBERED_LEVEL + len(re.findall(r"\d\.\d", mark))
    return _CAPITALS_LEVEL if text.isupper() else _PLAIN_LEVEL


def _kind(line: _Line, previous: _Line | None) -> tuple[Kind, int]:
    """What a line begins, and how many characters of marks stand before its words."""
    text = line.text
    if text.startswith("#"):
        skip = len(text) - len(text.lstrip("#").lstrip())
        return "heading", skip
    if text.count("|") >= 1 and (text.startswith("|") or " | " in text):
        return "row", len(text) - len(text.lstrip("| "))
    item = _ITEM.match(text)
    if item and not (item[0].strip() in ("–", "—") and not line.before):
        return "item", item.end()
    numbered = _NUMBERED.match(text)
    skip = numbered.end() if numbered and text[0] not in "ivx" else 0
    if _is_heading(line, text[skip:], bool(skip), previous):
        return "heading", skip
    if skip and text[0].isdigit():
        return "item", skip
    return "paragraph", 0


def _is_heading(line: _Line, words: str, numbered: bool, previous: _Line | None) -> bool:
    """Short, alone, and without the end of a sentence; capitals or a number say it even without space."""
    if (
        line.nested
        or len(words) > _LONGEST_HEADING
        or _ENDS.search(words)
        or re.search(r"@| [·|] ", words)
        or not words[:1].strip()
    ):
        return False
    if previous is not None and not line.before and not _ENDS.search(previous.text):
        return False
    if words.isupper() and len(words) > 3:
        return True
    alone = line.before and line.after
    if re.search(r"\d{4}", words) and not numbered:
        return False
    first_line_of_wrapped = not line.after and len(words) > 60
    return (alone or numbered) and not first_line_of_wrapped and len(words.split()) <= 14


def _goes_on(line: _Line, following: _Line) -> bool:
    """True if the next line belongs to the same block."""
    if following.apart:
        return False
    if re.search(r"[.;]$", line.text) and _RUN_IN.match(following.text):
        return False
    kind, _ = _kind(following, line)
    return kind == "paragraph"
