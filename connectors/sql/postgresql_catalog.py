"""What a PostgreSQL database holds, from its catalogue: also what this user may not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, FieldType, Store

Run = Callable[[str], Sequence[Sequence[Any]]]
_TYPES: Final[dict[str, FieldType]] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "integer"),
    **dict.fromkeys(("numeric", "float4", "float8"), "number"),
    **dict.fromkeys(("timestamp", "timestamptz"), "timestamp"),
    **dict.fromkeys(("time", "timetz"), "time"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    **dict.fromkeys(
        ("text", "varchar", "bpchar", "char", "name", "citext", "uuid", "inet", "cidr", "macaddr", "xml",
         "hstore", "money", "interval", "bit", "varbit", "tsvector", "ltree"), "string"
    ),
    "bool": "boolean",
    "date": "date",
    "bytea": "binary",
}  # fmt: skip
_CATEGORIES: Final[dict[str, FieldType]] = {
    "A": "json",
    "B": "boolean",
    "N": "number",
    "S": "string",
    "E": "string",
}
_RELATIONS: Final = """
SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.reltuples::bigint, c.relrowsecurity,
       c.relispopulated, has_table_privilege(c.oid, 'SELECT')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""
_COLUMNS: Final = """
SELECT a.attrelid::bigint, a.attnum, a.attname, a.attnotnull, coalesce(bb.typname, b.typname, t.typname),
       t.typcategory::text, col_description(a.attrelid, a.attnum),
       has_column_privilege(a.attrelid, a.attnum, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE')
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_type bb ON bb.oid = b.typbasetype
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY a.attrelid, a.attnum
"""
_REFERENCES: Final = """
SELECT k.conrelid::bigint, a.attname, n.nspname, f.relname, fa.attname
FROM pg_constraint k
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(own, other)
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own
JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace n ON n.oid = f.relnamespace
JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = pair.other
WHERE k.contype = 'f' ORDER BY k.conname COLLATE "C" DESC
"""


_LARGE_OBJECTS: Final = "SELECT count(*) FROM pg_largeobject_metadata"


@dataclass(frozen=True, slots=True)
class PgColumn:
    """A column: its field, the base type's name, and whether this user may read it."""

    field: Field
    type: str
    category: str
    readable: bool


@dataclass(frozen=True, slots=True)
class PgTable:
    """A listed relation.

    `stored` tells a table from a view. `whole` tells that the user may read all of it: with rights
    on columns alone `ctid`, and so reading by blocks, is denied.
    """

    dataset: Dataset
    oid: int
    stored: bool
    whole: bool
    secured: bool
    columns: tuple[PgColumn, ...]

    @property
    def blocks(self) -> bool:
        """True if it can be read by ranges of blocks."""
        return self.stored and self.whole

    @property
    def readable(self) -> tuple[PgColumn, ...]:
        return tuple(column for column in self.columns if column.readable)


def field_type(name: str, category: str) -> FieldType:
    return _CATEGORIES["A"] if category == "A" else _TYPES.get(name) or _CATEGORIES.get(category, "unknown")


def tables(run: Run, store: Store, views: bool) -> Iterator[PgTable]:
    """Every relation that is not the system's or temporary, sorted by schema and name."""
    columns: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in run(_COLUMNS):
        columns[row[0]].append(row)
    references = {
        (oid, own): urn.join(urn.join(store.urn, (schema, table)), (other,), "#")
        for oid, own, schema, table, other in run(_REFERENCES)
    }
    for oid, schema, name, kind, tuples, secured, populated, whole in run(_RELATIONS):
        skip, planned = _skip(kind, populated, views)
        dataset = Dataset(
            store,
            (schema, name),
            "view" if kind == "v" else "table",
            rows=tuples if tuples >= 0 and kind in "rm" else None,
            skip=skip,
            planned=planned,
        )
        found = tuple(_column(dataset, row, references.get((oid, row[2]))) for row in columns[oid])
        dataset = dataset.with_fields(*(column.field for column in found))
        yield PgTable(dataset, oid, kind in "rm", bool(whole), secured, found)
    yield from _large_objects(run, store)


def _large_objects(run: Run, store: Store) -> Iterator[PgTable]:
    """One object for all of them, if there are any: they are files without a name or a type."""
    count = run(_LARGE_OBJECTS)[0][0]
    if count:
        skip = f"{count} large object{'s' * (count > 1)}: what lies in them is not read"
        dataset = Dataset(store, ("pg_catalog", "pg_largeobject"), rows=count, skip=skip)
        yield PgTable(dataset, 0, stored=False, whole=False, secured=False, columns=())


def _column(dataset: Dataset, row: Sequence[Any], reference: str | None) -> PgColumn:
    _, _, name, required, type_name, category, comment, readable = row
    field = Field(
        dataset.urn, (name,), field_type(type_name, category), not required, comment or "", reference
    )
    return PgColumn(field, type_name, category, bool(readable))


def _skip(kind: str, populated: bool, views: bool) -> tuple[str, bool]:
    if kind == "v" and not views:
        return "a view; its tables are read", True
    if kind == "f":
        return "a foreign table; the server behind it is not read", False
    if kind == "p":
        return "a partitioned table; its partitions are read", True
    if not populated:
        return "a materialized view that was never filled", True
    return "", False
