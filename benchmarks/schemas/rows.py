"""Rows of a schema, column by column, each column with chance of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from .make import Maker, makers
from .make.row import Row
from .model import Column, Schema, Table
from .people import Person, invent

Rows = Mapping[str, list[dict[str, Any]]]
PEOPLE: Final = 400


def fill(schema: Schema, seed: int) -> Rows:
    """The rows of every table; the same seed gives the same rows."""
    count = min(PEOPLE, max(table.rows for table in schema.tables))
    people = invent(f"{schema.name}:{seed}", count, schema.locales)
    known = makers()
    return {table.name: _table(schema, table, people, known, seed) for table in schema.tables}


def _table(
    schema: Schema, table: Table, people: tuple[Person, ...], known: Mapping[str, Maker], seed: int
) -> list[dict[str, Any]]:
    key = f"{schema.name}:{seed}:{table.name}"
    others = Random(f"{key}:others")
    chances = {column.name: Random(f"{key}:{column.name}") for column in table.columns}
    rows = []
    for number in range(1, table.rows + 1):
        person, other = people[(number - 1) % len(people)], others.choice(people)
        made = {}
        for column in table.columns:
            row = Row(schema, number, person, other, chances[column.name])
            made[column.name] = value(column, row, known)
        rows.append(made)
    return rows


def value(column: Column, row: Row, known: Mapping[str, Maker]) -> Any:
    """One cell, or None."""
    if column.nulls and row.rng.random() < column.nulls:
        return None
    if column.maker == "json":
        made = _object(row.schema.shapes[column.argument], row, known)
        return made if column.type == "json" else json.dumps(made, ensure_ascii=False)
    return _cased(known[column.maker](row, column.argument), column.case, row.rng)


def _object(shape: Any, row: Row, known: Mapping[str, Maker]) -> Any:
    if isinstance(shape, Column):
        made = value(shape, row, known)
        return made if made is None or isinstance(made, bool | int | float | str) else str(made)
    if isinstance(shape, Mapping):
        return {name: _object(inner, row, known) for name, inner in shape.items()}
    return [_object(shape[0], row, known) for _ in range(row.rng.randrange(0, 3))]


def _cased(made: Any, case: str, rng: Random) -> Any:
    """`mixed`: as people type, one in six in capitals, one in six in small letters, some with a blank."""
    if case == "upper":
        return str(made).upper()
    if case != "mixed":
        return made
    forms = (str(made), str(made), str(made), str(made).upper(), str(made).lower(), f"{made} ")
    return rng.choice(forms)
