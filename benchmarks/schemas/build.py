"""Writes one of the schemas into a new SQLite file or an empty database of a server."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.accuracy import labels

from . import ddl, model, rows


def build(name: str, target: str | Path, seed: int = 0, most: int | None = None) -> None:
    """Creates the tables of the schema `name` at a path or URL and fills them.

    `most` is a bound on the rows of a table. Raises FileExistsError for a file that is there,
    FileNotFoundError for an unknown schema, and SQLAlchemy's errors for a server that refuses.
    """
    schema = _loaded(name, most)
    engine = sa.create_engine(_url(target), poolclass=sa.pool.NullPool)
    tables, made = ddl.metadata(schema), rows.fill(schema, seed)
    try:
        with closing(engine.connect()) as connection, connection.begin(), warnings.catch_warnings():
            warnings.simplefilter("ignore", sa.exc.SAWarning)  # SQLite keeps decimals as floats
            tables.create_all(connection)
            for table in tables.sorted_tables:
                for part in _parts(made[table.name]):
                    connection.execute(table.insert(), part)
    finally:
        engine.dispose()


def write_labels(name: str, path: Path) -> None:
    """What each column of the schema is, as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        labels.write(model.load(name).labels(), file)


def write_columns(name: str, path: Path, seed: int = 0, most: int | None = None) -> None:
    """The same rows as a JSON list of labelled columns: `src`, `col`, `type`, `values`."""
    schema = _loaded(name, most)
    made = rows.fill(schema, seed)
    columns = [
        {
            "src": table.name,
            "col": column.name,
            "type": _kind(schema, column),
            "values": [_plain(row[column.name]) for row in made[table.name]],
        }
        for table in schema.tables
        for column in table.columns
    ]
    path.write_text(json.dumps(columns, ensure_ascii=False), encoding="utf-8")


def _kind(schema: model.Schema, column: model.Column) -> str:
    """The label of the column; an object's leaves are judged with it, so that theirs are right, too."""
    own = labels.parse(column.label)
    if column.maker != "json":
        return "|".join(own)
    inner = [labels.parse(leaf.label) for _, leaf in model.leaves(schema.shapes[column.argument])]
    return "|".join(dict.fromkeys(("-", *own, *(c for categories in inner for c in categories))))


def _loaded(name: str, most: int | None) -> model.Schema:
    schema = model.load(name)
    return schema.capped(most) if most else schema


def _plain(value: Any) -> Any:
    """As JSON holds it; an object is text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _url(target: str | Path) -> sa.URL:
    if "://" not in str(target):
        if Path(target).exists():
            raise FileExistsError(f"{Path(target).name} is there already")
        return sa.URL.create("sqlite", database=str(target))
    url = sa.engine.make_url(str(target))
    drivers = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
    return url.set(drivername=drivers.get(url.get_backend_name(), url.drivername))


def _parts(all_rows: list[dict[str, Any]], size: int = 500) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(all_rows), size):
        yield all_rows[start : start + size]
