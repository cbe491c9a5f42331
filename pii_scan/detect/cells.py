"""A batch as one long frame of cells, so that every pattern is compiled once a batch."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

from ..core.model import LOCATOR, Batch
from . import nested

Path = tuple[str, ...]
SCHEMA = {"c": pl.UInt32, "r": pl.Int64, "t": pl.String}


@dataclass
class Cells:
    """The non-empty cells of a batch: `c` the column's number, `r` the row's ordinal, `t` the text.

    `expanded` counts, by column and shape, the rows that went on to sub-fields as a whole.
    """

    rows: int
    paths: list[Path]
    frame: pl.DataFrame = field(repr=False)
    expanded: dict[int, dict[str, int]]
    #: Columns that are sub-fields: a row may have several cells in them.
    inner: set[int]


def of(batch: Batch, bounds: nested.Bounds, max_paths: int) -> Cells:
    """All cells of a batch; blank ones count as null."""
    ordinals = _ordinals(batch.table)
    parts, paths = [], []
    position = 0
    for name, array in zip(batch.table.schema.names, batch.table.columns, strict=True):
        if name == LOCATOR:
            continue
        path = batch.columns[position] if position < len(batch.columns) else (name,)
        paths.append(path)
        text = pl.Series("t", pl.from_arrow(array), dtype=pl.String, strict=False)
        parts.append(pl.DataFrame({"r": ordinals, "t": text}).with_columns(c=pl.lit(position, pl.UInt32)))
        position += 1
    frame = pl.concat([p.select("c", "r", "t") for p in parts]) if parts else pl.DataFrame(schema=SCHEMA)
    frame = frame.filter(pl.col("t").str.contains(r"\S"))
    cells = Cells(batch.table.num_rows, paths, frame, {}, set())
    return _expand(cells, bounds, max_paths)


def _ordinals(table: pa.RecordBatch) -> pl.Series:
    if LOCATOR in table.schema.names:
        return pl.Series("r", pl.from_arrow(table.column(LOCATOR)), dtype=pl.Int64)
    return pl.Series("r", range(table.num_rows), dtype=pl.Int64)


def _expand(cells: Cells, bounds: nested.Bounds, max_paths: int) -> Cells:
    """Cells that hold other values give way to them; text around those stays where it was."""
    frame = cells.frame.with_row_index("i")
    likely = frame.filter(nested.likely(pl.col("t")))
    if likely.is_empty():
        return cells
    numbers = {path: number for number, path in enumerate(cells.paths)}
    taken: list[int] = []
    found: tuple[list[int], list[int], list[str]] = ([], [], [])
    for index, column, row, text in likely.iter_rows():
        tree = nested.parse(text, bounds)
        if tree is None:
            continue
        taken.append(index)
        root, whole = cells.paths[column], True
        for path, leaf in nested.leaves(root, tree, bounds):
            whole &= path != root
            found[0].append(_number(cells, numbers, path, root, max_paths))
            found[1].append(row)
            found[2].append(leaf)
        if whole:
            shapes = cells.expanded.setdefault(column, {})
            shapes[tree.shape] = shapes.get(tree.shape, 0) + 1
    rest = frame.filter(~pl.col("i").is_in(taken)).drop("i") if taken else cells.frame
    more = pl.DataFrame(dict(zip(SCHEMA, found, strict=True)), schema=SCHEMA)
    cells.frame = pl.concat([rest, more])
    return cells


def _number(cells: Cells, numbers: dict[Path, int], path: Path, root: Path, max_paths: int) -> int:
    """The column number of a path; a path beyond the bound joins the others below its root."""
    if path not in numbers:
        if len(cells.inner) >= max_paths:
            path = (*root, nested.ANY)
        if path not in numbers:
            numbers[path] = len(cells.paths)
            cells.paths.append(path)
    number = numbers[path]
    cells.inner.add(number)
    return number
