"""MERGE, UPDATE and what an INSERT does on a conflict, as queries: which values are put into which columns.

`UPDATE a SET x = b.y FROM b` fills x as `SELECT b.y FROM a CROSS JOIN b` gives it. What a column takes from
itself is no step. Rows that DELETE takes away go nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from .catalog import Name, Names
from .query import lineage
from .values import Flow, NotFollowedError, Source, joined

#: The name under which the rows of an INSERT stand where they meet others.
_EXCLUDED: Final = "excluded"
Filled = list[tuple[str, Flow]]


@dataclass(frozen=True, slots=True)
class _Put:
    """A value that is put into a column, among the tables that it may name."""

    column: str
    value: Any
    tables: tuple[Any, ...]


def name_of(table: Any) -> Name:
    """The name of a table. Raises NotFollowedError for anything else."""
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
        raise NotFollowedError("a target that is no table")
    return tuple(part.name for part in table.parts)


def merged(tree: exp.Merge, dialect: str, names: Names) -> tuple[Name, Filled]:
    """The table that a MERGE fills, and from what."""
    table, using = _bare(tree.this), tree.args["using"]
    with_, puts = tree.args.get("with_"), list[_Put]()
    for when in tree.args["whens"].expressions:
        done = when.args.get("then")
        if isinstance(done, exp.Insert):
            puts += _inserted(done, table, using, names, dialect)
        elif isinstance(done, exp.Update):
            stars = [isinstance(part, exp.Star) for part in done.expressions]
            puts += _by_name(using, names, dialect) if any(stars) else ()
            puts += _set(() if any(stars) else done.expressions, (table, using))
    return name_of(table), _filled(puts, with_, name_of(table), dialect, names)


def updated(tree: exp.Update, dialect: str, names: Names) -> tuple[Name, Filled]:
    """The one table that an UPDATE changes, and from what."""
    tables = list(_tables(tree))
    target = _target(tree, tables, names)
    if not any(table is target for table in tables):
        tables.insert(0, target)
    found = _filled(
        _set(tree.expressions, tuple(tables)), tree.args.get("with_"), name_of(target), dialect, names
    )
    return name_of(target), found


def on_conflict(tree: exp.Insert, query: Any, columns: Sequence[str], dialect: str, names: Names) -> Filled:
    """What an INSERT puts into rows that are there already."""
    conflict = tree.args.get("conflict")
    changes = conflict.expressions if isinstance(conflict, exp.OnConflict) else ()
    changes = [change for change in changes if isinstance(change, exp.EQ)]
    if not changes:
        return []
    table = _bare(tree.this.this if isinstance(tree.this, exp.Schema) else tree.this)
    alias = exp.TableAlias(
        this=exp.to_identifier(_EXCLUDED), columns=[exp.to_identifier(column) for column in columns]
    )
    rows = exp.Subquery(this=query.copy(), alias=alias)
    changes = [change.transform(_as_excluded) for change in changes]
    return _filled(_set(changes, (table, rows)), None, name_of(table), dialect, names)


def returned(tree: Any) -> None:
    """Puts in the place of DELETE and UPDATE within WITH the rows that they give back."""
    with_ = tree.args.get("with_")
    for cte in with_.expressions if with_ is not None else ():
        change = cte.this
        given = change.args.get("returning") if isinstance(change, exp.Delete | exp.Update) else None
        if given is None:
            continue
        if isinstance(change, exp.Update):
            raise NotFollowedError("an UPDATE that gives back rows")
        others = change.args.get("using") or []
        cte.set("this", _select([part.copy() for part in given.expressions], [change.this, *others]))


def _as_excluded(node: Any) -> Any:
    """MySQL's VALUES(column) is PostgreSQL's EXCLUDED.column."""
    called = isinstance(node, exp.Anonymous) and node.name.upper() == "VALUES" and len(node.expressions) == 1
    if called:
        return exp.column(node.expressions[0].name, _EXCLUDED)
    return node


def _bare(table: Any) -> Any:
    """The table without what is joined to it."""
    bare = table.copy()
    bare.set("joins", None)
    return bare


def _tables(tree: exp.Update) -> Iterator[Any]:
    """All that the values of an UPDATE may name; MySQL joins it to the target, others have FROM."""
    from_ = tree.args.get("from_")
    for first in (tree.this, from_.this if from_ is not None else None):
        if first is not None and not (first is tree.this and _is_alias(first, from_)):
            yield _bare(first)
            yield from (join.this for join in first.args.get("joins") or ())


def _is_alias(table: Any, from_: Any) -> bool:
    """True for SQL Server's way to name the target by its alias in FROM."""
    named = [from_.this, *(join.this for join in from_.this.args.get("joins") or ())] if from_ else []
    return any(table.name.lower() == other.alias.lower() for other in named if other.alias)


def _target(tree: exp.Update, tables: Sequence[Any], names: Names) -> Any:
    """The table whose columns are set: the one named, or of joined ones the one that the columns are of."""
    first = tree.this
    alias = next((t for t in tables if t.alias and t.alias.lower() == first.name.lower()), None)
    if not first.args.get("joins"):
        return alias if alias is not None and not first.alias else _named(first, tables)
    first, *others = [_owner(column, tables, names) for column in _columns(tree)]
    if any(other is not first for other in others):
        raise NotFollowedError("an UPDATE of several tables")
    return first


def _named(first: Any, tables: Sequence[Any]) -> Any:
    return next((t for t in tables if t.alias_or_name == first.alias_or_name), first)


def _columns(tree: exp.Update) -> Iterator[exp.Column]:
    for change in tree.expressions:
        yield from change.this.find_all(exp.Column)


def _owner(column: exp.Column, tables: Sequence[Any], names: Names) -> Any:
    if column.table:
        found = [t for t in tables if t.alias_or_name.lower() == column.table.lower()]
    else:
        known = [(t, names.find(name_of(t)).columns) for t in tables if isinstance(t, exp.Table)]
        found = [t for t, own in known if column.name.lower() in (name.lower() for name in own)]
    if len(found) != 1:
        raise NotFollowedError("an UPDATE of one of several tables")
    return found[0]


def _set(changes: Iterable[Any], tables: tuple[Any, ...]) -> Iterator[_Put]:
    """`a = value`, `(a, b) = (value, value)`, `(a, b) = (SELECT …)`."""
    for change in changes:
        if not isinstance(change, exp.EQ):
            raise NotFollowedError("a change that is no assignment")
        columns = change.this.expressions if isinstance(change.this, exp.Tuple) else [change.this]
        for place, column in enumerate(columns):
            value = change.expression if len(columns) == 1 else _part(change.expression, place)
            yield _Put(column.name, value, tables)


def _part(value: Any, place: int) -> Any:
    """The value at a place of a row."""
    if isinstance(value, exp.Tuple) and place < len(value.expressions):
        return value.expressions[place]
    query = value.copy()
    inner = query.unnest() if isinstance(query, exp.Subquery) else query
    if not isinstance(inner, exp.Select) or place >= len(inner.expressions) or inner.is_star:
        raise NotFollowedError("a row of values")
    inner.set("expressions", [inner.expressions[place]])
    return query


def _inserted(done: exp.Insert, table: Any, using: Any, names: Names, dialect: str) -> Iterator[_Put]:
    own = list(names.find(name_of(table)).columns)
    if isinstance(done.this, exp.Star):
        yield from _by_name(using, names, dialect)
        return
    columns = [column.name for column in done.this.expressions] if isinstance(done.this, exp.Tuple) else own
    if isinstance(done.this, exp.Var):  # BigQuery's ROW: all columns, by their order
        values = [put.value for put in _by_name(using, names, dialect)]
    else:
        values = done.expression.expressions if isinstance(done.expression, exp.Tuple) else []
    if not values or len(values) > len(columns):
        raise NotFollowedError("a table whose columns are not known, filled by their order")
    yield from (_Put(column, value, (using,)) for column, value in zip(columns, values, strict=False))


def _by_name(using: Any, names: Names, dialect: str) -> Iterator[_Put]:
    """All columns of what is merged, under their own names."""
    for name, _ in lineage(_select([exp.Star()], [using]), dialect, names):
        yield _Put(name, exp.column(name, using.alias_or_name), (using,))


def _select(values: Sequence[Any], tables: Sequence[Any]) -> exp.Select:
    query = exp.select(*values).from_(tables[0].copy())
    for table in tables[1:]:
        query = query.join(table.copy(), join_type="cross")
    return query


def _filled(puts: Iterable[_Put], with_: Any, table: Name, dialect: str, names: Names) -> Filled:
    """By column where its values come from, but for itself; columns that only constants fill are left out."""
    urn, found = names.find(table).urn, dict[str, list[Flow]]()
    for put in puts:
        if isinstance(put.value, exp.Column) and not put.value.table and put.value.name.upper() == "DEFAULT":
            continue
        query = _select([exp.alias_(put.value.copy(), "filled")], put.tables)
        if with_ is not None:
            query.set("with_", with_.copy())
        ((_, flow),) = lineage(query, dialect, names)
        found.setdefault(put.column.lower(), []).append(_without(flow, urn, put.column))
    return [(column, flow) for column, flows in found.items() if (flow := joined(flows))]


def _without(flow: Flow, urn: str, column: str) -> dict[Source, Any]:
    return {
        source: done
        for source, done in flow.items()
        if source.table != urn or source.path[0].lower() != column.lower()
    }
