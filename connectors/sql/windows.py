"""Unbiased samples over an integer key: windows of equal width, drawn by the seed.

Every key lies in exactly one window and every window is as likely as another, so every row is as
likely as another, whatever the gaps. Wide gaps are cut out first, or most windows would be empty.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from .batching import Row
from .delivery import Pace

#: Rows that a window is meant to hold: a few pages of the index, yet spread over the table.
RUN: Final = 8
#: Pieces that the key space is cut in to find its gaps.
PIECES: Final = 64
_ROUNDS: Final = 3
#: Windows of the first page, and the most of any.
_FIRST_WINDOWS: Final = 4
_MOST_WINDOWS: Final = 64
#: Shards of a full reading: the fewest keys of one, and the most shards.
_SHARD_KEYS: Final = 1 << 18
_MAX_SHARDS: Final = 16


@dataclass(frozen=True, slots=True)
class Span:
    """Keys from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low + 1


#: Gives for each span the tight span of the keys that are in it, or None.
Probe = Callable[[Sequence[Span]], Sequence[Span | None]]


def tighten(span: Span, rows: int | None, probe: Probe) -> list[Span]:
    """The span without its widest gaps, found by two index look-ups a piece."""
    spans = [span]
    for _ in range(_ROUNDS):
        total = sum(s.width for s in spans)
        if rows is None or total <= 2 * max(1, rows) or total <= PIECES:
            break
        step = -(-total // PIECES)
        pieces = [piece for s in spans for piece in _pieces(s, step)]
        spans = [tight for tight in probe(pieces) if tight is not None] or spans
        if sum(s.width for s in spans) * 2 > total:
            break
    return spans


def _pieces(span: Span, step: int) -> Iterator[Span]:
    for low in range(span.low, span.high + 1, step):
        yield Span(low, min(low + step - 1, span.high))


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a key space of about `rows` rows."""

    spans: tuple[Span, ...]
    rows: int | None

    @property
    def total(self) -> int:
        return sum(span.width for span in self.spans)

    @property
    def width(self) -> int:
        return max(1, RUN * self.total // max(1, self.rows or self.total))

    @property
    def count(self) -> int:
        return -(-self.total // self.width)

    def draw(self, seed: str, wanted: int) -> Iterator[list[Span]]:
        """Key ranges of windows in an order that the seed alone decides, each window once.

        Ends after eight times as many as `wanted` rows should need.
        """
        most = min(self.count, 8 * (wanted // RUN + 64))
        ends = list(accumulate(span.width for span in self.spans))
        for number in random.Random(seed).sample(range(min(self.count, sys.maxsize)), most):
            yield self._ranges(number * self.width, ends)

    def _ranges(self, start: int, ends: Sequence[int]) -> list[Span]:
        """The keys at the places from `start` on, counted over all spans."""
        stop, ranges = min(start + self.width, ends[-1]), []
        index = bisect_right(ends, start)
        while start < stop:
            span, first = self.spans[index], ends[index] - self.spans[index].width
            until = min(stop, ends[index])
            ranges.append(Span(span.low + start - first, span.low + until - first - 1))
            start, index = until, index + 1
        return ranges


def read_windows(
    drawn: Iterable[Sequence[Span]], fetch: Callable[[Sequence[Span]], Sequence[Row]], pace: Pace
) -> Iterator[Sequence[Row]]:
    """The rows of the windows, a few windows a page: the more, the fewer bytes the last ones had."""
    ranges: list[Span] = []
    size = _FIRST_WINDOWS
    for window in drawn:
        ranges.extend(window)
        if len(ranges) >= size:
            page = fetch(ranges)
            yield page
            density = max(1.0, len(page) / len(ranges))
            size = max(1, min(_MOST_WINDOWS, size * 4, int(pace.after(page) / density)))
            ranges = []
    if ranges:
        yield fetch(ranges)


def condition(key: str, ranges: Sequence[Span]) -> str:
    """`WHERE` for the ranges; `key` is quoted already."""
    ordered = sorted(ranges, key=lambda span: span.low)
    return "WHERE " + " OR ".join(f"{key} BETWEEN {span.low} AND {span.high}" for span in ordered)


def shard_bounds(span: Span) -> list[tuple[int, int | None]]:
    """Shards as (start, stop) keys; the first also takes what lies below, the last what lies above.

    Bounds are multiples of a power of two: they tell no more of the keys than their size, and stay
    where they are while the table grows.
    """
    width = _SHARD_KEYS
    while span.high // width - span.low // width + 1 > _MAX_SHARDS:
        width *= 2
    starts = range(span.low // width * width, span.high + 1, width)
    return [(s, s + width) for s in starts[:-1]] + [(starts[-1], None)]
