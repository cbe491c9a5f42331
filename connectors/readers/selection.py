"""Chooses rows: all of them, or an unbiased sample in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Note, Plan

T = TypeVar("T")
_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_HELD: Final = 64 << 20  # characters that a sample may hold


def priority(ordinal: int, seed: int) -> int:
    """splitmix64 (Steele et al., 2014) of an ordinal and a seed: 64 even bits."""
    mixed = (ordinal + (seed + 1) * _GOLDEN) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


class Sample(Generic[T]):
    """The `plan.rows` rows of the smallest hashes of seed and ordinal; in full mode every row.

    Each row is as likely as any other, and the choice depends on nothing but seed and ordinal.
    """

    def __init__(self, plan: Plan, weigh: Callable[[T], int]) -> None:
        self._plan, self._weigh = plan, weigh
        self.seen = self.left_out = 0
        self.partial = ""  # why some rows were never seen, if so

    def pick(self, rows: Iterable[tuple[int, T]]) -> Iterator[tuple[int, T]]:
        """The chosen rows in the order of their ordinals."""
        if self._plan.mode == "full":
            for pair in rows:
                self.seen += 1
                yield pair
            return
        held: list[tuple[int, int, int, T]] = []
        weight = 0
        for ordinal, row in rows:
            self.seen += 1
            entry = (-priority(ordinal, self._plan.seed), self.seen, ordinal, row)
            if len(held) >= self._plan.rows and entry < held[0]:
                self.left_out += 1
                continue
            heapq.heappush(held, entry)
            weight += self._weigh(row)
            while len(held) > self._plan.rows or (weight > _HELD and len(held) > 1):
                weight -= self._weigh(heapq.heappop(held)[3])
                self.left_out += 1
        for _, _, ordinal, row in sorted(held, key=lambda entry: entry[1]):
            yield ordinal, row

    def notes(self) -> Iterator[Note]:
        """Says that rows were left out, if so; `total` is told where all of them were seen."""
        if self.partial:
            yield Note(self.partial, sampled=True)
        elif self.left_out:
            yield Note(sampled=True, total=self.seen)


class Held(Generic[T]):
    """Ends an iteration where a SourceError cuts it and keeps the error for the end."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self.error: SourceError | None = None

    def __iter__(self) -> Iterator[T]:
        try:
            yield from self._items
        except SourceError as error:
            self.error = error

    def finish(self, count: int, unit: str) -> None:
        """Raises the error that was kept, with what was read before it."""
        if self.error is None:
            return
        reason = f"{self.error.reason}: {count} {unit} were read before" if count else self.error.reason
        raise type(self.error)(reason, self.error.hint, self.error.detail)
