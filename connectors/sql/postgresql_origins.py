"""What a PostgreSQL database takes from others: by subscriptions to their publications, by `postgres_fdw`.

Columns are paired by their names, as the server does it. Where a subscription takes its data from stands in
its connection string, which only a superuser may read; of it host, port and database are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.mapping import Mapping as Mapped
from pii_scan.core.mapping import Place
from pii_scan.core.query import Query

from .addresses import namespace
from .asking import Page
from .postgresql_errors import DENIED
from .postgresql_queries import options, rows

_HERE: Final = "subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
_NAMES: Final = f"SELECT subname FROM pg_subscription WHERE {_HERE} ORDER BY subname"
_TOLD: Final = f"SELECT subname, subconninfo FROM pg_subscription WHERE {_HERE} ORDER BY subname"
#: Only columns that the server itself fills by name; `r` and `s` are tables whose first copy is done.
_COLUMNS: Final = f"""
SELECT s.subname, n.nspname, c.relname, a.attname, r.srsubstate IN ('r', 's')
FROM pg_subscription s JOIN pg_subscription_rel r ON r.srsubid = s.oid
JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE {_HERE} ORDER BY s.subname, n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
"""


#: The options of server, table and column, a line each.
_FOREIGN: Final = """
SELECT n.nspname, c.relname, a.attname, s.srvname, array_to_string(s.srvoptions, chr(10)),
  array_to_string(f.ftoptions, chr(10)), array_to_string(a.attfdwoptions, chr(10))
FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_foreign_server s ON s.oid = f.ftserver JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE w.fdwname = 'postgres_fdw' ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
"""


def mappings(page: Page, store: str, urn: str) -> Iterator[Mapped]:
    """A mapping for each column of a table that another database fills. Raises SourceError."""
    yield from _foreign(page, store, urn)
    yield from _subscribed(page, store, urn)


def _foreign(page: Page, store: str, urn: str) -> Iterator[Mapped]:
    for schema, table, column, server, *told in rows(page, _FOREIGN):
        at, of_table, of_column = (options(text or "") for text in told)
        path = (at.get("dbname", ""), of_table.get("schema_name", schema), of_table.get("table_name", table))
        there = namespace("postgresql", at.get("host", ""), at.get("port"))
        source = Place(there, path, (of_column.get("column_name", column),))
        yield Mapped(source, Place("", (schema, table), (column,), store), f"foreign table of {server}", urn)


def _subscribed(page: Page, store: str, urn: str) -> Iterator[Mapped]:
    """None where the origin may not be seen."""
    origins = _origins(page)
    if not origins:
        return
    for name, schema, table, column, copied in rows(page, _COLUMNS):
        place, database = origins[name]
        path = (schema, table)
        source = Place(place, (database, *path), (column,))
        target = Place("", path, (column,), store)
        yield Mapped(source, target, f"subscription {name}", urn, runs=int(copied))


def hidden(page: Page) -> Iterator[Query]:
    """A query without a text for each subscription whose origin this user may not see."""
    for (name,) in rows(page, _NAMES) if _origins(page) is None else ():
        yield Query("subscription", (name,), "")


def _origins(page: Page) -> Mapping[str, tuple[str, str]] | None:
    """By subscription the server's address and the database; None if it may not be seen."""
    try:
        told = rows(page, _TOLD)
    except SourceError as error:
        if error.detail.endswith(DENIED):
            return None
        raise
    return {name: _origin(text) for name, text in told}


def _origin(text: str) -> tuple[str, str]:
    """Host and database of a connection string; nothing else of it leaves, since it may hold a password."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        told = {key: str(value) for key, value in conninfo_to_dict(text).items() if value is not None}
    except ProgrammingError:
        return "", ""  # options of a newer libpq
    host = told.get("host") or told.get("hostaddr", "")
    first = (part.partition(",")[0] for part in (host, told.get("port", "")))
    return namespace("postgresql", *first), told.get("dbname") or told.get("user", "")
