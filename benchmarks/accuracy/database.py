"""A real scan of a database, against labels of its columns."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii_scan.core import urn as urns
from pii_scan.core.detection import Detection
from pii_scan.core.inventory import Inventory
from pii_scan.core.redact import Masker
from pii_scan.data.load import taxonomy

from . import labels as marked
from . import score, things
from .scanning import scanned
from .score import Case


@dataclass(frozen=True, slots=True)
class Result:
    """The labelled columns with what was told of them, and what could not be compared."""

    cases: tuple[Case, ...]
    unlabelled: tuple[str, ...]
    missing: tuple[str, ...]
    unread: tuple[str, ...]

    def report(self) -> dict[str, Any]:
        tree = taxonomy()
        called = things.called_persons(self.cases, tree)
        return score.report(self.cases, tree) | {
            "tables": score.by("table", self.cases, tree),
            "called persons": called,
            "columns without a label": list(self.unlabelled),
            "labels without a column": list(self.missing),
            "not read": list(self.unread),
        }


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", required=True, help="a database's URL or a file's path")
    parser.add_argument("--labels", type=Path, required=True, help="CSV: table,column,category")
    parser.add_argument("--full", action="store_true", help="read every row, not a sample")
    parser.add_argument("--json", type=Path, help="write everything here")
    parser.add_argument("--errors", action="store_true", help="print every column that is wrong")


def run(options: argparse.Namespace) -> int:
    report = measure(options.url, options.labels, full=options.full).report()
    print("\n".join(lines(report, errors=options.errors)))
    if options.json:
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        options.json.write_text(text, encoding="utf-8")
    return 0


def measure(url: str, labels: Path, *, full: bool = False) -> Result:
    """Scans and compares. Raises ValueError for labels that are not well formed."""
    read = marked.read(labels, taxonomy())
    return compare(*scanned(url, full=full), read)


def compare(inventory: Inventory, masker: Masker, labels: marked.Labels, store: str = "") -> Result:
    """Of the store with this URN, or of all; labels are found under masked names where a scan masks them."""
    masked = _masked(labels, masker)
    cases: dict[tuple[str, str], Case] = {}
    unlabelled = []
    told = inventory.by_field()
    for field in inventory.fields:
        place, dataset, path = urns.split(field.urn)
        if store not in ("", place):
            continue
        label = masked.find(dataset, path)
        found = next((d for d in told.get(field.urn, ()) if d.verdict == "type"), None)
        if label is None and _inside(masked, dataset, path):
            continue
        if label is None and (found or masked.has_table(dataset)):
            unlabelled.append(f"{dataset[-1]}.{'.'.join(path)}{f': {found.category}' if found else ''}")
        if label is not None:
            _add(cases, label, found)
    missing = [f"{e.table}.{e.column}" for e in masked.entries.values() if (e.table, e.column) not in cases]
    missed = [c for c in inventory.coverage if c.missed and store in ("", urns.split(c.dataset)[0])]
    unread = [f"{'/'.join(urns.split(c.dataset)[1])}: {c.reason}" for c in missed]
    return Result(tuple(cases.values()), tuple(unlabelled), tuple(missing), tuple(unread))


def _inside(labels: marked.Labels, dataset: Sequence[str], path: Sequence[str]) -> bool:
    """True for what a labelled column's cells hold inside, such as the claims of a token: judged with it.

    Where parts of a column have labels of their own, all of its parts must.
    """
    for size in range(1, len(path)):
        whole = labels.find(tuple(dataset), tuple(path[:size]))
        if whole is not None:
            return not any(e.column.startswith(f"{whole.column}.") for e in labels.entries.values())
    return False


def _add(cases: dict[tuple[str, str], Case], label: marked.Label, found: Detection | None) -> None:
    """Fields that share a label, such as an array's and its elements', are one case."""
    key = (label.table, label.column)
    if key not in cases or (found and not cases[key].told):
        category, sure = (found.category, found.confidence) if found else ("", 0.0)
        cases[key] = Case(*key, label.categories, category, sure)


def _masked(labels: marked.Labels, masker: Masker) -> marked.Labels:
    entries = {}
    for label in labels.entries.values():
        table = ".".join(masker.name(part) for part in label.table.split("."))
        column = ".".join(masker.name(part) for part in label.column.split("."))
        moved = marked.Label(table, column, label.categories)
        entries[table.casefold(), column.casefold()] = moved
    return marked.Labels(entries)


def lines(report: dict[str, Any], *, errors: bool) -> list[str]:
    """The report as it is printed."""
    shown = [score.show("all", report["figures"])]
    shown += [score.show(f"  {name}", values) for name, values in report["tables"].items()]
    shown += ["confusions (label, told, columns):"]
    shown += [f"  {label:40} {told:40} {count}" for label, told, count in report["confusions"]]
    counts = {kind: len(columns) for kind, columns in report["called persons"].items()}
    shown += [score.show("things called a person", counts)]
    for title in ("columns without a label", "labels without a column", "not read"):
        shown += [f"{title}: {len(report[title])}", *(f"  {entry}" for entry in report[title])]
    if errors:
        shown += ["wrong:", *(f"  {entry}" for entry in report["wrong"])]
    return shown
