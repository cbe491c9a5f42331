"""Sheets of XLSX, XLS and ODS workbooks, through the child process."""

from __future__ import annotations

from collections.abc import Iterator

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Note, Shard

from ..content import Content, Contents
from .filling import batches
from .selection import Held, Sample
from .tables import Record, Row, filled, tables, weigh


def read(content: Content, shard: Shard, contents: Contents, rest: tuple[str, ...]) -> Iterator[Batch | Note]:
    """The sheet that `rest` names; raises SourceError if there is none or it can't be read."""
    names = contents.sheets(content)
    if not rest:
        raise SourceError("the workbook has no sheet" if not names else "the workbook was changed")
    held: Held[Record] = Held(_records(content, contents, rest[0]))
    sample: Sample[Row] = Sample(shard.plan, weigh)
    yield from batches(shard.dataset, sample.pick_any(filled(tables(held))), shard.plan.batch_rows)
    yield from sample.notes()
    held.finish(sample.seen, "rows")


def _records(content: Content, contents: Contents, sheet: str) -> Iterator[Record]:
    number = 0
    for batch in contents.parser.rows(content.blob.seekable, sheet):
        for cells in batch.column(0).to_pylist():
            number += 1
            # Sheets are as wide as their widest row; blank cells at the end belong to no row.
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
