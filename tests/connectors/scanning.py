"""Reads file sources whole: rows by column name, notes, errors."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors import files, logs
from connectors.file_store import FileStore
from pii_scan.core.errors import SourceError
from pii_scan.core.model import LOCATOR, Batch, Dataset, Note, Plan

FULL = Plan(mode="full")
KINDS = {"files": files.CONNECTOR, "logs": logs.CONNECTOR}


@dataclass
class Result:
    """What reading one dataset gave; a row is a mapping of path to non-null cells."""

    dataset: Dataset
    rows: list[dict[tuple[str, ...], str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    error: str = ""

    @property
    def lost(self) -> int:
        return sum(note.lost for note in self.notes)

    @property
    def cells(self) -> list[str]:
        return [cell for row in self.rows for cell in row.values()]

    def column(self, *path: str) -> list[str | None]:
        return [row.get(path) for row in self.rows]


def make(path: Path | str, kind: str = "files", **settings: Any) -> FileStore:
    config = KINDS[kind].config.model_validate({"path": str(path), "name": "drop", **settings})
    store: FileStore = KINDS[kind].open(config)
    return store


def read(connector: FileStore, dataset: Dataset, plan: Plan = FULL) -> Result:
    result = Result(dataset)
    try:
        for shard in connector.shards(dataset, plan):
            for item in connector.read(shard):
                _take(result, item)
    except SourceError as error:
        result.error = str(error)
    return result


def _take(result: Result, item: Batch | Note) -> None:
    if isinstance(item, Note):
        result.notes.append(item)
        return
    columns = [item.table.column(i).to_pylist() for i in range(len(item.columns))]
    result.places += item.table.column(LOCATOR).to_pylist()
    for cells in zip(*columns, strict=True):
        result.rows.append({path: c for path, c in zip(item.columns, cells, strict=True) if c is not None})


def scan(
    path: Path | str, kind: str = "files", plan: Plan = FULL, **settings: Any
) -> dict[tuple[str, ...], Result]:
    """Every dataset with what reading it gave; skipped ones are not read."""
    with closing(make(path, kind, **settings)) as connector:
        return {
            dataset.path: Result(dataset) if dataset.skip else read(connector, dataset, plan)
            for dataset in connector.datasets()
        }


def scan_one(path: Path, kind: str = "files", plan: Plan = FULL, **settings: Any) -> Result:
    (result,) = scan(path, kind, plan, **settings).values()
    return result


def tree_state(root: Path) -> Mapping[str, tuple[int, int, int]]:
    """Size, time and inode of everything below a folder."""
    found = {}
    for path in [root, *sorted(root.rglob("*"))]:
        status = path.lstat()
        found[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found
