"""The lineage of a query's columns: names are resolved, stars expanded, and each column followed."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope, traverse_scope
from sqlglot.schema import MappingSchema

from .catalog import Names, Table
from .values import Flow, NotFollowedError, Source, joined
from .walk import Walker

#: What sqlglot raises on what it does not know, besides errors of its own.
FAULTS: Final = (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, LookupError)


def lineage(tree: Any, dialect: str, names: Names) -> list[tuple[str, Flow]]:
    """Name and sources of each column that a query gives; tables stand by their URN.

    Raises NotFollowedError for what is not understood; guesses nothing.
    """
    tree = tree.copy()
    if dialect == "snowflake" and tree.find(exp.Parameter):
        raise NotFollowedError("columns by their position")
    try:
        tables = _resolved(tree, names)
        schema = MappingSchema(_schema(tables), dialect=dialect, normalize=False)
        tree = qualify(
            tree,
            schema=schema,
            dialect=dialect,
            allow_partial_qualification=True,
            validate_qualify_columns=False,
            quote_identifiers=False,
            identify=False,
        )
        scope = build_scope(tree)
    except FAULTS as error:
        raise NotFollowedError(f"names that can't be resolved ({type(error).__name__})") from None
    if scope is None:
        raise NotFollowedError("no query")
    walker = Walker(tables)
    return [(name, _real(flow, tables)) for name, flow in walker.outputs(scope)]


def _schema(tables: dict[str, Table]) -> dict[str, object]:
    return {
        alias: {column.lower(): "unknown" for column in table.columns}
        for alias, table in tables.items()
        if table.columns
    }


def _real(flow: Flow, tables: dict[str, Table]) -> Flow:
    """Under the tables' URNs and the columns' own names."""
    return joined(
        {Source(tables[s.table].urn, (tables[s.table].real(s.path[0]), *s.path[1:])): transform}
        for s, transform in flow.items()
    )


def _resolved(tree: Any, names: Names) -> dict[str, Table]:
    """Puts a plain name in the place of each table's and gives what the names stand for."""
    found: dict[str, Table] = {}
    real = [
        source
        for scope in traverse_scope(tree)
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)
    ]
    for call in tree.find_all(exp.Table):
        if isinstance(call.this, exp.Func) and not call.alias and call.this.name:
            call.set("alias", exp.TableAlias(this=exp.to_identifier(call.this.name)))
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", True)
    for source in {id(source): source for source in real}.values():
        alias = f"table {len(found)}"
        found[alias] = _checked(names.find(tuple(part.name for part in source.parts)))
        if not source.alias:
            source.set("alias", exp.TableAlias(this=exp.to_identifier(source.name, quoted=True)))
        source.set("db", None)
        source.set("catalog", None)
        source.set("this", exp.to_identifier(alias, quoted=True))
    for column in tree.find_all(exp.Column):
        if column.args.get("db"):
            column.set("db", None)
            column.set("catalog", None)
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", identifier.name.lower())
    return found


def _checked(table: Table) -> Table:
    if len({column.lower() for column in table.columns}) != len(table.columns):
        raise NotFollowedError("a table with columns that differ by case alone")
    return table
