"""A source's tables by path: listed when asked for, and again when one of them is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Generic, Protocol, TypeVar

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Dataset

from .settings import SqlConfig, exclusion


class Described(Protocol):
    """A dialect's own record of a table: a frozen dataclass with its dataset."""

    @property
    def dataset(self) -> Dataset: ...


T = TypeVar("T", bound=Described)


class Listing(Generic[T]):
    """`read` asks the catalog; what the configuration excludes is kept, and marked as skipped."""

    def __init__(self, config: SqlConfig, read: Callable[[], Iterable[T]]) -> None:
        self._config, self._read = config, read
        self._tables: dict[tuple[str, ...], T] = {}

    def datasets(self) -> Iterator[Dataset]:
        """Lists anew."""
        self._refresh()
        for table in self._tables.values():
            yield table.dataset

    def known(self, dataset: Dataset) -> T | None:
        """The table as it was listed, without asking again."""
        return self._tables.get(dataset.path)

    def table(self, dataset: Dataset) -> T:
        """The table with the columns that `dataset` names, so that no others are read; with all if none.

        Raises SourceError if it is not there any more.
        """
        if dataset.path not in self._tables:
            self._refresh()
        if dataset.path not in self._tables:
            raise SourceError("the table is gone", "it was dropped or renamed since it was listed")
        return _narrowed(self._tables[dataset.path], {field.path for field in dataset.fields})

    def _refresh(self) -> None:
        self._tables = {table.dataset.path: self._selected(table) for table in self._read()}

    def _selected(self, table: T) -> T:
        reason = exclusion(self._config, table.dataset)
        if not reason:
            return table
        record: Any = table
        marked: T = replace(record, dataset=replace(table.dataset, skip=reason, planned=True))
        return marked


def _narrowed(table: T, wanted: set[tuple[str, ...]]) -> T:
    fields = [field for field in table.dataset.fields if field.path in wanted]
    if not fields or len(fields) == len(table.dataset.fields):
        return table
    record: Any = table
    changes: dict[str, Any] = {"dataset": table.dataset.with_fields(*fields)}
    if hasattr(record, "columns"):
        changes["columns"] = tuple(column for column in record.columns if column.field.path in wanted)
    if hasattr(record, "cells"):
        cells = zip(table.dataset.fields, record.cells, strict=True)
        changes["cells"] = tuple(cell for field, cell in cells if field.path in wanted)
    narrowed: T = replace(record, **changes)
    return narrowed
