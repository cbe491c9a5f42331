"""One definition of the tables for SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from .model import Column, Schema


def metadata(schema: Schema) -> sa.MetaData:
    tables = sa.MetaData()
    for table in schema.tables:
        made = [_column(column) for column in table.columns]
        sa.Table(table.name, tables, *made, mysql_charset="utf8mb4")
    return tables


def _column(column: Column) -> sa.Column[Any]:
    types: dict[str, Any] = {
        "string": sa.String(255),
        "char": sa.CHAR(36),
        "text": sa.Text,
        "json": sa.JSON,
        "binary": sa.LargeBinary,
        "integer": sa.Integer,
        "bigint": sa.BigInteger,
        "float": sa.Float(53),
        "decimal": sa.Numeric(12, 2),
        "boolean": sa.Boolean,
        "datetime": sa.DateTime,
        "date": sa.Date,
        "time": sa.Time,
    }
    foreign = [sa.ForeignKey(column.references)] if column.references else []
    primary = column.maker in ("key", "uuid_key")
    kind = types[column.type]
    if primary:
        return sa.Column(column.name, kind, *foreign, primary_key=True, autoincrement=False)
    return sa.Column(column.name, kind, *foreign)
