"""What a MySQL or MariaDB server holds, from `information_schema`.

It lists only what the user has some right on: a table without any grant can't be seen to be missed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, FieldType, Store
from pii_scan.core.query import Query

Run = Callable[[str], Sequence[Sequence[Any]]]
Name = tuple[str, str]
SYSTEM: Final = ("information_schema", "performance_schema", "mysql", "sys")
_TYPES: Final[dict[str, FieldType]] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit"), "integer"),
    **dict.fromkeys(("decimal", "float", "double"), "number"),
    **dict.fromkeys(("datetime", "timestamp"), "timestamp"),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), "binary"),
    **dict.fromkeys(
        (
            "char",
            "varchar",
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "enum",
            "set",
            "uuid",
            "inet4",
            "inet6",
        ),
        "string",
    ),
    "date": "date",
    "time": "time",
    "json": "json",
}
SPATIAL: Final = frozenset(
    {"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
     "geometrycollection", "geomcollection"}
)  # fmt: skip
_INTEGERS: Final = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
_REMOTE: Final = frozenset({"FEDERATED", "CONNECT", "SPIDER", "S3"})
_JSON_CHECK: Final = re.compile(r"json_valid\(`((?:[^`]|``)+)`\)", re.IGNORECASE)


#: A time is kept to the second, and lost at a restart: one that is not two seconds old tells nothing.
_CHANGES: Final = """
SELECT table_name, create_time, update_time, table_rows FROM information_schema.tables
WHERE table_schema = {schema}
  AND locate('MariaDB', version()) > 0
  AND update_time < now() - INTERVAL 2 SECOND
"""


def changes_of(schema: str) -> str:
    """The statement that tells when each table of a schema was written to."""
    return _CHANGES.format(schema=_literal(schema))


def _literal(name: str) -> str:
    """A name as a hexadecimal literal: no quoting rule can be got wrong."""
    return f"_utf8mb4 0x{name.encode().hex()}"


@dataclass(frozen=True, slots=True)
class MyColumn:
    """A column: its field, the server's name of its type, and whether this user may read it."""

    field: Field
    type: str
    readable: bool = True


@dataclass(frozen=True, slots=True)
class MyTable:
    """A listed table. `key` is an integer column that is unique; `index` one that leads an index."""

    dataset: Dataset
    columns: tuple[MyColumn, ...]
    key: str = ""
    index: str = ""

    @property
    def readable(self) -> tuple[MyColumn, ...]:
        return tuple(column for column in self.columns if column.readable)


def tables(run: Run, store: Store, schemas: Sequence[str] | None, views: bool) -> Iterator[MyTable]:
    """Every table of the schemas (all but the system's if None), sorted by schema and name."""
    where = f"TABLE_SCHEMA {_in(schemas)}"
    columns = _columns(run, where)
    json_columns = _json_columns(run, schemas)
    references = _references(run, where, store)
    keys = _keys(run, where, columns)
    listed = run(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS "
        f"FROM information_schema.TABLES WHERE {where}"
    )
    for schema, name, kind, engine, rows in sorted(listed, key=lambda row: (row[0], row[1])):
        if kind in ("SEQUENCE", "SYSTEM VIEW") or "TEMPORARY" in kind:
            continue
        skip, planned = _skip(kind, str(engine or "").upper(), views)
        view = kind == "VIEW"
        dataset = Dataset(
            store, (schema, name), "view" if view else "table", rows=rows, skip=skip, planned=planned
        )
        found = tuple(
            _column(dataset, row, (schema, name, row[0]) in json_columns, references)
            for row in columns[schema, name]
        )
        dataset = dataset.with_fields(*(column.field for column in found))
        key, index = ("", "") if view else keys.get((schema, name), ("", ""))
        yield MyTable(dataset, found, key, index)


def views(run: Run, schemas: Sequence[str] | None) -> Iterator[Query]:
    """The views with their texts, which are empty for a user without SHOW VIEW."""
    rows = run(
        "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS "
        f"WHERE TABLE_SCHEMA {_in(schemas)} ORDER BY TABLE_SCHEMA, TABLE_NAME"
    )
    for schema, name, text in rows:
        path = (str(schema), str(name))
        yield Query("view", path, str(text or ""), "mysql", target=path, home=path[:1])


def _in(schemas: Sequence[str] | None) -> str:
    names = ", ".join(map(_literal, SYSTEM if schemas is None else schemas))
    return f"{'NOT IN' if schemas is None else 'IN'} ({names or 'NULL'})"


def _skip(kind: str, engine: str, views: bool) -> tuple[str, bool]:
    if kind == "VIEW" and not views:
        return "a view; its tables are read", True
    if engine in _REMOTE:
        return "a foreign table; the server behind it is not read", False
    if engine in ("MRG_MYISAM", "MERGE"):
        return "a merge table; the tables that it joins are read", True
    if engine == "BLACKHOLE":
        return "a table that keeps nothing", True
    return "", False


def _columns(run: Run, where: str) -> dict[Name, list[Sequence[Any]]]:
    found: dict[Name, list[Sequence[Any]]] = defaultdict(list)
    rows = run(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT, "
        f"PRIVILEGES FROM information_schema.COLUMNS WHERE {where} ORDER BY ORDINAL_POSITION"
    )
    for schema, table, *rest in rows:
        found[schema, table].append(rest)
    return found


def _column(
    dataset: Dataset, row: Sequence[Any], is_json: bool, references: dict[tuple[Name, str], str]
) -> MyColumn:
    name, type_name, full, nullable, comment, privileges = (str(cell or "") for cell in row)
    schema, table = dataset.path
    field = Field(
        dataset.urn,
        (name,),
        "json" if is_json else field_type(type_name, full),
        nullable == "YES",
        comment,
        references.get(((schema, table), name)),
    )
    return MyColumn(field, type_name.lower(), "select" in privileges.lower())


def field_type(name: str, full: str) -> FieldType:
    """`tinyint(1)` and `bit(1)` are how booleans are declared."""
    if full.lower().startswith(("tinyint(1)", "bit(1)")):
        return "boolean"
    return _TYPES.get(name.lower(), "unknown")


def _json_columns(run: Run, schemas: Sequence[str] | None) -> set[tuple[str, str, str]]:
    """MariaDB's JSON is a text with the check json_valid(column)."""
    if "mariadb" not in str(run("SELECT VERSION()")[0][0]).lower():
        return set()
    rows = run(
        "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS "
        f"WHERE CONSTRAINT_SCHEMA {_in(schemas)}"
    )
    matched = ((schema, table, _JSON_CHECK.fullmatch(str(clause).strip())) for schema, table, clause in rows)
    return {(schema, table, match.group(1).replace("``", "`")) for schema, table, match in matched if match}


def _references(run: Run, where: str, store: Store) -> dict[tuple[Name, str], str]:
    rows = run(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, "
        "REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE "
        f"WHERE {where} AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY CONSTRAINT_NAME DESC"
    )
    return {
        ((schema, table), column): urn.join(urn.join(store.urn, (other, target)), (key,), "#")
        for schema, table, column, other, target, key in rows
    }


def _keys(run: Run, where: str, columns: dict[Name, list[Sequence[Any]]]) -> dict[Name, tuple[str, str]]:
    """For each table the best unique integer column, and the best one that leads an index."""
    whole = {
        (name, str(row[0]))
        for name, rows in columns.items()
        for row in rows
        if str(row[1]).lower() in _INTEGERS and row[3] == "NO"
    }
    rows = run(
        "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, MIN(NON_UNIQUE), COUNT(*), "
        "MAX(CASE WHEN SEQ_IN_INDEX = 1 THEN COLUMN_NAME END) FROM information_schema.STATISTICS "
        f"WHERE {where} AND INDEX_TYPE = 'BTREE' GROUP BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME"
    )
    keys: dict[Name, tuple[str, str]] = {}
    for schema, table, _, repeated, parts, column in sorted(rows, key=lambda r: (r[2] != "PRIMARY", r[2])):
        name = (schema, table)
        if column is None or (name, column) not in whole:
            continue
        key, leading = keys.get(name, ("", ""))
        unique = column if not repeated and parts == 1 else ""
        keys[name] = (key or unique, leading or column)
    return keys
