"""PostgreSQL: a full scan of a table beside a raw COPY of it; the server's work counts on both sides."""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

import psycopg
import pyarrow.csv as pc

from pii_scan import plugins
from pii_scan.core.keyed import Key
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import table, timing
from .scanning import scan

_TABLE = "pii_scan_speed"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default=os.environ.get("PII_SCAN_TEST_POSTGRESQL", "postgresql:///postgres"))
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))
    kind = plugins.load("connectors", "postgresql")
    _fill(options)
    walls: dict[str, list[float]] = {"ours": [], "copy": []}

    def ours() -> None:
        connector = kind.open(kind.config(name="speed", **kind.config_of(options.url)))
        start = time.perf_counter()
        try:
            assert scan(connector, engine, _TABLE) >= options.rows
        finally:
            connector.close()
        walls["ours"].append(time.perf_counter() - start)

    def copy() -> None:
        start = time.perf_counter()
        with psycopg.connect(options.url) as connection:
            with connection.cursor().copy(f"COPY {_TABLE} TO STDOUT") as out:
                for _ in out:
                    pass
        walls["copy"].append(time.perf_counter() - start)

    try:
        mine, theirs = timing.pairs(ours, copy, options.runs)
    finally:
        with psycopg.connect(options.url) as connection:
            connection.execute(f"DROP TABLE IF EXISTS {_TABLE}")
    return {
        "rows": options.rows,
        **timing.figures("client", mine, theirs),
        "wall seconds, ours": timing.Spread.of(walls["ours"][1:]).as_list(),
        "wall seconds, raw COPY": timing.Spread.of(walls["copy"][1:]).as_list(),
        "ratio [wall]": timing.Spread.of(
            [other / own for own, other in zip(walls["ours"][1:], walls["copy"][1:], strict=True)]
        ).as_list(),
        "goal": 0.5,
        "MB of memory": round(timing.memory()),
    }


def _fill(options: argparse.Namespace) -> None:
    import io

    data = table.table(options.rows)
    sink = io.BytesIO()
    pc.write_csv(data, sink, pc.WriteOptions(include_header=False))
    columns = ", ".join(f'"{name}" text' for name in data.column_names)
    with psycopg.connect(options.url) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        cursor.execute(f"CREATE TABLE {_TABLE} ({columns})")
        with cursor.copy(f"COPY {_TABLE} FROM STDIN (FORMAT csv)") as copy:
            copy.write(sink.getvalue())
    with psycopg.connect(options.url, autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {_TABLE}")
