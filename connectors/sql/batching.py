"""Pages of rows become batches whose borders do not depend on the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pii_scan.core.model import LOCATOR, Batch, Field, Shard

from .continuing import Continuing, Long, Rest
from .text import CAP, column, cut, from_text

Row = Sequence[object]
#: Rows as a driver gives them, or already as Arrow strings (binary values in hexadecimal).
Page: TypeAlias = Sequence[Row] | pa.RecordBatch
#: Most bytes of text a batch.
MAX_BATCH_BYTES: Final = 16 << 20
#: Most cells a batch: each takes a few bytes besides its text.
MAX_BATCH_CELLS: Final = 4 << 20
#: The ordinals of shard k start behind k times this.
SHARD_STRIDE: Final = 10**9


class Batcher:
    """Collects pages and gives batches of `plan.batch_rows` rows, or fewer of wide ones."""

    def __init__(
        self, shard: Shard, fields: Sequence[Field], from_bytes: Callable[[bytes], str | None]
    ) -> None:
        self._shard = shard
        self._fields = tuple(fields)
        self._from_bytes = from_bytes
        self._most = max(1, min(shard.plan.batch_rows, MAX_BATCH_CELLS // max(1, len(fields))))
        names = [(f"c{i}", pa.string()) for i in range(len(fields))]
        self._schema = pa.schema([*names, (LOCATOR, pa.int64())])
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = self._pending_bytes = 0
        self._next = shard.index * SHARD_STRIDE + 1
        self._long: dict[int, list[Long]] = {}
        self.rows = self.bytes = self.cut = self.continued = 0

    def add(self, rows: Page) -> Iterator[Batch]:
        """The batches that the page completes. Rows may have more cells than there are fields."""
        count = len(rows)
        if not count:
            return
        page = self._page(rows, count)
        sizes = _row_bytes(page)
        self.rows += count
        self.bytes += int(sizes.sum())
        start = 0
        while start < count:
            take = self._room(sizes[start:])
            self._pending.append(page.slice(start, take))
            self._pending_rows += take
            self._pending_bytes += int(sizes[start : start + take].sum())
            start += take
            if self._full():
                yield from self.flush()

    def _page(self, rows: Page, count: int) -> pa.RecordBatch:
        arrays = []
        for index, (whole, wide) in enumerate(self._columns(rows)):
            texts, longer = cut(whole)
            arrays.append(texts)
            if longer or wide:
                self._note(index, longer, wide)
        ordinals = pa.array(np.arange(self._next, self._next + count, dtype=np.int64))
        self._next += count
        return pa.RecordBatch.from_arrays([*arrays, ordinals], schema=self._schema)

    def _note(self, index: int, longer: Sequence[int], wide: Sequence[int]) -> None:
        """Remembers the long values of a column; `wide` are binary ones, of which some are no text."""
        self.cut += len(longer)
        told = set(longer)
        long = self._long.setdefault(index, [])
        long += [Long(self._next + place, place in told) for place in sorted(told.union(wide))]

    def _columns(self, rows: Page) -> Iterator[tuple[pa.Array, Sequence[int]]]:
        """Every column, and the places of its long binary values."""
        if isinstance(rows, pa.RecordBatch):
            for field, texts in zip(self._fields, rows.columns, strict=False):
                signs = texts.to_pylist() if field.type == "binary" else ()
                yield from_text(texts, field.type), _wide(signs, field, 2 * CAP)
        else:
            for field, values in zip(self._fields, zip(*rows, strict=True), strict=False):
                yield column(values, field.type, self._from_bytes), _wide(values, field, CAP)

    def read_on(self, rest: Rest) -> Iterator[Batch]:
        """What follows in the long values of the pages since the last time; they no longer count as cut."""
        long, self._long = self._long, {}
        for index, values in long.items():
            told = sum(value.told for value in values)
            if told:
                part = Continuing(self._shard.dataset, index, self._fields[index], self._from_bytes)
                for batch in part.batches(rest, values):
                    self.bytes += batch.bytes
                    yield batch
                self.cut -= part.read
                self.continued += part.read

    def _room(self, sizes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
        """How many of the next rows fit, at least one."""
        rows = self._most - self._pending_rows
        fit = int(np.searchsorted(np.cumsum(sizes), MAX_BATCH_BYTES - self._pending_bytes, side="right"))
        return min(max(1, fit), rows, len(sizes))

    def _full(self) -> bool:
        return self._pending_rows >= self._most or self._pending_bytes >= MAX_BATCH_BYTES

    def flush(self) -> Iterator[Batch]:
        """What is left, as one batch."""
        if not self._pending_rows:
            return
        whole = pa.Table.from_batches(self._pending, self._schema).combine_chunks().to_batches()
        paths = tuple(field.path for field in self._fields)
        size = self._pending_bytes
        self._pending, self._pending_rows, self._pending_bytes = [], 0, 0
        yield Batch(self._shard.dataset, whole[0], paths, size)


def _wide(values: Sequence[object], field: Field, most: int) -> Sequence[int]:
    """The places of the binary values of more than `most` bytes or signs."""
    if field.type != "binary":
        return ()
    return [i for i, cell in enumerate(values) if isinstance(cell, bytes | str) and len(cell) > most]


def _row_bytes(page: pa.RecordBatch) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """UTF-8 bytes of every row, without the locator."""
    total = np.zeros(page.num_rows, dtype=np.int64)
    for array in page.columns[:-1]:
        total += pc.fill_null(pc.binary_length(array), 0).to_numpy(zero_copy_only=False)
    return total
