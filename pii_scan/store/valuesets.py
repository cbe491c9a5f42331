"""The value sets of a run: merged shard by shard, and read apart from the rest, which is far smaller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ..core.profile import Profile
from ..core.urn import join
from ..core.valueset import ValueSet
from . import codec, snapshot
from .tables import DATASETS, VALUES, key_of

Path = tuple[str, ...]
Sets = dict[str, ValueSet]


def add(connection: sa.Connection, run: int, dataset: str, profiles: Mapping[Path, Profile]) -> None:
    """Merges a shard's sets into those of its dataset; a shard that comes again changes nothing."""
    known = of_dataset(connection, run, dataset)
    rows = [
        _row(run, dataset, path, kind, known.get(path, {}).get(kind, ValueSet()).merge(values))
        for path, profile in profiles.items()
        for kind, values in profile.sets.items()
    ]
    for row in rows:
        same = [VALUES.c[name] == row[name] for name in ("run", "dataset", "field", "kind")]
        connection.execute(VALUES.delete().where(*same))
    if rows:
        connection.execute(VALUES.insert(), rows)


def of_dataset(connection: sa.Connection, run: int, dataset: str) -> dict[Path, Sets]:
    """By path and kind."""
    found: dict[Path, Sets] = {}
    for row in snapshot.rows_of(connection, VALUES, run, VALUES.c.dataset == key_of(dataset)):
        found.setdefault(codec.strings(row["path"]), {})[row["kind"]] = _set(row)
    return found


def of_run(connection: sa.Connection, run: int) -> dict[str, Sets]:
    """By URN of the field and kind."""
    urns = {row["key"]: row["urn"] for row in snapshot.rows_of(connection, DATASETS, run)}
    found: dict[str, Sets] = {}
    for row in snapshot.rows_of(connection, VALUES, run):
        urn = join(urns[row["dataset"]], codec.strings(row["path"]), "#")
        found.setdefault(urn, {})[row["kind"]] = _set(row)
    return dict(sorted(found.items()))


def _set(row: Mapping[str, Any]) -> ValueSet:
    return ValueSet(bytes(row["hashes"]), bytes(row["forms"]))


def _row(run: int, dataset: str, path: Path, kind: str, values: ValueSet) -> dict[str, Any]:
    written = codec.dump(path)
    return {
        "run": run,
        "dataset": key_of(dataset),
        "field": key_of(written),
        "kind": kind,
        "path": written,
        "hashes": values.hashes,
        "forms": values.forms,
    }
