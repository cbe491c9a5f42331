"""From run to run: in which state a dataset was, and its findings where it has not changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from ..core.inventory import Coverage
from . import codec, snapshot
from .tables import CHECKPOINTS, COVERAGE, DATASETS, DETECTIONS, FIELDS, PROFILES, STATES, VALUES, key_of

#: What a dataset's findings are made of; datasets have their key under another name.
_TAKEN: Final = (FIELDS, PROFILES, VALUES, DETECTIONS, CHECKPOINTS)


@dataclass(frozen=True, slots=True)
class State:
    """A dataset when a run began to read it.

    `token` is the keyed digest of what its connector says of its state, empty if that says nothing;
    `cursor` how far a log was read; `plan` how a sample was drawn.
    """

    token: str = ""
    cursor: str = field(default="", repr=False)
    plan: str = ""


def states(connection: sa.Connection, run: int) -> dict[str, State]:
    rows = snapshot.rows_of(connection, STATES, run)
    return {row["urn"]: State(row["token"], row["cursor"], row["plan"]) for row in rows}


def row(urn: str, state: State) -> dict[str, Any]:
    return {
        "dataset": key_of(urn),
        "urn": urn,
        "token": state.token,
        "cursor": state.cursor,
        "plan": state.plan,
    }


def carry(connection: sa.Connection, old: int, new: int, urn: str, reason: str) -> Coverage:
    """Copies all rows of a dataset from a run to another; `reason` joins those of its coverage."""
    key = key_of(urn)
    for table in _TAKEN:
        _copy(connection, table, old, new, table.c.dataset == key)
    _copy(connection, DATASETS, old, new, DATASETS.c.key == key)
    (found,) = snapshot.rows_of(connection, COVERAGE, old, COVERAGE.c.dataset == key)
    covered = codec.coverage_of(found).because(reason)
    connection.execute(COVERAGE.delete().where(COVERAGE.c.run == new, COVERAGE.c.dataset == key))
    connection.execute(COVERAGE.insert(), [codec.coverage_row(covered) | {"run": new}])
    return covered


def _copy(
    connection: sa.Connection, table: sa.Table, old: int, new: int, where: sa.ColumnElement[bool]
) -> None:
    connection.execute(table.delete().where(table.c.run == new, where))
    rows = snapshot.rows_of(connection, table, old, where)
    if rows:
        connection.execute(table.insert(), [{**row, "run": new} for row in rows])
