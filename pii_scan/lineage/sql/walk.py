"""Follows the columns of a qualified query down to the tables that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from . import functions, masks, paths
from .catalog import Table
from .values import Flow, NotFollowedError, Source, below, joined, then

_THROUGH: Final = (
    exp.Alias,
    exp.Paren,
    exp.Cast,
    exp.TryCast,
    exp.Collate,
    exp.Window,
    exp.Filter,
    exp.Order,
    exp.IgnoreNulls,
    exp.RespectNulls,
    exp.Nullif,
    exp.Kwarg,
)
_QUESTIONS: Final = (exp.Predicate, exp.Connector, exp.Not)
_TEXTS: Final = (exp.Concat, exp.ConcatWs, exp.DPipe)
Output = tuple[str, Flow]


@dataclass(slots=True)
class Walker:
    """`tables` are the real ones by the name that stands for each in the query."""

    tables: Mapping[str, Table]
    _known: dict[int, list[Output]] = field(default_factory=dict)
    _under_way: set[int] = field(default_factory=set)

    def outputs(self, scope: Scope) -> list[Output]:
        """Name and flow of each column that a query gives. Raises NotFollowedError."""
        place = id(scope.expression)  # a recursive query stands for its first branch, by a scope of its own
        if place in self._under_way:
            raise NotFollowedError("a query that takes from itself")
        if place not in self._known:
            self._under_way.add(place)
            try:
                self._known[place] = list(self._outputs(scope))
            finally:
                self._under_way.discard(place)
        return self._known[place]

    def _outputs(self, scope: Scope) -> Iterator[Output]:
        if _branches(scope):
            branches = [self.outputs(branch) for branch in _branches(scope)]
            for (name, first), *rest in zip(*branches, strict=False):
                yield name, joined([first, *(flow for _, flow in rest)])
            return
        for selected in getattr(scope.expression, "selects", ()):
            if selected.is_star:
                raise NotFollowedError("a star over a table whose columns are not known")
            yield selected.alias_or_name, self.flow(selected, scope)

    def flow(self, node: Any, scope: Scope) -> Flow:
        """Where the value of an expression comes from."""
        if node is None or not isinstance(node, exp.Expression):
            return {}
        if isinstance(node, exp.Column):
            return self._column(node, scope)
        if isinstance(node, exp.TableColumn):
            return self._element(node.name, scope)
        if isinstance(node, _THROUGH):
            return self.flow(node.expression if isinstance(node, exp.Kwarg) else node.this, scope)
        if isinstance(node, exp.Subquery | exp.Query):
            return self._scalar(node, scope)
        if isinstance(node, exp.Case | exp.If):
            return self._choice(node, scope)
        if isinstance(node, _QUESTIONS):
            asked = (child for child in node.iter_expressions() if not _is_query(child))
            return then(self._all(asked, scope), "aggregated")
        if isinstance(node, paths.EXTRACTS):
            return self._extracted(node, scope)
        if isinstance(node, exp.Dot) and not functions.is_called(node):
            return below(self.flow(node.this, scope), (node.expression.name,))
        if isinstance(node, exp.Bracket):
            return self._bracket(node, scope)
        return self._made(node, scope)

    def _made(self, node: Any, scope: Scope) -> Flow:
        """The flow of what puts its parts together: texts, calls, arithmetic."""
        if masks.masks(node):
            return then(self._all(node.iter_expressions(), scope), "masked")
        if isinstance(node, _TEXTS):
            return self._text(node, scope)
        if functions.is_called(node):
            called = node.expression if isinstance(node, exp.Dot) else node
            return then(self._all(called.iter_expressions(), scope), functions.effect(node))
        return then(self._all(node.iter_expressions(), scope), "transformed")

    def _all(self, nodes: Iterable[Any], scope: Scope) -> Flow:
        return joined([self.flow(node, scope) for node in nodes])

    def _choice(self, node: Any, scope: Scope) -> Flow:
        """One of several values; which one is no part of it."""
        if isinstance(node, exp.If):
            return self._all([node.args.get("true"), node.args.get("false")], scope)
        return self._all([*(node.args.get("ifs") or ()), node.args.get("default")], scope)

    def _text(self, node: Any, scope: Scope) -> Flow:
        parts = list(node.flatten()) if isinstance(node, exp.DPipe) else list(node.expressions)
        starred = masks.starred(parts)
        return joined(
            then(self.flow(part, scope), "masked" if starred and masks.is_part(part) else "transformed")
            for part in parts
        )

    def _extracted(self, node: Any, scope: Scope) -> Flow:
        inner = self.flow(node.this, scope)
        path = paths.path_of(node)
        return then(inner, "transformed") if path is None else below(inner, path)

    def _bracket(self, node: exp.Bracket, scope: Scope) -> Flow:
        keys = node.expressions
        inner = self.flow(node.this, scope)
        if len(keys) != 1 or not isinstance(keys[0], exp.Literal):
            return then(inner, "transformed")
        return below(inner, (keys[0].name if keys[0].is_string else paths.ELEMENT,))

    def _scalar(self, node: Any, scope: Scope) -> Flow:
        """A query in the place of a value."""
        query = node.unnest() if isinstance(node, exp.Subquery) else node
        found = next((inner for inner in scope.traverse() if inner.expression is query), None)
        if found is None:
            raise NotFollowedError("a query within an expression")
        return joined(flow for _, flow in self.outputs(found))

    def _column(self, node: exp.Column, scope: Scope) -> Flow:
        name, alias = node.name, node.table
        if isinstance(node.this, exp.Star):
            return then(self._row(alias, scope), "transformed")
        if not alias:
            alone = _alone(scope)
            if _source(name, scope) is not None:
                return self._element(name, scope)
            if alone is None:
                raise NotFollowedError("a column that may be of several tables")
            return self._of_source(alone, name, scope)
        source = _source(alias, scope)
        if source is None:
            raise NotFollowedError("a column of a table that is not named")
        return self._of_source(source, name, scope)

    def _of_source(self, source: Any, name: str, scope: Scope) -> Flow:
        if isinstance(source, exp.Table):
            if source.name in self.tables:
                return {self._stored(source.name, name): "identity"}
            return self._made_column(source.this, _columns(source), name, scope)
        expression = source.expression
        if isinstance(expression, exp.Lateral | exp.Unnest | exp.TableFromRows):
            return self._lateral(source, expression, name, scope)
        if isinstance(expression, exp.Values):
            return {}
        return self._named(self.outputs(source), _columns(expression.parent), name)

    def _named(self, outputs: list[Output], columns: list[str], name: str) -> Flow:
        """The column of a query by its name, or by the name that its place has been given."""
        if name in columns and columns.index(name) < len(outputs):
            return outputs[columns.index(name)][1]
        found = [flow for own, flow in outputs if own == name]
        if not found:
            raise NotFollowedError("a column that a query within does not have")
        return found[0]

    def _stored(self, table: str, name: str) -> Source:
        known = self.tables[table].columns
        if known and name not in (column.lower() for column in known):
            raise NotFollowedError("a column that its table is not known to have")
        return Source(table, (name,))

    def _lateral(self, source: Scope, expression: Any, name: str, scope: Scope) -> Flow:
        this = expression if isinstance(expression, exp.Unnest) else expression.this
        if isinstance(this, exp.Subquery):
            query = this.unnest()
            found = next((inner for inner in source.traverse() if inner.expression is query), None)
            if found is None:
                raise NotFollowedError("a lateral query")
            return self._named(self.outputs(found), _columns(expression), name)
        return self._made_column(this, _columns(expression), name, scope)

    def _made_column(self, call: Any, columns: list[str], name: str, scope: Scope) -> Flow:
        """A column of the rows that a table function makes of its argument."""
        if not isinstance(call, exp.Expression):
            raise NotFollowedError("a table function")
        inner = self._all(call.iter_expressions() if functions.is_called(call) else [call], scope)
        shape = functions.shape(call)
        if shape == "elements":
            if functions.is_beside(name) and name not in columns[:1]:
                return then(inner, "aggregated")
            return inner if name == "this" else below(inner, (paths.ELEMENT,))
        if shape:
            return below(inner, (paths.ELEMENT, name) if shape == "records" else (name,))
        return then(inner, "transformed")

    def _element(self, alias: str, scope: Scope) -> Flow:
        """A table's alias in the place of a value: its row, or the element that it stands for."""
        source = _source(alias, scope)
        if isinstance(source, exp.Table) and source.name in self.tables:
            return then(self._row(alias, scope), "transformed")
        if isinstance(source, exp.Table) or not isinstance(source.expression, exp.Query):
            return self._of_source(source, alias, scope)
        return then(self._row(alias, scope), "transformed")

    def _row(self, alias: str, scope: Scope) -> Flow:
        """All columns of a table or query."""
        source = _source(alias, scope)
        if isinstance(source, exp.Table) and source.name in self.tables:
            columns = self.tables[source.name].columns
            if not columns:
                raise NotFollowedError("a star over a table whose columns are not known")
            return {Source(source.name, (column.lower(),)): "identity" for column in columns}
        if isinstance(source, Scope) and isinstance(source.expression, exp.Query):
            return joined(flow for _, flow in self.outputs(source))
        raise NotFollowedError("a whole row of something that is no table")


def _branches(scope: Scope) -> list[Scope]:
    """The queries of a union; none of another query."""
    return list(scope.set_operation_scopes or ())


def _source(alias: str, scope: Scope) -> Any:
    """What an alias stands for, in the query or in those around it."""
    here: Any = scope
    while here is not None:
        if alias in here.sources:
            return here.sources[alias]
        here = here.parent
    return None


def _alone(scope: Scope) -> Any:
    """The only thing that the query selects from; nothing if a column may be of a query around it."""
    free = scope.parent is None or scope.is_cte or scope.is_derived_table or scope.is_set_operation
    sources = [source for _, source in scope.selected_sources.values()]
    return sources[0] if free and len(sources) == 1 else None


def _columns(node: Any) -> list[str]:
    """The names that an alias gives to columns: `AS t(a, b)`."""
    alias = node.args.get("alias") if isinstance(node, exp.Expression) else None
    columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    return [column.name for column in columns or ()]


def _is_query(node: Any) -> bool:
    return isinstance(node, exp.Query | exp.Subquery)
