"""Long texts in pieces that a model can take: cut between paragraphs, lines, sentences or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: Characters of a piece at most: a model's time and memory grow with it.
LONGEST: Final = 2_000
#: Where a text is best cut, the best first; each is sought in the last part of the piece.
_CUTS: Final = tuple(
    re.compile(regex) for regex in (r"\n\s*\n", r"\n", r"[.!?…][\"')\]»]?\s", r"[;,:]\s", r"\s")
)
_LAST: Final = 0.5


def pieces(text: str, longest: int = LONGEST) -> Iterator[tuple[int, str]]:
    """The offset and the text of each piece; together they are the text."""
    start = 0
    while len(text) - start > longest:
        end = _cut(text, start, start + longest)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _cut(text: str, start: int, stop: int) -> int:
    """The end of the best cut in the last part of the piece, or its end if there is none."""
    floor = start + int((stop - start) * _LAST)
    for cut in _CUTS:
        ends = [match.end() for match in cut.finditer(text, floor, stop)]
        if ends:
            return ends[-1]
    return stop
