"""Which known recipients a value names by a host of theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from ..core.hosts import host_name
from ..core.lineage import BESIDE, Processor
from . import needs
from .cells import MASK, Column, Ints

_HOST: Final = re.compile(
    r"(?<![A-Za-z0-9@_-])(?<![A-Za-z0-9_-]\.)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,30}[A-Za-z]{2,24}(?!\.?[A-Za-z0-9]|[@-])"
)

_ADDRESS: Final = r"^[^\s@/:]+@[^\s@/:]+$"
_ALNUM: Final = needs.DIGIT | needs.LETTER
_AT: Final = int(needs.MARKS[ord("@")])
_DOT: Final = int(needs.MARKS[ord(".")])


@dataclass(frozen=True)
class Contacts:
    """Looks for the hosts of `processors`; a host of an e-mail address is nobody's contact."""

    processors: Sequence[Processor] = field(repr=False)

    @cached_property
    def owners(self) -> dict[str, str]:
        """Recipient ids by host, as `host_name` gives it; of two recipients of one host the first."""
        pairs = [(host_name(host), p.id) for p in self.processors for host in p.hosts]
        return {name: owner for name, owner in reversed(pairs) if name}

    def of(self, text: str) -> set[str]:
        """The ids of the recipients whose host, or a sub-domain of it, stands in the text."""
        found = set()
        for match in _HOST.finditer(text):
            labels = match.group().lower().split(".")
            for start in range(len(labels) - 1):
                owner = self.owners.get(".".join(labels[start:]))
                if owner:
                    found.add(owner)
                    break
        return found

    def count(self, columns: Sequence[Column]) -> dict[int, dict[str, int]]:
        """By number of the column, the rows that name each recipient."""
        if not self.owners:
            return {}
        named = {column.number: (column, rows) for column, rows in self._named(columns)}
        counts = {
            number: {owner: len(rows) for owner, rows in found.items()}
            for number, (_, found) in named.items()
        }
        for at, keys in _beside(columns, list(named.values())):
            counts.setdefault(at, {}).update(keys)
        return counts

    def _named(self, columns: Sequence[Column]) -> Iterator[tuple[Column, dict[str, Ints]]]:
        """The columns that name recipients, with the rows that name each."""
        for column, cells in _likely(columns, list(self.owners)):
            named: dict[str, list[int]] = defaultdict(list)
            cache: dict[str, set[str]] = {}
            for cell, text in zip(cells.tolist(), column.take(cells), strict=True):
                if text not in cache:
                    cache[text] = self.of(text)
                for owner in cache[text]:
                    named[owner].append(cell)
            if named:
                yield (
                    column,
                    {owner: column.rows_once(np.array(found)) for owner, found in sorted(named.items())},
                )


def _beside(
    columns: Sequence[Column], named: Sequence[tuple[Column, dict[str, Ints]]]
) -> Iterator[tuple[int, dict[str, int]]]:
    """Of nested fields the rows that lie beside a column that names a recipient, if there is one such column.

    What stands in a payload itself counts only where nothing beside it does. Of two columns nobody can say
    which of them tells where a row was sent.
    """
    inner = [column for column in columns if column.inner and len(column)]
    addresses = [one for one in named if not one[0].inner] or named
    if len(addresses) != 1 or not inner:
        return
    ((address, found),) = addresses
    yield address.number, {BESIDE: sum(map(len, found.values()))}
    for column in inner:
        if column.path[: len(address.path)] != address.path:
            rows = np.unique(column.rows)
            met = {owner: np.isin(rows, theirs, assume_unique=True) for owner, theirs in found.items()}
            yield (
                column.number,
                {BESIDE + owner: int(count) for owner, mine in met.items() if (count := mine.sum())},
            )


def _likely(columns: Sequence[Column], hosts: list[str]) -> Iterator[tuple[Column, Ints]]:
    """The cells that hold one of the hosts' names somewhere; all columns are searched at once.

    Of lines the forms are searched, and with them the names whose digits are masked.
    """
    dotted = [(column, cells) for column in columns if (cells := _dotted(_forms(column))).size]
    if not dotted:
        return
    texts = pl.concat([_forms(column).take(cells) for column, cells in dotted])
    if any(column.templates for column, _ in dotted):
        hosts = sorted({*hosts, *(host.encode().translate(MASK).decode() for host in hosts)})
    named = texts.str.contains_any(hosts, ascii_case_insensitive=True).to_numpy()
    start = 0
    for column, cells in dotted:
        chosen = cells[named[start : start + len(cells)]]
        start += len(cells)
        if chosen.size:
            yield column, column.templates.where(chosen) if column.templates else chosen


def _forms(column: Column) -> Column:
    return column.templates.forms if column.templates else column


def _dotted(column: Column) -> Ints:
    """The cells with a dot between a letter or digit and a letter: what every host has."""
    if not column.seen & _DOT:
        return np.zeros(0, np.int64)
    places = np.flatnonzero(column.data[1:-1] == ord(".")) + 1
    before, after = (needs.MARKS[column.data[places + step]] for step in (-1, 1))
    between = (after & needs.LETTER != 0) & (before & _ALNUM != 0)
    cells = np.unique(np.searchsorted(column.offsets, places[between], side="right") - 1)
    if not cells.size or not column.seen & _AT:
        return cells
    # What is an address and nothing else names nobody's host.
    address = column.take(cells).str.contains(_ADDRESS).to_numpy()
    named: Ints = cells[~address]
    return named
