"""A made-up company of which it is known where everybody's data is: built, and scanned as anybody's."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool

from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude

from .papers import Papers
from .people import Person, crowd
from .tables import BILLING, TABLES, Writer
from .truth import Truth

_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {"code": "VARCHAR(36)", "json": "TEXT"},
    "postgresql": {"code": "UUID", "json": "JSONB"},
    "mysql": {"code": "CHAR(36)", "json": "JSON"},
}
_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class Made:
    """`asked` are those who are asked about, `others` look like them; `config` is scanned."""

    folder: Path
    config: Path
    asked: Sequence[Person]
    others: Sequence[Person]
    truth: Truth
    rows: int


def made(folder: Path, subjects: int, seed: int, url: str = "") -> Made:
    """Builds it in an empty folder; its first database is the one at `url`, else SQLite."""
    draw, truth = random.Random(seed), Truth()
    asked, others = crowd(draw, subjects)
    writer = Writer(draw, truth, asked, others)
    writer.write()
    stored(engine_url(url) if url else URL.create("sqlite", database=str(folder / "app.db")), writer.rows)
    billing = URL.create("sqlite", database=str(folder / "billing.db"))
    stored(billing, writer.billing, BILLING)
    Papers(draw, truth, [*asked, *others]).write(folder)
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    config = folder / "pii-scan.yaml"
    config.write_text(
        "version: 1\nkey: ${file:key}\nallow_plaintext_passwords: true\n"
        "scan: {as_of: 2026-01-20, mode: full}\nsources:\n"
        f'  - {{name: app, url: "{url or "sqlite:///app.db"}"}}\n'
        "  - {name: billing, url: 'sqlite:///billing.db'}\n"
        "  - {name: logs, path: logs, kind: logs}\n  - {name: exports, path: exports, kind: files}\n"
        "exports:\n  - {match: 'exports/**', recipient: hubspot}\n"
    )
    scanned(config)
    return Made(folder, config, asked, others, truth, len(truth.kinds))


def scanned(config: Path) -> None:
    """Scans it whole, links and checks it."""
    with context(config) as opened, progress(False) as shown:
        conclude(opened, scan(opened, chosen(opened.loaded, ()), ScanOptions(texts=False), shown).id)


def engine_url(url: str) -> URL:
    """The URL with the driver that is installed."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.get_backend_name(), parsed.drivername))


def stored(url: URL, rows: Mapping[str, list[tuple[Any, ...]]], tables: Mapping[str, str] = TABLES) -> None:
    """Creates the tables and fills them."""
    types = _TYPES[url.get_backend_name()]
    mark = "?" if url.get_backend_name() == "sqlite" else "%s"
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for name, columns in tables.items():
            connection.exec_driver_sql(f"CREATE TABLE {name} ({columns.format(**types)})")
        for name in tables:
            for start in range(0, len(rows[name]), _AT_ONCE):
                some = rows[name][start : start + _AT_ONCE]
                marks = ", ".join([mark] * len(some[0]))
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", some)
