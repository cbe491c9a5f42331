"""Columns typed by their names alone, against labelled fields of processors' schemas."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pii_scan.core.category import Taxonomy
from pii_scan.core.keyed import Key
from pii_scan.core.model import Dataset, Field, FieldType, Store
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

_TYPES: Final[Mapping[str, FieldType]] = {
    "float": "number",
    "integer": "integer",
    "boolean": "boolean",
    "string": "string",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled field with what was told of it; empty strings stand for not personal."""

    name: str
    labels: tuple[str, ...]
    told: str

    @property
    def personal(self) -> bool:
        return any(label.split(".")[0] == "user" for label in self.labels)

    def right(self, tree: Taxonomy) -> bool:
        """True if what was told is a label or a descendant of one."""
        return any(tree.subsumes(label, self.told) for label in self.labels)

    def top(self, tree: Taxonomy) -> bool:
        return any(tree.top(label) == tree.top(self.told) or label == "user" for label in self.labels)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="labelled fields, one JSON object a line")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--errors", action="store_true", help="print every field that is wrong")


def run(options: argparse.Namespace) -> int:
    figures, errors = measure(options.data)
    for name, value in figures.items():
        print(f"{name:28} {value:.3f}" if isinstance(value, float) else f"{name:28} {value}")
    if options.errors:
        print(*errors, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(path: Path) -> tuple[dict[str, float | int], list[str]]:
    """The figures, and a line for each wrong field."""
    tree = taxonomy()
    cases = list(_cases(path, tree))
    both = [c for c in cases if c.personal and c.told]
    told, personal = [c for c in cases if c.told], [c for c in cases if c.personal]
    precision, recall = len(both) / max(len(told), 1), len(both) / max(len(personal), 1)
    figures: dict[str, float | int] = {
        "fields": len(cases),
        "personal": len(personal),
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(precision + recall, 1e-9),
        "right category among found": sum(c.right(tree) for c in both) / max(len(both), 1),
        "right top among found": sum(c.top(tree) for c in both) / max(len(both), 1),
    }
    wrong = [c for c in cases if bool(c.told) != c.personal or (c.told and not c.right(tree))]
    return figures, [f"{c.name}: {', '.join(c.labels)} but told {c.told or 'nothing'}" for c in wrong]


def _cases(path: Path, tree: Taxonomy) -> Iterator[Case]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        groups[record["dataset"], record["collection"]].append(record)
    engine = Engine(tree, (), Key(bytes(32)))
    for (store, collection), records in groups.items():
        dataset = Dataset(Store("saas", store), (collection,))
        fields = [
            Field(dataset.urn, tuple(r["field"].split(".")), _TYPES.get(r["type"] or "", "unknown"))
            for r in records
        ]
        _, found = engine.decide(dataset.with_fields(*fields), {})
        told = {d.field: d.category for d in reversed(found) if d.verdict == "type"}
        for record, field in zip(records, fields, strict=True):
            name = f"{store}/{collection}/{record['field']}"
            yield Case(name, tuple(record["labels"]), told.get(field.urn, ""))
