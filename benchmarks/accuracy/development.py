"""Labelled columns with values, to fit verdicts on: whole databases, and processors' schemas with values.

Databases are built anew and read as a scan reads them; fields of processors get values that are made
after their labels. Every table is seen in three ways, as such columns are met: with names and values, with
names alone, and with values alone under names that say nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from benchmarks.schemas import model, resources, rows
from pii_scan.config.load import default
from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Plan
from pii_scan.core.profile import Profile
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine
from pii_scan.detect.verdict import Judge
from pii_scan.run.sources import chosen

from . import labelled, labels, schemas, things
from .score import NONE

Path_ = tuple[str, ...]
#: Rows of a table, and of a processor's collection.
ROWS: Final = 120
LOCALES: Final = ("en_US", "en_GB", "de_DE", "fr_FR")
NAMED, BARE, HIDDEN = "names and values", "names alone", "values alone"
#: What a processor's labels of something else are: none of the taxonomy's categories.
NOTHING: Final = (NONE,)


@dataclass(frozen=True, slots=True)
class Table:
    """One table or collection as it is met: `group` is its database or processor, `labels` by path.

    A field without labels is judged beside the others, and nothing is learned from it.
    """

    group: str
    view: str
    dataset: Dataset
    fields: tuple[Field, ...]
    profiles: Mapping[Path_, Profile]
    labels: Mapping[Path_, tuple[str, ...]]


@dataclass(frozen=True)
class Development:
    """Makes the tables; the same every time."""

    engine: Engine

    @property
    def judge(self) -> Judge:
        return self.engine.judge

    @classmethod
    def make(cls) -> Development:
        return cls(Engine(taxonomy(), (), Key(bytes(32))))

    def databases(self, names: Iterable[str], folder: Path) -> Iterator[Table]:
        """Those of `schemas`, built into the folder."""
        for name in names:
            url, file = schemas.place(name, folder, most=ROWS)
            yield from self.database(name, url, labels.read(file, taxonomy()))

    def database(self, group: str, url: str, marked: labels.Labels) -> Iterator[Table]:
        """Every table of a database. Raises SourceError if it can't be read."""
        plan = Plan(rows=ROWS)
        for source in chosen(default(Path.cwd()), [url]):
            connector = source.open()
            for dataset in connector.datasets():
                if dataset.skip:
                    continue
                read = [item for shard in connector.shards(dataset, plan) for item in connector.read(shard)]
                batches = [item for item in read if isinstance(item, Batch)]
                yield from self._views(group, dataset, batches, lambda path, d=dataset: _of(marked, d, path))
            connector.close()

    def processors(self, path: Path) -> Iterator[Table]:
        """The collections of a file of labelled fields, with values."""
        for collection in labelled.read(path):
            made = _valued(collection)
            marked = {one.field.path: _labels(one) for one in collection.fields}
            fields = tuple(one.field for one in collection.fields)
            group = collection.fields[0].processor
            yield Table(group, BARE, collection.dataset, fields, {}, marked)
            if made is None:
                continue
            kept = {path: marked[path] for path in made.columns}
            yield from self._valued(group, collection.dataset, [made], lambda path, k=kept: k.get(path, ()))

    def _views(self, group: str, dataset: Dataset, batches: Sequence[Batch], label: Any) -> Iterator[Table]:
        fields, _ = self.engine.decide(dataset, {})
        yield Table(group, BARE, dataset, fields, {}, {f.path: label(f.path) for f in fields})
        yield from self._valued(group, dataset, batches, label)

    def _valued(self, group: str, dataset: Dataset, batches: Sequence[Batch], label: Any) -> Iterator[Table]:
        """With names, and under others."""
        names = {path: (f"c{n}",) for n, path in enumerate(batches[0].columns, 1)} if batches else {}
        plain = replace(dataset, path=("t",))
        plain = plain.with_fields(
            *(
                replace(f, dataset=plain.urn, path=names[f.path], references=None)
                for f in dataset.fields
                if f.path in names
            )
        )
        back = {hidden: path for path, hidden in names.items()}
        yield self._table(group, NAMED, dataset, batches, label)
        moved = [replace(b, dataset=plain, columns=tuple(names[c] for c in b.columns)) for b in batches]
        yield self._table(
            group,
            HIDDEN,
            plain,
            moved,
            lambda path: label((*back[path[:1]], *path[1:])) if path[:1] in back else (),
        )

    def _table(self, group: str, view: str, dataset: Dataset, batches: Sequence[Batch], label: Any) -> Table:
        profiles: dict[Path_, Profile] = {}
        for batch in batches:
            for path, profile in self.engine.profile(batch).items():
                profiles[path] = profiles[path].merge(profile) if path in profiles else profile
        profiles = self.engine.settle(profiles)
        fields, _ = self.engine.decide(dataset, profiles)
        return Table(group, view, dataset, fields, profiles, {f.path: label(f.path) for f in fields})


def _of(marked: labels.Labels, dataset: Dataset, path: Path_) -> tuple[str, ...]:
    label = marked.find(dataset.path, path)
    return label.categories if label else ()


def _labels(one: labelled.Labelled) -> tuple[str, ...]:
    """A processor's labels; what is no category of persons is nothing."""
    return tuple(label for label in one.labels if label.split(".")[0] == "user") or NOTHING


@dataclass(frozen=True)
class Makers:
    """The entries of `values.yaml`."""

    entries: Sequence[Mapping[str, Any]]

    @classmethod
    def shipped(cls) -> Makers:
        return cls(things.document("values.yaml"))

    @cached_property
    def _lines(self) -> model.Lines:
        return model.Lines(resources.document("labels.yaml"), resources.document("types.yaml"))

    def column(self, number: int, one: labelled.Labelled) -> model.Column | None:
        """How the values of a field are made; None if nobody can say."""
        last = one.field.path[-1]
        for entry in self.entries:
            if self._fits(entry, one, last):
                if not entry.get("kept", True):
                    return None
                return self._lines.column(f"f{number}", entry["make"])
        return None

    @staticmethod
    def _fits(entry: Mapping[str, Any], one: labelled.Labelled, last: str) -> bool:
        label, name, kind = entry.get("label"), entry.get("name"), entry.get("type")
        if label and not any(f"{own}.".startswith(f"{label}.") for own in one.labels):
            return False
        if not label and one.personal:
            return False
        return (not name or re.search(name, last, re.IGNORECASE) is not None) and kind in (
            None,
            one.field.type,
        )


def _valued(collection: labelled.Collection) -> Batch | None:
    """Rows of a collection; None if it has no field that values can be made for."""
    makers = Makers.shipped()
    made = [(one, makers.column(n, one)) for n, one in enumerate(collection.fields)]
    columns = tuple(column for _, column in made if column is not None)
    if not columns:
        return None
    name = "/".join((collection.fields[0].processor, *collection.dataset.path))
    table = model.Table("t", ROWS, columns)
    words = resources.document("words.yaml")
    filled = rows.fill(model.Schema(name, LOCALES, (table,), words), 0)["t"]
    arrays = [pa.array([_text(row[column.name]) for row in filled], pa.string()) for column in columns]
    arrays.append(pa.array(range(len(filled)), pa.int64()))
    batch = pa.RecordBatch.from_arrays(arrays, names=[*(c.name for c in columns), LOCATOR])
    return Batch(
        collection.dataset, batch, tuple(one.field.path for one, column in made if column is not None)
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)
