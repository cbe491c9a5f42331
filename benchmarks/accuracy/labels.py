"""Labels of a database's columns: CSV with the header `table,column,category`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from pii_scan.core.category import Taxonomy

from .score import NONE

HEADER: Final = ("table", "column", "category")


@dataclass(frozen=True, slots=True)
class Label:
    """The acceptable categories of one column; `("-",)` for not personal."""

    table: str
    column: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by table and column, found without regard to case.

    A table may be named with its schema (`shop.orders`); JSON sub-fields are `column.path`, the
    marks of arrays left out.
    """

    entries: dict[tuple[str, str], Label] = field(default_factory=dict)

    def find(self, dataset: Sequence[str], path: Sequence[str]) -> Label | None:
        column = ".".join(part for part in path if part != "[]").casefold()
        for start in range(len(dataset)):
            found = self.entries.get((".".join(dataset[start:]).casefold(), column))
            if found:
                return found
        return None

    def has_table(self, dataset: Sequence[str]) -> bool:
        names = {".".join(dataset[start:]).casefold() for start in range(len(dataset))}
        return any(table in names for table, _ in self.entries)


def parse(category: str) -> tuple[str, ...]:
    """`a|b` as its parts; nothing, or an empty part, is `-`: not personal."""
    return tuple(part.strip() or NONE for part in category.split("|"))


def read(path: Path, tree: Taxonomy) -> Labels:
    """Raises ValueError for another header, a category that isn't known, or a column labelled twice."""
    entries: dict[tuple[str, str], Label] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ())[:3] != HEADER:
            raise ValueError(f"{path.name}: the header has to be {','.join(HEADER)}")
        for number, row in enumerate(rows, 2):
            label = Label(row["table"], row["column"], parse(row["category"] or ""))
            key = (label.table.casefold(), label.column.casefold())
            unknown = [c for c in label.categories if c != NONE and c not in tree.categories]
            if unknown or key in entries:
                reason = f"no category {unknown[0]}" if unknown else "a second label"
                raise ValueError(f"{path.name}, line {number}: {reason}")
            entries[key] = label
    return Labels(entries)


def write(labels: Iterable[Label], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for label in labels:
        categories = "|".join("" if c == NONE else c for c in label.categories)
        writer.writerow((label.table, label.column, categories))
