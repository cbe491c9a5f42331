"""SQLite files: what is read, and that nothing is left behind."""

import hashlib
import sqlite3
import subprocess
import sys

import pytest

from connectors.sql.sqlite import CONNECTOR
from connectors.sql.sqlite_catalog import quote
from pii_scan.core.errors import ConfigError, SourceError
from pii_scan.core.model import Batch, Plan
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.hostile import LONG_NAME, NAMES

from .reading import assert_uniform, connect, find, hits, listed, read, table


def tree(folder):
    """Every file of a folder with its bytes, time and inode."""
    return {
        path.name: (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
        for path in folder.iterdir()
    }


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT NOT NULL, note)")
        db.executemany(
            "INSERT INTO users(email) VALUES (?)", [(f"canary.{i}@example.org",) for i in range(40)]
        )
        db.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, user_id INT REFERENCES users, total NUMERIC)")
        db.execute("INSERT INTO orders VALUES (1, 2, 12.50)")
        db.execute("CREATE TABLE empty(a TEXT)")
        db.execute("CREATE TABLE settings(k TEXT PRIMARY KEY, v) WITHOUT ROWID")
        db.executemany("INSERT INTO settings VALUES (?, ?)", [(f"k{i}", i) for i in range(20)])
        db.execute("CREATE VIEW everyone AS SELECT * FROM users")
    db.close()
    return path


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, file):
        self.folder = file.parent
        return lambda: connect(CONNECTOR, file)

    def source_state(self):
        return tree(self.folder)

    def canaries(self):
        return ("canary.",)


def test_matches_urls_and_files_by_their_header(file, tmp_path):
    other = tmp_path / "x.db"
    other.write_bytes(b"SQLite format 4\0")
    assert CONNECTOR.matches("sqlite:///x.db") > 0
    assert CONNECTOR.matches(str(file)) > 0
    assert [CONNECTOR.matches(t) for t in (str(other), str(tmp_path), "postgresql://h/d", "none.db")] == [
        0
    ] * 4
    assert CONNECTOR.config_of("sqlite:///some/app.v2.db?mode=ro")["name"] == "app.v2"
    with pytest.raises(ConfigError):
        CONNECTOR.config_of("sqlite://")


def test_types_keys_and_views(file):
    found = listed(connect(CONNECTOR, file))
    assert [path[1] for path in found] == ["empty", "everyone", "orders", "settings", "users"]
    orders = found["main", "orders"]
    assert [(f.name, f.type) for f in orders.fields] == [
        ("id", "integer"),
        ("user_id", "integer"),
        ("total", "number"),
    ]
    assert orders.fields[1].references == "sqlite://app/main/users#id"
    view = found["main", "everyone"]
    assert (view.kind, bool(view.skip), view.planned) == ("view", True, True)
    assert len(table(connect(CONNECTOR, file, views=True), "everyone")) == 40


def test_exclusions_are_listed_as_planned(file):
    found = listed(connect(CONNECTOR, file, include=["u*", "main.orders"], exclude=["main/orders"]))
    assert [d.name for d in found.values() if not d.skip] == ["users"]
    assert found["main", "orders"].skip == "excluded by the configuration"
    assert found["main", "orders"].planned


def test_the_zoo_of_values(tmp_path):
    path = tmp_path / "zoo.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE zoo(i INTEGER, t TEXT, b BLOB, n NUMERIC, f BOOLEAN, ts DATETIME, j JSON)")
    db.execute("""INSERT INTO zoo VALUES ('ada@example.org', CAST(x'636166e9' AS TEXT), x'89504eff', 1e300, 1,
               '2024-01-02T03:04:05Z', '{"b":1, "a":2}')""")
    db.execute(
        "INSERT INTO zoo VALUES (9223372036854775807, 'a' || char(0) || 'b', "
        "CAST('text' AS BLOB), 0.1, 0, 5, 'x')"
    )
    db.execute("INSERT INTO zoo DEFAULT VALUES")
    db.execute("INSERT INTO zoo(t) VALUES (x'ff00')")
    db.execute("INSERT INTO zoo(t) VALUES (?)", ("é" * 300_000,))
    db.commit()
    rows, notes = read(connector := connect(CONNECTOR, path), find(connector, "zoo"))
    assert rows[0]["i"] == "ada@example.org"
    assert rows[0]["t"] == "café"
    assert rows[0]["b"] is None
    assert rows[0]["ts"] == "2024-01-02 03:04:05"
    assert rows[0]["j"] == '{"a":2,"b":1}'
    assert rows[1]["i"] == "9223372036854775807"
    assert rows[1]["t"] == "a\0b"
    assert rows[1]["b"] == "text"
    assert [rows[0]["f"], rows[1]["f"]] == ["true", "false"]
    assert set(rows[2].values()) == {None}
    assert rows[3]["t"] is None
    assert rows[4]["t"] == "é" * 65_536
    assert any("were cut: 1" in note.reason for note in notes)


def test_hostile_names(tmp_path):
    path = tmp_path / "hostile.db"
    db = sqlite3.connect(path)
    names = [*NAMES, LONG_NAME]
    db.execute("CREATE TABLE trap(a)")
    columns = ", ".join(f"{quote(name)} TEXT" for name in names)
    for name in names:
        db.execute(f"CREATE TABLE {quote(name)}({columns})")
        db.execute(f"INSERT INTO {quote(name)} VALUES ({', '.join('?' * len(names))})", names)
    db.commit()
    connector = connect(CONNECTOR, path)
    found = [dataset for dataset in connector.datasets() if dataset.name != "trap"]
    assert {dataset.name for dataset in found} == set(names)
    for dataset in found:
        (row,), _ = read(connector, dataset)
        assert row == {name: name for name in names}
        assert len(read(connector, dataset, Plan(mode="full"))[0]) == 1
    assert db.execute("SELECT count(*) FROM trap").fetchone() == (0,)


def test_names_are_quoted_as_the_dialect_does():
    from sqlalchemy.dialects.sqlite import dialect

    preparer = dialect().identifier_preparer
    assert [quote(name) for name in NAMES] == [preparer.quote_identifier(name) for name in NAMES]


@pytest.mark.parametrize("mode", ["at rest", "open", "crashed"])
def test_a_wal_database_gets_no_new_files(tmp_path, mode):
    folder = tmp_path / "source"
    folder.mkdir()
    path = folder / "wal.db"
    script = (
        "import sqlite3, os, sys\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "db.execute('PRAGMA journal_mode=WAL'); db.execute('CREATE TABLE t(a)')\n"
        "db.executemany('INSERT INTO t VALUES (?)', [(i,) for i in range(100)]); db.commit()\n"
        "os._exit(0) if sys.argv[2] == 'crashed' else db.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path), mode], check=True)
    live = None
    if mode == "open":
        live = sqlite3.connect(path)
        live.execute("INSERT INTO t VALUES (1)")
        live.commit()
    if mode == "crashed":
        (folder / "wal.db-shm").unlink()
    before = set(tree(folder)), tree(folder)["wal.db"]
    connector = connect(CONNECTOR, path)
    assert len(table(connector, "t")) == (101 if live else 100)
    connector.close()
    assert (set(tree(folder)), tree(folder)["wal.db"]) == before
    if live:
        live.close()


@pytest.mark.parametrize("writer", ["lives", "died"])
def test_a_log_and_its_memory_stay_as_they_were(tmp_path, writer):
    path = tmp_path / "wal.db"
    script = (
        "import sqlite3, os, sys\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "db.execute('PRAGMA journal_mode=WAL'); db.execute('CREATE TABLE t(a)')\n"
        "db.executemany('INSERT INTO t VALUES (?)', [(i,) for i in range(100)]); db.commit()\n"
        "print('written', flush=True)\n"
        "sys.stdin.readline() if sys.argv[2] == 'lives' else os._exit(0)\n"
        "os._exit(0)\n"
    )
    command = [sys.executable, "-c", script, str(path), writer]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"written\n"
        if writer == "died":
            process.wait()
        before = tree(tmp_path)
        assert set(before) == {"wal.db", "wal.db-wal", "wal.db-shm"}
        connector = connect(CONNECTOR, path)
        assert len(table(connector, "t")) == 100
        assert len(table(connector, "t", Plan(mode="full"))) == 100
        connector.close()
        assert tree(tmp_path) == before
        process.stdin.close()


def test_a_hot_journal_is_rolled_back_in_a_copy_only(tmp_path):
    path = tmp_path / "hot.db"
    script = (
        "import sqlite3, os, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('CREATE TABLE t(a)'); db.execute('INSERT INTO t VALUES (1)')\n"
        "db.execute('PRAGMA cache_size=2'); db.execute('BEGIN')\n"
        "db.executemany('INSERT INTO t VALUES (?)', [('x' * 2000,) for i in range(500)])\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    before = tree(tmp_path)
    assert "hot.db-journal" in before
    connector = connect(CONNECTOR, path)
    assert table(connector, "t") == [{"a": "1"}]
    connector.close()
    assert tree(tmp_path) == before


def test_a_reader_does_not_hold_up_a_writer(file):
    connector = connect(CONNECTOR, file)
    reading = connector.read(connector.shards(find(connector, "users"), Plan(batch_rows=1))[0])
    assert isinstance(next(reading), Batch)
    with sqlite3.connect(file, timeout=0) as writer:
        writer.execute("INSERT INTO orders VALUES (9, 9, 9)")
    writer.close()
    connector.close()


def test_a_change_while_it_is_read_is_said(tmp_path):
    path = tmp_path / "moving.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)")
    db.executemany("INSERT INTO t(a) VALUES (?)", [(f"v{i}",) for i in range(2000)])
    db.commit()
    connector = connect(CONNECTOR, path, page_rows=100)
    (shard,) = connector.shards(find(connector, "t"), Plan(batch_rows=50))
    reading = connector.read(shard)
    items = [next(reading)]
    db.execute("INSERT INTO t(a) VALUES ('late')")
    db.commit()
    items += list(reading)
    assert any(getattr(item, "changed", False) for item in items)
    assert sum(item.table.num_rows for item in items if isinstance(item, Batch)) >= 2000


def test_damage_and_foreign_files_are_explained(tmp_path, file):
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    broken = tmp_path / "broken.db"
    broken.write_bytes(data)
    with pytest.raises(SourceError, match="damaged"):
        table(connect(CONNECTOR, broken), "users")
    with pytest.raises(SourceError, match="not a SQLite database"):
        list(connect(CONNECTOR, tmp_path / "missing.db").datasets())


def test_an_endless_statement_is_stopped(tmp_path):
    path = tmp_path / "slow.db"
    db = sqlite3.connect(path)
    db.execute(
        "CREATE VIEW slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n"
    )
    db.commit()
    connector = connect(CONNECTOR, path, views=True, statement_timeout=0.2)
    with pytest.raises(SourceError, match="too long"):
        table(connector, "slow")


def test_samples_are_uniform_over_a_key_with_gaps(tmp_path):
    path = tmp_path / "gaps.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t(key INTEGER PRIMARY KEY, id INT)")
    keys = [i if i <= 1500 else 10**12 + 3 * i for i in range(1, 3001)]
    db.executemany("INSERT INTO t VALUES (?, ?)", [(key, i + 1) for i, key in enumerate(keys)])
    db.commit()
    connector = connect(CONNECTOR, path)
    assert_uniform(hits(connector, "t", 60, 200, 3000))


def test_samples_are_uniform_without_rowid(tmp_path):
    path = tmp_path / "norowid.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t(k TEXT PRIMARY KEY, id INT) WITHOUT ROWID")
    db.executemany("INSERT INTO t VALUES (?, ?)", [(f"{i:05}", i) for i in range(1, 2001)])
    db.commit()
    assert_uniform(hits(connect(CONNECTOR, path), "t", 30, 100, 2000))


def test_a_sample_keeps_to_the_bytes(tmp_path):
    path = tmp_path / "wide.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)")
    db.executemany("INSERT INTO t(a) VALUES (?)", [("x" * 20_000,) for _ in range(600)])
    db.commit()
    connector = connect(CONNECTOR, path)
    rows, notes = read(connector, find(connector, "t"), Plan(rows=500, bytes=1 << 20))
    assert 50 <= len(rows) <= 400
    assert any(note.sampled and "bytes" in note.reason for note in notes)


def test_shadowed_rowids_and_virtual_tables(tmp_path):
    path = tmp_path / "odd.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE shadowed(rowid TEXT, _rowid_ TEXT, oid TEXT)")
    db.executemany("INSERT INTO shadowed VALUES (?, ?, ?)", [(f"r{i}", "x", None) for i in range(50)])
    db.execute("CREATE VIRTUAL TABLE search USING fts5(body)")
    db.execute("INSERT INTO search VALUES ('ada@example.org')")
    db.commit()
    connector = connect(CONNECTOR, path)
    found = listed(connector)
    assert found["main", "search"].planned
    assert [row["c0"] for row in table(connector, "search_content")] == ["ada@example.org"]
    assert sorted(row["rowid"] for row in table(connector, "shadowed", Plan(mode="full")))[0] == "r0"
    assert len(table(connector, "shadowed", Plan(rows=10))) == 10
