"""The inventory answers what it is asked, and its parts show no raw row."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pii_scan.core.category import Taxonomy
from pii_scan.core.declaration import Declaration, Recipient
from pii_scan.core.detection import Detection
from pii_scan.core.inventory import Coverage, Inventory, ScanRun
from pii_scan.core.lineage import Processor
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.core.ports import Column

RUN = ScanRun("r1", "2026-01-31T10:00:00+00:00", "2026-01-31")
USERS = Dataset(Store("sqlite", "app"), ("users",))
EMAIL = Field(USERS.urn, ("email",))


def inventory(**parts: object) -> Inventory:
    return Inventory(RUN, Taxonomy({}), **parts)


@pytest.mark.parametrize(
    ("coverage", "missed"),
    [
        (Coverage("d", "scanned"), False),
        (Coverage("d", "sampled"), False),
        (Coverage("d", "empty"), False),
        (Coverage("d", "skipped", planned=True), False),
        (Coverage("d", "skipped"), True),
        (Coverage("d", "failed"), True),
        (Coverage("d", "failed", planned=True), True),
        (Coverage("d", "changed"), True),
    ],
)
def test_what_was_not_looked_at_is_missed(coverage, missed):
    assert coverage.missed is missed
    assert inventory(coverage=(coverage, Coverage("e", "scanned"))).complete is not missed


def test_states_are_counted():
    states = [Coverage("a", "scanned"), Coverage("b", "failed"), Coverage("c", "scanned")]
    assert inventory(coverage=tuple(states)).coverage_counts() == {"failed": 1, "scanned": 2}


def test_detections_by_field_the_surest_first():
    found = [Detection(EMAIL.urn, c, "type", s) for c, s in (("user.name", 0.4), ("user.contact", 0.9))]
    by_field = inventory(detections=tuple(found)).by_field()
    assert [d.category for d in by_field[EMAIL.urn]] == ["user.contact", "user.name"]


def test_the_declared_recipient_comes_first():
    ours, known = Processor("stripe", "Stripe of ours"), Processor("stripe", "Stripe")
    assert inventory(processors=(known,)).processor("stripe") is known
    declared = Declaration(recipients=(Recipient(ours),))
    assert inventory(processors=(known,), declaration=declared).processor("stripe") is ours
    assert inventory().processor("stripe") is None


def test_the_frame_has_a_row_for_each_detection():
    found = Detection(EMAIL.urn, "user.contact", "type", 0.9, share=0.5, count=12)
    frame = inventory(detections=(found,)).frame()
    assert frame.to_dict("records") == [
        {
            "store": "sqlite://app",
            "dataset": "users",
            "field": "email",
            "category": "user.contact",
            "verdict": "type",
            "confidence": 0.9,
            "share": 0.5,
            "count": 12,
        }
    ]
    assert list(inventory().frame().columns)[:3] == ["store", "dataset", "field"]


def test_rows_are_never_shown():
    canary = "canary.alice@example.com"
    table = pa.RecordBatch.from_pydict({"email": [canary], LOCATOR: [1]})
    assert repr(Batch(USERS, table, (("email",),))) == "Batch(1 rows, 2 columns)"
    column = Column(("users",), ("email",), "string", comment=canary, values={canary: 1})
    assert canary not in repr(column)
    assert canary not in repr(Field(USERS.urn, ("email",), comment=canary))


def test_names_of_datasets_and_fields():
    assert (USERS.name, EMAIL.name) == ("users", "email")
    assert (Dataset(USERS.store, ()).name, Field(USERS.urn, ()).name) == ("", "")
    assert USERS.with_fields(EMAIL).fields == (EMAIL,)
