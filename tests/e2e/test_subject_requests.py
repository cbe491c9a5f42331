"""What follows from "where is it": a package for the person, a plan of erasing, a check, a breach."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.run.context import context
from pii_scan.run.subject import Question, erase, verify
from pii_scan.run.subject_affected import concerned
from pii_scan.run.subject_package import export
from pii_scan.subjects import telling
from pii_scan.subjects.package import PackageError
from pii_scan.subjects.redaction import Redactor
from tests import subject_company
from tests.subject_company import MAIL, OTHERS, PHONE

ASKED = Question(f"{MAIL}\n{PHONE}", "request 9")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return subject_company.company(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def package(company, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "package"
    with context(company.config) as opened:
        export(opened, ASKED, out)
    return out


def _texts(package) -> dict[str, str]:
    return {p.name: p.read_text() for p in package.rglob("*") if p.is_file()}


def test_the_package_holds_the_person_and_nobody_else(package):
    texts = _texts(package)
    everything = "\n".join(texts.values()).casefold()
    assert MAIL in everything
    for other in (*OTHERS, "person1@lantern.example", "guest@lantern.example", "guest2@lantern.example"):
        assert other not in re.findall(r"[\w.+-]+@[\w.-]+\w", everything)
    sessions = next(text for name, text in texts.items() if name.endswith("sessions.jsonl"))
    assert [json.loads(line)["user_id"] for line in sessions.splitlines()] == ["1", "1"]


def test_the_manifest_tells_what_is_in_it_and_what_is_not(package):
    manifest = json.loads((package / "manifest.json").read_text())
    for entry in manifest["files"]:
        data = (package / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        lines = data.decode().splitlines()
        assert len(lines) - entry["file"].endswith(".csv") == entry["rows"]
    assert {e["dataset"].rpartition("/")[2] for e in manifest["excluded"]} == {"guests", "firms"}
    assert {"somebody else", "an e-mail address"} >= {r["kind"] for r in manifest["redactions"]} - {
        "a credential"
    }
    invites = [r for r in manifest["redactions"] if r["dataset"].endswith("/invites")]
    assert [r["path"] for r in invites] == [["email"]]
    assert [r["id"] for r in manifest["recipients"]] == ["hubspot"]
    assert manifest["purpose"] == "request 9"


def test_files_are_for_their_owner_alone(package, company, tmp_path):
    assert {p.stat().st_mode & 0o777 for p in package.rglob("*") if p.is_file()} == {0o600}
    with context(company.config) as opened:
        export(opened, ASKED, tmp_path / "a.zip")
        assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
        assert "manifest.json" in zipfile.ZipFile(tmp_path / "a.zip").namelist()
        with pytest.raises(ConfigError, match="taken"):
            export(opened, ASKED, tmp_path / "a.zip")


def test_what_redaction_misses_fails_the_command(company, tmp_path, monkeypatch):
    monkeypatch.setattr(Redactor, "_others", lambda self, text: [])
    monkeypatch.setattr(Redactor, "_is_anothers", lambda self, where, categories, path, text: False)
    with context(company.config) as opened, pytest.raises(PackageError, match="somebody else"):
        export(opened, ASKED, tmp_path / "package")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def copy(company, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(company.folder, folder)
    return folder


def _hold(folder, category: str, until: str) -> None:
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers" / "legal_holds.csv").write_text(
        f"id,category,basis,expires_on\nH-1,{category},tax law,{until}\n"
    )
    config = folder / "pii-scan.yaml"
    config.write_text(
        config.read_text().replace(
            "sources:\n", "sources:\n  - {name: registers, path: registers, kind: registers}\n"
        )
    )
    subject_company.scanned(config)


def test_the_plan_erases_all_of_it_and_only_that(copy):
    """Its statements, run by hand on a copy: what is left is what others share, and what is by hand."""
    with context(copy / "pii-scan.yaml") as opened:
        plan, keyed = erase(opened, ASKED)
    before = _dump(copy)
    forms = [MAIL, "ada.ember+news@lantern.example", "+44 20 7946 0012", _sha256()]
    with sqlite3.connect(copy / "app.db") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for step in plan.steps:
            if step.action in ("delete", "overwrite"):
                marks = ", ".join("?" * len(forms))
                count = step.statement.count(":identifiers")
                connection.execute(step.statement.replace(":identifiers", marks), forms * count)
    after = _dump(copy)
    gone = {name: before[name] - after[name] for name in before if before[name] - after[name]}
    assert {name: len(rows) for name, rows in gone.items()} == {
        "users": 1, "sessions": 2, "orders": 1, "badges": 1, "leads": 1, "audience": 1, "invites": 1,
    }  # fmt: skip
    # An order at which a guest's row points stays, and so does the account without what told who it was.
    assert after["users"] - before["users"] == {(1, 1, None, None, "2025-12-01T00:00:00")}
    assert after["invites"] - before["invites"] == {(1, None, "guest@lantern.example")}
    assert len(keyed) == 2
    assert [r.recipient for r in plan.requests] == ["hubspot"]
    shown = telling.plan_table(plan, keyed) + json.dumps(telling.plan_document(plan, keyed))
    assert "ada.ember" not in shown


def _sha256() -> str:
    return hashlib.sha256(MAIL.encode()).hexdigest()


def _dump(folder) -> dict[str, set]:
    with sqlite3.connect(folder / "app.db") as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: set(connection.execute(f"SELECT * FROM {name}")) for name in names}


def test_what_is_held_is_kept_and_the_check_says_what_is_left(copy):
    _hold(copy, "orders", "2099-01-01")
    with context(copy / "pii-scan.yaml") as opened:
        plan, _ = erase(opened, ASKED)
        kept = [s for s in plan.steps if s.because.startswith("hold H-1")]
        assert [s.place.dataset_path[-1] for s in kept] == ["orders"]
        assert kept[0].action == "keep"
        left = verify(opened, ASKED)
    assert left.code == 1
    assert [hold.id for _, hold in left.kept] == ["H-1"]
    assert "orders" not in {place.dataset_path[-1] for place in left.left}
    assert {"users", "sessions"} <= {place.dataset_path[-1] for place in left.left}


def test_nothing_is_left_of_someone_who_was_erased(company):
    with context(company.config) as opened:
        left = verify(opened, Question("nobody.here@lantern.example"))
    assert (left.code, left.left, left.kept) == (0, (), ())


def test_an_exposed_store_tells_whom_it_concerns(company, tmp_path):
    aware = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with context(company.config) as opened:
        found = concerned(opened, "exports", aware, "incident 3", tmp_path / "people", None)
        with pytest.raises(ConfigError, match="no such store"):
            concerned(opened, "elsewhere", aware, "incident 3", None, None)
    people = {MAIL, OTHERS[0], *(f"person{n}@lantern.example" for n in range(20))}
    assert set((tmp_path / "people").read_text().split()) == people
    assert (tmp_path / "people").stat().st_mode & 0o777 == 0o600
    assert "user.contact.email" in found.categories
    assert datetime.fromisoformat(found.due) - aware == timedelta(hours=72)
    assert "ada.ember" not in telling.affected_table(found) + json.dumps(telling.affected_document(found))
