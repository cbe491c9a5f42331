"""Cells that hold other values give way to them; what is text around those stays where it was."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from . import needs, nested
from .cells import Cells, Column, Ints, Path
from .sampling import spread

_SPACE: Final = 32
_EQUALS, _BRACES = int(needs.MARKS[ord("=")]), int(needs.MARKS[ord("{")])
_MIXED: Final = needs.DIGIT | needs.LETTER
#: Characters of base64 and of tokens.
_ENCODED: Final = _MIXED | int(np.bitwise_or.reduce(needs.MARKS[[ord(c) for c in "+/=_-."]]))
_SHORTEST: Final = 16
#: Signs of records that programs print, as literals.
_PRINTED: Final = ("] =>", "]=>", "#<", "map[")
#: Cells of a column and batch that are looked into: with a sign of a record, and with nothing but a `=`.
_SIGNED: Final = 5_000
_PAIRED: Final = 1_000


def expand(cells: Cells, bounds: nested.Bounds, max_paths: int) -> None:
    """Replaces what `nested` can read by its leaves, as columns of sub-fields."""
    found = _Leaves(max_paths)
    for column in list(cells.columns):
        likely, repeated = _likely(column), column.codes is not None
        if likely.size and repeated:  # limits count cells, so that they are those of rows
            column = column.spread()
            likely = _likely(column)
        taken = []
        for cell, text in zip(likely.tolist(), column.take(likely), strict=True) if likely.size else ():
            tree = nested.parse(text, bounds)
            if tree is None:
                continue
            taken.append(cell)
            whole = True
            for path, leaf in nested.leaves(column.path, tree, bounds):
                whole &= path != column.path
                found.add(path, column, int(column.rows[cell]), leaf)
            if whole:
                shapes = cells.expanded.setdefault(column.number, {})
                shapes[tree.shape] = shapes.get(tree.shape, 0) + 1
        if taken:
            rest = np.setdiff1d(np.arange(len(column)), np.array(taken), assume_unique=True)
            left = found.rejoined(column.only(rest))
            cells.columns[column.number] = left.condensed() if repeated else left
    cells.columns += found.columns(len(cells.columns))


def _likely(column: Column) -> Ints:
    """The cells that may hold values, ascending: all JSON, and of other forms up to the limits."""
    if not len(column):
        return np.zeros(0, np.int64)
    first = column.data[column.offsets[:-1]]
    begins = (first == ord("{")) | (first == ord("[")) | (first == ord("<")) | (first <= _SPACE)
    signed = begins | _encoded(column)
    paired = np.zeros(len(column), bool)
    if column.seen & (_EQUALS | _BRACES):
        signed |= (column.marks & np.uint16(_BRACES)) != 0
        paired = (column.marks & np.uint16(_EQUALS)) != 0
    if column.seen & needs.REST and (paired.any() or _has(column, b"[") or _has(column, b"#<")):
        signed |= column.series.str.contains_any(list(_PRINTED)).to_numpy()
    chosen = [np.flatnonzero(begins), _some(signed & ~begins, _SIGNED), _some(paired & ~signed, _PAIRED)]
    some = np.sort(np.concatenate(chosen))
    if not some.size:
        return some
    frame = pl.DataFrame({"t": column.take(some)})
    likely: Ints = some[frame.select(nested.likely(pl.col("t")))["t"].to_numpy()]
    return likely


def _some(wanted: np.ndarray[tuple[int], np.dtype[np.bool_]], most: int) -> Ints:
    places = np.flatnonzero(wanted)
    return places[spread(len(places), most)]


def _has(column: Column, sign: bytes) -> bool:
    return sign in column.data.tobytes() if len(sign) > 1 else bool((column.data == sign[0]).any())


def _encoded(column: Column) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Cells that may be base64 or a token: long, of its characters alone, and of both cases and digits."""
    mixed = np.zeros(len(column), bool)
    if column.seen & _MIXED != _MIXED:
        return mixed
    marks = column.marks
    mixed |= (marks & np.uint16(~_ENCODED & 0xFFFF) == 0) & (marks & np.uint16(_MIXED) == _MIXED)
    mixed &= column.lengths >= _SHORTEST
    return mixed


class _Leaves:
    """Leaves by path; a path beyond the bound joins the others below its root."""

    def __init__(self, max_paths: int) -> None:
        self._max = max_paths
        self._leaves: dict[Path, tuple[list[int], list[str]]] = {}

    def add(self, path: Path, column: Column, row: int, leaf: str) -> None:
        if path not in self._leaves:
            if len(self._leaves) >= self._max and path != column.path:
                path = (*column.path, nested.ANY)
            self._leaves.setdefault(path, ([], []))
        rows, leaves = self._leaves[path]
        rows.append(row)
        leaves.append(leaf)

    def rejoined(self, column: Column) -> Column:
        """The rest of a column with the text that stays at its own path."""
        rows, leaves = self._leaves.pop(column.path, ([], []))
        if not rows:
            return column
        inside = Column.of(column.number, column.path, np.array(rows, np.int64), _array(leaves), inner=True)
        return column.with_inner(inside)

    def columns(self, start: int) -> list[Column]:
        """A column for each path."""
        return [
            Column.of(start + n, path, np.array(rows, np.int64), _array(leaves), inner=True)
            for n, (path, (rows, leaves)) in enumerate(self._leaves.items())
        ]


def _array(leaves: list[str]) -> pa.StringArray:
    """Lone surrogates, which JSON may hold and UTF-8 may not, become question marks."""
    return pa.array([leaf.encode("utf-8", "replace") for leaf in leaves], pa.binary()).cast(pa.string())
