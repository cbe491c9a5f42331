"""Applies SQL statements that make, change or drop tables."""

from __future__ import annotations

import logging
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pii_scan.core.model import FieldType

from .statements import Statement
from .tables import Column, Name, Table, Tables

#: Tried in turn: most files say nowhere whose language they are in.
DIALECTS: Final = ("postgres", "mysql", "sqlite", "tsql", "oracle")
#: Statements that say something of tables; all others are passed over.
_TELLS: Final = re.compile(
    r"(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:GLOBAL\s+|LOCAL\s+)?(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+|FOREIGN\s+)?TABLE"
    r"|ALTER\s+(?:FOREIGN\s+)?TABLE|DROP\s+TABLE|RENAME\s+TABLE|COMMENT\s+ON\s+COLUMN)\b",
    re.IGNORECASE,
)
_TEMPORARY: Final = re.compile(r"CREATE\s+(?:GLOBAL\s+|LOCAL\s+)?TEMP", re.IGNORECASE)
_RENAME: Final = re.compile(r"RENAME\s+TABLE\s+(\S+)\s+TO\s+(\S+)\s*\Z", re.IGNORECASE)
#: Changes of a table that say nothing of its columns.
_ASIDE: Final = re.compile(
    r"ALTER\s+TABLE\s+(?:ONLY\s+|IF\s+EXISTS\s+)*\S+\s+(?:OWNER|ENABLE|DISABLE|FORCE|NO\s+FORCE|CLUSTER|SET|RESET"
    r"|ATTACH|DETACH|INHERIT|NO\s+INHERIT|REPLICA|VALIDATE|ADD\s+(?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|INDEX|KEY"
    r"|FOREIGN|FULLTEXT|SPATIAL|EXCLUDE|GENERATED)|DROP\s+(?:CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK)"
    r"|ALTER\s+COLUMN\s+\S+\s+(?:SET|DROP|ADD|RESTART)\s+(?!DATA))\b",
    re.IGNORECASE,
)
_LONGEST: Final = 1 << 20
_DATA: Final = exp.DataType
#: The first that holds a type counts.
_TYPES: Final[tuple[tuple[Container[Any], FieldType], ...]] = (
    (
        {*_DATA.INTEGER_TYPES, _DATA.Type.SERIAL, _DATA.Type.BIGSERIAL, _DATA.Type.SMALLSERIAL},
        "integer",
    ),
    ({*_DATA.FLOAT_TYPES, _DATA.Type.DECIMAL, _DATA.Type.MONEY}, "number"),
    ({*_DATA.TEXT_TYPES, _DATA.Type.UUID, _DATA.Type.ENUM}, "string"),
    ({_DATA.Type.BOOLEAN}, "boolean"),
    ({_DATA.Type.DATE}, "date"),
    ({_DATA.Type.TIME, _DATA.Type.TIMETZ}, "time"),
    (_DATA.TEMPORAL_TYPES, "timestamp"),
    ({_DATA.Type.JSON, _DATA.Type.JSONB, _DATA.Type.ARRAY, _DATA.Type.STRUCT, _DATA.Type.MAP}, "json"),
    ({_DATA.Type.BINARY, _DATA.Type.VARBINARY, _DATA.Type.BLOB}, "binary"),
)


class NotUnderstoodError(Exception):
    """A statement that says something of tables, but not in a way that is understood."""


def apply(statement: Statement, tables: Tables, dialect: str = "") -> bool:
    """Changes the tables as the statement says; False if it changes one that was not made before.

    Raises NotUnderstoodError.
    """
    text = statement.text
    if not _TELLS.match(text) or _TEMPORARY.match(text) or _ASIDE.match(text):
        return True
    if renamed := _RENAME.match(text):
        known = tables.has(_plain(renamed[1]))
        tables.rename(_plain(renamed[1]), _plain(renamed[2]))
        return known
    for one in (dialect,) if dialect else DIALECTS:
        tree = _parsed(text, one)
        if tree is not None:
            known = not isinstance(tree, exp.Alter) or tables.has(_name(tree.this))
            _applied(tree, tables)
            return known
    raise NotUnderstoodError


def tells(statement: Statement) -> bool:
    """True if the statement says something of tables."""
    return bool(_TELLS.match(statement.text))


def _parsed(text: str, dialect: str) -> Any:
    """The statement's tree; None if it is none of this dialect's."""
    if len(text) > _LONGEST:
        return None
    try:
        with _silent():
            tree = sqlglot.parse_one(text, dialect=dialect)
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, LookupError):
        return None  # the parser fails in these ways on what it does not know
    return None if isinstance(tree, exp.Command) else tree


@contextmanager
def _silent() -> Iterator[None]:
    """The parser logs the text of what it does not know: names, defaults and comments of somebody's."""
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _applied(tree: Any, tables: Tables) -> None:
    if isinstance(tree, exp.Create):
        _create(tree, tables)
    elif isinstance(tree, exp.Alter):
        table = tables.of(_name(tree.this))
        for action in tree.args.get("actions") or ():
            _alter(action, table, tables)
    elif isinstance(tree, exp.Drop):
        for target in _dropped(tree):
            if isinstance(target, exp.Table):
                tables.drop(_name(target))
    elif isinstance(tree, exp.Comment) and isinstance(tree.this, exp.Column):
        column = tree.this
        name = tuple(part.name for part in column.parts)
        known = tables.of(name[:-1]).columns.get(name[-1].casefold())
        if known:
            tables.of(name[:-1]).add(_with_comment(known, tree.expression.name))


def _dropped(drop: exp.Drop) -> list[Any]:
    """What one DROP names."""
    return [target for target in (drop.this, *(drop.args.get("tables") or ())) if target is not None]


def _with_comment(column: Column, comment: str) -> Column:
    return Column(column.name, column.type, column.nullable, comment, column.references)


def _create(tree: exp.Create, tables: Tables) -> None:
    schema = tree.this
    target = schema.this if isinstance(schema, exp.Schema) else schema
    if not isinstance(target, exp.Table) or tree.find(exp.PartitionedOfProperty):
        return
    table = tables.make(_name(target), again=bool(tree.args.get("exists")))
    if table is None:
        return
    if isinstance(tree.expression, exp.Query):
        for selected in tree.expression.selects:
            if selected.alias_or_name not in ("", "*"):
                table.add(Column(selected.alias_or_name))
    for item in schema.expressions if isinstance(schema, exp.Schema) else ():
        _item(item, table, tables)


def _item(item: Any, table: Table, tables: Tables) -> None:
    """One entry between the brackets of a table: a column, a key, or a table to be like."""
    if isinstance(item, exp.ColumnDef):
        _column(item, table)
        return
    for like in item.find_all(exp.LikeProperty):
        if isinstance(like.this, exp.Table):
            for column in tables.of(_name(like.this)).columns.values():
                table.add(column)
    for key in item.find_all(exp.PrimaryKey):
        if len(key.expressions) == 1:
            table.key = key.expressions[0].name
    for foreign in item.find_all(exp.ForeignKey):
        _foreign(foreign, table)


def _column(item: exp.ColumnDef, table: Table) -> None:
    nullable: bool | None = True
    comment, references = "", None
    for constraint in item.args.get("constraints") or ():
        kind = constraint.args.get("kind")
        if isinstance(kind, exp.PrimaryKeyColumnConstraint):
            table.key, nullable = item.name, False
        elif isinstance(kind, exp.NotNullColumnConstraint):
            nullable = bool(kind.args.get("allow_null"))
        elif isinstance(kind, exp.CommentColumnConstraint):
            comment = kind.name
        elif isinstance(kind, exp.Reference):
            references = _reference(kind)
    table.add(Column(item.name, _type(item), nullable, comment, references))


def _foreign(foreign: exp.ForeignKey, table: Table) -> None:
    reference = foreign.args.get("reference")
    if not isinstance(reference, exp.Reference):
        return
    target, _ = _reference(reference)
    ends = reference.this.expressions if isinstance(reference.this, exp.Schema) else []
    for place, own in enumerate(foreign.expressions):
        table.refer(own.name, (target, ends[place].name if place < len(ends) else ""))


def _reference(reference: exp.Reference) -> tuple[Name, str]:
    schema = reference.this
    target = schema.this if isinstance(schema, exp.Schema) else schema
    ends = schema.expressions if isinstance(schema, exp.Schema) else []
    return _name(target), ends[0].name if ends else ""


def _alter(action: Any, table: Table, tables: Tables) -> None:
    if isinstance(action, exp.ColumnDef):
        _column(action, table)
    elif isinstance(action, exp.Drop) and str(action.args.get("kind") or "").upper() in ("COLUMN", ""):
        for column in _dropped(action):
            table.drop(column.name)
    elif isinstance(action, exp.RenameColumn):
        table.rename(action.this.name, action.args["to"].name)
    elif isinstance(action, exp.AlterRename):
        tables.rename(table.name, _name(action.this))
    elif isinstance(action, exp.AlterColumn) and action.args.get("dtype"):
        table.change(Column(action.this.name, _of(action.args["dtype"])))
    elif isinstance(action, exp.ModifyColumn):
        _modify(action, table)
    elif isinstance(action, exp.Expression):
        _item(action, table, tables)


def _modify(action: exp.ModifyColumn, table: Table) -> None:
    old, new = action.args.get("rename_from"), action.this
    if old is not None:
        table.rename(old.name, new.name)
    if isinstance(new, exp.ColumnDef):
        table.change(Column(new.name, _type(new)))


def _type(item: exp.ColumnDef) -> FieldType:
    return _of(item.args.get("kind"))


def _of(kind: Any) -> FieldType:
    found = kind.this if isinstance(kind, exp.DataType) else None
    return next((ours for theirs, ours in _TYPES if found in theirs), "unknown")


def _name(table: Any) -> Name:
    """Schema and name, or the name alone."""
    if not isinstance(table, exp.Table):
        raise NotUnderstoodError
    return tuple(part.name for part in table.parts if part.name)[-2:]


def _plain(text: str) -> Name:
    return tuple(part.strip('`"[]') for part in text.split("."))
