"""Counts hits by column and key: rows that hold one, rows that are one, and a few places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..core.profile import PLACES, Hits
from .cells import Column, Ints
from .hits import Found


def _hits(column: Column, parts: Sequence[tuple[str, bool, Ints]]) -> Hits:
    """Of one key: the cells with a hit by detector, and whether they are one as a whole."""
    # The rows of a cell are all that have its text: asked for once, not for each text.
    rows = _rows(column, [cells for _, _, cells in parts])
    whole = _rows(column, [cells for _, is_whole, cells in parts if is_whole])
    first = np.partition(rows, PLACES)[:PLACES] if len(rows) > PLACES else rows
    places = tuple(sorted(set(first.tolist())))
    return Hits(len(rows), len(whole), "+".join(sorted({name for name, _, _ in parts})), places)


def _rows(column: Column, cells: Sequence[Ints]) -> Ints:
    return column.rows_once(np.concatenate([*cells, np.zeros(0, np.int64)]))


class Tally:
    """Takes what was found in cells; in sub-fields, where a row has several, a row counts once a key."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._entries: dict[tuple[int, str], list[tuple[str, bool, Ints]]] = defaultdict(list)

    def add(self, column: int, key: str, detector: str, cells: Ints, whole: bool) -> None:
        """`column` is an index into the columns, `cells` are of it, each given once a key."""
        if len(cells):
            self._entries[column, key].append((detector, whole, cells))

    def found(self) -> Iterator[tuple[int, Found, Ints]]:
        """What was added, with the index of the column."""
        for (index, key), parts in self._entries.items():
            for detector, whole, cells in parts:
                yield index, (key, detector, whole), cells

    def hits(self) -> dict[int, Mapping[str, Hits]]:
        """By the number of the column."""
        found: dict[int, dict[str, Hits]] = defaultdict(dict)
        for (index, key), parts in sorted(self._entries.items(), key=lambda entry: entry[0]):
            column = self._columns[index]
            found[column.number][key] = _hits(column, parts)
        return dict(found)
