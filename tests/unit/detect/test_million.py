"""Many rows: plain numbers are nothing, and three cards among notes are found, counted and placed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest

from pii_scan.core.model import Batch, Dataset
from pii_scan.detect.options import Options

from .batches import batch, dataset, engine, merged

#: Rows; a million is what these tests stand for, and what a fast machine is given.
ROWS = int(os.environ.get("PII_SCAN_TEST_ROWS", "20000"))
BATCH = 50_000
#: Categories that digits alone must never be.
NUMBERS = ("user.financial", "user.contact.phone_number", "user.government_id", "user.health_and_medical")

Maker = Callable[[random.Random], str]
COLUMNS: dict[str, Maker] = {
    "reference": lambda rng: f"{rng.randrange(10**15, 10**16)}",
    "order_number": lambda rng: f"{rng.randrange(10**9, 10**10)}",
    "nine": lambda rng: f"{rng.randrange(10**8, 10**9)}",
    "eleven": lambda rng: f"{rng.randrange(10**10, 10**11)}",
    "changed": lambda rng: f"{rng.randrange(1_500_000_000, 1_800_000_000)}",
    "changed_ms": lambda rng: f"{rng.randrange(1_500_000_000_000, 1_800_000_000_000)}",
    "ratio": lambda rng: f"{rng.random() * 10 ** rng.randrange(5):.{rng.randrange(1, 10)}f}",
}
CARDS = ("4111111111111111", "5500 0000 0000 0004", "3782 822463 10005")


def batches(source: Dataset, makers: dict[str, Maker], placed: dict[int, str]) -> Iterator[Batch]:
    """Rows in batches; those in `placed` hold the given text in every column."""
    rng = random.Random(11)
    for start in range(0, ROWS, BATCH):
        count = min(BATCH, ROWS - start)
        columns = {
            name: [placed.get(row) or make(rng) for row in range(start, start + count)]
            for name, make in makers.items()
        }
        yield batch(source, columns, start)


@pytest.fixture(scope="module")
def found():
    detector = engine(Options(presidio=False))
    source = dataset("events", *COLUMNS)
    return detector.decide(source, merged(detector, batches(source, COLUMNS, {})))[1]


@pytest.mark.parametrize("name", COLUMNS)
def test_plain_numbers_are_no_cards_phones_or_ids(found, name):
    mine = [d for d in found if d.field.endswith(f"#{name}")]
    assert [(d.category, d.verdict) for d in mine if d.category.startswith(NUMBERS)] == []


def test_three_cards_among_notes():
    detector = engine(Options(presidio=False))
    source = dataset("tickets", "note")
    places = (17, ROWS // 2, ROWS - 1)
    placed = {row: f"the customer said {card} on the line" for row, card in zip(places, CARDS, strict=True)}
    notes: dict[str, Maker] = {"note": lambda rng: f"called about order {rng.randrange(10**9)}, all is fine"}
    _, told = detector.decide(source, merged(detector, batches(source, notes, placed)))
    (card,) = [d for d in told if d.category == "user.financial.credit_card"]
    assert (card.verdict, card.count, card.places) == ("contains", 3, places)
    assert card.low <= 3 / ROWS <= card.high
