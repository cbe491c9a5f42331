"""The demo company, scanned and checked as a person does it, against what was planted in it."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pii_scan.core import urn
from pii_scan.demo.build import build
from pii_scan.run.context import context
from pii_scan.run.subject import scope
from pii_scan.subjects.find import find
from pii_scan.subjects.identifier import identifiers
from tests.commands import run

INCOMPLETE = 3  # the exit code of a scan that could not read everything: the demo has broken files
FINDINGS = 1
Key = tuple[str, str, str, str]
#: Folders of files beside the logs that hold people.
_DROPS = ("exports", "outgoing", "packages", "browser", "lake")


@dataclass(frozen=True)
class Outcome:
    """What was planted, and what the command line says."""

    folder: Path
    expected: Any
    check: Any
    inventory: Any

    @property
    def findings(self) -> set[Key]:
        return {(f["check"], f["subject"], f["recipient"], f["category"]) for f in self.check["findings"]}

    @property
    def planted(self) -> set[Key]:
        return {
            (i["check"], i["subject"]["urn"], i["recipient"], i["category"])
            for i in self.expected["violations"]
        }


def _outcome(folder: Path, seed: int, into: str | None) -> Outcome:
    build(folder, seed, into)
    config = ("--config", str(folder / "pii-scan.yaml"))
    scanned = run(folder, "scan", *config, "--full", "-q")
    assert scanned.returncode == INCOMPLETE, scanned.stderr
    checked = run(folder, "check", *config, "--format", "json")
    assert checked.returncode == FINDINGS, checked.stderr
    exported = run(folder, "inventory", "export", *config)
    assert exported.returncode == 0, exported.stderr
    expected = YAML(typ="safe").load((folder / "expected.yaml").read_text(encoding="utf-8"))
    return Outcome(folder, expected, json.loads(checked.stdout), json.loads(exported.stdout))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return _outcome(tmp_path_factory.mktemp("demo"), 0, None)


def test_everything_planted_is_found_and_nothing_else(outcome: Outcome) -> None:
    assert outcome.planted - outcome.findings == set()
    assert outcome.findings - outcome.planted == set()


def test_every_finding_names_the_claim_that_the_truth_names(outcome: Outcome) -> None:
    """Where a finding names a promise at all, it is one that the demo has."""
    claims = set(outcome.expected["claims"])
    assert {f["claim"] for f in outcome.check["findings"]} - {""} <= claims
    cards = [f for f in outcome.check["findings"] if f["check"] == "card-data-outside-billing"]
    assert {f["claim"] for f in cards} == {"C26"}
    assert {f["severity"] for f in cards} == {"critical"}


def test_no_kept_promise_is_reported(outcome: Outcome) -> None:
    """A kept place may be another check's violation, but never its own; parts of it neither."""
    for item in outcome.expected["kept"]:
        urn = item["subject"]["urn"]
        hits = [
            finding
            for finding in outcome.findings
            if finding[0] == item["check"]
            and (finding[1] == urn or finding[1].startswith((f"{urn}#", f"{urn}/")))
            and item["recipient"] in ("", finding[2])
        ]
        assert hits == [], item["id"]


def test_every_claim_gets_its_verdict(outcome: Outcome) -> None:
    assert {claim["id"]: claim["verdict"] for claim in outcome.check["claims"]} == outcome.expected["claims"]


def test_claims_that_are_not_evaluable_say_what_would_settle_them(outcome: Outcome) -> None:
    opened = [claim for claim in outcome.check["claims"] if claim["verdict"] == "not evaluable"]
    assert opened
    assert [claim["id"] for claim in opened if not claim["because"] or not claim["needs"]] == []


def _flows(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    """The flows of fields that are confirmed or configured; a contact alone has no category."""
    return {
        (flow["field"], flow["recipient"], flow["category"], flow["status"])
        for flow in outcome.inventory["flows"]
        if flow["status"] in ("confirmed", "configured") and flow["category"]
    }


def test_the_flows_of_fields_are_those_that_are_true_and_no_others(outcome: Outcome) -> None:
    planted = [
        (flow["field"]["urn"], flow["recipient"], flow["category"], flow["status"])
        for flow in outcome.expected["flows"]
    ]
    assert len(planted) == len(set(planted)), "a flow stands in the truth twice"
    assert set(planted) - _flows(outcome) == set()
    assert _flows(outcome) - set(planted) == set()


def test_no_flow_is_confirmed_to_somebody_who_receives_nothing(outcome: Outcome) -> None:
    receiving = {flow["recipient"] for flow in outcome.expected["flows"]}
    observed = {
        f["recipient"] for f in outcome.inventory["flows"] if f["status"] in ("confirmed", "configured")
    }
    contacts = {"zoom", "google-calendar", "zapier"}  # the integrations that users switched on
    assert observed <= receiving | contacts


def test_places_of_people_are_among_the_fields_with_personal_data(outcome: Outcome) -> None:
    """An address that the truth knows stands in a field that the scan tells to hold addresses."""
    tagged = {
        field["urn"]
        for field in outcome.inventory["fields"]
        if any(d["category"] == "user.contact.email" for d in field["detections"])
    }
    places = {place["urn"] for subject in outcome.expected["subjects"] for place in subject["places"]}
    assert places - tagged == set()


def test_no_value_of_a_person_is_in_what_comes_out(outcome: Outcome) -> None:
    said = json.dumps([outcome.check, outcome.inventory], ensure_ascii=False)
    raw = (outcome.folder / ".pii-scan" / "inventory.db").read_bytes()
    for subject in outcome.expected["subjects"]:
        assert subject["identifier"] not in said
        assert subject["identifier"].encode() not in raw


def test_the_order_numbers_are_no_cards(outcome: Outcome) -> None:
    field = next(f for f in outcome.inventory["fields"] if f["urn"].endswith("payments#order_number"))
    assert [d for d in field["detections"] if d["category"] == "user.financial.credit_card"] == []


@pytest.mark.parametrize("seed", [7])
def test_another_seed_comes_out_the_same(seed: int, outcome: Outcome, tmp_path: Path) -> None:
    other = _outcome(tmp_path, seed, None)
    assert other.findings == outcome.planted
    assert other.expected["claims"] == {c["id"]: c["verdict"] for c in other.check["claims"]}


@pytest.mark.parametrize("fixture", ["postgres_url", "mariadb_url"])
def test_servers_come_out_as_sqlite(
    fixture: str, request: pytest.FixtureRequest, outcome: Outcome, tmp_path: Path
) -> None:
    other = _outcome(tmp_path, 0, request.getfixturevalue(fixture))
    assert other.findings == other.planted
    assert {c["id"]: c["verdict"] for c in other.check["claims"]} == other.expected["claims"]
    test_the_flows_of_fields_are_those_that_are_true_and_no_others(other)
    assert _categories(other) == _categories(outcome)
    assert len(list(_found_places(other, other.expected["subjects"][2:4]))) == 2


def _categories(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    """What each column of the application is, without the schema's name, which the engines differ in."""
    return {
        (field["dataset"][-1], "/".join(field["path"]), d["category"], d["verdict"])
        for field in outcome.inventory["fields"]
        if not field["store"].startswith(("files", "logs"))
        for d in field["detections"]
    }


def test_the_command_builds_scans_checks_and_reports_within_a_minute(tmp_path: Path) -> None:
    started = time.monotonic()
    done = run(tmp_path, "demo", "--dir", "company", "--seed", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "as expected" in done.stdout
    assert (tmp_path / "company" / "report.html").stat().st_size > 10_000
    assert time.monotonic() - started < 60


def test_building_needs_no_detector() -> None:
    """Importing the demo loads neither spaCy nor SQLAlchemy nor Faker."""
    code = (
        "import sys, pii_scan.demo.build as b; "
        "print(sorted({'spacy', 'sqlalchemy', 'faker', 'presidio_analyzer', 'polars'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_place_of_the_listed_people_is_found_and_no_other(outcome):
    """Against the listed places with their rows, and for the rest against every text there is."""
    for subject, places in _found_places(outcome, outcome.expected["subjects"]):
        by_mail = [p for p in places if any("the id of their row" not in why for why in p.why)]
        where = {(p.store.name, *_top(p)) for p in by_mail}
        assert where == _holding(outcome.folder, subject["identifier"])


def _found_places(outcome, subjects):
    """Each subject with the places that hold the identifier; the listed ones are among them."""
    with context(outcome.folder / "pii-scan.yaml") as opened, scope(opened, ()) as asked:
        for subject in subjects:
            answer = find(asked, identifiers(subject["identifier"])).answer
            places = [place for place in answer.places if place.path]
            rows = {urn.join(p.dataset, p.path, "#"): p.rows for p in places}
            listed = {place["urn"]: place["rows"] for place in subject["places"]}
            assert {name: rows.get(name) for name in listed} == listed
            yield subject, places


def _top(place) -> tuple[str, ...]:
    """A table's column, or a file."""
    if place.store.kind == "sqlite":
        return place.dataset_path[-1], place.path[0]
    return ("/".join(place.dataset_path),)


def _holding(folder: Path, identifier: str) -> set[tuple[str, ...]]:
    """Columns and files that hold the text, by reading all of them."""
    found: set[tuple[str, ...]] = set()
    with sqlite3.connect(folder / "app.db") as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                cells = zip(names, row, strict=True)
                found |= {("app", table, name) for name, cell in cells if _in(str(cell).encode(), identifier)}
    for path in sorted((folder / "logs").iterdir()):
        if _in(_plain(path), identifier):
            found.add(("logs", re.sub(r"(\.\d+)?(\.gz)?$", "", path.name)))
    for path in (p for drop in _DROPS for p in (folder / drop).rglob("*") if p.is_file()):
        drop, _, name = path.relative_to(folder).as_posix().partition("/")
        if zipfile.is_zipfile(path) and path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                members = [m for m in archive.infolist() if not m.flag_bits & 1]
                found |= {(drop, f"{name}/{m.filename}") for m in members if _in(archive.read(m), identifier)}
        elif _in(_plain(path), identifier):
            found.add((drop, name))
    return found


def _in(data: bytes, identifier: str) -> bool:
    """The address as itself, in another case, in a URL, with a line of a calendar folded within it."""
    text = data.replace(b"\r\n ", b"").replace(b"%40", b"@").lower()
    return re.search(rb"(?<![\w.+-])" + re.escape(identifier.encode()), text) is not None


def _plain(path: Path) -> bytes:
    """The bytes of a file, as far as a broken archive gives them."""
    data = path.read_bytes()
    return zlib.decompressobj(31).decompress(data) if data[:2] == b"\x1f\x8b" else data
