"""Counts hits by column and key: rows that hold one, rows that are one, and a few places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.profile import PLACES, Hits
from .cells import Column, Ints


@dataclass
class _Entry:
    """Cells with a hit, and those that are one as a whole."""

    cells: list[Ints] = field(default_factory=list)
    whole: list[Ints] = field(default_factory=list)
    detectors: set[str] = field(default_factory=set)

    def hits(self, column: Column) -> Hits:
        # The rows of a cell are all that have its text: asked for once, not for each text.
        rows, whole = _rows(column, self.cells), _rows(column, self.whole)
        first = np.partition(rows, PLACES)[:PLACES] if len(rows) > PLACES else rows
        places = tuple(sorted(set(first.tolist())))
        return Hits(len(rows), len(whole), "+".join(sorted(self.detectors)), places)


def _rows(column: Column, cells: Sequence[Ints]) -> Ints:
    rows = column.rows_of(np.concatenate([*cells, np.zeros(0, np.int64)]))
    return np.unique(rows) if column.inner else rows


class Tally:
    """Takes what was found in cells; in sub-fields, where a row has several, a row counts once a key."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._entries: dict[tuple[int, str], _Entry] = defaultdict(_Entry)

    def add(self, column: int, key: str, detector: str, cells: Ints, whole: bool) -> None:
        """`column` is an index into the columns, `cells` are of it, each given once a key."""
        if len(cells):
            entry = self._entries[column, key]
            entry.cells.append(cells)
            entry.detectors.add(detector)
            if whole:
                entry.whole.append(cells)

    def hits(self) -> dict[int, Mapping[str, Hits]]:
        """By the number of the column."""
        found: dict[int, dict[str, Hits]] = defaultdict(dict)
        for (index, key), entry in sorted(self._entries.items()):
            column = self._columns[index]
            found[column.number][key] = entry.hits(column)
        return dict(found)
