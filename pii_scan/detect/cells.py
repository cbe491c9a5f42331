"""A batch as columns of text: Arrow's bytes and offsets, without what is blank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from ..core.model import LOCATOR, Batch
from . import arrow, needs, repeats

Path = tuple[str, ...]
Ints = np.ndarray[Any, np.dtype[np.int64]]
_SPACE: Final = 32
#: Every ASCII digit as 0; what a cell has of digits, of other characters and of length stays.
MASK: Final = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
#: Columns of lines: so many cells, so many bytes in the middle, and of so many of them at most such a share
#: that differ once their digits are masked.
_MANY: Final = 2_000
_LINE: Final = 40
_SAMPLE: Final = 1_000
_ALIKE: Final = 0.8


class Templates(NamedTuple):
    """What the lines of a log repeat: texts with masked digits (`forms`), and which of them each cell has.

    A cell has of its form the length, the places of its digits and all other characters. Forms may be more
    than the cells have, and may be given twice.
    """

    forms: Column
    codes: Ints

    def where(self, forms: Ints) -> Ints:
        """The cells of some forms."""
        chosen = np.zeros(len(self.forms), bool)
        chosen[forms] = True
        return np.flatnonzero(chosen[self.codes])


@dataclass
class Column:
    """The cells of one field path that hold something: their text and the ordinals of their rows.

    `inner` columns are sub-fields: a row may have several cells in them. Where few texts repeat, a cell
    stands for all equal ones: `codes` is then the cell of each of `rows`, otherwise there is one row a cell.
    The forms of lines (`templates`) are those of cells: of repeated lines each text is a cell once, and the
    cells share forms.
    """

    number: int
    path: Path
    rows: Ints = field(repr=False)
    array: pa.StringArray = field(repr=False)
    inner: bool = False
    codes: Ints | None = field(default=None, repr=False)
    #: What has been found out about the cells, by name; each is asked for by several rules.
    notes: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, number: int, path: Path, rows: Ints, array: pa.Array, inner: bool = False) -> Column:
        """The column without null and blank cells."""
        if array.null_count:
            rows, array = rows[pl.Series(pl.from_arrow(array)).is_not_null().to_numpy()], array.drop_null()
        column = cls(number, path, rows, array, inner)
        if repeats.many(array):
            column = column.condensed()
        blank = column._blank()
        return column.only(np.flatnonzero(~blank)) if blank.any() else column

    def _blank(self) -> Any:
        """True for cells of nothing but space."""
        blank = self.lengths == 0
        starts = self.offsets[:-1][~blank]
        if (self.data[starts] <= _SPACE).any() or (self.data[starts] > 127).any():
            blank |= ~self.series.str.contains(r"\S").to_numpy()
        return blank

    def __len__(self) -> int:
        return len(self.array)

    @cached_property
    def offsets(self) -> Ints:
        """Where each text starts in `data`, and the end of the last."""
        buffer = self.array.buffers()[1]
        if buffer is None or not len(self.array):
            return np.zeros(1, np.int64)
        raw = np.frombuffer(buffer, np.int32)[self.array.offset : self.array.offset + len(self.array) + 1]
        return raw.astype(np.int64) - int(raw[0])

    @cached_property
    def data(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The UTF-8 bytes of all texts, one behind the other."""
        offsets, buffer = self.array.buffers()[1:3]
        if buffer is None or not len(self.array):
            return np.zeros(0, np.uint8)
        raw = np.frombuffer(offsets, np.int32)
        start, stop = int(raw[self.array.offset]), int(raw[self.array.offset + len(self.array)])
        return np.frombuffer(buffer, np.uint8)[start:stop]

    @cached_property
    def lengths(self) -> Ints:
        """Bytes of each text."""
        return np.diff(self.offsets)

    @cached_property
    def series(self) -> pl.Series:
        return pl.Series("t", pl.from_arrow(self.array), dtype=pl.String)

    def take(self, cells: Ints) -> pl.Series:
        """The texts of some cells, in the given order."""
        if "series" not in self.__dict__ and len(cells) * 2 < len(self):
            return pl.Series("t", pl.from_arrow(self.array.take(arrow.numbers(cells))), dtype=pl.String)
        whole = len(cells) == len(self) and bool((cells[1:] > cells[:-1]).all())
        return self.series if whole else self.series.gather(cells)

    def only(self, cells: Ints) -> Column:
        """The column with some of its cells, in the given order."""
        array = self.array.take(arrow.numbers(cells))
        if self.codes is None:
            some = Column(self.number, self.path, self.rows[cells], array, self.inner)
            return some._as_lines(self, cells)
        place = np.full(len(self), -1)
        place[cells] = np.arange(len(cells))
        codes = place[self.codes]
        kept = codes >= 0
        some = Column(self.number, self.path, self.rows[kept], array, self.inner, codes[kept])
        return some._as_lines(self, cells)

    def condensed(self) -> Column:
        """The same values with one cell for all that are equal, in the order of their first rows."""
        values = self.spread()
        array, codes = repeats.encoded(values.array)
        first = np.zeros(len(array), np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        column = Column(self.number, self.path, self.rows, array, self.inner, codes)
        return column._as_lines(values, first)

    def spread(self) -> Column:
        """The same values with a cell for every row."""
        if self.codes is None:
            return self
        array = self.array.take(arrow.numbers(self.codes))
        return Column(self.number, self.path, self.rows, array, self.inner)._as_lines(self, self.codes)

    def with_inner(self, other: Column) -> Column:
        """The values of both, as those of a sub-field, with a cell for every row."""
        if self.codes is not None or other.codes is not None:
            return self.spread().with_inner(other.spread())
        rows = np.concatenate([self.rows, other.rows])
        both = Column(self.number, self.path, rows, pa.concat_arrays([self.array, other.array]), inner=True)
        known = self.__dict__.get("templates")
        if known:
            array = pa.concat_arrays([known.forms.array, other.array])
            codes = np.arange(len(known.forms), len(array))
            both.templates = Templates(self._form(array), np.concatenate([known.codes, codes]))
        return both

    def _as_lines(self, other: Column, cells: Ints) -> Column:
        """Takes the forms of another column, if it is known to have some, whose `cells` are those of this."""
        known = other.__dict__.get("templates")
        if known:
            self.templates = Templates(known.forms, known.codes[cells])
        return self

    @cached_property
    def templates(self) -> Templates | None:
        """The forms that the lines of a log share, or None for columns that are not like that."""
        if len(self) < _MANY or len(self.data) < _LINE * len(self):
            return None
        sample = self.take(np.arange(_SAMPLE) * len(self) // _SAMPLE).str.replace_all("[0-9]", "0")
        if sample.n_unique() > _ALIKE * _SAMPLE:
            return None
        return self.formed()

    def formed(self) -> Templates:
        """The cells by their forms, whatever they are."""
        masked = pa.py_buffer(self.data.tobytes().translate(MASK))
        offsets = pa.py_buffer(self.offsets.astype(np.int32))
        array, codes = repeats.encoded(pa.StringArray.from_buffers(len(self), offsets, masked))
        return Templates(self._form(array), codes)

    def _form(self, array: pa.StringArray) -> Column:
        forms = Column(self.number, self.path, np.zeros(len(array), np.int64), array)
        forms.templates = None
        return forms

    def rows_of(self, cells: Ints) -> Ints:
        """The ordinals of the rows of some cells, each given once."""
        if self.codes is None:
            return self.rows[cells]
        wanted = np.zeros(len(self), bool)
        wanted[cells] = True
        return self.rows[wanted[self.codes]]

    def rows_once(self, cells: Ints) -> Ints:
        """As `rows_of`, a row once even if several of its cells are among them."""
        rows = self.rows_of(cells)
        return np.unique(rows) if self.inner else rows

    @cached_property
    def counts(self) -> Ints:
        """How many values each cell stands for."""
        if self.codes is None:
            return np.ones(len(self), np.int64)
        return np.bincount(self.codes, minlength=len(self))

    @property
    def values(self) -> int:
        """Values that are not blank."""
        return len(self.rows)

    def cell(self, values: Ints) -> Ints:
        """The cells of some values, by their places among `rows`."""
        return values if self.codes is None else self.codes[values]

    @cached_property
    def seen(self) -> int:
        """The classes of characters that occur in the column at all, as bits of `needs.MARKS`."""
        if self.templates:
            return self.templates.forms.seen
        return int(np.bitwise_or.reduce(self.marks)) if len(self) else 0

    @cached_property
    def marks(self) -> np.ndarray[Any, np.dtype[np.uint16]]:
        """The classes of characters in each cell."""
        if not len(self):
            return np.zeros(0, np.uint16)
        if self.templates:
            return self.templates.forms.marks[self.templates.codes]
        # With `raise`, the default, numpy would copy the bytes as indices first.
        classes = np.take(needs.MARKS, self.data, mode="clip", out=np.empty(len(self.data), np.uint16))
        return np.bitwise_or.reduceat(classes, self.offsets[:-1])

    @cached_property
    def padded(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """True for cells that may begin or end with space: a byte of it, or of no ASCII character."""
        first, last = self.data[self.offsets[:-1]], self.data[self.offsets[1:] - 1]
        return (first <= _SPACE) | (last <= _SPACE) | (first > 127) | (last > 127)

    @cached_property
    def digits(self) -> np.ndarray[Any, np.dtype[np.int32]]:
        """ASCII digits in each cell."""
        if self.templates:
            return self.templates.forms.digits[self.templates.codes]
        counts = np.zeros(len(self.data) + 1, np.int32)
        np.cumsum(self.data - np.uint8(48) < 10, out=counts[1:])
        return np.diff(counts[self.offsets])


def union(size: int, parts: Iterable[Ints]) -> Ints:
    """The places below `size` that are in one of the parts, each once; a part may be given twice."""
    chosen = np.zeros(size, bool)
    for part in {id(part): part for part in parts}.values():
        chosen[part] = True
    return np.flatnonzero(chosen)


@dataclass
class Cells:
    """The columns of a batch; `expanded` counts, by column and shape, the rows that became sub-fields."""

    rows: int
    columns: list[Column]
    expanded: dict[int, dict[str, int]] = field(default_factory=dict)


def of(batch: Batch) -> Cells:
    """All cells of a batch; blank ones count as null."""
    ordinals = _ordinals(batch.table)
    columns: list[Column] = []
    for name, array in zip(batch.table.schema.names, batch.table.columns, strict=True):
        if name == LOCATOR:
            continue
        number = len(columns)
        path = batch.columns[number] if number < len(batch.columns) else (name,)
        columns.append(Column.of(number, path, ordinals, _text(array)))
    return Cells(batch.table.num_rows, columns)


def _text(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type):
        return array
    return pl.Series(pl.from_arrow(array)).cast(pl.String, strict=False).to_arrow().cast(pa.string())


def _ordinals(table: pa.RecordBatch) -> Ints:
    if LOCATOR in table.schema.names:
        return arrow.values(table.column(LOCATOR)).astype(np.int64)
    return np.arange(table.num_rows, dtype=np.int64)
