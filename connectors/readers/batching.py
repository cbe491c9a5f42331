"""Makes batches of rows; every column is a string column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from pii_scan.core.model import LOCATOR, Batch, Dataset

BATCH_CHARS: Final = 8 << 20  # characters after which a batch is full, however few its rows
Path = tuple[str, ...]
Column = tuple[Path, Sequence[str | None]]


def make(dataset: Dataset, columns: Iterable[Column], ordinals: Sequence[int], size: int) -> Batch:
    """A batch of `columns` (field path and cells) for the rows with these ordinals."""
    paths, arrays = [], []
    for path, cells in columns:
        paths.append(path)
        arrays.append(pa.array(cells, pa.string()))
    names = [str(index) for index in range(len(arrays))]
    arrays.append(pa.array(ordinals, pa.int64()))
    table = pa.RecordBatch.from_arrays(arrays, names=[*names, LOCATOR])
    return Batch(dataset, table, tuple(paths), size)


def batched_texts(
    dataset: Dataset, path: Path, rows: Iterable[tuple[int, str]], limit: int
) -> Iterable[Batch]:
    """Batches with the one column `path`."""
    ordinals: list[int] = []
    texts: list[str] = []
    size = 0
    for ordinal, text in rows:
        ordinals.append(ordinal)
        texts.append(text)
        size += len(text)
        if len(texts) >= limit or size >= BATCH_CHARS:
            yield make(dataset, [(path, texts)], ordinals, size)
            ordinals, texts, size = [], [], 0
    if texts:
        yield make(dataset, [(path, texts)], ordinals, size)
