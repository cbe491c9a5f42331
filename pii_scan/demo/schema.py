"""The application's tables as SQLAlchemy metadata, read from `data/schema.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import resources

if TYPE_CHECKING:
    import sqlalchemy as sa

#: What the demo writes as every table's comment, where the engine keeps comments: it owns those.
MARK = "pii-scan demo"


def metadata(rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> sa.MetaData:
    """One definition for SQLite, PostgreSQL and MariaDB; with rows, of the columns that they have."""
    import sqlalchemy as sa

    tables = sa.MetaData()
    for name, columns in resources.document("schema.yaml").items():
        first = rows[name][0] if rows and rows[name] else columns
        made = [_column(column, str(spec)) for column, spec in columns.items() if column in first]
        sa.Table(name, tables, *made, comment=MARK, mysql_charset="utf8mb4")
    return tables


def _column(name: str, spec: str) -> sa.Column[Any]:
    import sqlalchemy as sa

    rest, _, comment = (part.strip() for part in spec.partition("|"))
    kind, _, target = (part.strip() for part in rest.partition("->"))
    types: dict[str, Any] = {
        "key": sa.Integer,
        "string": sa.String(255),
        "text": sa.Text,
        "integer": sa.Integer,
        "float": sa.Float(53),
        "boolean": sa.Boolean,
        "datetime": sa.DateTime,
        "date": sa.Date,
    }
    foreign = [sa.ForeignKey(target)] if target else []
    primary = kind == "key"
    return sa.Column(
        name,
        types[kind],
        *foreign,
        primary_key=primary,
        autoincrement=False if primary else "auto",
        comment=comment or None,
    )
