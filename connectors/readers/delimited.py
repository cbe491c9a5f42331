"""CSV, TSV and their relatives, with the damage that they come with."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pii_scan.core.model import Batch, Note, Shard

from ..content import Content
from ..encoding import decode, lines_of, to_text
from .dialect import Dialect, dialect_of, named_delimiter
from .filling import batches
from .lines import Counts, Lines
from .regular import Block
from .selection import Held, Sample
from .supply import Supply
from .tables import Header, Piece, Record, Row, filled, tables, weigh

_LINE: Final = 1 << 20
_SINGLE: Final = 100  # records after which blocks are looked for: the first ones tell what the table is
_RECORD: Final = 1 << 18  # characters of one record over several lines


class _Runaway(Exception):  # noqa: N818 - a signal, no error
    """A record goes on for too long: its quote is never closed."""


class _Feed:
    """Lines for `csv.reader`, remembered while they belong to the record under way."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[tuple[int, str]] = deque()
        self._size = 0
        self.taken: list[tuple[int, str]] = []
        self.ended = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._size > _RECORD and len(self.taken) > 1:
            raise _Runaway
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        self._size += len(line[1])
        return line[1]

    def next_record(self) -> None:
        self.taken = []
        self._size = 0

    def give_back(self) -> tuple[int, str]:
        """The first line of the record; the others are read again as records of their own."""
        first, *others = self.taken
        self._waiting.extendleft(reversed(others))
        self.ended = False
        return first

    @property
    def empty(self) -> bool:
        """True if no line waits to be read again."""
        return not self._waiting


class Records:
    """Records of a delimited file; `broken` counts records read line by line instead."""

    def __init__(self, lines: Iterable[tuple[int, str]], dialect: Dialect) -> None:
        self._feed, self._dialect = _Feed(_without_dialect(lines)), dialect
        self.broken = 0

    def _reader(self) -> Any:
        csv.field_size_limit(_LINE)  # the module's own bound, of the whole process, is 131,072 characters
        return csv.reader(
            self._feed,
            delimiter=self._dialect.delimiter,
            escapechar=self._dialect.escape or None,
            doublequote=not self._dialect.escape,
        )

    @property
    def between(self) -> bool:
        """True if every line that was taken belongs to a record that was given."""
        return self._feed.empty

    def __iter__(self) -> Iterator[Record]:
        reader = self._reader()
        feed = self._feed
        while True:
            feed.next_record()
            try:
                row = next(reader)
                open_quote = feed.ended and len(feed.taken) > 1
            except StopIteration:
                return
            except (csv.Error, _Runaway):
                open_quote = True
            if open_quote:
                self.broken += 1
                ordinal, line = feed.give_back()
                row = line.rstrip("\r\n").split(self._dialect.delimiter)
                reader = self._reader()
                yield ordinal, row
            else:
                yield feed.taken[0][0], row


def _without_dialect(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines but a first one that only names the delimiter."""
    return ((number, line) for number, line in lines if number > 1 or not named_delimiter(line))


def _with_blocks(supply: Supply, records: Records, delimiter: str) -> Iterator[Record | Block]:
    """The records; where they are regular, many as one."""
    singles, count = iter(records), 0
    while True:
        if count >= _SINGLE and supply.between and records.between:
            while (block := supply.block(delimiter)) is not None:
                yield block
        record = next(singles, None)
        if record is None:
            return
        count += 1
        yield record


def _may_be_regular(lines: Lines, dialect: Dialect) -> bool:
    """True if blocks of the file can be parsed at once."""
    return lines.newlines and not lines.blocks and not dialect.escape


def read(content: Content, shard: Shard, counts: Counts) -> Iterator[Batch | Note]:
    """Batches with a column for each named cell.

    Raises SourceError where the file is cut or damaged, after what came before.
    """
    text = to_text(content.head, content.format.encoding)
    dialect = dialect_of(text, content.blob.name)
    lines = Lines(content, shard, counts, _LINE)
    supply = Supply(content, shard.plan, _LINE)
    fast = _may_be_regular(lines, dialect)
    held = Held(supply.lines() if fast else lines)
    sample: Sample[Row] = Sample(shard.plan, weigh)
    records = Records(((n, decode(line, content.format.encoding)) for n, line in held), dialect)
    rows: Iterator[Piece]
    if lines.blocks:
        rows = _in_blocks(text, dialect, records)
    else:
        rows = tables(_with_blocks(supply, records, dialect.delimiter) if fast else records)
    yield from batches(shard.dataset, sample.pick_any(filled(rows)), shard.plan.batch_rows)
    sample.partial = supply.partial if fast else lines.partial
    yield from sample.notes()
    if records.broken:
        faults = "are too long or have a quote that is never closed"
        yield Note(f"{records.broken} records {faults}; they were read line by line")
    held.finish(sample, "rows")


def column_names(content: Content) -> tuple[str, ...]:
    """The names in the header, if the file has one: they tell something even without a row."""
    text = to_text(content.head, content.format.encoding)
    first = _first(text, dialect_of(text, content.blob.name))[0]
    return first.names if first is not None and first != Header.none(len(first.names)) else ()


def _first(text: str, dialect: Dialect) -> tuple[Header | None, list[str]]:
    """The first header and the first record of a file that begins with `text`."""
    head = list(Records(enumerate(lines_of(text, 100), 1), dialect))
    header = next((own for own in _headers(head) if own.names != ("preamble",)), None)
    return header, next((cells for _, cells in head if cells), [])


def _headers(records: list[Record]) -> Iterator[Header]:
    return (row[1][0] if isinstance(row, tuple) else row.header for row in tables(iter(records)))


def _in_blocks(text: str, dialect: Dialect, records: Records) -> Iterator[Piece]:
    """Rows from the middle of the file under the header at its beginning, which is no row itself."""
    first, title = _first(text, dialect)
    named = first == Header.of(title)
    rows = ((ordinal, cells) for ordinal, cells in records if not (named and cells == title))
    return tables(rows, known=first)
