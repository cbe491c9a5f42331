"""Rows of closed accounts and the like, counted in a small company whose names are its own."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pii_scan.core.cohort import ALL, Roll, Tally
from pii_scan.core.errors import ConfigError
from pii_scan.core.inventory import Inventory
from pii_scan.core.keyed import Key
from pii_scan.core.model import Plan
from pii_scan.data.load import taxonomy
from pii_scan.policy import claims
from pii_scan.run import census
from pii_scan.run.check import check
from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.store import counted
from pii_scan.subjects.cohorts.hashing import Hasher
from pii_scan.subjects.cohorts.moments import days, last_moment, later, moment

ERASED, HASHED, BACK = "mo.dupont@mail.example", "li.wong@mail.example", "Mo.Dupont+news@mail.example"
LIST = """version: 1
policy: {id: small}
recipients:
  - {id: stripe, name: Stripe, function: payments, exports: ["given/stripe/*"]}
cohorts:
  - {name: gone, dataset: tenants, key: [tenant_no, billing_ref],
     since: ended_on, where: {stage: {not: [test]}}}
  - {name: absent, dataset: nothing, key: [id], since: gone}
claims:
  - {id: A, kind: retain, promise: ends_with_account, cohort: gone, within: 30d, severity: high,
     data: ["dataset:lines"]}
  - {id: B, kind: retain, promise: ends_with_account, cohort: gone, within: 30d, data: [],
     recipient: {functions: [payments]}, severity: high}
  - {id: C, kind: right, promise: erased, within: 30d, data: [user], severity: high}
  - {id: D, kind: retain, promise: ends_with_account, cohort: gone, within: 400d, severity: low,
     data: ["dataset:lines"]}
  - {id: E, kind: retain, promise: ends_with_account, cohort: absent, data: ["dataset:lines"], severity: low}
  - {id: F, kind: right, promise: objection, data: [user], severity: low}
"""
CONFIG = """version: 1
inventory: inventory.db
key: ${file:key}
sharing: sharing.yaml
scan: {as_of: 2026-01-31, mode: full}
sources:
- {name: app, url: "sqlite:///app.db"}
- {name: given, path: given, kind: files}
- {name: registers, path: registers, kind: registers}
"""


def _database(file: Path) -> None:
    with sqlite3.connect(file) as made:
        made.executescript(
            "CREATE TABLE tenants (tenant_no INTEGER PRIMARY KEY, billing_ref TEXT, stage TEXT,"
            " ended_on TEXT);"
            "CREATE TABLE orders (order_no INTEGER PRIMARY KEY, tenant_no INTEGER REFERENCES tenants);"
            "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_no INTEGER REFERENCES orders, email TEXT);"
        )
        tenants = [
            (1, "acct_first_0001", "live", None),
            (2, "acct_second_002", "live", "2025-06-01 10:00:00"),
            (3, "acct_third_0003", "test", "2025-06-01 10:00:00"),
            (4, "acct_fourth_004", "live", "2026-01-20 10:00:00"),
        ]
        made.executemany("INSERT INTO tenants VALUES (?, ?, ?, ?)", tenants)
        made.executemany("INSERT INTO orders VALUES (?, ?)", [(n, n % 4 + 1) for n in range(40)])
        lines = [(n, n % 40, f"person{n}@mail.example") for n in range(80)]
        made.executemany("INSERT INTO lines VALUES (?, ?, ?)", lines)
    made.close()


def _files(folder: Path) -> None:
    for name in ("given/stripe", "registers"):
        (folder / name).mkdir(parents=True)
    rows = [f"acct_{word},p{n}@mail.example" for n, word in enumerate(("first_0001", "second_002"))]
    people = [*rows, f"acct_other_0009,{BACK}"]
    (folder / "given/stripe/customers.csv").write_text("\n".join(["id,email", *people]), encoding="utf-8")
    digest = hashlib.sha256(HASHED.encode()).hexdigest()
    notes = [{"customer_id": digest, "email": f"q{n}@mail.example"} for n in range(3)]
    (folder / "given/notes.ndjson").write_text("\n".join(map(json.dumps, notes)), encoding="utf-8")
    register = f"email,erased_on\n{ERASED},2025-11-01\n{HASHED},2025-11-01\n"
    (folder / "registers/erasures.csv").write_text(register, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("small")
    _database(made / "app.db")
    _files(made)
    for name, text in (("sharing.yaml", LIST), ("pii-scan.yaml", CONFIG), ("key", "ab" * 32)):
        (made / name).write_text(text, encoding="utf-8")
    (made / "key").chmod(0o600)
    return made


@pytest.fixture(scope="module")
def inventory(folder: Path) -> Inventory:
    with context(folder / "pii-scan.yaml") as opened, progress(False) as shown:
        run = scan(opened, chosen(opened.loaded, ()), ScanOptions(texts=False, presidio=False), shown)
        return check(opened, run.id)


def _verdicts(inventory: Inventory) -> Mapping[str, str]:
    return {claim.id: claim.verdict for claim in inventory.claims}


def _rows(inventory: Inventory, claim: str) -> list[str]:
    return [" ".join((f.subject, f.evidence[0])) for f in inventory.findings if f.claim == claim]


def test_rows_are_tied_by_keys_over_two_tables(inventory: Inventory) -> None:
    """Ten of the 40 orders are the second tenant's, so twenty lines; the test tenant's do not count."""
    assert _rows(inventory, "A") == ["sqlite://app/main/lines 20 rows"]


def test_rows_at_a_recipient_are_tied_by_a_reference(inventory: Inventory) -> None:
    assert _rows(inventory, "B") == ["files://given/stripe/customers.csv 1 rows"]


def test_an_erased_address_is_found_with_a_tag_and_hashed(inventory: Inventory) -> None:
    places = ["files://given/notes.ndjson 3 rows", "files://given/stripe/customers.csv 1 rows"]
    assert _rows(inventory, "C") == places


def test_grace_missing_cohorts_and_missing_registers(inventory: Inventory) -> None:
    found = {claim.id: claim for claim in inventory.claims}
    assert (found["D"].verdict, found["E"].verdict, found["F"].verdict) == ("pass", *["not evaluable"] * 2)
    assert "the cohort 'absent'" in found["E"].because
    assert found["E"].needs == ("data",)
    assert found["F"].needs == ("registers",)


def test_nothing_of_a_person_is_kept(folder: Path, inventory: Inventory) -> None:
    kept = (folder / "inventory.db").read_bytes() + repr((inventory.rolls, inventory.tallies)).encode()
    for value in (ERASED, HASHED, BACK, "acct_second_002", "person1@mail"):
        assert value.encode() not in kept
        assert hashlib.sha256(value.encode()).hexdigest().encode() not in kept


def test_a_part_that_was_read_fails_and_a_pass_says_so(
    folder: Path, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pii_scan.subjects.cohorts.cells.MOST", 30)
    with context(folder / "pii-scan.yaml") as opened:
        sources = {source.name: source.open() for source in chosen(opened.loaded, ())}
        census.take(
            opened, inventory.run.id, chosen(opened.loaded, ()), sources.__getitem__, Plan(mode="full")
        )
        found = check(opened, inventory.run.id)
        for source in sources.values():
            source.close()
    assert _verdicts(found)["A"] == "fail"
    assert "its first 30 rows" in next(f for f in found.findings if f.claim == "A").message
    passed = next(claim for claim in found.claims if claim.id == "D")
    assert passed.verdict == "pass"
    assert "a part was read (its first 30 rows)" in passed.because


def test_what_was_counted_comes_back_as_it_was() -> None:
    tally = Tally("gone", "sqlite://app/main/t", via=("x",), over={ALL: {3: 2, 40: 1}}, filled={"user": 1})
    rolls, tallies = counted.read(counted.rows([Roll("gone", "t", 4, 2)], [tally]))
    assert (rolls, tallies) == ((Roll("gone", "t", 4, 2),), (tally,))
    assert (tally.overdue(4), tally.overdue(0), tally.later(0)) == (1, 3, 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-02 03:04:05", 2),
        ("2026-01-02T03:04:05Z", 2),
        ("1767323045", 2),
        ("1767323045000", 2),
        ("soon", None),
    ],
)
def test_times_as_cells_have_them(text: str, day: int | None) -> None:
    found = moment(text)
    assert (found.day if found else None) == day


def test_the_last_days_that_there_are_stop_nothing() -> None:
    assert last_moment("9999-12-31") is not None
    assert moment("9999-12-31T23:59:59-05:00") is None
    assert later(datetime(2026, 1, 1, tzinfo=UTC), 10**8) == datetime.max.replace(tzinfo=UTC)


def test_a_day_ends_before_something_is_late() -> None:
    start = last_moment("2026-01-02")
    assert start is not None
    assert days(start, datetime(2026, 1, 2, 23, tzinfo=UTC)) is None
    assert days(start, datetime(2026, 1, 4, 1, tzinfo=UTC)) == 1


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_a_register_of_plain_digests_knows_addresses(name: str) -> None:
    hasher = Hasher(Key.new())
    listed = set(hasher.listed(hashlib.new(name, ERASED.encode()).hexdigest()))
    assert listed & set(hasher.seen(f"write to {ERASED}, please"))
    assert not listed & set(hasher.seen(HASHED))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("cohort: gonee", "unknown cohort 'gonee'"),
        ("cohort: 7", "cohort"),
    ],
)
def test_a_cohort_that_nobody_declared_is_named(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "sharing.yaml"
    file.write_text(LIST.replace("cohort: gone", written, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        claims.load(file, taxonomy())
    assert "sharing.yaml:10" in str(caught.value) or "sharing.yaml:10" in (caught.value.hint or "")
