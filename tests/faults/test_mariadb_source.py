"""A MariaDB source is left as it was, and a scan that is stopped leaves no query there."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from tests.commands import run as command
from tests.services import plain, run

from .test_postgresql_source import ROWS, TRIALS
from .watching import started, until

#: All that we may ever say to a server.
ALLOWED = re.compile(
    r"(?:START|SET SESSION) TRANSACTION READ ONLY|SELECT .*|SHOW .*|COMMIT|ROLLBACK|KILL QUERY [0-9]+"
    r"|SET (?:NAMES \w+|(?:SESSION )?\w+ ?= ?[^;]+(?:, ?(?:SESSION )?\w+ ?= ?[^;,]+)*|autocommit ?= ?[01])",
    re.IGNORECASE | re.DOTALL,
)
TABLES = (
    "CREATE TABLE users(id INT PRIMARY KEY, email TEXT, note VARCHAR(100))",
    f"INSERT INTO users SELECT seq, CONCAT('u', seq, '@example.org'), REPEAT('x', 90) FROM seq_1_to_{ROWS}",
    "CREATE TABLE old(a TEXT) ENGINE=MyISAM",
    "INSERT INTO old SELECT CONCAT('m', seq) FROM seq_1_to_500",
    "CREATE TABLE keyless(a TEXT)",
    "INSERT INTO keyless SELECT CONCAT('k', seq) FROM seq_1_to_3000",
    "CREATE TABLE trap(a TEXT)",
    "CREATE FUNCTION evil() RETURNS TEXT DETERMINISTIC MODIFIES SQL DATA SQL SECURITY DEFINER "
    "BEGIN INSERT INTO trap VALUES ('x'); RETURN 'x'; END",
    "CREATE VIEW bait AS SELECT evil() AS a",
)


@pytest.fixture
def source(mariadb_url: str) -> URL:
    url = make_url(mariadb_url).set(drivername="mysql+pymysql")
    run(url, *TABLES)
    return url


@pytest.fixture(params=["administrator", "reader"])
def user(request: pytest.FixtureRequest, source: URL) -> Iterator[URL]:
    if request.param == "administrator":
        yield source
        return
    role = f"{source.database}_r"[-32:]
    run(
        source,
        f"CREATE USER '{role}'@'%' IDENTIFIED BY 'kept'",
        f"GRANT SELECT, EXECUTE ON *.* TO '{role}'@'%'",
    )
    yield source.set(username=role, password="kept")
    run(source, f"DROP USER '{role}'@'%'")


def config(folder: Path, url: URL) -> None:
    (folder / "pii-scan.yaml").write_text(
        "version: 1\nallow_plaintext_passwords: true\nsources:\n"
        f"  - {{name: app, url: '{plain(url)}', options: {{views: true}}}}\n"
    )


def checksums(url: URL) -> list[tuple[object, ...]]:
    return run(url, "CHECKSUM TABLE users, old, keyless, trap EXTENDED")


@pytest.mark.parametrize("mode", ["--sample=1000", "--full"])
def test_nothing_is_written(source, user, mode, tmp_path):
    """B1: as the administrator, too. Every statement in the server's log is one that only reads."""
    config(tmp_path, user)
    before = checksums(source)
    logged = run(source, "SELECT @@GLOBAL.general_log, @@GLOBAL.log_output")[0]
    run(source, "SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = 1")
    try:
        done = command(tmp_path, "scan", mode, "-q")
    finally:
        run(source, f"SET GLOBAL general_log = {logged[0]}", f"SET GLOBAL log_output = '{logged[1]}'")
    assert done.returncode == 3, done.stderr  # the view that would write can't be read
    assert checksums(source) == before
    assert run(source, "SELECT COUNT(*) FROM trap") == [(0,)]
    said = statements(source)
    assert len(said) > 20
    assert [one for one in said if not ALLOWED.fullmatch(one)] == []


def statements(source: URL) -> list[str]:
    """What sessions that scan this database sent; the tests' own begin no transaction that only reads."""
    log = "mysql.general_log"
    found = run(
        source,
        f"SELECT CONVERT(q.argument USING utf8mb4) FROM {log} q WHERE q.command_type = 'Query' AND EXISTS "
        f"(SELECT 1 FROM {log} c WHERE c.thread_id = q.thread_id AND c.command_type = 'Connect' "
        f"AND CONVERT(c.argument USING utf8mb4) LIKE '% on {source.database} %') AND EXISTS "
        f"(SELECT 1 FROM {log} b WHERE b.thread_id = q.thread_id "
        "AND CONVERT(b.argument USING utf8mb4) = 'START TRANSACTION READ ONLY')",
    )
    return [" ".join(str(text).split()) for (text,) in found]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_scan_that_is_stopped_leaves_no_query(source, sent, tmp_path):
    """B6: gone within a second of the process's end; of a killed one with its statement's time."""
    config(tmp_path, source)
    ours = (
        "SELECT COUNT(*) FROM information_schema.processlist "
        f"WHERE db = '{source.database}' AND id <> CONNECTION_ID()"
    )
    for trial in range(TRIALS):
        process = started(tmp_path, "scan", "--full", "-q", "--no-texts")
        until(lambda: run(source, ours) != [(0,)], 60)
        time.sleep(0.05 * trial)
        process.send_signal(sent)
        process.wait(30)
        until(lambda: run(source, ours) == [(0,)], 6 if sent == signal.SIGKILL else 1)
