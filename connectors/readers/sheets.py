"""Sheets of XLSX, XLS and ODS workbooks, through the child process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Note, Shard

from ..content import Content, Contents
from ..documents import workbooks
from .filling import batches
from .selection import Held, Sample
from .tables import Header, Piece, Record, Row, filled, tables, weigh

_HEADER: Final = Header(workbooks.COLUMNS)
_NOT_READ: Final = "comments and links of a workbook of this format are not read"
_UNVALUED: Final = "formulas without a stored value, of which only texts in them were read: {}"


def read(content: Content, shard: Shard, contents: Contents, rest: tuple[str, ...]) -> Iterator[Batch | Note]:
    """The sheet that `rest` names; raises SourceError if there is none or it can't be read."""
    names = contents.sheets(content)
    if not rest:
        raise SourceError("the workbook has no sheet" if not names else "the workbook was changed")
    held: Held[Record] = Held(_records(content, contents, rest[0]))
    beside = _Beside(content, contents, rest[0])
    sample: Sample[Row] = Sample(shard.plan, weigh)
    rows: Iterator[Piece] = chain(filled(tables(held)), beside)
    yield from batches(shard.dataset, sample.pick_any(rows), shard.plan.batch_rows)
    yield from sample.notes()
    yield from beside.notes()
    held.finish(sample, "rows")


class _Beside:
    """The rows of what stands beside a sheet's values, under names of their own."""

    def __init__(self, content: Content, contents: Contents, sheet: str) -> None:
        self._content, self._contents, self._sheet = content, contents, sheet
        self._notes: list[Note] = []

    def __iter__(self) -> Iterator[Piece]:
        try:
            package = self._contents.package(self._content)
            if package is None or not any(m.name.endswith("workbook.xml") for m in package.members()[0]):
                self._notes.append(Note(_NOT_READ))
                return
            with closing(package):
                sheet = workbooks.Sheet(package, self._sheet)
                yield from ((number, (_HEADER, cells)) for number, cells in sheet.rows())
            if sheet.unvalued:
                self._notes.append(Note(_UNVALUED.format(sheet.unvalued)))
        except SourceError as error:
            self._notes.append(Note(error.reason, lost=1))

    def notes(self) -> Iterator[Note]:
        yield from self._notes


def _records(content: Content, contents: Contents, sheet: str) -> Iterator[Record]:
    number = 0
    for batch in contents.parser.rows(content.blob.seekable, sheet):
        for cells in batch.column(0).to_pylist():
            number += 1
            # Sheets are as wide as their widest row; blank cells at the end belong to no row.
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
