"""What each log format's record gives: named slots, and no text lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from connectors.log_formats import recognise
from connectors.logforms import application, postgresql, system, web
from connectors.logforms.slots import Slots

from .scanning import scan_one


def _named(slots: Slots | None) -> dict[str, str]:
    assert slots is not None
    return {path[0] if path else "": value for path, value in slots.items()}


NGINX_ERROR = (
    '2026/01/02 03:04:05 [error] 31#32: *5 open() "/srv/a" failed (2: No such file), client: 203.0.113.9, '
    'server: shop.example, request: "GET /u?e=a%40example.org HTTP/1.1", host: "shop.example", '
    'referrer: "https://shop.example/a, b"'
)
APACHE_ERROR = (
    "[Fri Jan 02 03:04:05.123456 2026] [core:error] [pid 5:tid 6] [client 203.0.113.9:5555] "
    "AH00126: Invalid URI in request GET /"
)
ROUTER = (
    '2026-01-02T03:04:05.1+00:00 heroku[router]: at=info method=GET path="/u?e=a@example.org" '
    'host=shop.example fwd="203.0.113.9" dyno=web.1 connect=1ms service=2ms status=200 bytes=5'
)
CSVLOG = (
    '2026-01-02 03:04:05.123 UTC,"ada","shop",812,"203.0.113.9:5432",69571234.32c,1,"INSERT",'
    '2026-01-02 03:00:00 UTC,3/4,0,ERROR,23505,"duplicate key value violates ""users_email""",'
    '"Key (email)=(a@example.org) already exists.",,,,,'
    '"insert into users\nvalues (\'a@example.org\')",,,"psql"'
)
STDERR = (
    "2026-01-02 03:04:05.123 UTC [812] ada@shop ERROR:  duplicate key value\n"
    "2026-01-02 03:04:05.123 UTC [812] ada@shop DETAIL:  Key (email)=(a@example.org) already exists.\n"
    "2026-01-02 03:04:05.123 UTC [812] ada@shop STATEMENT:  insert into users\n"
    "\tvalues ('a@example.org')"
)
JOURNAL = (
    "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1767323045123456\n_HOSTNAME=web1\n_COMM=sshd\n"
    "MESSAGE=Accepted key for ada from 203.0.113.9"
)
FLOW = "2 123456789010 eni-1235b8ca 203.0.113.9 10.0.0.5 443 51234 6 20 4249 1767323045 1767323105 ACCEPT OK"
RECORDS = [
    (
        "nginx error",
        NGINX_ERROR,
        {
            "time": "2026-01-02 03:04:05",
            "level": "error",
            "process": "31#32",
            "connection": "5",
            "message": 'open() "/srv/a" failed (2: No such file)',
            "client_ip": "203.0.113.9",
            "server": "shop.example",
            "method": "GET",
            "target": "/u?e=a%40example.org",
            "protocol": "HTTP/1.1",
            "host": "shop.example",
            "referer": "https://shop.example/a, b",
        },
    ),
    (
        "apache error",
        APACHE_ERROR,
        {
            "time": "2026-01-02 03:04:05",
            "module": "core",
            "level": "error",
            "process": "5:tid 6",
            "client_ip": "203.0.113.9",
            "client_port": "5555",
            "message": "AH00126: Invalid URI in request GET /",
        },
    ),
    (
        "heroku",
        ROUTER,
        {
            "time": "2026-01-02 03:04:05",
            "source": "heroku",
            "path": "/u?e=a@example.org",
            "fwd": "203.0.113.9",
            "at": "info",
        },
    ),
    (
        "postgresql csv",
        CSVLOG,
        {
            "time": "2026-01-02 03:04:05",
            "user": "ada",
            "database": "shop",
            "connection_from": "203.0.113.9:5432",
            "message": 'duplicate key value violates "users_email"',
            "detail": "Key (email)=(a@example.org) already exists.",
            "query": "insert into users\nvalues ('a@example.org')",
            "application_name": "psql",
        },
    ),
    (
        "postgresql",
        STDERR,
        {
            "time": "2026-01-02 03:04:05",
            "level": "ERROR",
            "pid": "812",
            "user": "ada",
            "database": "shop",
            "message": "duplicate key value",
            "detail": "Key (email)=(a@example.org) already exists.",
            "statement": "insert into users\nvalues ('a@example.org')",
        },
    ),
    (
        "journal",
        JOURNAL,
        {
            "time": "2026-01-02 03:04:05",
            "_HOSTNAME": "web1",
            "message": "Accepted key for ada from 203.0.113.9",
        },
    ),
    (
        "vpc flow",
        FLOW,
        {"srcaddr": "203.0.113.9", "dstaddr": "10.0.0.5", "start": "2026-01-02 03:04:05", "action": "ACCEPT"},
    ),
    (
        "headed",
        "I, [2026-01-02T03:04:05.123456 #812]  INFO -- : [8601b555] Started GET for 203.0.113.9",
        {"level": "INFO", "pid": "812", "message": "[8601b555] Started GET for 203.0.113.9"},
    ),
    (
        "headed",
        "ERROR 2026-01-02 03:04:05,123 views 812 140 no user a@example.org",
        {"level": "ERROR", "logger": "views", "thread": "140", "message": "no user a@example.org"},
    ),
    (
        "headed",
        "WARNING:shop.mail:no answer from a@example.org",
        {"level": "WARNING", "logger": "shop.mail", "message": "no answer from a@example.org"},
    ),
    (
        "headed",
        "W0102 03:04:05.123456    812 server.go:12] slow a@example.org",
        {
            "time": "2026-01-02 03:04:05",
            "level": "W",
            "place": "server.go:12",
            "message": "slow a@example.org",
        },
    ),
    (
        "headed",
        "03:04:05.123 [http-1] INFO  com.shop.Mail - sent to a@example.org",
        {"thread": "http-1", "logger": "com.shop.Mail", "message": "sent to a@example.org"},
    ),
    (
        "levelled",
        "2026-01-02 03:04:05,123 INFO [main] com.shop.Mail: sent to a@example.org",
        {"level": "INFO", "message": "[main] com.shop.Mail: sent to a@example.org"},
    ),
    (
        "runserver",
        '[02/Jan/2026 03:04:05] "GET /u?e=a@example.org HTTP/1.1" 200 12',
        {"time": "2026-01-02 03:04:05", "target": "/u?e=a@example.org", "status": "200", "size": "12"},
    ),
]


@pytest.mark.parametrize(("name", "record", "expected"), RECORDS)
def test_a_format_is_recognised_and_taken_apart(name: str, record: str, expected: dict[str, str]) -> None:
    form = recognise((record + "\n").splitlines(keepends=True) * 3, 2026)
    assert form.name == name
    slots = _named(form.parse(record))
    assert {key: slots.get(key) for key in expected} == expected


@pytest.mark.parametrize(("name", "record"), [(name, record) for name, record, _ in RECORDS])
def test_a_file_of_records_has_so_many_rows(tmp_path: Path, name: str, record: str) -> None:
    count = 7
    (tmp_path / "some.log").write_text((record + "\n\n") * count)
    result = scan_one(tmp_path / "some.log", "logs")
    assert len(result.rows) == count
    assert not any(("line",) in row for row in result.rows)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("2026-01-02 03:04:05 UTC [812] ", {"pid": "812"}),
        ("2026-01-02 03:04:05.123 CET [812-1] ada@shop ", {"pid": "812", "user": "ada", "database": "shop"}),
        (
            "2026-01-02 03:04:05 UTC:203.0.113.9(5432):ada@shop:[812]:",
            {"pid": "812", "user": "ada", "database": "shop", "connection_from": "203.0.113.9"},
        ),
        (
            "2026-01-02 03:04:05 UTC [812]: user=ada,db=shop,app=psql,client=203.0.113.9 ",
            {"user": "ada", "database": "shop", "application_name": "psql", "connection_from": "203.0.113.9"},
        ),
    ],
)
def test_prefixes_of_postgresql(prefix: str, expected: dict[str, str]) -> None:
    slots = _named(postgresql.stderr(f"{prefix}LOG:  connection received"))
    assert slots["message"] == "connection received"
    assert {key: slots.get(key) for key in expected} == expected


@pytest.mark.parametrize("columns", [22, 23, 24, 26, 28])
def test_csvlog_of_any_version(columns: int) -> None:
    cells = [
        "2026-01-02 03:04:05.123 UTC",
        '"ada"',
        '"shop"',
        "812",
        '"10.0.0.1:5"',
        "69571234.32c",
        "1",
        '"x"',
    ]
    cells += ["2026-01-02 03:00:00 UTC", "3/4", "0", "LOG", "00000", '"said a@example.org"']
    cells += ['"more"'] * (columns - len(cells))
    slots = _named(postgresql.csvlog(",".join(cells)))
    assert slots["message"] == "said a@example.org"
    assert ("rest" in slots) == (columns > 26)


def test_a_csvlog_is_a_log_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "postgresql-Fri.csv").write_text((CSVLOG + "\n") * 4)
    result = scan_one(tmp_path / "postgresql-Fri.csv", "files")
    assert result.dataset.kind == "log"
    assert result.column("user") == ["ada"] * 4


def test_cloudtrail_records_are_rows(tmp_path: Path) -> None:
    events = [{"eventName": "GetObject", "sourceIPAddress": f"203.0.113.{n}"} for n in range(5)]
    (tmp_path / "trail.json.gz").write_bytes(gzip.compress(json.dumps({"Records": events}).encode()))
    result = scan_one(tmp_path / "trail.json.gz", "logs")
    assert [json.loads(row[()])["sourceIPAddress"] for row in result.rows] == [
        f"203.0.113.{n}" for n in range(5)
    ]


def test_cloudfront(tmp_path: Path) -> None:
    text = (
        "#Version: 1.0\n#Fields: date time x-edge-location c-ip cs(User-Agent) cs-uri-query\n"
        "2026-01-02\t03:04:05\tFRA2\t203.0.113.9\tMozilla/5.0%20(X11)\te=a%2540example.org\n"
    )
    (tmp_path / "E1.2026-01-02-03.abcd.gz").write_bytes(gzip.compress(text.encode()))
    result = scan_one(tmp_path / "E1.2026-01-02-03.abcd.gz", "logs")
    assert result.rows[-1][("c-ip",)] == "203.0.113.9"
    assert result.rows[-1][("time",)] == "2026-01-02 03:04:05"


def test_a_flow_log_with_a_header(tmp_path: Path) -> None:
    text = "version srcaddr dstaddr start\n2 203.0.113.9 10.0.0.5 1767323045\n"
    (tmp_path / "flow.log").write_text(text)
    result = scan_one(tmp_path / "flow.log", "logs")
    assert result.column("srcaddr") == [None, "203.0.113.9"]
    assert result.column("line") == ["version srcaddr dstaddr start", None]


@pytest.mark.parametrize(
    "attack",
    [
        "2026/01/02 03:04:05 [error] 1#1: " + ", client: " * 20_000,
        "[Fri Jan 02 03:04:05 2026] [error] " + "[client 1.1.1.1" * 5_000,
        "2026-01-02 03:04:05 UTC " + "a@" * 30_000 + "LOG:  x",
        "2026-01-02 03:04:05.123 UTC," + '"' * 60_000,
        "I, [2026-01-02T03:04:05 #1] INFO -- " + ":" * 60_000,
        "__CURSOR=1\n" + "A=\n" * 20_000,
        "2 " * 30_000,
    ],
)
def test_hostile_lines_take_no_time(attack: str) -> None:
    import time

    start = time.process_time()
    for parse in (
        web.nginx_error,
        web.apache_error,
        system.heroku,
        system.journal_export,
        postgresql.csvlog,
        postgresql.stderr,
        application.headed(2026),
        application.runserver,
    ):
        parse(attack)
    recognise([attack], 2026)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("word", ["eyJ2IjogMSwgIm1haWwiOiAiYSJ9Cg==", "eyJ2IjogMSwgIm1haWwiOiAi/YSJ9+Cgo="])
def test_a_word_of_base64_is_no_pair(word: str) -> None:
    """Its filling looks like a pair's sign: the word would be lost, or be a slot's name."""
    pairs, left, _ = application.logfmt_pairs(f"level=info resumed with state {word} done user=17 empty=")
    assert pairs["user"] == "17"
    assert word in left
    assert not any("eyJ" in name or "YSJ9" in name for name in pairs)
