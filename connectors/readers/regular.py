"""Blocks of a delimited file whose rows leave no doubt, parsed at once; others are left to `csv`.

A block is regular if its quoting is that of RFC 4180, its rows have one width, none is blank or longer
than a window, and its bytes are UTF-8. Of such rows `csv` and Arrow make the same cells.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from .lines import WINDOW

_QUOTE: Final = ord('"')
_NEWLINE: Final = ord("\n")
_RETURN: Final = ord("\r")
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one width: string columns (null for blank cells), and the line that each row starts in.

    `size` bytes and `lines` line ends of the file were used up by it; `counted` are its `characters`.
    """

    table: pa.RecordBatch = field(repr=False)
    ordinals: Ints = field(repr=False)
    size: int = 0
    lines: int = 0
    counted: int | None = None

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def width(self) -> int:
        return int(self.table.num_columns)

    @property
    def characters(self) -> int:
        """Characters of all cells, and one more for each."""
        if self.counted is not None:
            return self.counted
        total = sum(pc.sum(pc.utf8_length(column)).as_py() or 0 for column in self.table.columns)
        return int(total) + self.width * len(self)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows one by one, as `csv` gives them."""
        columns = [column.fill_null("").to_pylist() for column in self.table.columns]
        for ordinal, cells in zip(self.ordinals.tolist(), zip(*columns, strict=True), strict=True):
            yield ordinal, list(cells)

    def take(self, rows: Ints) -> Block:
        return Block(self.table.take(pa.array(rows)), self.ordinals[rows])

    def slice(self, start: int, count: int) -> Block:
        if not start and count >= len(self):
            return self
        end = start + count
        return Block(self.table.slice(start, count), self.ordinals[start:end])


def parse(data: bytes, delimiter: str, number: int) -> Block | None:
    """The whole rows that `data` begins with, the first in line `number`; None if one is not regular.

    `data` begins where a row begins and ends with a line end; a row that goes on behind it is left.
    """
    if b"\0" in data or data.startswith(codecs.BOM_UTF8) or _lone_returns(data):
        return None
    view = np.frombuffer(data, np.uint8)
    lines = np.flatnonzero(view == _NEWLINE)
    quotes = np.flatnonzero(view == _QUOTE) if b'"' in data else lines[:0]
    outside = np.flatnonzero(np.searchsorted(quotes, lines) % 2 == 0)
    if not len(outside):
        return None
    ends = lines[outside]
    size = int(ends[-1]) + 1
    quotes = quotes[: np.searchsorted(quotes, size)]
    if _odd_rows(view, ends) or not _well_quoted(view, quotes, ord(delimiter)):
        return None
    used = int(outside[-1]) + 1
    width = _width(view[: ends[0]], quotes, ord(delimiter))
    table = _table(pa.py_buffer(data).slice(0, size), delimiter, width, bool(len(quotes)), used > len(ends))
    if table is None or table.num_rows != len(ends):
        return None
    starts = np.concatenate(([0], outside[:-1] + 1))
    return Block(table, number + starts, size, used, _count(view[:size], quotes, ends))


def _lone_returns(data: bytes) -> bool:
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _count(view: Any, quotes: Ints, ends: Ints) -> int:
    """Characters of cells and one for each: that of the delimiter or line end behind it."""
    characters = len(view) - int(((view & 0xC0) == 0x80).sum())
    doubled = int((quotes[2::2] == quotes[1:-1:2] + 1).sum())
    return characters - len(quotes) + doubled - int((view[ends - 1] == _RETURN).sum())


def _odd_rows(view: Any, ends: Ints) -> bool:
    """True if a row is blank or longer than a window."""
    lengths = np.diff(ends, prepend=-1)
    blank = (lengths == 1) | ((lengths == 2) & (view[ends - 1] == _RETURN))
    return bool(blank.any()) or int(lengths.max()) > WINDOW


def _well_quoted(view: Any, quotes: Ints, delimiter: int) -> bool:
    """True if every quote opens a cell, closes one, or is one half of a doubled one."""
    if not len(quotes):
        return True
    opening, closing = quotes[::2], quotes[1::2]
    doubled = opening[1:] == closing[:-1] + 1
    before, after = view[opening - 1], view[closing + 1]
    opens = (before == delimiter) | (before == _NEWLINE) | (opening == 0)
    closes = (after == delimiter) | (after == _NEWLINE) | (after == _RETURN)
    opens[1:] |= doubled
    closes[:-1] |= doubled
    return bool(opens.all() and closes.all())


def _width(first: Any, quotes: Ints, delimiter: int) -> int:
    """Cells of the first row."""
    places = np.flatnonzero(first == delimiter)
    return 1 + int((np.searchsorted(quotes, places) % 2 == 0).sum())


def _table(data: pa.Buffer, delimiter: str, width: int, quoted: bool, folded: bool) -> pa.RecordBatch | None:
    """The rows as string columns; None if they are not of that width or no UTF-8."""
    names = [str(index) for index in range(width)]
    try:
        table = pcsv.read_csv(
            data,
            pcsv.ReadOptions(use_threads=False, block_size=data.size + 1, column_names=names),
            pcsv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quoted else False, newlines_in_values=folded
            ),
            pcsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    batches = table.combine_chunks().to_batches()
    return batches[0] if len(batches) == 1 else None
