"""Texts that came in earlier batches are not sought in again: what a text holds depends on it alone.

Of a column in which texts repeat, the batches hold much the same texts. What was found in each is kept by a
keyed hash of its bytes, apart for each set of rules that a column's name speaks for and each set of plain
shapes that are passed over. A text on which a limit had a say depends on its batch, and is not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from ..core.profile import Hits
from . import arrow
from .cells import Column, Ints
from .fingerprint import WHOLE, Fingerprints, Words
from .hits import Found
from .seek import Prints, Search, Seeker
from .tally import Tally

#: Texts that are known at a time, at 16 bytes each.
_KEPT: Final = 1 << 17
_BITS: Final = 64
Situation = tuple[frozenset[str], tuple[str, ...]]


@dataclass
class _Known:
    """What texts hold: `bits` tell which of `found`, by their hashes, which are ascending."""

    found: list[Found] = field(default_factory=list)
    hashes: Words = field(default_factory=lambda: np.zeros(0, np.uint64), repr=False)
    bits: Words = field(default_factory=lambda: np.zeros(0, np.uint64), repr=False)

    def __len__(self) -> int:
        return len(self.hashes)

    def of(self, hashes: Words) -> tuple[Any, Words]:
        """True for hashes that are known, and the bits of those."""
        if not len(self):
            return np.zeros(len(hashes), bool), hashes[:0]
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self) - 1)
        known = self.hashes[places] == hashes
        return known, self.bits[places[known]]

    def bit(self, found: Found) -> int | None:
        """The bit of a finding; None if there are more than there are bits."""
        if found not in self.found:
            if len(self.found) == _BITS:
                return None
            self.found.append(found)
        return self.found.index(found)

    def learn(self, hashes: Words, bits: Words) -> None:
        """Texts that are not known yet."""
        both = np.concatenate([self.hashes, hashes])
        both, first = np.unique(both, return_index=True)
        self.hashes, self.bits = both, np.concatenate([self.bits, bits])[first]


class _Part(NamedTuple):
    """A column's cells that are sought in (`new`, as `column`), and what the `old` ones hold."""

    column: Column
    new: Ints | None = None
    old: Ints | None = None
    bits: Words | None = None
    known: _Known | None = None
    hashes: Words | None = None

    def recalled(self) -> Iterator[tuple[Found, Ints]]:
        """What is known of the old cells."""
        if self.old is None or self.bits is None or self.known is None:
            return
        seen = int(np.bitwise_or.reduce(self.bits)) if len(self.bits) else 0
        for place, found in enumerate(self.known.found):
            if seen >> place & 1:
                yield found, self.old[self.bits >> np.uint64(place) & np.uint64(1) != 0]

    def place(self, cells: Ints) -> Ints:
        """Cells that were sought in, as those of the batch's column."""
        return cells if self.new is None else self.new[cells]


@dataclass(frozen=True)
class Recalling:
    """A seeker that remembers; the results are those of the seeker."""

    seeker: Seeker
    prints: Fingerprints = field(repr=False)
    _known: OrderedDict[Situation, _Known] = field(default_factory=OrderedDict, repr=False)

    def seek(
        self, columns: Sequence[Column], hinted: Mapping[int, frozenset[str]], prints: Prints
    ) -> dict[int, Mapping[str, Hits]]:
        """As the seeker's."""
        parts = [self._part(column, hinted.get(column.number, frozenset())) for column in columns]
        some = {
            part.column.number: prints[part.column.number] if part.new is None
            else np.asarray(prints[part.column.number])[part.new]
            for part in parts
        }  # fmt: skip
        search = self.seeker.search([part.column for part in parts], hinted, some)
        tally = Tally(columns)
        for index, part in enumerate(parts):
            for (key, detector, whole), cells in part.recalled():
                tally.add(index, key, detector, cells, whole)
        for index, (key, detector, whole), cells in search.tally.found():
            tally.add(index, key, detector, parts[index].place(cells), whole)
        self._learn(parts, search)
        return tally.hits()

    def _part(self, column: Column, named: frozenset[str]) -> _Part:
        """The column, or what of it is new; texts that repeat little are all taken to be new."""
        if column.codes is None or column.templates:
            return _Part(column)
        known = self._of((named, tuple(sorted(set(column.notes.get("plain", ()))))))
        hashes = self.prints.exact(column)
        told, bits = known.of(hashes)
        short = column.lengths <= WHOLE
        if not short.all():
            bits = bits[short[told]]
            told &= short
        if not told.any():
            return _Part(column, None, None, None, known, hashes)
        new = np.flatnonzero(~told)
        array = column.array.take(arrow.numbers(new))
        rest = Column(column.number, column.path, np.zeros(len(new), np.int64), array, column.inner)
        rest.notes["plain"] = column.notes.get("plain", ())
        return _Part(rest, new, np.flatnonzero(told), bits, known, hashes[new])

    def _of(self, situation: Situation) -> _Known:
        known = self._known.setdefault(situation, _Known())
        self._known.move_to_end(situation)
        return known

    def _learn(self, parts: Sequence[_Part], search: Search) -> None:
        learning = {n: np.zeros(len(p.column), np.uint64) for n, p in enumerate(parts) if p.known is not None}
        sure = {index: parts[index].column.lengths <= WHOLE for index in learning}
        for index, cells in search.limited():
            if index in sure:
                sure[index][cells] = False
        for index, found, cells in search.tally.found():
            known = parts[index].known
            if known is not None:
                bit = known.bit(found)
                if bit is None:
                    sure[index][cells] = False
                else:
                    learning[index][cells] |= np.uint64(1 << bit)
        for index, bits in learning.items():
            known, hashes = parts[index].known, parts[index].hashes
            if known is not None and hashes is not None and sure[index].any():
                known.learn(hashes[sure[index]], bits[sure[index]])
        self._forget()

    def _forget(self) -> None:
        """Lets go of what was not asked for the longest."""
        total = sum(map(len, self._known.values()))
        while total > _KEPT and self._known:
            _, known = self._known.popitem(last=False)
            total -= len(known)
