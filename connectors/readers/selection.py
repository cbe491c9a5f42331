"""Chooses rows: all of them, or an unbiased sample in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Note, Plan

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound="Many[Any]")
Ints = np.ndarray[Any, np.dtype[np.int64]]
_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_HELD: Final = 64 << 20  # characters that a sample may hold


def priority(ordinal: int, seed: int) -> int:
    """splitmix64 (Steele et al., 2014) of an ordinal and a seed: 64 even bits."""
    mixed = (ordinal + (seed + 1) * _GOLDEN) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def priorities(ordinals: Ints, seed: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """`priority` of many ordinals at once."""
    mixed = ordinals.astype(np.uint64) + np.uint64(((seed + 1) * _GOLDEN) & _MASK)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


class Many(Protocol[T_co]):
    """Rows that come as one."""

    @property
    def ordinals(self) -> Ints: ...

    def pick(self, rows: Ints) -> Iterator[tuple[int, T_co]]:
        """Some of the rows, one by one."""
        ...


class Sample(Generic[T]):
    """The `plan.rows` rows of the smallest hashes of seed and ordinal; in full mode every row.

    Each row is as likely as any other, and the choice depends on nothing but seed and ordinal.
    """

    def __init__(self, plan: Plan, weigh: Callable[[T], int]) -> None:
        self._plan, self._weigh = plan, weigh
        self.seen = self.left_out = 0
        self.partial = ""  # why some rows were never seen, if so
        self._held: list[tuple[int, int, int, T]] = []
        self._weight = 0

    def pick(self, rows: Iterable[tuple[int, T]]) -> Iterator[tuple[int, T]]:
        """The chosen rows in the order of their ordinals."""
        return self.pick_any(rows)

    def pick_any(self, items: Iterable[tuple[int, T] | M]) -> Iterator[tuple[int, T] | M]:
        """The same for rows that partly come as one; in full mode they are given as they come."""
        if self._plan.mode == "full":
            for item in items:
                self.seen += 1 if isinstance(item, tuple) else len(item.ordinals)
                yield item
            return
        for item in items:
            if isinstance(item, tuple):
                self.seen += 1
                self._hold(self.seen, *item)
            else:
                self._hold_of(item)
        for _, _, ordinal, row in sorted(self._held, key=lambda entry: entry[1]):
            yield ordinal, row

    def _hold_of(self, many: Many[T]) -> None:
        """Holds what is chosen of the rows; those that surely aren't are never made one by one."""
        rows = np.arange(len(many.ordinals))
        if len(self._held) >= self._plan.rows:
            rows = rows[priorities(many.ordinals, self._plan.seed) <= np.uint64(-self._held[0][0])]
            self.left_out += len(many.ordinals) - len(rows)
        for position, pair in zip(rows.tolist(), many.pick(rows), strict=True):
            self._hold(self.seen + position + 1, *pair)
        self.seen += len(many.ordinals)

    def _hold(self, place: int, ordinal: int, row: T) -> None:
        held, most = self._held, self._plan.rows
        entry = (-priority(ordinal, self._plan.seed), place, ordinal, row)
        if len(held) >= most and entry < held[0]:
            self.left_out += 1
            return
        heapq.heappush(held, entry)
        self._weight += self._weigh(row)
        while len(held) > most or (self._weight > _HELD and len(held) > 1):
            self._weight -= self._weigh(heapq.heappop(held)[3])
            self.left_out += 1

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

    def finish(self, sample: Sample[Any], unit: str) -> None:
        """Raises the error that was kept, with what was read before it."""
        if self.error is None:
            return
        reason = self.error.reason
        if sample.seen:
            kept = f", of which {sample.seen - sample.left_out} were sampled" if sample.left_out else ""
            reason = f"{reason}: {sample.seen} {unit} were read before{kept}"
        raise type(self.error)(reason, self.error.hint, self.error.detail)
