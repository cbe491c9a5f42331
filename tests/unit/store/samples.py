"""An invented inventory with something in every column, and names as odd as sources have them."""

from __future__ import annotations

from datetime import UTC, datetime

from pii_scan.core.category import Category, Taxonomy
from pii_scan.core.cohort import Roll, Tally
from pii_scan.core.decision import Acceptance
from pii_scan.core.detection import Detection, Evidence
from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Coverage, ScanRun
from pii_scan.core.lineage import Flow, FlowEvidence
from pii_scan.core.mapping import Mapping, Place
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.profile import Hits, Profile
from pii_scan.core.query import Edge
from pii_scan.core.register import Entry
from pii_scan.core.setting import Setting
from pii_scan.core.sketch import Sketch
from pii_scan.core.valueset import ValueSet
from pii_scan.store.carrying import State
from pii_scan.store.repo import Repository

TAXONOMY = Taxonomy({"user": Category("user")})
KEY_ID = "0a1b2c3d"
SHOP = Store("postgresql", "shop", "platform", "eu-west-1", "own", "service", ("tier-1", "gdpr"), ("public",))
DROP = Store("files", "drop")
MODIFIED = datetime(2026, 1, 30, 23, 59, 59, 123456, tzinfo=UTC)
USERS = Dataset(SHOP, ("public", "users"), rows=12, modified=MODIFIED)
#: Dots, slashes, quotes, another script, a line too long for an index, and what databases refuse.
ODD_NAMES = (
    "order.items",
    "a/b#c?d%e",
    "'; DROP TABLE runs; --",
    "名前",
    "x" * 3000,
    "nul\0bell\x07",
    "\ud800",
)
ODD = Dataset(DROP, ODD_NAMES, "export")
SKIPPED = Dataset(SHOP, ("public", "v_users"), "view", skip="a view", planned=True)

SETTINGS = (
    Setting(SHOP.urn, (), "tls", "yes", "pg_stat_ssl"),
    Setting(SHOP.urn, ("public", "users"), "grant", "reader", "SELECT"),
)
ENTRIES = (Entry("incidents", USERS.urn, "incidents.csv row 2", {"id": "I-1", "aware_at": "2026-01-02"}),)
MAPPINGS = (
    Mapping(
        Place("postgres://db:5432", ("shop", "public", "users"), ("data", "a.b"), "shop"),
        Place("https://api.example.com", ("contacts",), ("email",)),
        "etl.send",
        USERS.urn,
        3,
        True,
    ),
    Mapping(None, Place("kafka://broker", ODD_NAMES[:4]), "", USERS.urn, assumed=True),
)

EDGES = (
    Edge(f"{USERS.urn}#email", "postgresql://shop/public/people#mail", "masked", "view", "public/people"),
    Edge(
        f"{USERS.urn}#email",
        "export://s3/drop/list.csv#email",
        "identity",
        "copy",
        "jobs/a.sql line 3",
        "acme",
    ),
)

ROLLS = (Roll("closed", USERS.urn, 12, 3),)
TALLIES = (Tally("closed", USERS.urn, rows=12, held=3, over={"all": {40: 3}}),)


def run(number: int = 1) -> ScanRun:
    return ScanRun(
        f"run{number}",
        f"2026-01-31T10:0{number}:00+00:00",
        "2026-01-31",
        "full",
        (1 << 62) + number,
        "0.1.0",
        detector="00ff",
    )


def fields(dataset: Dataset) -> tuple[Field, ...]:
    email = Field(dataset.urn, ("email",), "string", False)
    nested = Field(dataset.urn, ("data", "a.b", "c/d"), "json", None)
    return email, nested, Field(dataset.urn, ("id",), "integer", True, references=email.urn)


def profile(shard: int = 0) -> Profile:
    return Profile(
        rows=6,
        nulls=shard,
        characters=120 + shard,
        longest=30 + shard,
        hits={"user.contact.email": Hits(5 - shard, 4, "pattern", (shard, 9 + shard))},
        contacts={"stripe": 1 + shard},
        shapes={"text": 5},
        times={"2026-01-30": 2, f"2025-0{shard + 1}": 1},
        sketch=Sketch.of((1 << 64) - 1 - number * (shard + 1) for number in range(900)),
        sets={"email": ValueSet((7 + shard).to_bytes(8, "little"))},
    )


def profiles(shard: int = 0) -> dict[tuple[str, ...], Profile]:
    return {("email",): profile(shard), ("data", "a.b", "c/d"): Profile(rows=6, nulls=6)}


def detections(dataset: Dataset) -> tuple[Detection, ...]:
    email, nested, _ = fields(dataset)
    why = Evidence("pattern", "email", "user.contact.email", 4.605170185988092, "5 of 6 values")
    against = Evidence("name", "names", "user.contact.email", -0.1, "the name says nothing")
    return (
        Detection(nested.urn, "user", "contains", 1 / 3),
        Detection(
            email.urn,
            "user.contact.email",
            "type",
            0.987654321,
            5 / 6,
            0.4365,
            0.9699,
            5,
            (0, 9),
            (why, against),
            "encrypted",
        ),
    )


def coverage(dataset: Dataset, shards: int = 2) -> Coverage:
    return Coverage(dataset.urn, "sampled", 6 * shards, 3 << 33, 1 << 40, "1 line lost")


def commit(repository: Repository, run_id: str, dataset: Dataset, shard: int, of: int = 2) -> None:
    part = Coverage(dataset.urn, "scanned", 6, shard, None, f"part {shard}")
    repository.commit_shard(
        run_id,
        dataset,
        shard,
        of,
        profiles(shard),
        fields(dataset),
        detections(dataset),
        coverage(dataset, shard + 1),
        part,
    )


FLOWS = (
    Flow(
        fields(USERS)[0].urn,
        "stripe",
        "user.contact.email",
        "confirmed",
        (
            FlowEvidence("export", ODD.urn, "a column of the same values", 12, 0.75),
            FlowEvidence("host", "x", "y"),
        ),
        True,
    ),
    Flow(fields(USERS)[1].urn, "unknown", "", "contact only"),
)
FINDINGS = (
    Finding(
        "undeclared-recipient", "high", USERS.urn, "not declared", "C1", "stripe", "user", "warn", ("a", "b")
    ),
    Finding("coverage-gap", "low", ODD.urn, "one was not read"),
)
ACCEPTED = Acceptance("suppress-0a1b2c3d", "2026-01-31", "0011223344556677", '{"fields": 1}')
CLAIMS = (
    ClaimVerdict("C1", "fail", "because"),
    ClaimVerdict("C2", "not evaluable", "no rows", ("registers",)),
)


#: A dataset's state, as digests and words alone.
STATE = State("0f" * 16, "1;1:2:3:aa:4:5", "full:10000:0")


def whole(repository: Repository, run_id: str) -> None:
    """Everything that a scan and a check store after `start`."""
    for dataset in (USERS, ODD):
        for shard in (0, 1):
            commit(repository, run_id, dataset, shard)
    repository.commit_listing(
        run_id,
        SKIPPED.with_fields(*fields(SKIPPED)),
        Coverage(SKIPPED.urn, "skipped", reason="a view", planned=True),
    )
    repository.save_flows(run_id, FLOWS)
    repository.save_check(run_id, FINDINGS, CLAIMS)
    repository.save_acceptances(run_id, [ACCEPTED])
    repository.save_state(run_id, USERS.urn, STATE)
    repository.save_cohorts(run_id, ROLLS, TALLIES)
    repository.save_edges(run_id, SHOP.urn, EDGES)
    repository.save_facts(run_id, SHOP.urn, SETTINGS, ENTRIES, MAPPINGS)
