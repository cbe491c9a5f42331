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
#: Of evenly distributed hashes so many times those that are asked for are looked at.
_FEW: Final = 4


def spread(size: int, most: int = CELLS) -> Ints:
    """At most so many places, evenly spread."""
    if size <= most:
        return np.arange(size)
    return np.arange(most) * size // most


def shape_counts(columns: Sequence[Column]) -> list[dict[str, int]]:
    """For each column its cells by shape, counted or, in long columns, scaled up from a sample."""
    parts = [
        pl.DataFrame({"t": column.take(column.cell(spread(column.values)))}).with_columns(
            c=pl.lit(index, pl.UInt32)
        )
        for index, column in enumerate(columns)
        if len(column)
    ]
    counts: list[dict[str, int]] = [{} for _ in columns]
    if parts:
        frame = pl.concat(parts).select("c", shape=shapes.shape())
        for index, shape, count in frame.group_by("c", "shape").len().sort("c", "shape").iter_rows():
            size = columns[index].values
            columns[index].notes.setdefault("plain", []).extend(shapes.FORMS.get(shape, ()))
            columns[index].notes.setdefault("shapes", []).append(shape)
            counts[index][shape] = count if size <= CELLS else max(1, round(count * size / CELLS))
    return counts


def distinct(column: Column, prints: Any, most: int) -> dict[str, int]:
    """Distinct values with how often each occurs; of many those with the smallest keyed hashes."""
    chosen = low(prints, most)
    _, first, which = np.unique(prints[chosen], return_index=True, return_inverse=True)
    counts = np.bincount(which, weights=column.counts[chosen])[:most].astype(np.int64)
    return dict(zip(column.take(chosen[first[:most]]), counts.tolist(), strict=True))


def low(prints: Any, most: int) -> Ints:
    """The places of hashes among which are the `most` smallest, and all that equal one of them."""
    if len(prints) > _FEW * most:
        some = np.flatnonzero(prints < np.uint64(int(_FEW * most / len(prints) * 2**64)))
        if len(np.unique(prints[some])) >= most:
            return some
    return np.arange(len(prints))
