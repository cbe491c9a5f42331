"""What a DuckDB database holds, from its own catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, FieldType, Store
from pii_scan.core.query import Query

from .continuing import Window
from .text import CAP

Run = Callable[[str], Sequence[tuple[Any, ...]]]
#: How the names of types begin, first match wins; what ends in `]` is a list.
_TYPES: Final[tuple[tuple[str, FieldType], ...]] = (
    ("BOOL", "boolean"),
    ("STRUCT", "json"),
    ("MAP", "json"),
    ("UNION", "json"),
    ("JSON", "json"),
    ("VARIANT", "json"),
    ("TIMESTAMP", "timestamp"),
    ("DATE", "date"),
    ("TIME", "time"),
    ("INTERVAL", "string"),
    ("VARCHAR", "string"),
    ("ENUM", "string"),
    ("UUID", "string"),
    ("BLOB", "binary"),
    ("BIT", "string"),
    ("DECIMAL", "number"),
    ("DOUBLE", "number"),
    ("FLOAT", "number"),
    ("REAL", "number"),
)
#: Types that `to_json` writes.
_NESTED: Final = ("STRUCT", "MAP", "UNION")
#: Bytes of a binary value that are read: four a character.
_BYTES: Final = 4 * (CAP + 1)
_COLUMNS: Final = (
    "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
    "WHERE NOT internal AND database_name = current_database() ORDER BY table_oid, column_index"
)
_OBJECTS: Final = (
    "SELECT schema_name, table_name, 'table', estimated_size FROM duckdb_tables() WHERE NOT internal "
    "AND NOT temporary AND database_name = current_database() UNION ALL "
    "SELECT schema_name, view_name, 'view', NULL FROM duckdb_views() WHERE NOT internal "
    "AND NOT temporary AND database_name = current_database() ORDER BY 1, 2"
)
_VIEWS: Final = (
    "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal "
    "AND NOT temporary AND database_name = current_database() ORDER BY 1, 2"
)
_KEYS: Final = (
    "SELECT schema_name, table_name, constraint_column_names, referenced_table, referenced_column_names "
    "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND database_name = current_database()"
)


@dataclass(frozen=True, slots=True)
class DuckdbTable:
    """A listed object; `cells` are the SQL of its columns as text, `declared` their types."""

    dataset: Dataset
    cells: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The object's quoted name."""
        return ".".join(map(quote, self.dataset.path))


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def field_type(declared: str) -> FieldType:
    if declared.endswith("]"):
        return "json"
    if "INT" in declared and not declared.startswith(("INTERVAL", "STRUCT", "MAP", "UNION")):
        return "integer"
    return next((kind for start, kind in _TYPES if declared.startswith(start)), "unknown")


def cell(name: str, declared: str) -> str:
    """The column as text, the start of it if it is very long; bytes in hexadecimal."""
    column = quote(name)
    if declared == "BLOB":
        return f"hex({column}[1:{_BYTES}])"
    return f"left({_written(column, declared)}, {CAP + 1})"


def _written(column: str, declared: str) -> str:
    nested = declared.endswith("]") or declared.startswith(_NESTED)
    return f"CAST(to_json({column}) AS VARCHAR)" if nested else f"CAST({column} AS VARCHAR)"


def stretch(name: str, declared: str, window: Window) -> tuple[str, str]:
    """A stretch of the column and whether there is more, and the condition that there is such a stretch."""
    column = quote(name)
    if declared == "BLOB":
        part, size = f"hex({column}[{window.start}:{window.end}])", f"octet_length({column})"
    else:
        value = _written(column, declared)
        part, size = f"substring({value}, {window.start}, {window.size})", f"length({value})"
    return f"{part}, {size} > {window.end}", f"{size} > {window.beyond}"


def tables(run: Run, store: Store, views: bool) -> Iterator[DuckdbTable]:
    """Every table and view, by schema and name; views are skipped unless asked for."""
    columns: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for schema, table, *rest in run(_COLUMNS):
        columns[schema, table].append(tuple(rest))
    references = _references(run, store)
    for schema, name, kind, rows in run(_OBJECTS):
        skip = "a view; its tables are read" if kind == "view" and not views else ""
        dataset = Dataset(store, (schema, name), kind, rows=rows, skip=skip, planned=bool(skip))
        own = columns[schema, name]
        fields = tuple(
            Field(
                dataset.urn,
                (column,),
                field_type(declared),
                bool(nullable),
                comment or "",
                references.get((schema, name, column)),
            )
            for column, declared, nullable, comment in own
        )
        cells = tuple(cell(column, declared) for column, declared, *_ in own)
        yield DuckdbTable(dataset.with_fields(*fields), cells, tuple(kind for _, kind, *_ in own))


def views(run: Run) -> Iterator[Query]:
    """The statements that made the views."""
    for schema, name, text in run(_VIEWS):
        yield Query("view", (schema, name), text or "", "duckdb", home=(schema,))


def _references(run: Run, store: Store) -> dict[tuple[str, str, str], str]:
    """The column that each foreign key points at; DuckDB's keys stay within a schema."""
    found = {}
    for schema, table, names, other, targets in run(_KEYS):
        home = urn.join(store.urn, (schema, other))
        for name, target in zip(names, targets, strict=False):
            found[schema, table, name] = urn.join(home, (target,), "#")
    return found
