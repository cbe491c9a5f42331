"""Log formats, recognised file by file, and the lines that do not fit them."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from connectors.log_formats import recognise
from connectors.log_times import iso_time
from connectors.logforms.application import levelled, logfmt
from connectors.logforms.system import syslog
from connectors.logforms.web import access, load_balancer
from pii_scan.core.model import Note, Plan
from pii_scan.testing.contract import ConnectorContract

from .scanning import FULL, make, scan_one, tree_state

COMBINED = (
    '203.0.113.{n} - ada [02/Jan/2026:03:04:0{n} +0100] "GET /u?email=p{n}%40example.org HTTP/1.1" 200 51{n} '
    '"https://shop.example/?q=\\"x\\"" "Mozilla/5.0 (X11)"'
)


class TestContract(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.logs = tmp_path / "logs"
        self.logs.mkdir()
        (self.logs / "access.log").write_text("".join(COMBINED.format(n=n) + "\n" for n in range(1, 10)))
        (self.logs / "app.log").write_text("".join(f'{{"event": "login", "n": {n}}}\n' for n in range(30)))
        (self.logs / "cut.log.gz").write_bytes(gzip.compress(b"canary-secret " * 5000)[:30])

    @pytest.fixture
    def make(self):
        return lambda: make(self.logs, "logs")

    def source_state(self) -> object:
        return tree_state(self.logs)

    def canaries(self):
        return ("canary-secret", "p3%40example.org")


def _log(tmp_path: Path, text: str | bytes, name: str = "app.log", kind: str = "logs", plan: Plan = FULL):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return scan_one(tmp_path / name, kind, plan)


def _named(row: dict[tuple[str, ...], str]) -> dict[str, str]:
    return {path[0]: cell for path, cell in row.items()}


def test_combined_access_log(tmp_path: Path) -> None:
    result = _log(tmp_path, COMBINED.format(n=1) + "\n" + COMBINED.format(n=2) + "\n", "access.log")
    assert result.dataset.kind == "log"
    assert _named(result.rows[0]) == {
        "client_ip": "203.0.113.1",
        "user": "ada",
        "time": "2026-01-02 02:04:01",
        "method": "GET",
        "target": "/u?email=p1%40example.org",
        "protocol": "HTTP/1.1",
        "status": "200",
        "size": "511",
        "referer": 'https://shop.example/?q=\\"x\\"',
        "user_agent": "Mozilla/5.0 (X11)",
    }
    assert result.places == [1, 2]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '1.2.3.4 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 -',
            {"client_ip": "1.2.3.4", "target": "/"},
        ),
        (
            'shop.example:443 1.2.3.4 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 5 "-" "ua"',
            {"host": "shop.example:443", "client_ip": "1.2.3.4", "user_agent": "ua"},
        ),
        (
            '1.2.3.4, 10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 5',
            {"client_ip": "1.2.3.4, 10.0.0.1"},
        ),
        (
            '10.0.0.1 - ada lovelace [02/Jan/2026:03:04:05 +0000] "GET / HTTP/2.0" 200 5 "-" "ua" '
            '"2001:db8::1, 10.0.0.2"',
            {"user": "ada lovelace", "x_forwarded_for": "2001:db8::1, 10.0.0.2"},
        ),
        (
            '10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "\\x16\\x03" 400 0 "-" "-" rt=0.1 uid=ada',
            {"rest": "rt=0.1 uid=ada"},
        ),
        (
            '::1 - - [02/Jan/2026:03:04:05 +0000] "GET /a b HTTP/1.1" 200 5',
            {"client_ip": "::1", "target": "/a b"},
        ),
    ],
)
def test_variants_of_access_logs(line: str, expected: dict[str, str]) -> None:
    slots = access(line)
    assert slots is not None
    assert {name: slots.get((name,)) for name in expected} == expected
    assert slots[("time",)] == "2026-01-02 03:04:05"


def test_load_balancer_log() -> None:
    line = (
        "https 2026-01-02T03:04:05.123456Z app/lb/50 203.0.113.9:2817 10.0.0.1:80 0.1 0.2 0.3 200 200 34 366 "
        '"GET https://shop.example:443/?e=a%40example.org HTTP/1.1" "curl/7 (x)" ECDHE TLSv1.2 arn:aws:x '
        '"Root=1-58" "shop.example" "arn:cert" 0 2026-01-02T03:04:05.000000Z "forward" "-" "-" '
        '"10.0.0.1:80" "200" "-" "-" TID'
    )
    slots = load_balancer(line)
    assert slots is not None
    assert slots[("client_ip",)] == "203.0.113.9"
    assert slots[("target",)] == "https://shop.example:443/?e=a%40example.org"
    assert slots[("time",)] == "2026-01-02 03:04:05"
    assert slots[("ssl_protocol",)] == "TLSv1.2"
    assert slots[("conn_trace_id",)] == "TID"


def test_syslog_of_both_kinds(tmp_path: Path) -> None:
    old = "Jan  2 03:04:05 web1 sshd[812]: Accepted publickey for ada from 203.0.113.9 port 5\n" * 3
    new = '<34>1 2026-01-02T03:04:05.003+01:00 web1 app 77 ID47 [x@1 user="ada] b"] login ada@example.org\n'
    (tmp_path / "auth.log").write_text(old + new)
    os.utime(tmp_path / "auth.log", (1_770_000_000, 1_770_000_000))  # in 2026
    result = scan_one(tmp_path / "auth.log", "logs")
    assert _named(result.rows[0]) == {
        "time": "2026-01-02 03:04:05",
        "host": "web1",
        "process": "sshd",
        "pid": "812",
        "message": "Accepted publickey for ada from 203.0.113.9 port 5",
    }
    assert _named(result.rows[3]) == {
        "time": "2026-01-02 02:04:05",
        "host": "web1",
        "process": "app",
        "pid": "77",
        "message_id": "ID47",
        "data": '[x@1 user="ada] b"]',
        "message": "login ada@example.org",
    }


def test_logfmt(tmp_path: Path) -> None:
    lines = ['time=2026-01-02T03:04:05Z level=info msg="user \\"ada\\" in" email=ada@example.org'] * 3
    lines += [
        "time=2026-01-02T03:04:06Z level=info extra=1",
        "GET left time=2026-01-02T03:04:06Z user=ada k=v",
    ]
    result = _log(tmp_path, "\n".join(lines))
    assert _named(result.rows[0]) == {
        "time": "2026-01-02 03:04:05",
        "level": "info",
        "msg": 'user "ada" in',
        "email": "ada@example.org",
    }
    assert _named(result.rows[3])["extra"] == "1"
    assert _named(result.rows[4])["line"] == "GET left"


def test_endless_new_keys_do_not_become_endless_columns(tmp_path: Path) -> None:
    result = _log(tmp_path, "".join(f"a=1 key{n}=p{n}@example.org\n" for n in range(1_000)))
    assert len(set().union(*result.rows)) < 320
    assert "p999@example.org" in result.rows[-1][("line",)]


def test_json_lines_are_records_and_others_lines(tmp_path: Path) -> None:
    lines = [json.dumps({"event": "login", "user": {"email": f"p{n}@example.org"}}) for n in range(5)]
    result = _log(tmp_path, "\n".join([*lines, "Traceback (most recent call last):", '{"cut": "ada@']))
    assert [json.loads(row[()])["event"] for row in result.rows[:5]] == ["login"] * 5
    assert result.rows[5:] == [
        {("line",): "Traceback (most recent call last):"},
        {("line",): '{"cut": "ada@'},
    ]
    assert (result.notes, result.error) == ([], "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "2026-01-02 03:04:05,678 - app - INFO - sent to a@example.org",
            {"time": "2026-01-02 03:04:05", "level": "INFO", "message": "app - INFO - sent to a@example.org"},
        ),
        (
            "2026-01-02T03:04:05.1Z WARN [main] slow",
            {"time": "2026-01-02 03:04:05", "level": "WARN", "message": "[main] slow"},
        ),
        ("[2026-01-02 03:04:05] error: no a@example.org", {"level": "ERROR", "message": "no a@example.org"}),
        ("2026/01/02 03:04:05 plain words", {"time": "2026-01-02 03:04:05", "message": "plain words"}),
    ],
)
def test_times_and_levels(line: str, expected: dict[str, str]) -> None:
    slots = levelled(line)
    assert slots is not None
    assert {name: slots.get((name,)) for name in expected} == expected


def test_a_stack_trace_belongs_to_its_record(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\n  File x\n  File y\nValueError: a@example.org"
    result = _log(tmp_path, f"2026-01-02 03:04:05 ERROR failed\n{trace}\n" * 4)
    assert len(result.rows) == 4
    assert _named(result.rows[1]) == {
        "time": "2026-01-02 03:04:05",
        "level": "ERROR",
        "message": "failed",
        "trace": trace,
    }
    assert result.places == [1, 6, 11, 16]


def test_other_lines_go_on_with_the_message(tmp_path: Path) -> None:
    dump = "missing: Array\n(\n    [email] => a@example.org\n)"
    result = _log(tmp_path, f"2026-01-02 03:04:05 ERROR {dump}\n" * 4)
    assert result.column("message") == [dump] * 4


def test_traces_of_a_log_without_times(tmp_path: Path) -> None:
    python = 'Traceback (most recent call last):\n  File "x"\nValueError: a@example.org'
    java = 'Exception in thread "main" E: b@example.org\n\tat a.B.c(B.java:1)\nCaused by: F\n\t... 3 more'
    result = _log(tmp_path, f"starting\n{python}\ndone\n{java}\nstopped\n")
    assert [set(row) for row in result.rows] == [
        {("line",)},
        {("trace",)},
        {("line",)},
        {("line",), ("trace",)},
        {("line",)},
    ]
    assert result.rows[1][("trace",)] == python
    assert result.rows[2] == {("line",): "done"}


def test_an_endless_record_is_cut(tmp_path: Path) -> None:
    result = _log(tmp_path, "2026-01-02 03:04:05 INFO x\n" + "  more a@example.org\n" * 5_000)
    assert len(result.rows) == 6
    assert sum(cell.count("a@example.org") for cell in result.cells) == 5_000


def test_w3c_fields(tmp_path: Path) -> None:
    text = (
        "#Version: 1.0\n#Fields: date time c-ip cs-uri-query sc-status\n"
        "2026-01-02\t03:04:05\t203.0.113.9\temail=a@example.org\t200\n"
    )
    result = _log(tmp_path, text)
    assert _named(result.rows[-1]) == {
        "time": "2026-01-02 03:04:05",
        "time_of_day": "03:04:05",
        "c-ip": "203.0.113.9",
        "cs-uri-query": "email=a@example.org",
        "sc-status": "200",
    }
    assert len(result.rows) == 3


def test_no_line_is_dropped_in_any_mixture(tmp_path: Path) -> None:
    lines = []
    for n in range(200):
        lines += [
            COMBINED.format(n=n % 10),
            f"free text p{n}@example.org",
            f'k=1 v="p{n}"',
            "",
            "\x00\x01 odd",
        ]
    result = _log(tmp_path, "\n".join(lines).encode() + b"\nZo\xe9 last@example.org")
    assert len(result.rows) == 801
    assert result.rows[-1][("line",)] == "Zoé last@example.org"
    assert result.places == [n for n, line in enumerate([*lines, "x"], 1) if line]
    assert result.lost == 0


def test_logs_among_files_are_logs(tmp_path: Path) -> None:
    result = _log(tmp_path, (COMBINED.format(n=1) + "\n") * 3, "access.log", "files")
    assert result.dataset.kind == "log"
    assert result.column("status") == ["200"] * 3
    plain = _log(tmp_path / "..", "a,b\n1,2\n", "table.csv", "files")
    assert plain.dataset.kind == "file"


def test_sample_of_a_log(tmp_path: Path) -> None:
    result = _log(
        tmp_path, "".join(f"2026-01-02 03:04:05 INFO n={n}\n" for n in range(5_000)), plan=Plan(rows=50)
    )
    assert len(result.rows) == 50
    assert result.notes == [Note(sampled=True, total=5_000)]


def test_shards_of_a_log_agree_on_its_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 1_000)
    result = _log(tmp_path, (COMBINED.format(n=1) + "\n") * 50, "access.log")
    assert result.column("client_ip") == ["203.0.113.1"] * 50
    assert result.places == list(range(1, 51))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02/Jan/2026:03:04:05 -0230", "2026-01-02 05:34:05"),
        ("2026-01-02T03:04:05+01:00", "2026-01-02 02:04:05"),
        ("1767323045", "2026-01-02 03:04:05"),
        ("1767323045123", "2026-01-02 03:04:05"),
        ("2026-13-02T03:04:05", "2026-13-02T03:04:05"),
        ("02/Xyz/2026:03:04:05 +0000", "02/Xyz/2026:03:04:05 +0000"),
        ("9999-12-31T23:59:59-10:00", "9999-12-31T23:59:59-10:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_times(text: str, expected: str) -> None:
    assert iso_time(text) == expected


@pytest.mark.parametrize(
    "attack",
    [
        'a="' + "\\" * 60_000,
        "[" * 60_000,
        "1, " * 20_000,
        '1.2.3.4 - - [02/Jan/2026:03:04:05 +0000] "' + "\\a" * 30_000,
        "k=" * 30_000,
        " " * 60_000,
        "<1>1 " + "a " * 5 + "[" + "x" * 60_000,
        "http " + '"' * 60_000,
        "a-" * 30_000,
        "2026-01-02 03:04:05" + " -|" * 20_000,
        "<1>1 a b c d e " + "[a]" * 20_000 + "!",
    ],
)
def test_hostile_lines_take_no_time(attack: str) -> None:
    import time

    start = time.process_time()
    for parse in (access, load_balancer, logfmt, levelled, syslog(2026)):
        parse(attack)
    recognise([attack], 2026)
    assert time.process_time() - start < 2
