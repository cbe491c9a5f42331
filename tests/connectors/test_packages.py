"""Packages that answered requests: whose identifiers are in them, keyed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from connectors.packages.connector import CONNECTOR
from connectors.registers.entries import keyed
from pii_scan.core.keyed import Key
from pii_scan.core.register import Entry
from pii_scan.testing.contract import ConnectorContract

KEY = Key(b"k" * 32)
ANNA, BERT = "anna@example.org", "bert@example.org"


def entries(folder: Path) -> list[Entry]:
    connector = CONNECTOR.open(CONNECTOR.config(path=str(folder), name="packages"))
    return list(connector.entries(KEY))  # type: ignore[attr-defined]


def told(folder: Path) -> set[tuple[str, str, str, str]]:
    """Package, kind, whose, file of each identifier."""
    names = ("package", "kind", "whose", "file")
    return {
        (e.get(names[0]), e.get(names[1]), e.get(names[2]), e.get(names[3]))
        for e in entries(folder)
        if e.get("identifier")
    }


def put(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def test_the_persons_own_identifiers_are_told_from_those_of_others(tmp_path: Path) -> None:
    put(tmp_path / "P-1" / "manifest.json", {"subject": {"email": ANNA.upper(), "phone": "+49 30 1234567"}})
    put(tmp_path / "P-1" / "bookings.csv", f"who,tel\n{ANNA},+49301234567\nx <{BERT}>,0049 30 7654321\n")
    assert told(tmp_path) == {
        ("P-1", "e-mail", "requester", "bookings.csv"),
        ("P-1", "e-mail", "other", "bookings.csv"),
        ("P-1", "phone", "requester", "bookings.csv"),
        ("P-1", "phone", "other", "bookings.csv"),
    }
    assert ANNA not in repr([e.values for e in entries(tmp_path)])


def test_a_keyed_digest_names_the_person_too(tmp_path: Path) -> None:
    """As `pii-scan subject export` writes it into the manifest."""
    put(tmp_path / "P-1" / "manifest.json", {"subjects": [keyed(ANNA, KEY)]})
    put(tmp_path / "P-1" / "data.jsonl", json.dumps({"mail": ANNA}) + "\n")
    assert told(tmp_path) == {("P-1", "e-mail", "requester", "data.jsonl")}


def test_a_package_that_names_nobody_is_said_so(tmp_path: Path) -> None:
    put(tmp_path / "P-2.json", [{"mail": ANNA}, {"mail": BERT}])
    assert {(package, whose) for package, _, whose, _ in told(tmp_path)} == {("P-2.json", "")}


def test_an_archive_is_a_package_and_what_can_not_be_read_in_it_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "P-3.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"requester": ANNA}))
        archive.writestr("data/rows.csv", f"mail\n{ANNA}\n")
        archive.writestr("data/sheet.xlsx", b"PK\x03\x04 no sheet")
    found = entries(tmp_path)
    (whole,) = (entry for entry in found if entry.get("unread"))
    assert int(whole.get("unread")) >= 1
    assert {entry.get("package") for entry in found} == {"P-3.zip"}
    assert "requester" in {entry.get("whose") for entry in found}


@pytest.mark.parametrize("text", ["2026-01-31 10:30:00", "4242 4242 4242 4242", "+1", "no 0012345678901"])
def test_other_numbers_are_no_telephone(tmp_path: Path, text: str) -> None:
    put(tmp_path / "P-4" / "notes.csv", f"note\n{text}\n")
    assert told(tmp_path) == set()


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Any:
        put(tmp_path / "P-1" / "rows.csv", "mail\n" + "".join(f"p{n}@example.org\n" for n in range(30)))
        return lambda: CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="packages"))

    def canaries(self) -> tuple[str, ...]:
        return ("p1@example.org",)
