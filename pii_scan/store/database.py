"""Opens the inventory's database: SQLite in a file of its owner's, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from ..core.errors import ConfigError
from . import files
from .faults import translate

BUSY_SECONDS: Final = 5
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
_URLS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def open_engine(target: str) -> tuple[sa.Engine, tuple[str, ...]]:
    """An engine for a path or URL, and notices for the user about files that are open to others.

    Raises ConfigError for another kind of URL, StoreError for a file that can't be made.
    """
    scheme, mark, rest = target.partition("://")
    if not mark:
        return _sqlite(Path(target))
    if scheme.split("+")[0] == "sqlite":
        return _sqlite(Path(rest.removeprefix("/").partition("?")[0]))
    try:
        url = sa.make_url(target)
        url = url.set(drivername=_URLS.get(url.drivername, url.drivername))
    except (sa.exc.ArgumentError, ValueError):
        hint = "write postgresql://user@host/database"
        raise ConfigError("the inventory's URL is malformed", hint) from None
    if url.get_backend_name() != "postgresql":
        raise ConfigError(
            "an inventory of an unknown kind", "name a path, or postgresql://user@host/database"
        )
    arguments = {"connect_timeout": 10, "application_name": "pii-scan"}
    engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
    return engine, ()


def _sqlite(path: Path) -> tuple[sa.Engine, tuple[str, ...]]:
    if path.is_dir() or not path.name:
        raise ConfigError("the inventory's path is a folder", "name a file, such as .pii-scan/inventory.db")
    try:
        files.private_folder(path.parent)
        files.create(path)
        notices = tuple(_notices(path))
    except OSError as error:
        raise translate(error) from None
    url = sa.URL.create("sqlite", database=str(path.absolute()))
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", _begin)
    return engine, notices


def _notices(path: Path) -> Iterator[str]:
    if files.open_to_others(path):
        yield f"the inventory {path} is open to others: chmod 600 {path}"
    if files.open_to_others(path.parent):
        yield f"the inventory's folder {path.parent} is open to others: chmod 700 it or use another"


def _configure(connection: sqlite3.Connection, record: Any) -> None:
    """Our own BEGIN instead of the driver's, and settings that survive a loss of power."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes: it takes SQLite's write lock at once, so that it can't lose it later."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One snapshot: what others commit meanwhile is not seen."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
