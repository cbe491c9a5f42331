"""A batch as columns of text: Arrow's bytes and offsets, without what is blank."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from ..core.model import LOCATOR, Batch
from . import needs

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

    `inner` columns are sub-fields: a row may have several cells in them.
    """

    number: int
    path: Path
    rows: Ints = field(repr=False)
    array: pa.StringArray = field(repr=False)
    inner: bool = False
    #: What has been found out about the cells, by name; each is asked for by several rules.
    notes: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, number: int, path: Path, rows: Ints, array: pa.Array, inner: bool = False) -> Column:
        """The column without null and blank cells."""
        if array.null_count:
            rows, array = rows[array.is_valid().to_numpy(zero_copy_only=False)], array.drop_null()
        column = cls(number, path, rows, array, inner)
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
        """The texts of some cells."""
        if "series" not in self.__dict__ and len(cells) * 2 < len(self):
            return pl.Series("t", pl.from_arrow(self.array.take(pa.array(cells))), dtype=pl.String)
        return self.series if len(cells) == len(self) else self.series.gather(cells)

    def only(self, cells: Ints) -> Column:
        some = Column(self.number, self.path, self.rows[cells], self.array.take(pa.array(cells)), self.inner)
        known = self.__dict__.get("templates")
        if known:
            some.templates = Templates(known.forms, known.codes[cells])
        return some

    def with_inner(self, other: Column) -> Column:
        """The cells of both, as those of a sub-field."""
        rows = np.concatenate([self.rows, other.rows])
        both = Column(self.number, self.path, rows, pa.concat_arrays([self.array, other.array]), inner=True)
        known = self.__dict__.get("templates")
        if known:
            array = pa.concat_arrays([known.forms.array, other.array])
            codes = np.arange(len(known.forms), len(array))
            both.templates = Templates(self._form(array), np.concatenate([known.codes, codes]))
        return both

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
        coded = pa.StringArray.from_buffers(len(self), offsets, masked).dictionary_encode()
        return Templates(self._form(coded.dictionary), coded.indices.to_numpy().astype(np.int64))

    def _form(self, array: pa.StringArray) -> Column:
        forms = Column(self.number, self.path, np.zeros(len(array), np.int64), array)
        forms.templates = None
        return forms

    @cached_property
    def seen(self) -> int:
        """The classes of characters that occur in the column at all, as bits of `needs.MARKS`."""
        if self.templates:
            return self.templates.forms.seen
        return int(np.bitwise_or.reduce(self.classes)) if len(self.data) else 0

    @cached_property
    def classes(self) -> np.ndarray[Any, np.dtype[np.uint16]]:
        """The class of every byte."""
        return np.take(needs.MARKS, self.data)

    @cached_property
    def marks(self) -> np.ndarray[Any, np.dtype[np.uint16]]:
        """The classes of characters in each cell."""
        if not len(self):
            return np.zeros(0, np.uint16)
        if self.templates:
            return self.templates.forms.marks[self.templates.codes]
        return np.bitwise_or.reduceat(self.classes, self.offsets[:-1])

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
        return np.asarray(table.column(LOCATOR).to_numpy(zero_copy_only=False)).astype(np.int64)
    return np.arange(table.num_rows, dtype=np.int64)
