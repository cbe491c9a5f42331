"""Cells read as the engine reads them."""

from __future__ import annotations

import polars as pl

from pii_scan.detect import nested

BOUNDS = nested.Bounds(1 << 20, 16, 20_000, 50)
ROOT = ("x",)


def read(text: str, bounds: nested.Bounds = BOUNDS) -> list[tuple[str, str]] | None:
    """The leaves by path below the field, or None for a text that is a value; the filter lets it through."""
    tree = nested.parse(text, bounds)
    if tree is None:
        return None
    assert likely(text), text
    return [("/".join(path[1:]), leaf) for path, leaf in nested.leaves(ROOT, tree, bounds)]


def likely(text: str) -> bool:
    return bool(pl.DataFrame({"t": [text]}).select(nested.likely(pl.col("t"))).item())
