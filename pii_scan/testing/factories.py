"""Small builders of model objects for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from ..core.model import LOCATOR, Batch, Dataset, Field, FieldType, Store


def make_store(name: str = "app", kind: str = "sqlite", default_path: tuple[str, ...] = ("main",)) -> Store:
    return Store(kind, name, default_path=default_path)


def make_dataset(
    name: str = "users",
    fields: Mapping[str, FieldType] | None = None,
    store: Store | None = None,
    schema: Sequence[str] | None = None,
) -> Dataset:
    """A table in the store's default schema; `fields` gives each column its type."""
    store = store or make_store()
    path = (*(store.default_path if schema is None else schema), name)
    dataset = Dataset(store, path)
    return dataset.with_fields(
        *(Field(dataset.urn, (field,), kind) for field, kind in (fields or {}).items())
    )


def make_batch(dataset: Dataset, columns: Mapping[str, Sequence[str | None]], first: int = 1) -> Batch:
    """Rows as columns of text, with ordinals from `first` on; a name with `/` is a nested path."""
    rows = len(next(iter(columns.values()), ()))
    arrays = [pa.array(list(values), pa.string()) for values in columns.values()]
    ordinals = pa.array(range(first, first + rows), pa.int64())
    names = [*(f"c{index}" for index in range(len(arrays))), LOCATOR]
    table = pa.RecordBatch.from_arrays([*arrays, ordinals], names=names)
    size = sum(len(value.encode()) for values in columns.values() for value in values if value)
    return Batch(dataset, table, tuple(tuple(name.split("/")) for name in columns), size)
