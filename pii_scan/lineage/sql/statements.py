"""One statement: what it fills, and from which columns."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlglot
from sqlglot import exp

from . import changes
from .catalog import Name, Names
from .places import Place, command_place, place_of
from .query import FAULTS, lineage
from .values import Flow, NotFollowedError, joined

#: Statements that may move data; all others say nothing of lineage.
_MOVES: Final = re.compile(
    r"\s*(?:CREATE\b.*\b(?:AS|CLONE)\b|INSERT\b|REPLACE\s+INTO\b|COPY\b|UNLOAD\b|EXPORT\s+DATA\b|SELECT\b|WITH\b|\(|VALUES\b"
    r"|MERGE\b|UPDATE\b|TABLE\b)",
    re.IGNORECASE | re.DOTALL,
)
_ROUTINE: Final = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?"
    r"(?:FUNCTION|PROCEDURE|TRIGGER|RULE|EVENT|TYPE|DOMAIN|INDEX|UNIQUE|POLICY|PUBLICATION|SEQUENCE|EXTENSION)\b",
    re.IGNORECASE,
)
_TEMPORARY: Final = re.compile(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:LOCAL\s+|GLOBAL\s+)?TEMP", re.IGNORECASE)
_STRING: Final = r"'(?:[^']|'')*'"
_UNLOAD: Final = re.compile(
    rf"\s*UNLOAD\s*\(\s*(?P<query>{_STRING}|\$\$.*?\$\$)\s*\)\s*TO\s+(?P<to>{_STRING})",
    re.IGNORECASE | re.DOTALL,
)
_OPTION: Final = (
    r"(?:CHARACTER\s+SET\s+\w+|(?:FIELDS|COLUMNS|LINES)\b|(?:OPTIONALLY\s+)?"
    r"(?:ENCLOSED|TERMINATED|ESCAPED|STARTING)\s+BY\s+'(?:\\.|[^'\\])*')"
)
_OUTFILE: Final = re.compile(
    rf"\bINTO\s+(?:OUTFILE|DUMPFILE)\s+(?P<to>{_STRING})(?:\s+{_OPTION})*", re.IGNORECASE
)
_NO_DATA: Final = re.compile(r"\s+WITH\s+(?:NO\s+)?DATA\s*\Z", re.IGNORECASE)
_REPLACE: Final = re.compile(r"\A\s*REPLACE\s+INTO\b", re.IGNORECASE)
_LONGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement fills, a table or view by its name or a place outside, and from which columns.

    Neither for a bare SELECT. `made` tells that the statement makes the table itself.
    """

    kind: str
    columns: Sequence[tuple[str, Flow]]
    table: Name = ()
    place: Place | None = None
    made: bool = False


def written(sql: str, dialect: str, names: Names) -> Written | None:
    """What the statement writes; None if it moves no data.

    Raises NotFollowedError for what is not understood.
    """
    if not _MOVES.match(sql) or _ROUTINE.match(sql):
        return None
    if unload := _UNLOAD.match(sql):
        columns = lineage(_query(_unquoted(unload["query"]), dialect), dialect, names)
        return Written("unload", columns, place=place_of(_unquoted(unload["to"])))
    if outfile := _OUTFILE.search(sql):
        rest = sql[: outfile.start()] + sql[outfile.end() :]
        return Written(
            "export", lineage(_query(rest, dialect), dialect, names), place=place_of(outfile["to"][1:-1])
        )
    plain = _REPLACE.sub("INSERT INTO", _NO_DATA.sub("", sql), count=1)
    return _of_tree(parsed(plain, dialect), dialect, names, bool(_TEMPORARY.match(sql)))


def _unquoted(text: str) -> str:
    return text[2:-2] if text.startswith("$$") else text[1:-1].replace("''", "'").replace("\\'", "'")


def parsed(sql: str, dialect: str) -> Any:
    """The statement's tree. Raises NotFollowedError if it is none of the dialect's."""
    if len(sql) > _LONGEST:
        raise NotFollowedError("a statement longer than a megabyte")
    try:
        with silent():
            tree = sqlglot.parse_one(sql, dialect=dialect)
    except FAULTS:
        raise NotFollowedError("SQL that can't be parsed") from None
    if isinstance(tree, exp.Command):
        raise NotFollowedError("a kind of statement that is not known")
    return tree


@contextmanager
def silent() -> Iterator[None]:
    """The parser logs the text of what it does not know, which may hold values."""
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _query(sql: str, dialect: str) -> Any:
    tree = parsed(sql, dialect)
    if not isinstance(tree, exp.Query):
        raise NotFollowedError("no query where one is expected")
    return tree


def _of_tree(tree: Any, dialect: str, names: Names, temporary: bool) -> Written | None:
    changes.returned(tree)
    if isinstance(tree, exp.Create):
        return _create(tree, dialect, names, temporary)
    if isinstance(tree, exp.Insert):
        return _insert(tree, dialect, names)
    if isinstance(tree, exp.Copy):
        return _copy(tree, dialect, names)
    if isinstance(tree, exp.Export):
        place = next(_options(tree, "uri"), "")
        return Written("export", lineage(tree.this, dialect, names), place=place_of(place))
    if isinstance(tree, exp.Merge | exp.Update):
        return _changed(tree, dialect, names)
    if not isinstance(tree, exp.Query):
        return None
    into = tree.args.get("into")
    if into is not None:
        tree.set("into", None)
        return Written("table", lineage(tree, dialect, names), changes.name_of(into.this), made=True)
    return Written("select", lineage(tree, dialect, names))


def _changed(tree: exp.Merge | exp.Update, dialect: str, names: Names) -> Written | None:
    if isinstance(tree, exp.Merge):
        kind, (table, columns) = "merge", changes.merged(tree, dialect, names)
    else:
        kind, (table, columns) = "update", changes.updated(tree, dialect, names)
    return Written(kind, columns, table) if columns else None


def _options(tree: exp.Export, name: str) -> Iterator[str]:
    for option in tree.find_all(exp.Property):
        if option.name.lower() == name and isinstance(option.args.get("value"), exp.Literal):
            yield option.args["value"].name


def _target(node: Any) -> tuple[Name, list[str]]:
    """The table that is named, and the columns behind it."""
    if isinstance(node, exp.Schema):
        return changes.name_of(node.this), [column.name for column in node.expressions if column.name]
    return changes.name_of(node), []


def _create(tree: exp.Create, dialect: str, names: Names, temporary: bool) -> Written | None:
    query = tree.expression
    if tree.args.get("clone") is not None:
        query = _selected(tree.args["clone"].this)
    if isinstance(query, exp.Subquery):
        query = query.unnest()
    if not isinstance(query, exp.Query) or tree.kind not in ("VIEW", "TABLE"):
        return None
    table, columns = _target(tree.this)
    kind = "view" if tree.kind == "VIEW" else "temporary table" if temporary else "table"
    if tree.find(exp.MaterializedProperty):
        kind = "materialized view"
    return Written(kind, _renamed(lineage(query, dialect, names), columns), table, made=True)


def _insert(tree: exp.Insert, dialect: str, names: Names) -> Written | None:
    query = tree.expression
    if not isinstance(query, exp.Query) or isinstance(query, exp.Values):
        return None
    if tree.args.get("with_") is not None and query.args.get("with_") is None:
        query.set("with_", tree.args["with_"])
    table, columns = _target(tree.this)
    if not columns:
        columns = list(names.find(table).columns)
        if not columns:
            raise NotFollowedError("a table whose columns are not known, filled by their order")
    found = _renamed(lineage(query, dialect, names), columns)
    changed = changes.on_conflict(tree, query, columns[: len(found)], dialect, names)
    return Written("insert", _together(found, changed), table)


def _together(
    found: Sequence[tuple[str, Flow]], changed: Sequence[tuple[str, Flow]]
) -> list[tuple[str, Flow]]:
    """What a statement puts into new rows, and into rows that are there."""
    flows: dict[str, list[Flow]] = {name: [flow] for name, flow in found}
    names = {name.lower(): name for name in flows}
    for name, flow in changed:
        flows.setdefault(names.get(name, name), []).append(flow)
    return [(name, joined(several)) for name, several in flows.items()]


def _renamed(found: Sequence[tuple[str, Flow]], columns: Sequence[str]) -> list[tuple[str, Flow]]:
    """Under the names of the target's columns, which may be more than are filled."""
    if not columns:
        return list(found)
    if len(found) > len(columns):
        raise NotFollowedError("more columns than the target has")
    return [(name, flow) for name, (_, flow) in zip(columns, found, strict=False)]


def _copy(tree: exp.Copy, dialect: str, names: Names) -> Written | None:
    """PostgreSQL's COPY … TO, and COPY INTO a stage or bucket."""
    files, this = tree.args.get("files") or [], tree.this
    if not tree.args.get("kind"):
        command = "".join(param.this.name for param in tree.args.get("params") or () if param.this)
        program = bool(files) and files[0].name.upper() == "PROGRAM"
        name = files[0].name if files else ""
        place = command_place(command) if program else place_of(name)
        if isinstance(files[0] if files else None, exp.Identifier | exp.Var) and not program:
            place = Place((name.lower(),))  # STDOUT: to whoever asked
        return Written("copy", lineage(_selected(this), dialect, names), place=place)
    outside = this.this if isinstance(this, exp.Table) else this
    if not isinstance(outside, exp.Literal | exp.Var | exp.Parameter) or not files:
        return None
    return Written("unload", lineage(_selected(files[0]), dialect, names), place=place_of(outside.name))


def _selected(node: Any) -> Any:
    """The query that a table, some of its columns, or a query in brackets stand for."""
    if isinstance(node, exp.Subquery):
        return node.unnest()
    if isinstance(node, exp.Query):
        return node
    if isinstance(node, exp.Schema):
        columns = [exp.column(column.copy()) for column in node.expressions]
        return exp.select(*columns).from_(node.this.copy())
    if isinstance(node, exp.Table):
        return exp.select("*").from_(node.copy())
    raise NotFollowedError("something that is no table")
