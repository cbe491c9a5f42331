"""The coverage ledger: what was looked at, what was not, and what a sample may have missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pii_scan.core.detection import unseen_bound
from pii_scan.core.inventory import Coverage, Inventory

from .. import overview
from .cutting import Cut, cut_at

ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """`unseen` is the sample's bound, None where no rows were left out by plan."""

    coverage: Coverage
    unseen: float | None


@dataclass(frozen=True, slots=True)
class Ledger:
    gaps: Cut[Coverage]
    entries: Cut[Entry]
    counts: tuple[tuple[str, int], ...]
    sampled: int
    worst: float


def ledger(inventory: Inventory) -> Ledger:
    samples = overview.sampled(inventory)
    entries = [
        Entry(c, unseen_bound(c.rows) if c.state == "sampled" else None)
        for c in sorted(inventory.coverage, key=lambda c: c.dataset)
    ]
    return Ledger(
        gaps=cut_at(overview.gaps(inventory), ROWS),
        entries=cut_at(entries, ROWS),
        counts=tuple(inventory.coverage_counts().items()),
        sampled=len(samples),
        worst=unseen_bound(samples[0].rows) if samples else 0.0,
    )
