"""What the sketches of values cost detection: the engine with them and without, in turn."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from benchmarks.speed import columns, table, timing
from pii_scan.core.keyed import Key
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine
from pii_scan.detect.identifying import Identifying


def measured(rows: int = 100_000, runs: int = 3) -> dict[str, Any]:
    """CPU seconds over a table of which no record repeats, the dearest case."""
    batches = list(columns.batched(table.table(rows, people=rows)))
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))

    def with_them() -> None:
        for batch in batches:
            engine.profile(batch)

    def without() -> None:
        with patch.object(Identifying, "sets", lambda *_: {}):
            with_them()

    mine, other = timing.pairs(with_them, without, runs)
    ratios = [one / two - 1 for one, two in zip(mine, other, strict=True)]
    return {
        "CPU seconds of detection with sketches": timing.Spread.of(mine).as_list(),
        "CPU seconds of detection without": timing.Spread.of(other).as_list(),
        "share that sketches add": timing.Spread.of(ratios).as_list(),
    }
