"""A small SQLite company that is scanned with a configuration of one's own, in this process."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii_scan.core.inventory import Inventory
from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude

HEAD = """\
version: 1
key: ${file:key}
scan: {as_of: %(as_of)s, rows: 1000}
sources:
  - {name: app, url: "sqlite:///app.db"}
  - {name: other, url: "sqlite:///other.db"}
"""


@dataclass
class Company:
    """`folder` holds two databases, the key and the configuration."""

    folder: Path
    as_of: str = "2026-01-10"

    def table(self, name: str, columns: dict[str, list[Any]], database: str = "app") -> None:
        """Makes the table anew."""
        with sqlite3.connect(self.folder / f"{database}.db") as connection:
            connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            connection.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})', list(zip(*columns.values(), strict=True))
            )

    def drop(self, name: str) -> None:
        with sqlite3.connect(self.folder / "app.db") as connection:
            connection.execute(f'DROP TABLE "{name}"')

    def configure(self, detect: str = "", **others: str) -> Path:
        """Writes the configuration with what stands under `detect:`."""
        path = self.folder / "pii-scan.yaml"
        body = "".join(f"  {line}\n" for line in detect.strip("\n").splitlines())
        tail = "".join(f"{key}: {value}\n" for key, value in others.items())
        path.write_text(HEAD % {"as_of": self.as_of} + ("detect:\n" + body if body else "") + tail)
        return path

    def scan(self, *wanted: str) -> Inventory:
        """Scans, links and checks as `pii-scan scan` does."""
        with context(self.folder / "pii-scan.yaml") as opened, progress(False) as shown:
            run = scan(opened, chosen(opened.loaded, wanted), ScanOptions(presidio=False), shown)
            return conclude(opened, run.id)

    def check(self) -> Inventory:
        """Judges the last scan as `pii-scan check` does."""
        from pii_scan.run.check import check

        with context(self.folder / "pii-scan.yaml") as opened:
            return check(opened)


def company(folder: Path) -> Company:
    """Users with e-mail addresses, notes in which a few of them stand, and codes."""
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    made = Company(folder)
    made.table("users", users())
    made.table("plans", {"title": ["free", "pro"]}, "other")
    made.configure()
    return made


def users(rows: int = 100, mentions: int = 2) -> dict[str, list[Any]]:
    """Columns of the table `users`; every note but the first `mentions` ones is harmless."""
    return {
        "contact": [f"person{n}@example.org" for n in range(rows)],
        "note": [
            f"write to someone{n}@example.org" if n < mentions else f"called back, order {n}"
            for n in range(rows)
        ],
        "code": [f"EMP-{n:05d}" for n in range(rows)],
    }
