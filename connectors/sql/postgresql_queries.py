"""Where PostgreSQL's catalog says that columns come from others, or go to another server."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pii_scan.core.errors import SourceError
from pii_scan.core.query import Query

from .asking import Page

DIALECT: Final = "postgres"
_OWN: Final = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
#: Views but those that extensions bring; names in the texts are qualified, as `search_path` is empty.
_VIEWS: Final = f"""
SELECT n.nspname, c.relname, c.relkind::text, pg_get_viewdef(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND {_OWN}
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""
_FOREIGN: Final = """
SELECT n.nspname, c.relname, s.srvname, array_to_string(s.srvoptions, chr(10))
FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_foreign_server s ON s.oid = f.ftserver ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""
_PUBLISHED: Final = """
SELECT schemaname, tablename, pubname, to_jsonb(p) ->> 'attnames'
FROM pg_publication_tables p ORDER BY pubname, schemaname, tablename
"""
_SUBSCRIBERS: Final = (
    "SELECT DISTINCT host(client_addr) FROM pg_stat_replication WHERE client_addr IS NOT NULL"
)


def queries(page: Page) -> Iterator[Query]:
    """Views with their texts, foreign tables with their server, published tables. Raises SourceError."""
    for schema, name, kind, text in rows(page, _VIEWS):
        label = "materialized view" if kind == "m" else "view"
        path = (schema, name)
        yield Query(label, path, text or "", DIALECT, target=path, home=(schema,))
    for schema, name, server, told in rows(page, _FOREIGN):
        host = options(told or "").get("host", "")
        target = ("server", server, schema, name)
        yield Query(
            "foreign table", (schema, name), _star(schema, name), DIALECT, target, to=host, outside=True
        )
    subscriber = _subscriber(page)
    for schema, name, publication, columns in rows(page, _PUBLISHED):
        target = ("publication", publication, schema, name)
        sql = _star(schema, name, _array(columns))
        yield Query("publication", (schema, name), sql, DIALECT, target, to=subscriber, outside=True)


def rows(page: Page, sql: str) -> Sequence[Sequence[Any]]:
    return page(sql.replace("%", "%%"))


def _star(schema: str, name: str, columns: Sequence[str] = ()) -> str:
    """All columns of a table, or some, as a query."""
    chosen = ", ".join(map(_quoted, columns)) or "*"
    return f"SELECT {chosen} FROM {_quoted(schema)}.{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _array(columns: str | None) -> list[str]:
    """The names of a JSON array of the published columns; none where the server does not list them."""
    import json

    return [str(name) for name in json.loads(columns)] if columns else []


def options(text: str) -> Mapping[str, str]:
    """Options of the catalog, `name=value`, a line each."""
    pairs = (line.partition("=") for line in text.split("\n"))
    return {name: value for name, _, value in pairs}


def _subscriber(page: Page) -> str:
    """The address of the only other machine that takes our changes; empty if there are several, or none."""
    try:
        found = [str(address) for (address,) in rows(page, _SUBSCRIBERS)]
    except SourceError:
        return ""  # only some users may see who is connected; the publication itself is told
    others = [address for address in found if not ipaddress.ip_address(address).is_loopback]
    return others[0] if len(others) == 1 else ""
