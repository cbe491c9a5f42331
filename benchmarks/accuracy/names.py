"""Columns typed by their names alone, against labelled fields of processors' schemas."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii_scan.core.category import ROOT, Taxonomy
from pii_scan.core.keyed import Key
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import labelled

NOTHING = "nothing"
WORST = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled field with what was told of it; an empty string stands for not personal."""

    field: labelled.Labelled
    told: str

    @property
    def personal(self) -> bool:
        return self.field.personal

    def right(self, tree: Taxonomy) -> bool:
        """True if what was told is a label or a descendant of one."""
        return any(tree.subsumes(label, self.told) for label in self.field.labels)

    def top(self, tree: Taxonomy) -> bool:
        """True if what was told is of the same top category as a label, or the label names none."""
        same = any(tree.top(label) == tree.top(self.told) or label == ROOT for label in self.field.labels)
        return same or self.right(tree)

    def wrong(self, tree: Taxonomy) -> bool:
        return bool(self.told) != self.personal or (bool(self.told) and not self.right(tree))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="labelled fields, one JSON object a line")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--errors", action="store_true", help="print every field that is wrong")


def run(options: argparse.Namespace) -> int:
    tree = taxonomy()
    found = cases(options.data, tree)
    figures = measure(found, tree)
    print(*_lines(figures), sep="\n")
    if options.errors:
        print("", *(_line(c) for c in found if c.wrong(tree)), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def cases(path: Path, tree: Taxonomy) -> list[Case]:
    """What the engine tells of every field without seeing a value."""
    engine = Engine(tree, (), Key(bytes(32)))
    found: list[Case] = []
    for collection in labelled.read(path):
        _, detections = engine.decide(collection.dataset, {})
        told = {d.field: d.category for d in reversed(detections) if d.verdict == "type"}
        found += [Case(one, told.get(one.field.urn, "")) for one in collection.fields]
    return found


def scores(found: Sequence[Case]) -> dict[str, float | int]:
    """Personal or not: how many were told, and how many of those that are."""
    both = sum(c.personal and bool(c.told) for c in found)
    told, personal = sum(bool(c.told) for c in found), sum(c.personal for c in found)
    precision, recall = both / max(told, 1), both / max(personal, 1)
    return {
        "fields": len(found),
        "personal": personal,
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(precision + recall, 1e-9),
    }


def measure(found: Sequence[Case], tree: Taxonomy) -> dict[str, Any]:
    """The figures over all fields, by processor, and the commonest mistakes."""
    both = [c for c in found if c.personal and c.told]
    return {
        **scores(found),
        "right category among found": sum(c.right(tree) for c in both) / max(len(both), 1),
        "right top among found": sum(c.top(tree) for c in both) / max(len(both), 1),
        "processors": dict(_by_processor(found)),
        "confusions": _confusions(found, tree),
    }


def _by_processor(found: Sequence[Case]) -> Iterator[tuple[str, dict[str, float | int]]]:
    for name in sorted({c.field.processor for c in found}):
        yield name, scores([c for c in found if c.field.processor == name])


def _confusions(found: Iterable[Case], tree: Taxonomy) -> list[dict[str, str | int]]:
    counted = Counter(
        (", ".join(c.field.labels) or NOTHING, c.told or NOTHING) for c in found if c.wrong(tree)
    )
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [{"label": label, "told": told, "count": count} for (label, told), count in ranked]


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, float):
            yield f"{name:28} {value:.3f}"
        elif isinstance(value, int):
            yield f"{name:28} {value}"
    yield f"\n{'processor':20} fields  personal  precision  recall     F1"
    for name, own in figures["processors"].items():
        rates = f"{own['precision']:9.3f} {own['recall']:7.3f} {own['F1']:6.3f}"
        yield f"{name:20} {own['fields']:6} {own['personal']:9}  {rates}"
    yield "\ncount  label -> told"
    for one in figures["confusions"][:WORST]:
        yield f"{one['count']:5}  {one['label']} -> {one['told']}"


def _line(case: Case) -> str:
    return f"{case.field.name}: {', '.join(case.field.labels) or NOTHING} but told {case.told or NOTHING}"
