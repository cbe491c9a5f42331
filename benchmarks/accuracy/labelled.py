"""Labelled fields of processors' schemas, one JSON object a line, as datasets and fields."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pii_scan.core.category import ROOT
from pii_scan.core.model import Dataset, Field, FieldType, Store

_TYPES: Final[Mapping[str, FieldType]] = {
    "float": "number",
    "number": "number",
    "decimal": "number",
    "integer": "integer",
    "long": "integer",
    "boolean": "boolean",
    "string": "string",
    "text": "string",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamp",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One field with its labels, which need not be in the taxonomy."""

    processor: str
    name: str
    field: Field
    labels: tuple[str, ...]

    @property
    def personal(self) -> bool:
        return any(label.split(".")[0] == ROOT for label in self.labels)


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of a processor's with its labelled fields."""

    dataset: Dataset
    fields: tuple[Labelled, ...]


def read(path: Path) -> tuple[Collection, ...]:
    """The collections of a file, in its order. A field that is listed twice has the labels of both."""
    groups: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            key = (str(record["dataset"]), str(record["collection"]))
            groups[key].setdefault(str(record["field"]), []).append(record)
    return tuple(_collection(*key, records) for key, records in groups.items())


def _collection(processor: str, name: str, records: Mapping[str, list[dict[str, Any]]]) -> Collection:
    dataset = Dataset(Store("saas", processor), (name,))
    labelled = [
        Labelled(
            processor,
            f"{processor}/{name}/{field}",
            Field(dataset.urn, tuple(field.split(".")), _type(entries[0].get("type"))),
            tuple(label for entry in entries for label in entry.get("labels") or ()),
        )
        for field, entries in records.items()
    ]
    return Collection(dataset.with_fields(*(one.field for one in labelled)), tuple(labelled))


def _type(name: str | None) -> FieldType:
    return _TYPES.get((name or "").lower(), "unknown")
