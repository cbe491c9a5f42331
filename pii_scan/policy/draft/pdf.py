"""A PDF's text with the structure that its print shows: headings, list items, paragraphs, table cells."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

_PAGE_NUMBER = re.compile(r"\s*(?:page\s*)?\d{1,4}(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\s*", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_BULLET = re.compile(r"[•◦▪●‣·∙–—-]\s")
#: A heading's letters are larger than the text's by this factor, or bold; and it is no longer than this.
_LARGER, _LONGEST_HEADING = 1.12, 110
#: Of the usual step from line to line: more begins a paragraph.
_STEP = 1.3
#: A line shorter than this share of the text's width ends its paragraph.
_SHORT = 0.72
#: In letter sizes: a gap that parts two cells, an indent that makes an item, a letter's usual width.
_GAP, _INDENT, _WIDTH = 1.4, 1.0, 0.5


@dataclass(slots=True)
class _Line:
    text: str
    x: float
    y: float
    size: float
    bold: bool
    page: int

    @property
    def right(self) -> float:
        return self.x + len(self.text) * self.size * _WIDTH


def text(content: bytes) -> str:
    """The text: `# ` before headings, `- ` before items, ` | ` between cells, no page numbers.

    Raises whatever pypdf stumbles over in a damaged file.
    """
    from pypdf import PdfReader

    lines = [line for number, page in enumerate(PdfReader(io.BytesIO(content)).pages)
             for line in _lines(page, number)]  # fmt: skip
    lines = [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)]
    return _unhyphenated("\n".join(_written(lines)))


def _lines(page: Any, number: int) -> Iterator[_Line]:
    """The lines of one page, in the order in which they were set."""
    made: list[_Line] = []
    line: _Line | None = None

    def visit(words: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        nonlocal line
        for index, part in enumerate(words.translate(_LIGATURES).split("\n")):
            line = None if index else line
            if not part.strip():
                continue
            x, y, letter = _placed(cm, tm, size)
            if line is None:
                line = _Line(
                    part.strip(), x, y, letter, "bold" in str((font or {}).get("/BaseFont")).lower(), number
                )
                made.append(line)
            else:
                apart = part.startswith(" ") and x - line.right > _GAP * line.size
                line.text += " | " + part.strip() if apart else part

    page.extract_text(visitor_text=visit)
    return (line for line in made if line.text.strip())


def _placed(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where on the page the words begin, from its left and its top down, and how large their letters are."""
    x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
    y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
    return x, -y, abs(size * tm[3] * cm[3])


def _written(lines: list[_Line]) -> Iterator[str]:
    if not lines:
        return
    body = Counter(round(line.size, 1) for line in lines for _ in line.text).most_common(1)[0][0]
    plain = [line for line in lines if abs(line.size - body) < 0.1]
    left = Counter(round(line.x) for line in plain for _ in line.text).most_common(1)[0][0]
    right = max(line.right for line in plain)
    step = _step(plain)
    sizes = sorted({round(line.size) for line in lines if _heads(line, body)}, reverse=True)
    before: _Line | None = None
    for line in lines:
        heads = _heads(line, body)
        begins = before is None or heads or _begins(line, before, step, left, right) or _heads(before, body)
        if begins:
            yield ""
        cells = " | " in line.text
        item = begins and not heads and not cells and line.x - left > _INDENT * body
        mark = (
            "#" * (1 + sizes.index(round(line.size))) + " "
            if heads
            else "- "
            if item and not _BULLET.match(line.text)
            else ""
        )
        yield mark + line.text.strip()
        before = line


def _heads(line: _Line, body: float) -> bool:
    if len(line.text) > _LONGEST_HEADING or " | " in line.text or line.text.rstrip()[-1:] in ".;,":
        return False
    return line.size > body * _LARGER or (line.bold and line.size >= body * 0.95)


def _begins(line: _Line, before: _Line, step: float, left: float, right: float) -> bool:
    """True if a paragraph, an item or a row begins with this line."""
    if " | " in line.text or " | " in before.text or before.text.rstrip().endswith((";", ":")):
        return True
    short = before.right - left < _SHORT * (right - left)
    if before.x - line.x > line.size * _INDENT or (short and not line.text[:1].islower()):
        return True  # a line further right after a full one hangs below its number or bullet
    return line.page == before.page and abs(line.y - before.y) > _STEP * step


def _step(lines: list[_Line]) -> float:
    """The usual distance from one line to the next below it."""
    steps = [b.y - a.y for a, b in pairwise(lines) if a.page == b.page and b.y - a.y > 1]
    return median(steps) if steps else 1.0


def _unhyphenated(words: str) -> str:
    """A word broken at a line's end made whole; its hyphen stays if both parts are words of the text."""
    known = set(re.findall(r"[^\W\d_]+", words.casefold()))

    def whole(broken: re.Match[str]) -> str:
        first, second = broken[1], broken[2]
        keeps = {first.casefold(), second.casefold()} <= known - {""} and (
            first + second
        ).casefold() not in known
        return f"{first}-{second}" if keeps else first + second

    return re.sub(r"([^\W\d_]+)[-‐]\n+([^\W\d_]+)", whole, words)
