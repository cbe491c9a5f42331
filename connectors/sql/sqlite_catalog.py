"""What a SQLite database holds, from its own catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, FieldType, Store
from pii_scan.core.query import Query

Run = Callable[[str], Sequence[tuple[object, ...]]]
SCHEMA: Final = "main"
#: Words of a declared type, first match wins; the affinities of SQLite come last.
_TYPES: Final[tuple[tuple[str, FieldType], ...]] = (
    ("BOOL", "boolean"),
    ("JSON", "json"),
    ("TIMESTAMP", "timestamp"),
    ("DATETIME", "timestamp"),
    ("DATE", "date"),
    ("TIME", "time"),
    ("INT", "integer"),
    ("CHAR", "string"),
    ("CLOB", "string"),
    ("TEXT", "string"),
    ("UUID", "string"),
    ("BLOB", "binary"),
    ("BINARY", "binary"),
    ("REAL", "number"),
    ("FLOA", "number"),
    ("DOUB", "number"),
    ("NUM", "number"),
    ("DEC", "number"),
)


@dataclass(frozen=True, slots=True)
class SqliteTable:
    """A listed object; `key` is the SQL name of its rowid, empty where it has none of use."""

    dataset: Dataset
    key: str = ""


def quote(name: str) -> str:
    """An identifier as SQLAlchemy's preparer quotes it for SQLite."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def field_type(declared: str) -> FieldType:
    upper = declared.upper()
    if upper.startswith("TINYINT(1)"):
        return "boolean"
    return next((kind for word, kind in _TYPES if word in upper), "unknown")


def tables(run: Run, store: Store, views: bool) -> Iterator[SqliteTable]:
    """Every table and view but SQLite's own, sorted by name."""
    listed = [
        (str(name), str(kind), bool(without_rowid))
        for name, kind, without_rowid in run(
            f"SELECT name, type, wr FROM pragma_table_list WHERE schema = '{SCHEMA}' ORDER BY name"
        )
        if not str(name).lower().startswith("sqlite_")
    ]
    names = [name for name, _, _ in listed]
    for name, kind, without_rowid in listed:
        skip, planned = _skip(name, kind, names, views)
        dataset = Dataset(
            store, (SCHEMA, name), "view" if kind == "view" else "table", skip=skip, planned=planned
        )
        fields = _fields(run, dataset) if kind != "virtual" else ()
        key = "" if without_rowid or kind == "view" else _key(fields)
        yield SqliteTable(dataset.with_fields(*fields), key)


def views(run: Run) -> Iterator[Query]:
    """The statements that made the views."""
    rows = run(f"SELECT name, sql FROM {SCHEMA}.sqlite_master WHERE type = 'view' ORDER BY name")
    for name, text in rows:
        yield Query("view", (SCHEMA, str(name)), str(text or ""), "sqlite", home=(SCHEMA,))


def _skip(name: str, kind: str, names: Sequence[str], views: bool) -> tuple[str, bool]:
    if kind == "view":
        return ("", False) if views else ("a view; its tables are read", True)
    if kind == "virtual":
        shadows = any(other.startswith(f"{name}_") for other in names)
        reason = "a virtual table" + ("; the tables that hold its data are read" if shadows else "")
        return reason, shadows
    return "", False


def _fields(run: Run, dataset: Dataset) -> tuple[Field, ...]:
    table = literal(dataset.name)
    references = _references(run, dataset)
    columns = run(f'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo({table})')
    return tuple(
        Field(
            dataset.urn,
            (str(name),),
            field_type(str(declared)),
            nullable=not (required or primary),
            references=references.get(str(name)),
        )
        for name, declared, required, primary, hidden in columns
        if hidden != 1
    )


def _references(run: Run, dataset: Dataset) -> dict[str, str]:
    found: dict[str, str] = {}
    rows = run(
        'SELECT "table", "from", "to", seq FROM pragma_foreign_key_list'
        f"({literal(dataset.name)}) ORDER BY id DESC, seq"
    )
    for table, source, target, place in rows:
        other = urn.join(dataset.store.urn, (SCHEMA, str(table)))
        key = str(target) if target is not None else _primary_key(run, str(table), int(str(place)))
        if key:
            found[str(source)] = urn.join(other, (key,), "#")
    return found


def _primary_key(run: Run, table: str, place: int) -> str:
    rows = run(f"SELECT name FROM pragma_table_xinfo({literal(table)}) WHERE pk = {place + 1}")
    return str(rows[0][0]) if rows else ""


def _key(fields: Sequence[Field]) -> str:
    """The first of the rowid's three names that no column has taken."""
    taken = {field.name.lower() for field in fields}
    return next((name for name in ("_rowid_", "rowid", "oid") if name not in taken), "")
