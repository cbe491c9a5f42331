"""One person in every form and place: all of them are found, and nobody else's; nothing of it is shown."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pii_scan.core.errors import StoreError
from pii_scan.run.context import context
from pii_scan.run.subject import Question, audit_log, find
from pii_scan.subjects import telling
from tests import subject_company
from tests.subject_company import HUNG, LOGS, MAIL, PHONE, PLACES


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return subject_company.company(tmp_path_factory.mktemp("company"))


def _answer(config: Path, *given: str) -> dict:
    with context(config) as opened:
        return telling.document(find(opened, Question("\n".join(given), "a test")).answer)


def _held(answer: dict) -> dict[tuple[str, str], int]:
    places = [p for p in answer["places"] if p["path"] and p["dataset"][-1] != LOGS]
    return {(p["dataset"][-1], "/".join(p["path"])): p["rows"] for p in places}


def _hung(answer: dict) -> dict[tuple[str, str], int]:
    return {(p["dataset"][-1], p["relation"]): p["rows"] for p in answer["places"] if not p["path"]}


def _is_the_truth(answer: dict) -> None:
    assert _held(answer) == PLACES
    assert [p["rows"] for p in answer["places"] if p["dataset"][-1] == LOGS] == [1]
    assert _hung(answer) == HUNG
    assert answer["not_searched"] == []


def test_every_place_is_found_and_no_other(company):
    _is_the_truth(_answer(company.config, MAIL, PHONE))


def test_it_does_not_matter_how_the_address_is_written(company):
    _is_the_truth(_answer(company.config, "Ada.Ember+anything@LANTERN.example", "0044 (20) 7946-0012"))


@pytest.mark.parametrize("server", ["postgres_url", "mariadb_url"])
def test_servers_give_the_same_answer(server, request, tmp_path):
    made = subject_company.company(tmp_path, request.getfixturevalue(server))
    _is_the_truth(_answer(made.config, MAIL, PHONE))


def test_someone_who_is_not_there_is_not_found_in_what_was_searched(company):
    answer = _answer(company.config, "nobody.here@lantern.example")
    assert answer["places"] == []
    assert len(answer["searched"]) == len(company.tables) + 3  # two exports and the log


def test_places_have_categories_and_recipients_their_evidence(company):
    answer = _answer(company.config, MAIL)
    by_place = {(p["dataset"][-1], "/".join(p["path"])): p for p in answer["places"]}
    assert "user.contact.email" in by_place["users", "email"]["categories"]
    assert by_place["users", "email"]["relation"] == "own"
    assert by_place["invites", "invited_by"]["relation"] == "mentioned"
    assert by_place["leads", "address"]["why"] == ["holds the e-mail address with a tag"]
    assert by_place["audience", "hashed"]["why"] == ["holds the SHA-256 hash of the e-mail address"]
    assert [r["id"] for r in answer["recipients"]] == ["hubspot"]
    assert answer["recipients"][0]["evidence"]


def test_what_can_not_be_searched_is_named(tmp_path):
    made = subject_company.company(tmp_path)
    (tmp_path / "exports" / "broken.csv.gz").write_bytes(b"\x1f\x8b\x08 this is no gzip stream")
    (tmp_path / "app.db").write_bytes(b"gone")
    answer = _answer(made.config, MAIL)
    gaps = {gap["dataset"]: gap["reason"] for gap in answer["not_searched"]}
    assert "not a SQLite database" in gaps["sqlite://app"]
    assert any(name.endswith("broken.csv.gz") for name in gaps)
    assert ("contacts.csv", "Email") in _held(answer)


def _command(company, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pii_scan", "subject", *arguments, "--config", str(company.config)],
        input=text, capture_output=True, text=True, check=False, cwd=company.folder, timeout=120,
    )  # fmt: skip


def test_the_identifier_is_seen_nowhere(company):
    """Not in the list of processes, on stderr, in the answer, nor in any file that is written."""
    seen: list[bytes] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            for entry in Path("/proc").glob("[0-9]*"):
                try:
                    seen.append((entry / "cmdline").read_bytes())
                except OSError:  # it has ended
                    continue
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        done = _command(company, "find", "-", "--format", "json", "-vv", "--purpose", "request 7", text=MAIL)
    finally:
        ended.set()
        watcher.join()
    assert json.loads(done.stdout)["places"]
    assert done.returncode == 0
    written = [p.read_bytes() for p in (company.folder / ".pii-scan").rglob("*") if p.is_file()]
    everything = b"\n".join((done.stdout.encode(), done.stderr.encode(), *written, *set(seen))).lower()
    assert b"request 7" in everything
    assert b"ada.ember" not in everything


def test_an_argument_is_refused_without_being_repeated(company):
    done = _command(company, "find", MAIL)
    assert done.returncode == 2
    assert "never an argument" in done.stderr
    assert "ember" not in done.stdout + done.stderr


def test_without_the_log_nothing_is_looked_up(company):
    log = company.folder / ".pii-scan" / "subject-audit.jsonl"
    kept = company.folder / ".pii-scan" / "kept"
    log.rename(kept)
    log.mkdir()
    try:
        with context(company.config) as opened, pytest.raises(StoreError, match="refused"):
            find(opened, Question(MAIL))
    finally:
        log.rmdir()
        kept.rename(log)


def test_the_log_holds_after_all_of_it(company):
    with context(company.config) as opened:
        state = audit_log(opened).verify()
    assert state.broken == 0
    assert state.lines >= 2
