"""Writes the application database: a new SQLite file, or tables in PostgreSQL or MariaDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import ConfigError, classify
from ..core.model import Store
from .schema import MARK, metadata

if TYPE_CHECKING:
    import sqlalchemy as sa

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the tables went: their store and the path that every table's name is appended to."""

    store: Store
    path: tuple[str, ...]


def target(into: str | None) -> Target:
    """The place that a URL names; None is the SQLite file."""
    if into is None:
        return Target(Store("sqlite", "app"), ("main",))
    url = _url(into)
    if url.get_backend_name() == "postgresql":
        return Target(Store("postgresql", "app"), ("public",))
    return Target(Store("mysql", "app"), (str(url.database),))


def write(rows: Rows, file: Path, into: str | None) -> None:
    """Creates the tables anew and fills them.

    Raises ConfigError if the server can't be reached or holds a table of the same name that the
    demo did not make.
    """
    import sqlalchemy as sa

    if into is None:
        file.unlink(missing_ok=True)
    url = _url(into) if into else sa.URL.create("sqlite", database=str(file))
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        with closing(engine.connect()) as connection:
            _fill(connection, rows)
    except sa.exc.SQLAlchemyError as error:
        hint = "check the URL, the account's rights and that the server runs"
        raise ConfigError(f"the demo's database can't be written ({classify(error)})", hint) from None
    finally:
        engine.dispose()


def _url(into: str) -> sa.URL:
    import sqlalchemy as sa

    try:
        url = sa.engine.make_url(into)
    except sa.exc.ArgumentError:
        raise ConfigError("--into is no database URL", "write postgresql://… or mysql://…") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None or not url.database:
        raise ConfigError("--into wants postgresql:// or mysql:// with a database name")
    return url.set(drivername=driver)


def _fill(connection: sa.Connection, rows: Rows) -> None:
    tables = metadata(rows)
    with connection.begin():
        _own(connection, tables)
        tables.drop_all(connection)
        tables.create_all(connection)
        for table in tables.sorted_tables:
            for part in _parts(rows[table.name]):
                connection.execute(table.insert(), part)


def _own(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Refuses to drop a table that the demo did not make: ours carry a mark."""
    import sqlalchemy as sa

    inspector = sa.inspect(connection)
    if not inspector.dialect.supports_comments:
        return
    for name in sorted(set(inspector.get_table_names()) & set(tables.tables)):
        if inspector.get_table_comment(name)["text"] != MARK:
            raise ConfigError(
                f"the database has a table '{name}' that the demo did not make",
                "give it a database of its own",
            )


def _parts(rows: Sequence[Row], size: int = 500) -> Iterable[list[Row]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])
