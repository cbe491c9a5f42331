"""PostgreSQL: a full scan of a table, and our reading of it alone, beside a raw COPY of it.

The server's work counts too, where its processes run on this machine.
"""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
import pyarrow.csv as pc

from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import table, timing
from .scanning import connected, scan

_TABLE: Final = "pii_scan_speed"
_SERVING: Final = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'pii-scan' AND datname = current_database()"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default=os.environ.get("PII_SCAN_TEST_POSTGRESQL", "postgresql:///postgres"))
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    def engine() -> Engine:  # of each scan its own: one that has seen the rows remembers what they hold
        return Engine(taxonomy(), known.processors(), Key(bytes(32)))

    size = _fill(options)
    ways: dict[str, Callable[[], float | None]] = {
        "scan": lambda: _ours(options, engine().profile),
        "reading": lambda: _ours(options, lambda batch: batch.bytes),
        "COPY": lambda: _copy(options),
    }
    try:
        costs = timing.rounds(ways, options.runs)
    finally:
        with psycopg.connect(options.url) as connection:
            connection.execute(f"DROP TABLE IF EXISTS {_TABLE}")
    return {
        "rows": options.rows,
        "MB of the table as CSV": round(size / 1e6),
        **timing.compared(costs, "COPY"),
        "goal, scan": 0.5,
        "MB of memory": round(timing.memory()),
    }


def _ours(options: argparse.Namespace, use: Callable[[Batch], object]) -> float | None:
    """A scan of our table; the CPU seconds of the process that served it."""
    with connected("postgresql", options.url) as connector:
        assert scan(connector, _TABLE, use) == options.rows
        with psycopg.connect(options.url) as other:
            (serving,) = other.execute(_SERVING).fetchall()
            return _served(other, serving[0])


def _copy(options: argparse.Namespace) -> float | None:
    with psycopg.connect(options.url) as connection:
        with connection.cursor().copy(f"COPY {_TABLE} TO STDOUT") as rows:
            for _ in rows:
                pass
        return _served(connection, connection.info.backend_pid)


def _served(connection: psycopg.Connection[Any], pid: int) -> float | None:
    """CPU seconds of the server's process so far, if it runs on this machine."""
    path = Path(f"/proc/{pid}/stat")
    near = connection.info.host.startswith("/") or connection.info.hostaddr in ("127.0.0.1", "::1")
    if not near or not path.exists():
        return None
    name, _, rest = path.read_text().partition("(")[2].rpartition(")")
    fields = rest.split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if name == "postgres" else None


def _fill(options: argparse.Namespace) -> int:
    """Makes the table; its bytes as CSV."""
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
    return len(sink.getvalue())
