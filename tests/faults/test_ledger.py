"""The ledger of coverage: every object ends in one state with its reason, and its rows and bytes add up."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

from tests.commands import run as command
from tests.services import plain, run

OPEN = 12
DENIED = 20
SECURED = 5
PARTLY = 5
SETUP = (
    *(f"CREATE TABLE open_{i}(id int, email text)" for i in range(OPEN)),
    *(
        f"INSERT INTO open_{i} SELECT n, 'p' || n || '@example.org' FROM generate_series(1, {10 * i + 1}) n"
        for i in range(OPEN)
    ),
    *(f"CREATE TABLE denied_{i}(id int)" for i in range(DENIED)),
    *(f"INSERT INTO denied_{i} VALUES (1)" for i in range(DENIED)),
    *(f"CREATE TABLE secured_{i}(id int, email text)" for i in range(SECURED)),
    *(f"INSERT INTO secured_{i} SELECT n, 'x' FROM generate_series(1, 10) n" for i in range(SECURED)),
    *(f"ALTER TABLE secured_{i} ENABLE ROW LEVEL SECURITY" for i in range(SECURED)),
    *(f"CREATE POLICY few ON secured_{i} USING (id < 4)" for i in range(SECURED)),
    *(f"CREATE TABLE partly_{i}(id int, email text)" for i in range(PARTLY)),
    *(f"INSERT INTO partly_{i} SELECT n, 'x' FROM generate_series(1, 7) n" for i in range(PARTLY)),
    "CREATE TABLE nothing(a text)",
    "CREATE TABLE bare()",
    "CREATE UNLOGGED TABLE quick(a text)",
    "INSERT INTO quick VALUES ('a'), ('b')",
    "CREATE VIEW seen AS SELECT * FROM open_1",
    "CREATE MATERIALIZED VIEW kept AS SELECT * FROM open_2",
    "CREATE MATERIALIZED VIEW unkept AS SELECT * FROM open_2 WITH NO DATA",
    "CREATE TABLE years(id int, y int) PARTITION BY LIST (y)",
    "CREATE TABLE years_1 PARTITION OF years FOR VALUES IN (1)",
    "CREATE TABLE years_2 PARTITION OF years FOR VALUES IN (2)",
    "INSERT INTO years SELECT n, 1 + n % 2 FROM generate_series(1, 9) n",
    "CREATE TABLE base(id int)",
    "CREATE TABLE derived(more text) INHERITS (base)",
    "INSERT INTO base VALUES (1)",
    "INSERT INTO derived VALUES (2, 'x'), (3, 'y')",
    "CREATE TABLE locked(a text)",
    "INSERT INTO locked VALUES ('x')",
    'CREATE TABLE "odd % ""name"" :x"(a text)',
    """INSERT INTO "odd % ""name"" :x" VALUES ('x')""",
    "CREATE EXTENSION file_fdw",
    "CREATE SERVER away FOREIGN DATA WRAPPER file_fdw",
    "CREATE FOREIGN TABLE remote(a text) SERVER away OPTIONS (filename '/etc/hostname')",
    "CREATE SCHEMA hidden",
    "CREATE TABLE hidden.inside(a text)",
)


CATALOG = (
    "SELECT nspname || '/' || relname, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND nspname IN ('public', 'hidden')"
)


@pytest.fixture
def source(postgres_url: str) -> Iterator[URL]:
    """The database and a user who may not read all of it."""
    admin = make_url(postgres_url).set(drivername="postgresql+psycopg")
    role = f"{admin.database}_reader"
    run(admin, *SETUP, f"CREATE ROLE {role} LOGIN PASSWORD 'kept'")
    run(admin, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    for i in range(DENIED):
        run(admin, f"REVOKE ALL ON denied_{i} FROM {role}")
    for i in range(PARTLY):
        run(admin, f"REVOKE ALL ON partly_{i} FROM {role}", f"GRANT SELECT (id) ON partly_{i} TO {role}")
    run(admin, "ANALYZE")
    yield admin.set(username=role, password="kept")
    run(admin, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@contextmanager
def held(url: URL, table: str) -> Iterator[None]:
    """Somebody else's exclusive lock."""
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with create_engine(url).begin() as connection:
            connection.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            ready.set()
            done.wait(120)

    thread = threading.Thread(target=hold)
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


def files(folder: Path) -> dict[str, str]:
    """Files of all sorts, and the state that each must end in."""
    folder.mkdir()
    line = "id,email\n" + "".join(f"{n},p{n}@example.org\n" for n in range(50))
    (folder / "plain.csv").write_text(line)
    (folder / "packed.csv.gz").write_bytes(gzip.compress(line.encode()))
    (folder / "two.csv.gz").write_bytes(gzip.compress(line.encode()) + gzip.compress(b"50,z@example.org\n"))
    (folder / "broken.csv.gz").write_bytes(gzip.compress(line.encode() * 5_000)[:-900])
    (folder / "empty.csv").write_text("")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(100))
    (folder / "lines.jsonl").write_text("".join(f'{{"id": {n}}}\n' for n in range(20)))
    (folder / "damaged.parquet").write_bytes(b"PAR1" + os.urandom(50) + b"PAR1")
    os.mkfifo(folder / "pipe")
    (folder / "link.csv").symlink_to(folder / "plain.csv")
    return {
        "plain.csv": "scanned", "packed.csv.gz": "scanned", "two.csv.gz": "scanned",
        "broken.csv.gz": "failed", "empty.csv": "empty", "picture.png": "skipped",
        "lines.jsonl": "scanned", "damaged.parquet": "failed", "pipe": "skipped", "link.csv": "skipped",
    }  # fmt: skip


@pytest.fixture
def ledger(source: URL, postgres_url: str, tmp_path: Path) -> dict[str, dict]:
    """What a full scan says of each object, by its path."""
    files(tmp_path / "drop")
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nallow_plaintext_passwords: true\nsources:\n"
        f"  - {{name: app, url: '{plain(source)}'}}\n  - {{name: drop, path: drop, kind: files}}\n"
    )
    with held(make_url(postgres_url).set(drivername="postgresql+psycopg"), "locked"):
        done = command(tmp_path, "scan", "--full", "-q", "--no-texts")
    assert done.returncode == 3, done.stderr
    exported = command(tmp_path, "inventory", "export", "--format", "json")
    document = json.loads(exported.stdout)
    paths = {dataset["urn"]: "/".join(dataset["path"]) for dataset in document["datasets"]}
    listed = [paths.get(one["dataset"], one["dataset"]) for one in document["coverage"]]
    assert len(listed) == len(set(listed)), "an object stands twice in the ledger"
    return dict(zip(listed, document["coverage"], strict=True))


def test_every_object_is_in_the_ledger_and_adds_up(ledger, source, postgres_url, tmp_path):
    """A1: more than 60 objects; those in the ledger are those that the catalog lists."""
    admin = make_url(postgres_url).set(drivername="postgresql+psycopg")
    tables = dict(run(admin, CATALOG))
    expected = files(tmp_path / "again")
    assert len(tables) + len(expected) >= 60
    assert set(ledger) == set(tables) | set(expected)
    for name, kind in tables.items():
        state, reason = ledger[name]["state"], ledger[name]["reason"]
        assert state in ("scanned", "empty") or reason, name
        if state in ("scanned", "empty") and kind in ("r", "m"):
            schema, _, table = name.partition("/")
            quoted = table.replace('"', '""')
            only = "ONLY " if kind == "r" else ""
            ((count,),) = run(admin, f'SELECT count(*) FROM {only}{schema}."{quoted}"')
            assert ledger[name]["rows"] == count, name
    assert {name: ledger[name]["state"] for name in expected} == expected
    for name, apart in (("plain.csv", len("id,email\n")), ("lines.jsonl", 20)):  # a header, ends of lines
        assert ledger[name]["bytes"] + apart == (tmp_path / "drop" / name).stat().st_size
    assert ledger["two.csv.gz"]["rows"] == 51


def test_what_is_hidden_is_said(ledger):
    """A2: 20 denied tables, 5 with row-level security and 5 with granted columns; the others are read."""
    for i in range(DENIED):
        assert ledger[f"public/denied_{i}"]["state"] == "failed"
        assert "permission denied" in ledger[f"public/denied_{i}"]["reason"]
    for i in range(SECURED):
        assert ledger[f"public/secured_{i}"]["state"] == "failed"
        assert "row-level security" in ledger[f"public/secured_{i}"]["reason"]
    for i in range(PARTLY):
        assert "1 of 2 columns are denied" in ledger[f"public/partly_{i}"]["reason"]
    assert [ledger[f"public/open_{i}"]["rows"] for i in range(OPEN)] == [10 * i + 1 for i in range(OPEN)]
    assert "lock" in ledger["public/locked"]["reason"]
    assert ledger["public/seen"]["state"] == "skipped"
    assert ledger["public/remote"]["state"] == "skipped"
    assert ledger["public/unkept"]["state"] == "skipped"
    assert ledger["public/unkept"]["reason"]
    assert ledger["public/years"]["state"] == "skipped"
    assert ledger["public/years_1"]["rows"] + ledger["public/years_2"]["rows"] == 9
