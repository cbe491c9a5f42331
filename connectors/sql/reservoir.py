"""An unbiased sample of a stream of unknown length: one pass, bounded memory."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from .batching import Row


class Reservoir:
    """Keeps `rows` rows, each as likely as another (Vitter's algorithm R, 1985).

    When the kept rows grow beyond `size` bytes, a random half of them stays.
    """

    def __init__(self, seed: str, rows: int, size: int) -> None:
        self._draw = random.Random(seed)
        self._most = rows
        self._limit = size
        self._kept: list[tuple[int, Row]] = []
        self._size = self.seen = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        place = self._draw.randrange(self.seen + 1)
        if len(self._kept) < self._most:
            self._kept.append((self.seen, row))
            self._size += width(row)
        elif place < self._most:
            self._size += width(row) - width(self._kept[place][1])
            self._kept[place] = (self.seen, row)
        self.seen += 1
        if self._size > self._limit and len(self._kept) > 1:
            self._halve()

    def _halve(self) -> None:
        self._most = len(self._kept) // 2
        self._kept = self._draw.sample(self._kept, self._most)
        self._size = sum(width(row) for _, row in self._kept)

    def rows(self) -> Sequence[Row]:
        """The kept rows in the order they came."""
        return [row for _, row in sorted(self._kept, key=lambda pair: pair[0])]


def width(row: Row) -> int:
    """Characters and bytes of the row's long cells."""
    return sum(len(cell) for cell in row if isinstance(cell, str | bytes))
