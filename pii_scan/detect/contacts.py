"""Which known recipients a value names by a host of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from ..core.lineage import Processor

_HOST: Final = re.compile(
    r"(?<![A-Za-z0-9@_-])(?<![A-Za-z0-9_-]\.)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@-])"
)


@dataclass(frozen=True)
class Contacts:
    """Looks for the hosts of `processors`; a host of an e-mail address is nobody's contact."""

    processors: Sequence[Processor] = field(repr=False)

    @cached_property
    def owners(self) -> dict[str, str]:
        """Recipient ids by host, without a leading `*.` or dot."""
        return {
            host.lower().removeprefix("*").lstrip("."): p.id
            for p in self.processors
            for host in p.hosts
            if host
        }

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

    def count(self, frame: pl.DataFrame) -> dict[int, dict[str, int]]:
        """By column, the rows that name each recipient; `frame` has `c`, `r`, `t`."""
        if not self.owners or frame.is_empty():
            return {}
        likely = frame.filter(pl.col("t").str.contains_any(list(self.owners), ascii_case_insensitive=True))
        cache: dict[str, set[str]] = {}
        rows: dict[tuple[int, str], set[int]] = {}
        for column, row, text in likely.select("c", "r", "t").iter_rows():
            if text not in cache:
                cache[text] = self.of(text)
            for owner in cache[text]:
                rows.setdefault((column, owner), set()).add(row)
        return _by_column(rows.items())


def _by_column(rows: Iterable[tuple[tuple[int, str], set[int]]]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    for (column, owner), ordinals in sorted(rows):
        counts.setdefault(column, {})[owner] = len(ordinals)
    return counts
