"""Columns: our engine over batches, beside Presidio cell by cell over some of the same cells."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, Field, Store
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

from . import alone, table, timing

_BATCH: Final = 50_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=200_000, help="rows that our engine sees")
    parser.add_argument("--cells", type=int, default=3_000, help="cells that Presidio sees")
    parser.add_argument(
        "--people", type=int, default=table.PEOPLE, help="distinct records; as many as rows: none repeats"
    )
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    data = table.table(options.rows, people=options.people)
    cells = _some(data, options.cells)
    batches = list(batched(data))
    analyzer = presidio()
    mine, theirs = timing.pairs(
        lambda: _profiled(batches),
        lambda: [analyzer.analyze(text=cell, language="en") for cell in cells],
        options.runs,
    )
    total = data.num_rows * data.num_columns
    return {
        "distinct records": options.people,
        "cells, ours": total,
        "cells, Presidio": len(cells),
        "cells a CPU second, ours": timing.Spread.of([total / t for t in mine]).as_list(),
        "cells a CPU second, Presidio": timing.Spread.of([len(cells) / t for t in theirs]).as_list(),
        "MB a CPU second, ours": timing.Spread.of([data.nbytes / 1e6 / t for t in mine]).as_list(),
        "times as many cells": timing.Spread.of(
            [total / own / (len(cells) / other) for own, other in zip(mine, theirs, strict=True)]
        ).as_list(),
        "goal": 1000,
        "MB of memory, a scan alone": _memory(data),
        "goal, MB of memory": 300,
    }


def _profiled(batches: Sequence[Batch]) -> None:
    """By an engine of its own: one that has seen the rows before remembers what they hold."""
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))
    for batch in batches:
        engine.profile(batch)


def _memory(data: pa.Table) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return alone.memory(data, Path(folder))


def batched(data: pa.Table) -> Iterator[Batch]:
    """The table as a connector would give it."""
    dataset = Dataset(Store("file", "bookings"), ("bookings",))
    dataset = dataset.with_fields(*(Field(dataset.urn, (name,)) for name in data.column_names))
    names = tuple((name,) for name in data.column_names)
    for start in range(0, data.num_rows, _BATCH):
        part = data.slice(start, _BATCH).combine_chunks().to_batches()[0]
        yield Batch(dataset, part, names, part.nbytes)


def _some(data: pa.Table, count: int) -> list[str]:
    """Whole rows, evenly spread."""
    step = max(1, data.num_rows * data.num_columns // count)
    rows = data.take(pa.array(range(0, data.num_rows, step)))
    return [str(value) for column in rows.columns for value in column.to_pylist()]


def presidio() -> Any:
    """Presidio's analyzer with its own recognizers and no model."""
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("SpacyRecognizer")
    return AnalyzerEngine(registry=registry, nlp_engine=engine)
