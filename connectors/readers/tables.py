"""From records to named columns: header or none, several tables, ragged rows; no cell is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

from pii_scan.core.model import Batch, Dataset
from pii_scan.core.redact import value_kind

from .batching import BATCH_CHARS, make
from .lines import OVERLAP, WINDOW

_AHEAD: Final = 100  # records looked at to tell a header from data
_WIDEST: Final = 2_000  # columns; further cells are joined in the last one
_EXTRA: Final = 100  # columns that a ragged row may add
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
        seen: Counter[str] = Counter()
        names = []
        for position, cell in enumerate(cells[:_WIDEST], 1):
            name = cell.strip() or f"column_{position}"
            seen[name] += 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return cls(tuple(names))

    @classmethod
    def none(cls, width: int) -> Header:
        return cls(tuple(f"column_{position}" for position in range(1, min(width, _WIDEST) + 1)))


Row = tuple[Header, list[str]]


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


def tables(records: Iterable[Record], known: Header | None = None) -> Iterator[tuple[int, Row]]:
    """Rows with the header that they stand under; a header without rows comes with no cells at all.

    A record of no cells is a blank line. With `known` the records are from the middle of a file.
    """
    source = iter(records)
    if known is not None:
        yield from ((ordinal, (known, cells)) for ordinal, cells in source if any(cells))
        return
    ahead = list(islice(source, _AHEAD))
    start = _preamble(ahead)
    for ordinal, cells in ahead[:start]:
        if cells:
            yield ordinal, (Header(("preamble",)), cells)
    yield from _Stack().rows(chain(ahead[start:], source), [cells for _, cells in ahead[start:]])


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

    def rows(self, records: Iterable[Record], ahead: list[list[str]]) -> Iterator[tuple[int, Row]]:
        for ordinal, cells in records:
            if not cells:
                self._blank = True
                continue
            if self._header is None:
                below = [row for row in ahead[1:] if row]
                header = is_header(cells, below)
                self._start(ordinal, cells, header)
                if header:
                    continue
            elif self._blank and self._is_new_header(cells):
                yield from self._unfollowed()
                self._start(ordinal, cells, True)
                continue
            self._blank, self._pending, self._last = False, None, cells
            yield ordinal, (self._header or Header.none(len(cells)), cells)
        if self._last:
            yield from self._unfollowed()
        elif self._pending is not None and self._header is not None:
            yield self._pending[0], (self._header, [])

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


def filled(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows that have cells: all but a header that stands alone."""
    return (row for row in rows if row[1][1])


def batches(dataset: Dataset, rows: Iterable[tuple[int, Row]], limit: int) -> Iterator[Batch]:
    """Batches of rows that stand under the same header."""
    header: Header | None = None
    ordinals: list[int] = []
    cells: list[list[str]] = []
    size = 0
    for ordinal, (own, row) in rows:
        if ordinals and (own is not header or len(cells) >= limit or size >= BATCH_CHARS):
            yield _batch(dataset, header or own, ordinals, cells, size)
            ordinals, cells, size = [], [], 0
        header = own
        for piece in _pieces(row, len(own.names)):
            ordinals.append(ordinal)
            cells.append(piece)
            size += sum(map(len, piece)) + len(piece)
    if ordinals and header is not None:
        yield _batch(dataset, header, ordinals, cells, size)


def _pieces(row: list[str], width: int) -> Iterator[list[str]]:
    """The row; too many cells are joined, a cell beyond 64 KiB goes on in rows of its own."""
    widest = width + _EXTRA
    if len(row) > widest:
        row = [*row[: widest - 1], " ".join(row[widest - 1 :])]
    if max(map(len, row), default=0) <= WINDOW:
        yield row
        return
    yield [cell[:WINDOW] for cell in row]
    for position, cell in enumerate(row):
        for start in range(WINDOW, len(cell), WINDOW):
            yield [""] * position + [cell[start - OVERLAP : start + WINDOW]]


def _batch(dataset: Dataset, header: Header, ordinals: list[int], cells: list[list[str]], size: int) -> Batch:
    """Blank cells become null."""
    columns = list(zip_longest(*cells, fillvalue=""))
    blank = ("",) * len(cells)
    columns += [blank] * (len(header.names) - len(columns))
    extra = (f"extra_{number}" for number in range(1, len(columns) + 1))
    names = [*header.names, *islice(extra, len(columns) - len(header.names))]
    return make(
        dataset,
        (
            ((name,), [cell if cell else None for cell in column])
            for name, column in zip(names, columns, strict=True)
        ),
        ordinals,
        size,
    )
