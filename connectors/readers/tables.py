"""From records to named columns: header or none, several tables, ragged rows; no cell is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

from pii_scan.core.redact import value_kind

from .naming import distinct
from .regular import Block, Ints

_AHEAD: Final = 100  # records looked at to tell a header from data
_WIDEST: Final = 2_000  # columns; further cells are joined in the last one
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(r"[-+(]?[$€£]?\d[\d.,' ]*%?\)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ][\d:.+Z ]+(?:[AP]M)?)?", re.IGNORECASE)
Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """A table's column names, each once."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, cells: Sequence[str]) -> Header:
        """Names from a header row: blank ones by their position, repeated ones numbered."""
        named = (cell.strip() or f"column_{position}" for position, cell in enumerate(cells[:_WIDEST], 1))
        return cls(distinct(list(named)))

    @classmethod
    def none(cls, width: int) -> Header:
        return cls(tuple(f"column_{position}" for position in range(1, min(width, _WIDEST) + 1)))


Row = tuple[Header, list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A block of rows that stand under the same header and have as many cells as it has names."""

    header: Header
    block: Block

    @property
    def ordinals(self) -> Ints:
        return self.block.ordinals

    def pick(self, rows: Ints) -> Iterator[tuple[int, Row]]:
        return ((ordinal, (self.header, cells)) for ordinal, cells in self.block.take(rows).records())


#: A row with its ordinal, or many rows.
Piece: TypeAlias = tuple[int, Row] | Part


def weigh(row: Row) -> int:
    return sum(map(len, row[1])) + 50 * len(row[1])


def is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """True if the first record names the columns of those below it."""
    if not any(cell.strip() for cell in first):
        return False
    # Files put one behind another repeat their header: that alone makes it no data.
    others = [row for row in below if list(row) != list(first)]
    return not any(
        _is_data(cell.strip(), [row[i].strip() for row in others if i < len(row) and row[i].strip()])
        for i, cell in enumerate(first)
    )


def _is_data(cell: str, below: list[str]) -> bool:
    """True if a cell of the first record is a value like those below it."""
    if not cell or len(cell) > 300:
        return bool(cell)
    kind = value_kind(cell)
    letters = any(c.isalpha() for c in cell)
    if kind in ("email", "uuid", "iban", "ip") or (kind == "number" and not letters):
        return True
    if kind in ("token", "hex") and any(value_kind(other) == kind for other in below):
        return True
    for shape in (_NUMBER, _DATE):
        if shape.fullmatch(cell) and not _YEAR.fullmatch(cell):
            return all(shape.fullmatch(other) for other in below)
    if letters and any(c.isdigit() for c in cell) and below and _form(cell) != cell:
        return all(_form(other) == _form(cell) for other in below) or below.count(cell) >= 2
    return len(cell) > 1 and not cell.isdigit() and below.count(cell) >= 2


def _form(cell: str) -> str:
    """Runs of letters as `a`, of digits as `9`: `High Street 7` above `Low Street 9` is a row too."""
    return _DIGITS.sub("9", _LETTERS.sub("a", cell))


def tables(records: Iterable[Record | Block], known: Header | None = None) -> Iterator[Piece]:
    """Rows with the header that they stand under; a header without rows comes with no cells at all.

    A record of no cells is a blank line. With `known` the records are from the middle of a file.
    """
    source = iter(records)
    if known is not None:
        singles = chain.from_iterable(map(_singles, source))
        yield from ((ordinal, (known, cells)) for ordinal, cells in singles if any(cells))
        return
    ahead: list[Record] = []
    while len(ahead) < _AHEAD and (item := next(source, None)) is not None:
        ahead.extend(_singles(item))
    start = _preamble(ahead)
    for ordinal, cells in ahead[:start]:
        if cells:
            yield ordinal, (Header(("preamble",)), cells)
    yield from _Stack().rows(chain(ahead[start:], source), [cells for _, cells in ahead[start:]])


def _singles(item: Record | Block) -> Iterable[Record]:
    return item.records() if isinstance(item, Block) else (item,)


def _preamble(ahead: list[Record]) -> int:
    """How many lines of a title or remarks stand above the first real record."""
    widths = Counter(len(cells) for _, cells in ahead if cells)
    common = max(widths, key=lambda width: (widths[width], width), default=0)
    if common < 3:
        return 0
    for position, (_, cells) in enumerate(ahead[:20]):
        if len([c for c in cells if c.strip()]) > 1 or len(cells) >= common:
            return position
    return 0


class _Stack:
    """Tables under each other: after a blank line a record may be a new header."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._pending: tuple[int, list[str]] | None = None  # a header that no row has followed yet
        self._last: list[str] = []
        self._blank = False

    def rows(self, records: Iterable[Record | Block], ahead: list[list[str]]) -> Iterator[Piece]:
        for item in records:
            if isinstance(item, Block) and (part := self._part(item)) is not None:
                yield part
                continue
            for ordinal, cells in _singles(item):
                if not cells:
                    self._blank = True
                elif self._blank or self._header is None:
                    yield from self._doubtful(ordinal, cells, ahead)
                else:
                    self._pending, self._last = None, cells
                    yield ordinal, (self._header, cells)
        if self._last:
            yield from self._unfollowed()
        elif self._pending is not None and self._header is not None:
            yield self._pending[0], (self._header, [])

    def _part(self, block: Block) -> Part | None:
        """The rows as one, if none of them may be a header and all have its width."""
        if self._header is None or self._blank or block.width != len(self._header.names):
            return None
        self._pending = None
        self._last = next(block.slice(len(block) - 1, 1).records())[1]
        return Part(self._header, block)

    def _doubtful(self, ordinal: int, cells: list[str], ahead: list[list[str]]) -> Iterator[tuple[int, Row]]:
        """A record that may be a header: the first one, or one after a blank line."""
        if self._header is None:
            below = [row for row in ahead[1:] if row]
            header = is_header(cells, below)
            self._start(ordinal, cells, header)
            if header:
                return
        elif self._blank and self._is_new_header(cells):
            yield from self._unfollowed()
            self._start(ordinal, cells, True)
            return
        self._blank, self._pending, self._last = False, None, cells
        yield ordinal, (self._header or Header.none(len(cells)), cells)

    def _is_new_header(self, cells: list[str]) -> bool:
        """A record of words alone: of another width, or below values and with a word in every cell."""
        if len(cells) < 2 or self._header is None or not is_header(cells, ()):
            return False
        if len(cells) != len(self._header.names):
            return True
        return all(cell.strip() for cell in cells) and bool(self._last) and not is_header(self._last, ())

    def _start(self, ordinal: int, cells: list[str], header: bool) -> None:
        self._header = Header.of(cells) if header else Header.none(len(cells))
        self._pending = (ordinal, cells) if header else None
        self._blank = False

    def _unfollowed(self) -> Iterator[tuple[int, Row]]:
        """A header row that only looked like one is data after all."""
        if self._pending is not None:
            ordinal, cells = self._pending
            yield ordinal, (Header.none(len(cells)), cells)


def filled(rows: Iterable[Piece]) -> Iterator[Piece]:
    """The rows that have cells: all but a header that stands alone."""
    return (row for row in rows if isinstance(row, Part) or row[1][1])
