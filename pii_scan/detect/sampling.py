"""Coarse facts that a few cells tell as well as all: the shapes of a column's values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from . import shapes
from .cells import Column, Ints

#: Cells of a column and batch whose shape is looked at.
CELLS: Final = 1000


def spread(size: int, most: int = CELLS) -> Ints:
    """At most so many places, evenly spread."""
    if size <= most:
        return np.arange(size)
    return np.arange(most) * size // most


def shape_counts(columns: Sequence[Column]) -> list[dict[str, int]]:
    """For each column its cells by shape, counted or, in long columns, scaled up from a sample."""
    parts = [
        pl.DataFrame({"t": column.take(spread(len(column)))}).with_columns(c=pl.lit(index, pl.UInt32))
        for index, column in enumerate(columns)
        if len(column)
    ]
    counts: list[dict[str, int]] = [{} for _ in columns]
    if parts:
        frame = pl.concat(parts).select("c", shape=shapes.shape())
        for index, shape, count in frame.group_by("c", "shape").len().sort("c", "shape").iter_rows():
            size = len(columns[index])
            columns[index].notes.setdefault("plain", []).extend(shapes.FORMS.get(shape, ()))
            counts[index][shape] = count if size <= CELLS else max(1, round(count * size / CELLS))
    return counts


def distinct(column: Column, prints: Any, most: int) -> dict[str, int]:
    """Distinct values with how often each occurs; of many those with the smallest keyed hashes."""
    _, first, counts = np.unique(prints, return_index=True, return_counts=True)
    return dict(zip(column.take(first[:most]), counts[:most].tolist(), strict=True))
