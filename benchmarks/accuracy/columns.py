"""Columns of values typed by the engine alone, in memory: with their names, and with names hidden."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa

from pii_scan.core import urn as urns
from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import score, things
from .score import NONE, Case


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file `src`; `labels` are the acceptable categories."""

    src: str
    name: str
    labels: tuple[str, ...]
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The labelled columns by file, and the types that no category is known for."""

    files: Mapping[str, Sequence[Column]]
    unknown: Mapping[str, int]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="a JSON list of {src, col, type, values}")
    parser.add_argument("--json", type=Path, help="write everything here")
    parser.add_argument("--errors", action="store_true", help="print every column that is wrong")


def run(options: argparse.Namespace) -> int:
    report = measure(options.data)
    for mode in ("names", "hidden"):
        print("\n".join(_lines(mode, report[mode], errors=options.errors)))
    for name, count in report["unknown types"].items():
        print(f"unknown type: {name} ({count} columns, not measured)")
    if options.json:
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        options.json.write_text(text, encoding="utf-8")
    return 0


def measure(path: Path) -> dict[str, Any]:
    """Both measurements and the types that are not known."""
    columns = read(path)
    engine = Engine(taxonomy(), (), Key(bytes(32)))
    report: dict[str, Any] = {"unknown types": dict(columns.unknown)}
    for mode in ("names", "hidden"):
        cases = [
            case
            for number, file in enumerate(columns.files.values(), 1)
            for case in judged(engine, file, f"t{number}" if mode == "hidden" else None)
        ]
        called = things.called_persons(cases, taxonomy())
        report[mode] = score.report(cases, taxonomy()) | {"called persons": called}
    return report


def read(path: Path) -> Columns:
    """Raises ValueError if the file is no list of columns."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, list) or not all(isinstance(c, dict) and "values" in c for c in data):
        raise ValueError("the data has to be a JSON list of {src, col, type, values}")
    synonyms = Synonyms.shipped()
    files: dict[str, list[Column]] = {}
    unknown: Counter[str] = Counter()
    for entry in data:
        kind, src = str(entry.get("type") or ""), str(entry.get("src") or "")
        labels = synonyms.categories(kind)
        if not labels:
            unknown[kind] += 1
        values = tuple(_text(value) for value in entry["values"])
        files.setdefault(src, []).append(Column(src, str(entry.get("col") or ""), labels, values))
    return Columns(files, dict(sorted(unknown.items())))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words for types, in lower case with single underscores, to categories."""

    words: Mapping[str, tuple[str, ...]]
    keys: frozenset[str]

    @classmethod
    def shipped(cls) -> Synonyms:
        listed: Mapping[str, Sequence[str]] = things.document("synonyms.yaml")
        words = {word: tuple(category.split("|")) for category, all_ in listed.items() for word in all_}
        return cls(words, frozenset(taxonomy().categories))

    def categories(self, kind: str) -> tuple[str, ...]:
        """The acceptable categories, `("-",)` for not personal, nothing for an unknown type."""
        parts = [self._one(part) for part in kind.split("|")]
        return tuple(c for part in parts for c in part) if all(parts) else ()

    def _one(self, kind: str) -> tuple[str, ...]:
        if kind.strip() in self.keys:
            return (kind.strip(),) if kind.strip().startswith("user") else (NONE,)
        words = kind.casefold().replace("-", " ").replace("_", " ").split()
        return self.words.get("_".join(words) or NONE, ())


def judged(engine: Engine, columns: Sequence[Column], hidden: str | None = None) -> Iterator[Case]:
    """The cases of one file, judged together in order; unknown types are judged beside and left out.

    `hidden` replaces the file's name, and `c1`, `c2`, … the columns'. Columns of one name are kept
    apart by files of their own.
    """
    names = [column.name if hidden is None else f"c{n}" for n, column in enumerate(columns, 1)]
    for start in _rounds(names):
        part = [columns[n] for n in start]
        yield from _part(engine, part, [names[n] for n in start], hidden or columns[0].src)


def _rounds(names: Sequence[str]) -> list[list[int]]:
    """Positions in groups within which no name occurs twice."""
    rounds: list[list[int]] = []
    seen: Counter[str] = Counter()
    for number, name in enumerate(names):
        if seen[name] == len(rounds):
            rounds.append([])
        rounds[seen[name]].append(number)
        seen[name] += 1
    return rounds


def _part(engine: Engine, columns: Sequence[Column], names: Sequence[str], table: str) -> Iterator[Case]:
    empty = Dataset(Store("files", "columns"), (table,), "file")
    dataset = empty.with_fields(*(Field(empty.urn, (name,)) for name in names))
    profiles = engine.profile(_batch(dataset, columns))
    told: dict[str, tuple[str, float]] = {}
    found = [d for d in engine.decide(dataset, profiles)[1] if d.verdict == "type"]
    for detection in sorted(found, key=lambda d: d.field.count("/")):  # the column before what is inside
        told.setdefault(urns.split(detection.field)[2][0], (detection.category, detection.confidence))
    for column, name in zip(columns, names, strict=True):
        if column.labels:
            yield Case(column.src, column.name, column.labels, *told.get(name, ("", 0.0)))


def _batch(dataset: Dataset, columns: Sequence[Column]) -> Batch:
    """Shorter columns are filled up with nulls."""
    rows = list(zip_longest(*(column.values for column in columns)))
    arrays = [pa.array([row[n] for row in rows], pa.string()) for n in range(len(columns))]
    arrays.append(pa.array(range(len(rows)), pa.int64()))
    names = [f"c{n}" for n in range(len(columns))]
    table = pa.RecordBatch.from_arrays(arrays, names=[*names, LOCATOR])
    return Batch(dataset, table, tuple(field.path for field in dataset.fields))


def _lines(mode: str, report: Mapping[str, Any], *, errors: bool) -> list[str]:
    shown = [score.show(f"{mode}:", report["figures"])]
    shown += [score.show(f"  {name}", values) for name, values in report["types"].items()]
    shown += [f"  {label:40} {told:40} {count}" for label, told, count in report["confusions"]]
    counts = {kind: len(columns) for kind, columns in report["called persons"].items()}
    shown += [score.show("  things called a person", counts)]
    worst = report["wrong"] if errors else report["wrong"][:10]
    return [*shown, "  worst:" if not errors else "  wrong:", *(f"    {entry}" for entry in worst)]
