"""A stretch of a text that says something about a person."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` count characters, half-open; `category` is a key of the taxonomy.

    `detector` is a short id, `confidence` lies between 0 and 1. A span never holds the text itself.
    """

    start: int
    end: int
    category: str
    detector: str
    confidence: float

    def moved(self, offset: int) -> Span:
        """The same stretch in a text that begins so many characters earlier."""
        return replace(self, start=self.start + offset, end=self.end + offset) if offset else self

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, by place: the longer one stays, then the surer one.

    What is left of a tie is settled by place, category and detector, so that the order of `spans`
    doesn't matter.
    """
    kept: list[Span] = []
    for span in sorted(set(spans), key=_rank):
        index = bisect(kept, span.start, key=_start)
        if not any(span.overlaps(other) for other in kept[max(0, index - 1) : index + 1]):
            kept.insert(index, span)
    return kept


def _start(span: Span) -> int:
    return span.start


def _rank(span: Span) -> tuple[int, float, int, str, str]:
    return span.start - span.end, -span.confidence, span.start, span.category, span.detector
