"""Parquet: a full scan of a file, and our reading of it alone, beside polars reading it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import table, timing
from .scanning import connected, scan


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    def engine() -> Engine:  # of each scan its own: one that has seen the rows remembers what they hold
        return Engine(taxonomy(), known.processors(), Key(bytes(32)))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bookings.parquet"
        pq.write_table(table.table(options.rows), path, use_dictionary=False)

        def ours(use: Callable[[Batch], object]) -> None:
            with connected("files", str(path)) as connector:
                assert scan(connector, path.name, use) == options.rows

        def polars() -> None:
            pl.read_parquet(path)

        ways: dict[str, Callable[[], None]] = {
            "scan": lambda: ours(engine().profile),
            "reading": lambda: ours(len_of),
            "polars": polars,
        }
        costs = timing.rounds(ways, options.runs)
        size = path.stat().st_size
    return {
        "rows": options.rows,
        "MB of the file": round(size / 1e6),
        **timing.compared(costs, "polars"),
        "goal, scan": 0.5,
        "MB of memory": round(timing.memory()),
    }


def len_of(batch: Batch) -> int:
    return int(batch.table.num_rows)
