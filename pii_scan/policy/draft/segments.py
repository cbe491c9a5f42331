"""A policy's text in blocks: headings, list items, paragraphs and table rows, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "item", "paragraph", "row"]

_ITEM = re.compile(r"(?:[•◦▪●‣·∙*–—-]|\(?[a-z]\)|\(?[ivx]{1,4}\)|\(?\d{1,2}\))\s+(?=\S)")
_NUMBERED = re.compile(
    r"(?:(?:article|section)\s+)?(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2})*\s*[.):–—-]?\s+(?=\S)", re.IGNORECASE
)
_ENDS = re.compile(r"[.;:,!…»]$")
_RULE = re.compile(r"[-=_*|:+\s]+")
#: A heading is no longer than this many characters.
_LONGEST_HEADING = 110


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its words as in the collapsed text, and where they begin there."""

    kind: Kind
    text: str
    start: int
    heading: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class _Line:
    text: str
    start: int
    before: bool  # a blank line stands before it
    after: bool = True


def blocks(text: str) -> list[Block]:
    """The blocks in order; each but a heading carries the headings above it, outermost first."""
    found: list[Block] = []
    heading = ""
    for block in _joined(_lines(text)):
        if block.kind == "heading":
            heading = block.text
        found.append(Block(block.kind, block.text, block.start, heading))
    return found


def _lines(text: str) -> list[_Line]:
    """Lines that hold words, with their places in the collapsed text."""
    lines: list[_Line] = []
    position, blank = 0, True
    for raw in text.splitlines():
        words = " ".join(raw.split())
        if not words:
            blank = True
            continue
        if lines:
            lines[-1].after = blank
        lines.append(_Line(words, position, blank))
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
            yield Block(kind, words[skip:], line.start + skip)
        index = last + 1


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
    if len(words) > _LONGEST_HEADING or _ENDS.search(words) or "@" in words or not words[:1].strip():
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
    if following.before:
        return False
    kind, _ = _kind(following, line)
    return kind == "paragraph"
