"""`python -m benchmarks.subjects index|company`: see `--help` of each."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from . import asking, company, looking

#: Where the servers are, if the environment says nothing.
_SERVERS: Final = {
    "postgresql": ("PII_SCAN_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"),
    "mariadb": ("PII_SCAN_TEST_MARIADB", "mysql://root@127.0.0.1:3306"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.subjects")
    commands = parser.add_subparsers(dest="what", required=True)
    index = commands.add_parser("index", help="how much an index of logs saves, and what it costs")
    index.add_argument("--mebibytes", type=int, default=1024, help="size of the made-up logs")
    index.add_argument("--columns", type=int, default=1000, help="of the database beside the logs")
    index.add_argument("--people", type=int, default=20, help="people who are looked up")
    index.add_argument("--lines", type=int, default=3, help="lines of the logs that each of them has")
    made = commands.add_parser("company", help="whether everything of everybody is found, and no more")
    made.add_argument("--subjects", type=int, default=200, help="people who are looked up")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--engine", choices=["sqlite", *_SERVERS], default="sqlite")
    made.add_argument("--packages", type=int, help="people who get a package; default: all")
    for command in (index, made):
        command.add_argument("--folder", type=Path, help="where it is made for a while")
        command.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = _index(options, Path(folder)) if options.what == "index" else _company(options, Path(folder))
    for name, value in found.items():
        print(f"{name:36} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _index(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    size = options.mebibytes << 20
    return looking.measured(folder, size, options.columns, options.people, options.lines)


def _company(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with _database(options.engine) as url:
        made = company.made(folder, options.subjects, options.seed, url)
        found = asking.asked(made, options.subjects if options.packages is None else options.packages)
    return {"engine": options.engine, "seed": options.seed, "records": made.rows, **found.figures()}


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """The URL of a new database of a server, dropped afterwards; nothing for SQLite."""
    if engine == "sqlite":
        yield ""
        return
    variable, default = _SERVERS[engine]
    server = make_url(os.environ.get(variable, default))
    name = f"pii_scan_bench_{uuid.uuid4().hex[:12]}"
    admin = create_engine(
        company.engine_url(server.render_as_string(hide_password=False)),
        poolclass=NullPool, isolation_level="AUTOCOMMIT",
    )  # fmt: skip
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            force = " WITH (FORCE)" if engine == "postgresql" else ""
            connection.exec_driver_sql(f"DROP DATABASE {name}{force}")


main()
