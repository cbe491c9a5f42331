"""Batches of rows under a header, whether they come one by one or as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pii_scan.core.model import LOCATOR, Batch, Dataset

from .batching import BATCH_CHARS
from .naming import distinct
from .regular import Block, Ints
from .tables import Header, Piece

_EXTRA: Final = 100  # columns that a ragged row may add


def batches(dataset: Dataset, rows: Iterable[Piece], limit: int) -> Iterator[Batch]:
    """Batches of at most `limit` rows that stand under the same header."""
    held = _Held(Header(()))
    for item in rows:
        if isinstance(item, tuple):
            ordinal, (header, cells) = item
            if held.rows and held.ends(header, 1, limit):
                yield held.batch(dataset)
                held = _Held(header)
            held.header = header
            held.add_row(ordinal, cells)
            continue
        for start in range(0, len(item.block), limit):
            block = item.block.slice(start, limit)
            if held.rows and held.ends(item.header, len(block), limit):
                yield held.batch(dataset)
                held = _Held(item.header)
            held.header = item.header
            held.add_block(block)
    if held.rows:
        yield held.batch(dataset)


@dataclass(slots=True)
class _Held:
    """The rows of the next batch; `size` is their characters, and one more for each cell."""

    header: Header
    rows: int = 0
    size: int = 0
    _ordinals: list[int] = field(default_factory=list)
    _cells: list[list[str]] = field(default_factory=list)
    _pieces: list[tuple[list[pa.Array], Ints]] = field(default_factory=list)

    def ends(self, header: Header, count: int, limit: int) -> bool:
        """True if so many rows under the header belong to the next batch."""
        return header is not self.header or self.rows + count > limit or self.size >= BATCH_CHARS

    def add_row(self, ordinal: int, row: list[str]) -> None:
        cells = _bounded(row, len(self.header.names))
        self._ordinals.append(ordinal)
        self._cells.append(cells)
        self.rows += 1
        self.size += sum(map(len, cells)) + len(cells)

    def add_block(self, block: Block) -> None:
        self._settle()
        self._pieces.append((block.table.columns, block.ordinals))
        self.rows += len(block)
        self.size += block.characters

    def _settle(self) -> None:
        """The rows that came one by one as columns; blank cells become null."""
        if not self._cells:
            return
        columns = [
            pa.array([cell if cell else None for cell in column], pa.string())
            for column in zip_longest(*self._cells, fillvalue="")
        ]
        self._pieces.append((columns, np.array(self._ordinals, np.int64)))
        self._ordinals, self._cells = [], []

    def batch(self, dataset: Dataset) -> Batch:
        self._settle()
        names = self.header.names
        width = max(len(names), *(len(columns) for columns, _ in self._pieces))
        extra = (f"extra_{number}" for number in range(1, width + 1))
        paths = tuple((name,) for name in distinct((*names, *islice(extra, width - len(names)))))
        arrays: list[Any] = [self._column(number) for number in range(width)]
        arrays.append(pa.array(np.concatenate([ordinals for _, ordinals in self._pieces]), pa.int64()))
        table = pa.RecordBatch.from_arrays(arrays, names=[*map(str, range(width)), LOCATOR])
        return Batch(dataset, table, paths, self.size)

    def _column(self, number: int) -> pa.Array:
        """One column of all pieces, which give theirs up: a batch is not held twice."""
        parts = []
        for columns, ordinals in self._pieces:
            if number < len(columns):
                parts.append(columns[number])
                columns[number] = None
            else:
                parts.append(pa.nulls(len(ordinals), pa.string()))
        return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)


def _bounded(row: list[str], width: int) -> list[str]:
    """The row; cells that are too many are joined."""
    widest = width + _EXTRA
    if len(row) > widest:
        return [*row[: widest - 1], " ".join(row[widest - 1 :])]
    return row
