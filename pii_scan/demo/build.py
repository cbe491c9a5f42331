"""Builds the whole company into a folder; the same seed gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import ConfigError, classify
from . import company as companies
from . import database, exports, infrastructure, logs, paperwork, research, rows, truth
from .files import settle
from .kept import tidy

_MADE = (
    "app.db",
    "logs",
    "exports",
    "privacy",
    "registers",
    "infra",
    "research",
    "sharing.yaml",
    "pii-scan.yaml",
    "expected.yaml",
    ".pii-scan",
)


def build(directory: Path, seed: int = 0, into: str | None = None, *, kept: bool = False) -> None:
    """The company of `seed` in `directory`: database, logs, exports, policy, registers, what is planted.

    `into` puts the application's database into PostgreSQL or MariaDB instead of `app.db`; `kept` leaves
    out what breaks a promise, and `expected.yaml`, which tells what is broken. Raises
    ConfigError if that server can't be written or holds tables that are not the demo's, or if the
    folder can't be written.
    """
    company = companies.found(seed)
    tables = rows.build(company, kept)
    try:
        _write(company, tables, directory, into, kept)
    except OSError as error:
        reason = f"the demo's folder can't be written ({classify(error)})"
        raise ConfigError(reason, "name an empty folder with --dir, and check the disk") from None


def _write(
    company: companies.Company, tables: rows.Tables, directory: Path, into: str | None, kept: bool
) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    database.write(tables, directory / "app.db", into)
    logs.write(company, directory / "logs")
    exports.write(company, tables, directory / "exports", kept)
    research.write(company, directory / "research")
    infrastructure.write(directory / "infra", kept)
    paperwork.write(company, directory, into, kept)
    if kept:
        tidy(directory)
    else:
        truth.write(company, tables, directory, database.target(into))
    settle(directory, (name for name in _MADE if (directory / name).exists()))
