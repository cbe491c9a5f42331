"""From the SQL of sources to edges between columns; the texts themselves are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..core.model import Store
from ..core.query import Edge, Query, export_urn
from ..core.urn import join
from .sql.catalog import Catalog, Names, Table
from .sql.statements import Written, silent, written
from .sql.values import NotFollowedError

#: Tried in turn for SQL that does not say whose it is.
DIALECTS = ("postgres", "mysql", "sqlite", "snowflake", "bigquery", "redshift")


#: Statements that name the columns that they fill.
_BY_NAME = ("insert", "merge", "update")


@dataclass(frozen=True, slots=True)
class Fault:
    """A statement that was not followed: whose it is, where it is written, and why."""

    store: Store
    place: str
    reason: str


@dataclass(slots=True)
class Derived:
    """Edges by the URN of the store whose SQL they are from, and what was not followed."""

    edges: dict[str, list[Edge]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def derive(queries: Iterable[tuple[Store, Query]], catalog: Catalog) -> Derived:
    """Follows every statement; one that needs a table that another one makes waits for it.

    The catalog learns the tables that statements make.
    """
    derived, waiting = Derived(), list(queries)
    while waiting:
        left: list[tuple[Store, Query]] = []
        faults: list[Fault] = []
        for store, query in waiting:
            try:
                _follow(store, query, catalog, derived)
            except NotFollowedError as error:
                left.append((store, query))
                faults.append(Fault(store, query.where, str(error)))
        if len(left) == len(waiting):
            derived.faults += faults
            break
        waiting = left
    derived.edges = {urn: list(dict.fromkeys(edges)) for urn, edges in derived.edges.items()}
    return derived


def _follow(store: Store, query: Query, catalog: Catalog, derived: Derived) -> None:
    if not query.sql.strip():
        raise NotFollowedError("its text is not there: the user may not see it, or it was not compiled")
    stores = [store]
    if query.store:
        if query.store not in catalog.stores:
            raise NotFollowedError("the source that it runs in is not scanned")
        stores = [catalog.stores[query.store], store]
    names = Names(catalog, tuple(dict.fromkeys(stores)), query.home)
    found = _understood(query, names)
    if found is not None:
        derived.edges.setdefault(store.urn, []).extend(_edges(query, found, names))


def _understood(query: Query, names: Names) -> Written | None:
    """What the statement writes, in the first dialect in which it can be followed."""
    fault: NotFollowedError | None = None
    for dialect in (query.dialect,) if query.dialect else DIALECTS:
        try:
            with silent():
                return written(query.sql, dialect, names)
        except NotFollowedError as error:
            fault = fault or error
    raise fault or NotFollowedError("no dialect")


def _edges(query: Query, found: Written, names: Names) -> list[Edge]:
    kind = query.kind if query.target else found.kind
    columns: Sequence[str]
    if query.outside:
        base, columns = export_urn(query.target), [name for name, _ in found.columns]
    elif found.place is not None:
        base, columns = export_urn(found.place.path), [name for name, _ in found.columns]
    elif query.target or found.table:
        table = names.find(query.target or found.table)
        base, columns = table.urn, _columns(found, table)
        if not table.columns:
            names.catalog.add(names.stores[0], names.path(query.target or found.table), tuple(columns))
    else:
        return []  # a SELECT by itself: nobody says where its rows go
    to = query.to or (found.place.host if found.place else "")
    return [
        Edge(
            join(source.table, source.path, "#"),
            join(base, (column,), "#"),
            transform,
            kind,
            query.where,
            to,
        )
        for column, (_, flow) in zip(columns, found.columns, strict=True)
        for source, transform in sorted(flow.items(), key=lambda item: (item[0].table, item[0].path))
    ]


def _columns(found: Written, table: Table) -> Sequence[str]:
    """The names of the target's columns: by place where it is made by the statement, by name elsewhere."""
    if found.kind not in _BY_NAME and len(table.columns) == len(found.columns):
        return table.columns
    return [table.real(name.lower()) if table.columns else name for name, _ in found.columns]
