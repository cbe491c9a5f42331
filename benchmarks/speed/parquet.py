"""Parquet: a full scan of a file beside polars reading it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from pii_scan import plugins
from pii_scan.core.keyed import Key
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import table, timing
from .scanning import scan


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bookings.parquet"
        data = table.table(options.rows)
        pq.write_table(data, path, use_dictionary=False)
        kind = plugins.load("connectors", "files")

        def ours() -> None:
            connector = kind.open(kind.config(name="bookings", **kind.config_of(str(path))))
            try:
                assert scan(connector, engine, path.name) == options.rows
            finally:
                connector.close()

        mine, theirs = timing.pairs(ours, lambda: pl.read_parquet(path), options.runs)
        engine_alone = [timing.spent(lambda: _profile(engine, data)) for _ in range(options.runs)]
    return {
        "rows": options.rows,
        **timing.figures("scan", mine, theirs),
        **timing.figures("engine alone", engine_alone, theirs),
        "goal": 0.5,
        "MB of memory": round(timing.memory()),
    }


def _profile(engine: Engine, data: Any) -> None:
    from .columns import batched

    for batch in batched(data):
        engine.profile(batch)
