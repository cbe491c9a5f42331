"""DuckDB files: what is read, what the engine is kept from, and that nothing is left behind."""

import subprocess
import sys

import duckdb
import pytest

from connectors.sql.duckdb import CONNECTOR
from connectors.sql.duckdb_catalog import quote
from pii_scan.core.errors import ConfigError, SourceError, TransientError
from pii_scan.core.model import Plan
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.hostile import LONG_NAME, NAMES

from .reading import assert_uniform, connect, find, hits, listed, read, table
from .test_sqlite import tree


def build(path, *statements):
    with duckdb.connect(str(path)) as db:
        for statement in statements:
            db.execute(statement)
    return path


def everything(connector):
    return [read(connector, dataset) for dataset in connector.datasets() if not dataset.skip]


@pytest.fixture
def file(tmp_path):
    return build(
        tmp_path / "app.duckdb",
        "CREATE TABLE users(id INTEGER PRIMARY KEY, email VARCHAR NOT NULL, note VARCHAR)",
        "INSERT INTO users SELECT i, 'canary.' || i || '@example.org', NULL FROM range(40) r(i)",
        "COMMENT ON COLUMN users.email IS 'where to write'",
        "CREATE TABLE orders(id INTEGER, user_id INTEGER REFERENCES users(id), total DECIMAL(9,2))",
        "INSERT INTO orders VALUES (1, 2, 12.50)",
        "CREATE TABLE empty(a VARCHAR)",
        "CREATE SCHEMA archive",
        "CREATE TABLE archive.users(id INTEGER, email VARCHAR)",
        "CREATE VIEW everyone AS SELECT * FROM users",
    )


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
    other = tmp_path / "x.duckdb"
    other.write_bytes(b"12345678DUCT")
    assert CONNECTOR.matches("duckdb:///x.duckdb") > 0
    assert CONNECTOR.matches(str(file)) > 0
    assert [CONNECTOR.matches(t) for t in (str(other), str(tmp_path), "sqlite:///d", "none.db")] == [0] * 4
    assert CONNECTOR.config_of("duckdb:///some/app.v2.duckdb")["name"] == "app.v2"
    with pytest.raises(ConfigError):
        CONNECTOR.config_of("duckdb://")


def test_types_keys_comments_and_views(file):
    found = listed(connect(CONNECTOR, file))
    assert list(found) == [
        ("archive", "users"),
        ("main", "empty"),
        ("main", "everyone"),
        ("main", "orders"),
        ("main", "users"),
    ]
    orders = found["main", "orders"]
    assert [(f.name, f.type) for f in orders.fields] == [
        ("id", "integer"),
        ("user_id", "integer"),
        ("total", "number"),
    ]
    assert orders.fields[1].references == "duckdb://app/main/users#id"
    assert found["main", "users"].fields[1].comment == "where to write"
    view = found["main", "everyone"]
    assert (view.kind, bool(view.skip), view.planned) == ("view", True, True)
    assert len(table(connect(CONNECTOR, file, views=True), "everyone")) == 40


def test_exclusions_are_listed_as_planned(file):
    found = listed(connect(CONNECTOR, file, include=["u*", "main.orders"], exclude=["archive/users"]))
    assert [d.path for d in found.values() if not d.skip] == [("main", "orders"), ("main", "users")]
    assert found["archive", "users"].skip == "excluded by the configuration"


def test_the_zoo_of_values(tmp_path):
    columns = (
        "s STRUCT(a INTEGER, e VARCHAR), l VARCHAR[], m MAP(VARCHAR, INTEGER), j JSON, ts TIMESTAMPTZ, "
        "d DATE, t TIME, h HUGEINT, n DECIMAL(38,10), en ENUM('x', 'y'), iv INTERVAL, u UUID, b BLOB, "
        "bits BIT, f DOUBLE, yes BOOLEAN, un UNION(num INTEGER, str VARCHAR), long VARCHAR, a INTEGER[2]"
    )
    path = build(
        tmp_path / "zoo.duckdb",
        f"CREATE TABLE zoo({columns})",
        "INSERT INTO zoo VALUES ({'a': 1, 'e': 'zoe@example.org'}, ['x', NULL], MAP {'k': 1}, "
        "'{\"b\":1, \"a\":2}', '2024-01-02 03:04:05+02', '294247-01-10', '07:30:00', "
        "170141183460469231731687303715884105727, 12.50, 'x', INTERVAL 3 DAYS, "
        "'6a0b9d0e-8a13-4a53-9f3a-0a0a0a0a0a0a', 'text'::BLOB, '101', 'nan', true, 'one', "
        "repeat('é', 300000), [1, 2])",
        "INSERT INTO zoo(d, f, b, ts) "
        "VALUES ('infinity', '-infinity', '\\x89\\xFF'::BLOB, '0044-03-15 (BC)')",
        "INSERT INTO zoo(l) VALUES (NULL)",
    )
    rows, notes = read(connector := connect(CONNECTOR, path), find(connector, "zoo"))
    first, second, third = rows
    assert (first["s"], first["l"], first["m"]) == ('{"a":1,"e":"zoe@example.org"}', '["x",null]', '{"k":1}')
    assert first["j"] == '{"a":2,"b":1}'
    assert (first["ts"], first["t"]) == ("2024-01-02 01:04:05", "07:30:00")
    assert (first["d"], second["d"]) == ("294247-01-10", "infinity")
    assert first["h"] == "170141183460469231731687303715884105727"
    assert (first["n"], first["en"], first["iv"], first["bits"]) == ("12.5", "x", "3 days", "101")
    assert (first["b"], second["b"]) == ("text", None)
    assert (first["f"], second["f"], first["yes"]) == ("nan", "-inf", "true")
    assert (first["un"], first["a"]) == ('{"str":"one"}', "[1,2]")
    assert first["long"] == "é" * 65_536
    assert second["ts"].startswith("0044-03-15")
    assert set(third.values()) == {None}
    assert any("were cut: 1" in note.reason for note in notes)


def test_hostile_names(tmp_path):
    names = [*NAMES, LONG_NAME]
    path, columns = tmp_path / "hostile.duckdb", ", ".join(f"{quote(name)} VARCHAR" for name in names)
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE trap(a INTEGER)")
        for name in names:
            db.execute(f"CREATE TABLE {quote(name)}({columns})")
            db.execute(f"INSERT INTO {quote(name)} VALUES ({', '.join('?' * len(names))})", names)
    connector = connect(CONNECTOR, path)
    found = [dataset for dataset in connector.datasets() if dataset.name != "trap"]
    assert {dataset.name for dataset in found} == set(names)
    for dataset in found:
        (row,), _ = read(connector, dataset)
        assert row == {name: name for name in names}
        assert len(read(connector, dataset, Plan(mode="full"))[0]) == 1
    assert table(connector, "trap") == []


def test_every_row_is_as_likely_as_another(tmp_path):
    path = build(
        tmp_path / "many.duckdb",
        "CREATE TABLE t AS SELECT i + 1 AS id FROM range(20000) r(i)",
        "DELETE FROM t WHERE id % 7 = 0 AND id > 10000",
    )
    drawn = hits(connect(CONNECTOR, path), "t", seeds=60, rows=200, count=20_000)
    assert_uniform(drawn[:10_000])
    assert not any(drawn[id - 1] for id in range(10_003, 20_001, 7))


def test_a_full_reading_gives_each_row_once(tmp_path):
    path = build(tmp_path / "many.duckdb", "CREATE TABLE t AS SELECT i AS id FROM range(700000) r(i)")
    connector = connect(CONNECTOR, path)
    dataset, plan = find(connector, "t"), Plan(mode="full")
    assert len(connector.shards(dataset, plan)) > 1
    assert sorted(int(row["id"]) for row in read(connector, dataset, plan)[0]) == list(range(700_000))


def test_a_database_with_a_log_gets_no_new_files(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    script = (
        "import duckdb, os, sys\n"
        "db = duckdb.connect(sys.argv[1])\n"
        "db.execute('CREATE TABLE t AS SELECT 1 AS a'); db.execute('CHECKPOINT')\n"
        "db.execute('INSERT INTO t VALUES (2)'); os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder / "log.duckdb")], check=True)
    before = tree(folder)
    assert set(before) == {"log.duckdb", "log.duckdb.wal"}
    assert table(connect(CONNECTOR, folder / "log.duckdb"), "t") == [{"a": "1"}, {"a": "2"}]
    assert tree(folder) == before


def test_a_live_writer_is_named_and_waited_for(file):
    script = (
        "import duckdb, sys\ndb = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()\n"
    )
    live = subprocess.Popen(
        [sys.executable, "-c", script, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert live.stdout.readline() == "open\n"
    with pytest.raises(TransientError, match="open for writing") as caught:
        listed(connect(CONNECTOR, file))
    assert str(file) not in str(caught.value)
    live.communicate()
    assert len(table(find_main := connect(CONNECTOR, file), "orders")) == 1
    with duckdb.connect(str(file)) as db:  # nothing is held between readings
        db.execute("INSERT INTO orders VALUES (2, 3, 1)")
    assert len(table(find_main, "orders")) == 2


@pytest.mark.parametrize("size", [0, 11, 100, 5000, 9000])
def test_a_damaged_file_is_named_without_its_bytes(file, size):
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(SourceError) as caught:
        everything(connect(CONNECTOR, file))
    assert "canary" not in str(caught.value)
    assert "DuckDB" in str(caught.value) or "damaged" in str(caught.value)


def test_a_view_reaches_no_other_file(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    path = build(tmp_path / "views.duckdb", f"CREATE VIEW v AS SELECT * FROM read_csv('{secret}')")
    connector = connect(CONNECTOR, path, views=True)
    with pytest.raises(SourceError):
        everything(connector)


def test_a_statement_ends_when_its_time_is_up(tmp_path):
    view = "CREATE VIEW slow AS SELECT sum(sin(range)) AS n FROM range(20000000000)"
    connector = connect(CONNECTOR, build(tmp_path / "slow.duckdb", view), views=True, statement_timeout=0.3)
    with pytest.raises(SourceError, match="time"):
        read(connector, find(connector, "slow"))


def test_private_folders_are_removed(file, tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    connector = connect(CONNECTOR, file)
    everything(connector)
    connector.close()
    assert list(private.iterdir()) == []
