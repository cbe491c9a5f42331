"""What expected.yaml says is so in the data: read with the standard library, not with a scan."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from stdnum import luhn

from pii_scan import plugins
from pii_scan.core import urn
from pii_scan.demo import resources
from pii_scan.demo.build import build

_CARD = re.compile(r"(?<!\d)\d(?:[ ]?\d){15}(?!\d)")
CHECKS = (
    "undeclared-recipient",
    "undeclared-category",
    "card-data-outside-billing",
    "overdue-retention",
    "unevidenced-recipient",
    "coverage-gap",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("truth")
    build(made, 0)
    return made


@pytest.fixture(scope="module")
def expected(folder: Path) -> Any:
    return YAML(typ="safe").load((folder / "expected.yaml").read_text(encoding="utf-8"))


def test_every_check_is_broken_and_kept_more_than_once(expected: Any) -> None:
    for part, least in (("violations", 3), ("kept", 2)):
        count = Counter(item["check"] for item in expected[part])
        assert set(count) >= set(CHECKS)
        assert min(count[check] for check in CHECKS) >= least
        assert len(expected[part]) >= 30


def test_every_check_of_a_promise_is_broken(expected: Any) -> None:
    """Kept are those whose subject is a place here; others in the company that keeps all."""
    promised = {check.id for check in plugins.load_all("checks").values() if check.promises}
    broken = {item["check"] for item in expected["violations"]}
    kept = {item["check"] for item in expected["kept"]}
    assert promised - broken == set()
    assert promised - kept <= {
        "data-beyond-own-period",
        "mail-after-opt-out",
        "missing-attestation",
        "outdated-copy",
        "outdated-policy",
        "processing-after-objection",
        "residue-without-end",
        "residue-without-hold",
        "unnamed-recipient",
        "unregistered-recipient",
    }


def test_ids_are_given_once(expected: Any) -> None:
    ids = [item["id"] for part in ("violations", "kept") for item in expected[part]]
    assert len(ids) == len(set(ids))


def test_nothing_is_both_planted_and_kept(expected: Any) -> None:
    keys = [{_key(item) for item in expected[part]} for part in ("violations", "kept")]
    assert not keys[0] & keys[1]


def _key(item: dict[str, Any]) -> tuple[str, str, str]:
    return item["check"], item["subject"]["urn"], item["recipient"]


def test_urns_are_made_of_their_parts(expected: Any) -> None:
    for item in expected["violations"] + expected["kept"]:
        subject = item["subject"]
        if "store" in subject:
            store, dataset, path = urn.split(subject["urn"])
            assert (store, list(dataset), list(path)) == (
                subject["store"],
                subject["dataset"],
                subject.get("path", []),
            )


def test_every_claim_has_a_verdict(expected: Any) -> None:
    assert list(expected["claims"]) == [c["id"] for c in resources.document("claims.yaml")["claims"]]
    assert set(expected["claims"].values()) == {"pass", "fail", "not evaluable"}


def test_planted_columns_exist(folder: Path, expected: Any) -> None:
    with sqlite3.connect(folder / "app.db") as database:
        for item in expected["violations"] + expected["kept"]:
            subject = item["subject"]
            if subject.get("store") == "sqlite://app":
                columns = {row[1] for row in database.execute(f"PRAGMA table_info({subject['dataset'][-1]})")}
                assert columns
                assert not subject.get("path") or subject["path"][0] in columns


def test_card_numbers_are_where_they_were_planted_and_nowhere_else(folder: Path, expected: Any) -> None:
    """Every value of every table is read; order numbers are the decoy that may look like cards."""
    planted = {
        tuple(i["subject"]["dataset"][1:] + i["subject"]["path"][:1])
        for i in expected["violations"]
        if i["check"] == "card-data-outside-billing" and i["subject"]["store"] == "sqlite://app"
    }
    found = set()
    with sqlite3.connect(folder / "app.db") as database:
        database.row_factory = sqlite3.Row
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f"SELECT * FROM {table}"):
                found |= {
                    (table, name)
                    for name in dict(row)
                    if name != "order_number" and _has_card(str(row[name]))
                }
    assert found == planted


def _has_card(text: str) -> bool:
    return any(luhn.is_valid(hit.group().replace(" ", "")) for hit in _CARD.finditer(text))


def test_logs_with_and_without_cards(folder: Path) -> None:
    logs = folder / "logs"
    assert _has_card((logs / "worker.log").read_text())
    assert _has_card((logs / "app.jsonl").read_text())
    assert _has_card(gzip.decompress((logs / "access.log.2.gz").read_bytes()).decode())
    for name in ("access.log", "access.log.1", "mail.log", "egress.log"):
        assert not _has_card((logs / name).read_text())


def test_the_payments_export_has_no_card_number(folder: Path) -> None:
    with (folder / "exports" / "stripe" / "payments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert not any(_has_card(cell) for row in rows for cell in row.values())


def test_people_are_where_the_truth_says(folder: Path, expected: Any) -> None:
    with sqlite3.connect(folder / "app.db") as database:
        for subject in expected["subjects"]:
            assert len(subject["places"]) >= 3
            for place in subject["places"]:
                if place["store"] == "sqlite://app" and len(place["path"]) == 1:
                    query = f"SELECT count(*) FROM {place['dataset'][-1]} WHERE {place['path'][0]} = ?"
                    assert database.execute(query, (subject["identifier"],)).fetchone() == (place["rows"],)


def test_old_rows_are_as_many_as_planted(folder: Path) -> None:
    with sqlite3.connect(folder / "app.db") as database:
        old = database.execute("SELECT count(*) FROM sessions WHERE last_seen_at < '2026-01-01'").fetchone()[
            0
        ]
        kept = database.execute("SELECT count(*) FROM bookings WHERE ends_at < '2023-01-01'").fetchone()[0]
    assert (old, kept) == (25, 0)


def test_payloads_in_tables_are_json(folder: Path) -> None:
    with sqlite3.connect(folder / "app.db") as database:
        for table, column in (("bookings", "answers"), ("tasks", "payload"), ("calendar_cache", "value")):
            for (text,) in database.execute(f"SELECT {column} FROM {table}"):
                assert isinstance(json.loads(text), dict)
