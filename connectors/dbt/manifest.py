"""What a dbt manifest says: the tables of its nodes, their compiled SQL, and who uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from pii_scan.core.query import Query

#: Kinds of nodes that are tables or views in the warehouse.
_TABLES: Final = ("model", "snapshot", "seed", "source")
_FOLLOWED: Final = ("model", "snapshot")
#: Adapters whose SQL goes by another name, and those that quote names with backticks.
_DIALECTS: Final = {"postgresql": "postgres", "sqlserver": "tsql", "athena": "presto"}
_BACKTICKS: Final = ("bigquery", "mysql", "databricks", "spark")
#: Keys of an exposure's `meta` that name its recipient by its id in `sharing.yaml`.
_RECIPIENT: Final = "recipient"


@dataclass(frozen=True, slots=True)
class Node:
    """A table or view of the warehouse; `sql` is None for what dbt does not compute."""

    id: str
    path: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    view: bool = False
    sql: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a manifest that lineage needs."""

    dialect: str
    nodes: Mapping[str, Node]
    exposures: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, document: Any) -> Manifest:
        """Raises ValueError for what is no manifest."""
        if not isinstance(document, dict) or not isinstance(document.get("nodes"), dict):
            raise ValueError("no manifest of dbt")
        adapter = str(_mapping(document.get("metadata")).get("adapter_type") or "")
        records = {**document["nodes"], **_mapping(document.get("sources"))}
        nodes = {
            str(key): _node(str(key), record)
            for key, record in records.items()
            if isinstance(record, dict) and record.get("resource_type") in _TABLES
        }
        exposures = tuple(e for e in _mapping(document.get("exposures")).values() if isinstance(e, dict))
        return cls(_DIALECTS.get(adapter, adapter), nodes, exposures)

    def queries(self, store: str) -> Iterator[Query]:
        """What each model selects, and what each exposure takes."""
        for node in self.nodes.values():
            if node.sql is not None:
                place = ("models", node.id)
                yield Query("dbt model", place, node.sql, self.dialect, node.path, node.path[:1], store)
        for exposure in self.exposures:
            yield from self._exposed(exposure, store)

    def _exposed(self, exposure: Mapping[str, Any], store: str) -> Iterator[Query]:
        name = str(exposure.get("name") or "unnamed")
        for key in _mapping(exposure.get("depends_on")).get("nodes") or ():
            node = self.nodes.get(str(key))
            if node is not None:
                yield Query(
                    "dbt exposure",
                    ("exposures", name),
                    f"SELECT * FROM {'.'.join(map(self._quoted, node.path))}",
                    self.dialect,
                    target=("dbt", name),
                    home=node.path[:1],
                    store=store,
                    to=_recipient(exposure),
                    outside=True,
                )

    def _quoted(self, name: str) -> str:
        mark = "`" if self.dialect in _BACKTICKS else '"'
        return mark + name.replace(mark, mark * 2) + mark


def _node(key: str, record: Mapping[str, Any]) -> Node:
    name = record.get("identifier") or record.get("alias") or record.get("name") or key
    schema = record.get("schema")
    columns = tuple(
        (str(column.get("name") or name), str(column.get("description") or ""))
        for name, column in _mapping(record.get("columns")).items()
        if isinstance(column, dict)
    )
    materialized = _mapping(record.get("config")).get("materialized")
    sql = record.get("compiled_code") or record.get("compiled_sql") or ""
    return Node(
        key,
        (str(schema), str(name)) if schema else (str(name),),
        columns,
        materialized == "view",
        str(sql) if record.get("resource_type") in _FOLLOWED else None,
    )


def _recipient(exposure: Mapping[str, Any]) -> str:
    """The recipient that `meta` names, else the host of the exposure's address."""
    config = _mapping(_mapping(exposure.get("config")).get("meta"))
    told = _mapping(exposure.get("meta")).get(_RECIPIENT) or config.get(_RECIPIENT)
    if told:
        return str(told)
    try:
        return urlsplit(str(exposure.get("url") or "")).hostname or ""
    except ValueError:
        return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
