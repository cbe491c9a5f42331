"""The audit log: a chain in which every byte counts, and without which nothing is looked up."""

from __future__ import annotations

import json
import threading

import pytest

from pii_scan.core.errors import StoreError
from pii_scan.core.keyed import Key
from pii_scan.subjects.audit import Asked, AuditLog, keyed
from pii_scan.subjects.identifier import identifiers

MAIL = "ada.ember@lantern.example"


@pytest.fixture
def log(tmp_path):
    return AuditLog(tmp_path / "made" / "audit.jsonl", Key.new())


def _write(log: AuditLog, count: int = 3) -> None:
    for number in range(count):
        asked = Asked(
            "clerk", "find", f"request {number}", log.keyed(identifiers(MAIL)), "2026-01-10T00:00:00Z"
        )
        log.write(asked, "answered", {"places": number})


def test_lines_tell_who_when_why_and_whom_by_key_alone(log):
    _write(log)
    text = log.path.read_text()
    line = json.loads(text.splitlines()[1])
    assert (line["actor"], line["purpose"], line["counts"]) == ("clerk", "request 1", {"places": 1})
    assert line["subjects"] == [keyed(log.key, MAIL)]
    assert "ember" not in text
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_any_changed_byte_is_noticed(log):
    _write(log)
    data = log.path.read_bytes()
    assert log.verify().broken == 0
    for place in range(len(data)):
        log.path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert log.verify().broken, place


def test_lines_that_are_taken_out_moved_or_added_are_noticed(log):
    _write(log)
    first, second, third = log.path.read_bytes().splitlines(keepends=True)
    for changed in (first + third, second + first + third, first + first + second + third, second + third):
        log.path.write_bytes(changed)
        assert log.verify().broken


def test_the_end_is_told_so_that_a_cut_can_be_noticed(log):
    _write(log)
    whole = log.verify()
    log.path.write_bytes(b"".join(log.path.read_bytes().splitlines(keepends=True)[:2]))
    assert (whole.lines, log.verify().lines) == (3, 2)
    assert whole.last != log.verify().last


def test_with_another_key_nothing_holds(log):
    _write(log)
    assert AuditLog(log.path, Key.new()).verify().broken == 1


def test_many_at_once_make_one_chain(log):
    threads = [threading.Thread(target=_write, args=(log, 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = log.verify()
    assert (state.lines, state.broken) == (80, 0)


def test_a_log_that_can_not_be_written_is_an_error(log):
    log.path.mkdir(parents=True)
    with pytest.raises(StoreError, match="refused"):
        _write(log)


def test_a_damaged_end_is_not_written_on(log):
    _write(log)
    log.path.write_bytes(log.path.read_bytes()[:-5])
    with pytest.raises(StoreError):
        _write(log)


def test_lines_of_another_key_do_not_hold(log):
    _write(log)
    assert AuditLog(log.path, Key.new()).verify().broken == 1
