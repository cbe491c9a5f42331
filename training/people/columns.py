"""Development columns: drawn from the pools with the dirt, the cases and the repetition of real ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pii_scan.detect.gazetteer import plain

from .pools import Pool

SIZES = (5, 8, 12, 20, 40, 100, 300)
BLANKS = ("N/A", "unknown", "-", "null", "none", "n/a", "?", "TBD", "test", "x")
#: How many columns are drawn of the pools of one kind.
PER_KIND = {
    "person": 900,
    "given": 300,
    "family": 300,
    "city": 250,
    "country": 120,
    "region": 120,
    "street": 200,
}
PER_KIND |= {"address": 150, "company": 350, "other": 2200}


@dataclass(frozen=True, slots=True)
class Column:
    """Distinct values with what the column is, and how many rows have them."""

    name: str
    kind: str
    values: tuple[str, ...]
    rows: int


def drawn(pools: Sequence[Pool], seed: int) -> list[Column]:
    """Columns of all kinds."""
    rng = random.Random(seed)
    found = []
    for kind, count in PER_KIND.items():
        mine = [pool for pool in pools if pool[1] == kind]
        for number in range(count if mine else 0):
            name, _, values = mine[number % len(mine)]
            found.append(_column(name, kind, values, rng))
    return found


def _column(name: str, kind: str, values: Sequence[str], rng: random.Random) -> Column:
    size = min(rng.choice(SIZES), len(values))
    chosen = rng.sample(values, size)
    if rng.random() < 0.3:
        spoiled = rng.choice((0.02, 0.05, 0.1))
        chosen = [rng.choice(BLANKS) if rng.random() < spoiled else value for value in chosen]
    style = rng.random()
    if style < 0.12:
        chosen = [value.lower() for value in chosen]
    elif style < 0.24:
        chosen = [value.upper() for value in chosen]
    elif style < 0.32:
        chosen = [plain(value).title() for value in chosen]
    distinct = tuple(dict.fromkeys(chosen))
    repeated = rng.choice((1, 1, 1, 3, 20, 200)) if kind != "street" else rng.choice((1, 1, 2))
    return Column(name, kind, distinct, len(distinct) * repeated)
