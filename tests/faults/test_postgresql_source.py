"""A PostgreSQL source is left as it was, and nobody waits for us.

`PII_SCAN_TEST_ROWS` (default 60,000) and `PII_SCAN_TEST_TRIALS` (default 2) make it longer.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.commands import run as command
from tests.services import Server, database, plain, private_postgresql, programs, required, restart, run

from .watching import OURS, Watch, repeated, started, until

ROWS = int(os.environ.get("PII_SCAN_TEST_ROWS", "60000"))
TRIALS = int(os.environ.get("PII_SCAN_TEST_TRIALS", "2"))
#: All that we may ever say to a server; SQLAlchemy asks for the version in a transaction of its own.
ALLOWED = re.compile(
    r"BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY(; SET LOCAL [a-z_]+ = [^;]+)*"
    r"|(?:DECLARE \S+ CURSOR FOR )?SELECT [^;]*|COPY \(SELECT [^;]*\) TO STDOUT[^;]*"
    r"|FETCH FORWARD [0-9]+ FROM \S+|CLOSE \S+|BEGIN|COMMIT|ROLLBACK|SHOW [a-z_ ]+",
    re.IGNORECASE,
)
TABLES = (
    "CREATE TABLE users(id serial PRIMARY KEY, email text, note text)",
    "INSERT INTO users(email, note) SELECT 'u' || i || '@example.org', repeat('x', 90) "
    f"FROM generate_series(1, {ROWS}) i",
    "CREATE TABLE wide AS SELECT i AS id, repeat('y', 400) AS pad FROM generate_series(1, 4000) i",
    "CREATE TABLE trap(a text)",
    "CREATE FUNCTION evil() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS "
    "$$ BEGIN INSERT INTO public.trap VALUES ('x'); RETURN 'x'; END $$",
    "CREATE VIEW bait AS SELECT evil() AS a",
    "CREATE MATERIALIZED VIEW kept AS SELECT email FROM users LIMIT 100",
    "CREATE SEQUENCE counter",
    "ANALYZE",
)
WRITTEN = (
    "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del, n_dead_tup FROM pg_stat_user_tables ORDER BY relname"
)


@pytest.fixture(scope="module")
def logging_server() -> Iterator[Server]:
    """A server that logs every statement with who sent it."""
    server = private_postgresql("log_statement=all", "log_line_prefix=%a~")
    server = required(server, "PostgreSQL's own programs (initdb)")
    yield server
    server.stop()


@pytest.fixture
def source(logging_server: Server) -> Iterator[URL]:
    with database(logging_server) as url:
        run(url, *TABLES)
        yield url


@pytest.fixture(params=["superuser", "reader"])
def user(request: pytest.FixtureRequest, source: URL) -> Iterator[URL]:
    """The source's URL for its owner, who may do anything, and for one who may only read."""
    if request.param == "superuser":
        yield source
        return
    role = f"{source.database}_reader"
    run(source, f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    yield source.set(username=role)
    run(source, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def config(folder: Path, url: URL, *more: str) -> None:
    lines = (
        "version: 1",
        "allow_plaintext_passwords: true",
        "sources:",
        f"  - {{name: app, url: '{plain(url)}', options: {{views: true}}}}",
    )
    (folder / "pii-scan.yaml").write_text("\n".join((*lines, *more)) + "\n")


def dumped(url: URL) -> bytes:
    """The whole database as text, without the random words that newer versions put around it."""
    (program,) = programs("pg_dump") or pytest.fail("pg_dump is missing")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    text = subprocess.run([program, address], check=True, capture_output=True).stdout
    return re.sub(rb"^\\(?:un)?restrict .*$", b"", text, flags=re.MULTILINE)


def statements(log: Path, from_byte: int) -> list[str]:
    """What our sessions sent since a place in the log; a statement's further lines begin with a tab."""
    text = log.read_bytes()[from_byte:].decode()
    found = re.findall(r"^pii-scan~LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)", text, re.MULTILINE)
    return [" ".join(statement.split()) for statement in found]


@pytest.mark.parametrize("mode", ["--sample=1000", "--full"])
def test_nothing_is_written(logging_server, source, user, mode, tmp_path):
    """B1: as the owner, too. Every statement that the server logged is one that only reads."""
    config(tmp_path, user)
    run(source, "SELECT pg_stat_reset()", "VACUUM", "ANALYZE")
    before, rows = dumped(source), run(source, WRITTEN)
    assert logging_server.log
    start = logging_server.log.stat().st_size
    done = command(tmp_path, "scan", mode, "-q")
    assert done.returncode == 3, done.stderr  # the view that would write can't be read
    assert dumped(source) == before
    time.sleep(1.1)  # the server counts with a delay
    assert run(source, WRITTEN) == rows
    temporary = f"SELECT temp_bytes FROM pg_stat_database WHERE datname = '{source.database}'"
    assert run(source, temporary) == [(0,)]
    assert run(source, "SELECT count(*) FROM trap") == [(0,)]
    said = statements(logging_server.log, start)
    assert len(said) > 20
    assert [one for one in said if not ALLOWED.fullmatch(one)] == []
    assert run(source, "SELECT last_value, is_called FROM counter") == [(1, False)]


def test_the_log_would_show_a_write(logging_server, source):
    """The proof above can fail."""
    assert logging_server.log
    start = logging_server.log.stat().st_size
    ours = source.update_query_dict({"application_name": "pii-scan"})
    run(ours, "CREATE TEMP TABLE t(a int)", "INSERT INTO t\nVALUES (1)")
    said = statements(logging_server.log, start)
    assert [one for one in said if not ALLOWED.fullmatch(one)] == [
        "CREATE TEMP TABLE t(a int)",
        "INSERT INTO t VALUES (1)",
    ]


def test_nobody_waits(source, tmp_path):
    """B3: short transactions, one connection, no lock but ACCESS SHARE, DDL and others pass by."""
    config(tmp_path, source)
    number = iter(range(10_000))

    def alter() -> None:
        run(source, f"ALTER TABLE users ADD COLUMN c{next(number)} int")

    def ask() -> None:
        run(source, "UPDATE users SET note = 'z' WHERE id = 17")

    with Watch(source) as watch, repeated(alter, 0.5) as altered, repeated(ask, 0.05) as asked:
        done = command(tmp_path, "scan", "--full", "-q", "--no-texts")
    assert done.returncode == 3, done.stderr
    assert watch.looks > 20
    assert watch.sessions == 1
    assert watch.transaction <= 2
    assert watch.locks <= {"AccessShareLock"}
    assert len(altered) > 2
    assert max(altered) <= 1.5
    assert max(asked) <= 1.0


@pytest.fixture
def cold_server() -> Iterator[Server]:
    server = required(private_postgresql(), "PostgreSQL's own programs (initdb)")
    yield server
    server.stop()


def test_a_sample_touches_few_pages_of_a_large_table(cold_server, tmp_path):
    """B5: pages fetched into an empty memory; the table has some thirty rows a page."""
    url = cold_server.url
    row = "SELECT i AS id, 'p' || i || '@example.org' AS email, repeat('n', 200) AS pad"
    made = f"CREATE TABLE large AS {row} FROM generate_series(1, {3 * ROWS}) i"
    run(url, made, "VACUUM ANALYZE large", "CHECKPOINT")
    restart(cold_server)
    fetched = "SELECT heap_blks_read FROM pg_statio_user_tables WHERE relname = 'large'"
    ((size,),) = run(url, "SELECT relpages FROM pg_class WHERE relname = 'large'")
    files = f"SELECT temp_files FROM pg_stat_database WHERE datname = '{url.database}'"
    ((before,),), temporary = run(url, fetched), run(url, files)
    config(tmp_path, url, "scan: {rows: 1000}")
    with Watch(url) as watch:
        done = command(tmp_path, "scan", "-q", "--no-texts")
    assert done.returncode == 0, done.stderr
    time.sleep(1.1)  # the server counts with a delay
    ((after,),) = run(url, fetched)
    assert size > 20 * 200
    assert 20 < after - before <= 200
    assert watch.sessions <= 1
    assert run(url, files) == temporary


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_scan_that_is_stopped_leaves_no_session(source, sent, tmp_path):
    """B6: gone within a second of the process's end; of a killed one with its statement's time."""
    config(tmp_path, source)
    sessions = f"SELECT count(*) FROM pg_stat_activity WHERE {OURS} AND datname = current_database()"
    for trial in range(TRIALS):
        process = started(tmp_path, "scan", "--full", "-q", "--no-texts")
        until(lambda: run(source, sessions) != [(0,)], 60)
        time.sleep(0.05 * trial)
        process.send_signal(sent)
        process.wait(30)
        until(lambda: run(source, sessions) == [(0,)], 6 if sent == signal.SIGKILL else 1)


@pytest.fixture(params=["session", "transaction", "statement"])
def pooler(request: pytest.FixtureRequest, source: URL, tmp_path: Path) -> Iterator[tuple[str, URL]]:
    """The source behind PgBouncer in each of its modes."""
    from tests.services import free_port, not_run, unprivileged

    found = programs("pgbouncer")
    if found is None:
        not_run("no pgbouncer: install its program")
    port, folder = free_port(), tmp_path / "pool"
    folder.mkdir()
    (folder / "users").write_text(f'"{source.username}" ""\n')
    (folder / "pool.ini").write_text(
        f"[databases]\n{source.database} = host=127.0.0.1 port={source.port} user={source.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
        f"auth_file = {folder}/users\npool_mode = {request.param}\nunix_socket_dir =\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    user = unprivileged("postgres", tmp_path, folder)
    process = subprocess.Popen(
        [found[0], "-q", str(folder / "pool.ini")], user=user, stderr=subprocess.DEVNULL, cwd="/"
    )
    try:
        yield request.param, source.set(port=port)
    finally:
        process.terminate()
        process.wait(10)


def listening(url: URL) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((url.host, url.port)) == 0


def test_the_limits_hold_behind_a_pooler_or_nothing_is_read(pooler, tmp_path):
    """B4: in a mode that keeps transactions together they hold; in the other nothing is scanned."""
    mode, url = pooler
    until(lambda: listening(url), 10)
    config(tmp_path, url)
    done = command(tmp_path, "scan", "-q", "--no-texts")
    exported = command(tmp_path, "inventory", "export", "--canonical")
    assert done.returncode == 3
    if mode == "statement":
        assert '"email"' not in exported.stdout
        assert "failed" in done.stderr
    else:
        assert '"email"' in exported.stdout
        assert "trap" in exported.stdout
