"""MariaDB and MySQL: what is read, what may not be read, and that the server is left as it was."""

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url

from connectors.sql.mysql import CONNECTOR
from connectors.sql.session import Session
from pii_scan.core.errors import SourceError, TransientError
from pii_scan.core.model import Plan
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.hostile import NAMES
from tests.services import run

from .reading import assert_uniform, connect, find, hits, listed, read, table

SETUP = (
    "CREATE TABLE users(id INT AUTO_INCREMENT PRIMARY KEY, email TEXT NOT NULL COMMENT 'where we write to', "
    "n INT)",
    "INSERT INTO users(email) SELECT CONCAT('canary.', seq, '@example.org') FROM seq_1_to_40",
    "CREATE TABLE orders(id INT, user_id INT REFERENCES users(id), total DECIMAL(10,2))",
    "INSERT INTO orders VALUES (1, 2, 12.50)",
    "CREATE TABLE settings(k VARCHAR(20) PRIMARY KEY, v TEXT)",
    "INSERT INTO settings SELECT CONCAT('k', seq), seq FROM seq_1_to_30",
    "CREATE TABLE memo(a TEXT) ENGINE=MyISAM",
    "CREATE VIEW everyone AS SELECT * FROM users",
)


def engine_url(url):
    return make_url(url).set(drivername="mysql+pymysql")


@pytest.fixture
def url(mariadb_url):
    run(engine_url(mariadb_url), *SETUP)
    return mariadb_url


@pytest.fixture
def reader(url):
    """A user without rights and the database's URL for it."""
    name = make_url(url).database[-20:]
    admin = engine_url(url)
    run(admin, f"CREATE USER '{name}'@'%' IDENTIFIED BY 's3cret-word'")
    yield name, make_url(url).set(username=name, password="s3cret-word").render_as_string(hide_password=False)
    run(admin, f"DROP USER '{name}'@'%'")


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, url):
        self.url = url
        return lambda: connect(CONNECTOR, url)

    def source_state(self):
        return run(engine_url(self.url), "CHECKSUM TABLE users, orders, settings, memo")

    def canaries(self):
        return ("canary.",)


def test_matches_urls_and_names_the_source():
    assert CONNECTOR.matches("mysql://u@h/d") > 0
    assert CONNECTOR.matches("mariadb+pymysql://u@h/d") > 0
    assert CONNECTOR.matches("postgresql://u@h/d") == 0
    assert CONNECTOR.config_of("mariadb://user:pw@db.example/shop")["name"] == "shop-db.example"
    assert connect(CONNECTOR, "mariadb://u@h/shop").store.default_path == ("shop",)


def test_what_is_listed(url):
    found = {path[1]: dataset for path, dataset in listed(connect(CONNECTOR, url)).items()}
    assert list(found) == ["everyone", "memo", "orders", "settings", "users"]
    assert found["everyone"].planned
    assert found["orders"].fields[1].references == found["users"].fields[0].urn
    assert found["users"].fields[1].comment == "where we write to"
    assert [f.nullable for f in found["users"].fields] == [False, False, True]
    assert len(table(connect(CONNECTOR, url, views=True), "everyone")) == 40


def test_without_a_database_all_but_the_systems_are_listed(url):
    name = make_url(url).database
    whole = make_url(url).set(database=None).render_as_string(hide_password=False)
    connector = connect(CONNECTOR, whole, name="server")
    schemas = {dataset.path[0] for dataset in connector.datasets()}
    assert name in schemas
    assert not schemas & {"mysql", "information_schema", "performance_schema", "sys"}
    only = connect(CONNECTOR, whole, name="server", schemas=[name])
    assert {dataset.path[0] for dataset in only.datasets()} == {name}


def test_the_zoo_of_types(url):
    run(
        engine_url(url),
        "SET sql_mode = ''",
        "CREATE TABLE zoo(i BIGINT UNSIGNED, n DECIMAL(20,3), r DOUBLE, b BOOLEAN, small TINYINT, bi BIT(1), "
        "bits BIT(8), ts TIMESTAMP(6) NULL, dt DATETIME, d DATE, t TIME(2), y YEAR, j JSON, bl BLOB, "
        "e ENUM('glad'), s SET('a','b'), g POINT, l VARCHAR(20) CHARACTER SET latin1, u UUID)",
        "SET time_zone = '+00:00'",
        "INSERT INTO zoo VALUES (18446744073709551615, 12.500, 1e30, TRUE, 5, b'1', b'101', "
        "'2024-01-02 01:04:05.120', '0000-00-00 00:00:00', '2024-01-02', '03:04:05.50', 2024, "
        """'{"b": 1, "a":2}', 'text', 'glad', 'a,b', POINT(1, 2), 'café', UUID())""",
        "INSERT INTO zoo(bl) VALUES (x'89ff')",
        "INSERT INTO zoo() VALUES ()",
    )
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "zoo")
    types = {field.name: field.type for field in dataset.fields}
    assert {name for name, kind in types.items() if kind == "boolean"} == {"b", "bi"}
    assert (types["j"], types["bl"], types["small"], types["u"]) == ("json", "binary", "integer", "string")
    first, second, last = read(connector, dataset)[0]
    assert first["i"] == "18446744073709551615"
    assert first["n"] == "12.5"
    assert (first["b"], first["bi"], first["bits"], first["small"]) == ("true", "true", "5", "5")
    assert first["ts"] == "2024-01-02 01:04:05.12"
    assert first["dt"] == "0000-00-00 00:00:00"
    assert first["t"] == "03:04:05.5"
    assert first["j"] == '{"a":2,"b":1}'
    assert first["bl"] == "text"
    assert first["l"] == "café"
    assert first["g"] == "POINT(1 2)"
    assert second["bl"] is None
    assert set(last.values()) == {None}


def test_a_long_value_is_cut(url):
    run(
        engine_url(url),
        "CREATE TABLE long_one(a LONGTEXT)",
        "INSERT INTO long_one VALUES (REPEAT('é', 200000))",
    )
    connector = connect(CONNECTOR, url)
    rows, notes = read(connector, find(connector, "long_one"))
    assert rows == [{"a": "é" * 65_536}]
    assert any("were cut: 1" in note.reason for note in notes)


def test_hostile_names(mariadb_url):
    admin = engine_url(mariadb_url)
    quote = lambda name: "`" + name.replace("`", "``") + "`"  # noqa: E731
    names = [n for n in NAMES if len(n) <= 64 and max(n) <= "\uffff"]  # the server's own limits
    columns = ", ".join(f"{quote(name)} TEXT" for name in names)
    values = ", ".join("'" + name.replace("\\", "\\\\").replace("'", "''") + "'" for name in names)
    run(admin, "CREATE TABLE trap(a TEXT)")
    made = [name for name in names if not name.endswith(" ")]
    for number, name in enumerate(made):
        run(
            admin,
            f"CREATE TABLE {quote(name)}({columns})"
            if number % 5 == 0
            else f"CREATE TABLE {quote(name)}(a TEXT)",
            f"INSERT INTO {quote(name)} VALUES ({values if number % 5 == 0 else 1})",
        )
    connector = connect(CONNECTOR, mariadb_url)
    found = [dataset for dataset in connector.datasets() if dataset.name != "trap"]
    assert {dataset.name for dataset in found} == set(made)
    for dataset in found:
        (row,), _ = read(connector, dataset)
        assert row in ({name: name for name in names}, {"a": "1"})
    assert run(admin, "SELECT COUNT(*) FROM trap") == [(0,)]


def test_denied_columns(url, reader):
    name, address = reader
    database = make_url(url).database
    run(
        engine_url(url),
        f"GRANT SELECT (id, email) ON {database}.users TO '{name}'@'%'",
        f"GRANT INSERT (n) ON {database}.users TO '{name}'@'%'",
        f"GRANT INSERT ON {database}.orders TO '{name}'@'%'",
    )
    connector = connect(CONNECTOR, address)
    rows, notes = read(connector, find(connector, "users"))
    assert len(rows) == 40
    assert set(rows[0]) == {"id", "email"}
    assert any(note.lost and "1 of 3 columns" in note.reason for note in notes)
    with pytest.raises(SourceError, match="permission denied"):
        table(connector, "orders")


def test_a_wrong_password_is_explained(reader):
    name, address = reader
    bad = make_url(address).set(password="wr0ng-w@rd/#")
    connector = connect(CONNECTOR, bad.render_as_string(hide_password=False))
    with pytest.raises(SourceError) as error:
        list(connector.datasets())
    text = f"{error.value!s} {error.value!r} {error.value.__cause__!r}"
    assert str(error.value).startswith("the server refused the user or password")
    assert "check the user and the secret that the url refers to" in text
    assert "wr0ng" not in text
    assert name not in text
    assert not isinstance(error.value, TransientError)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "no_such_db"}, "the database does not exist"),
        ({"host": "db.invalid"}, "the host is unknown"),
        ({"port": 1}, "can't be reached"),
    ],
)
def test_a_connection_that_fails_is_explained(url, change, reason):
    connector = connect(CONNECTOR, make_url(url).set(**change).render_as_string(hide_password=False))
    with pytest.raises(SourceError, match=reason) as error:
        list(connector.datasets())
    assert "no_such_db" not in str(error.value)


def test_a_lock_is_not_waited_for(url):
    locked, done = threading.Event(), threading.Event()

    def hold():
        with create_engine(engine_url(url)).connect() as connection:
            connection.exec_driver_sql("LOCK TABLES users WRITE")
            locked.set()
            done.wait(20)
            connection.exec_driver_sql("UNLOCK TABLES")

    connector = connect(CONNECTOR, url)
    dataset = find(connector, "users")
    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        with pytest.raises(TransientError, match="lock"):
            read(connector, dataset)
    finally:
        done.set()
        holder.join()


def test_a_slow_statement_is_stopped(url):
    run(engine_url(url), "CREATE VIEW slow AS SELECT SLEEP(5) AS a")
    connector = connect(CONNECTOR, url, views=True, statement_timeout=0.3)
    with pytest.raises(TransientError, match="too long"):
        connector._session.page("SELECT COUNT(*) FROM slow WHERE a = 0")


def test_limits_are_read_back(url):
    connector = connect(CONNECTOR, url)
    guard = connector._session.guard
    connector._session.guard = replace(guard, start=guard.start[:1])
    with pytest.raises(SourceError, match="does not keep the read-only"):
        list(connector.datasets())


def test_nothing_can_be_written(url):
    connector = connect(CONNECTOR, url)
    with pytest.raises(SourceError):
        connector._session.page("INSERT INTO orders VALUES (9, 9, 9)")
    run(
        engine_url(url),
        "CREATE TABLE trap(a INT)",
        "CREATE FUNCTION evil() RETURNS INT SQL SECURITY DEFINER "
        "BEGIN INSERT INTO trap VALUES (1); RETURN 1; END",
        "CREATE VIEW bait AS SELECT evil() AS a",
    )
    baited = connect(CONNECTOR, url, views=True)
    with pytest.raises(SourceError):
        table(baited, "bait")
    assert run(engine_url(url), "SELECT COUNT(*) FROM trap") == [(0,)]


def test_a_lost_connection_is_transient_and_opens_again(url):
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "users")
    (number,) = connector._session.page("SELECT CONNECTION_ID()")[0]
    run(engine_url(url), f"KILL {number}")
    alive = f"SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = {number}"
    end = time.monotonic() + 10
    while run(engine_url(url), alive) and time.monotonic() < end:
        time.sleep(0.05)
    with pytest.raises(TransientError):
        read(connector, dataset)
    assert len(read(connector, dataset)[0]) == 40


@pytest.mark.parametrize("key", ["id INT PRIMARY KEY", "id INT NOT NULL, KEY (id)", "id INT"])
def test_samples_are_uniform(url, key):
    run(
        engine_url(url),
        f"CREATE TABLE big({key}) SELECT IF(seq <= 1500, seq, 2 * seq) AS id FROM seq_1_to_3000",
        "ALTER TABLE big ADD ordinal INT",
        "UPDATE big SET ordinal = IF(id <= 1500, id, id / 2)",
        "ANALYZE TABLE big",
    )
    assert_uniform(hits(connect(CONNECTOR, url), "big", 50, 150, 3000, key="ordinal"))


def test_a_full_reading_by_ranges_of_the_key(url):
    run(
        engine_url(url),
        "CREATE TABLE far(id BIGINT PRIMARY KEY) "
        "SELECT IF(seq > 2500, seq + 1000000000, seq) AS id FROM seq_1_to_3000",
        "INSERT INTO far VALUES (-5)",
    )
    connector = connect(CONNECTOR, url, page_rows=100)
    dataset = find(connector, "far")
    assert len(connector.shards(dataset, Plan(mode="full"))) > 1
    rows, _ = read(connector, dataset, Plan(mode="full"))
    assert len({row["id"] for row in rows}) == len(rows) == 3001


def test_the_changes_of_a_schema_are_asked_for_at_once(url, monkeypatch):
    run(engine_url(url), *[f"CREATE TABLE t{n}(a INT)" for n in range(3)], "INSERT INTO t1 VALUES (1)")
    time.sleep(3.1)  # what is not two seconds old tells nothing
    connector = connect(CONNECTOR, url)
    found = listed(connector)
    asked = []
    page = Session.page
    monkeypatch.setattr(Session, "page", lambda self, sql: asked.append(sql) or page(self, sql))
    tokens = {path[-1]: connector.token(dataset) for path, dataset in found.items()}
    assert len(asked) == 1
    assert tokens["t1"]
    run(engine_url(url), "INSERT INTO t1 VALUES (2)")
    assert connector.token(found[next(path for path in found if path[-1] == "t1")]) == tokens["t1"]
    later = {path[-1]: connector.token(dataset) for path, dataset in listed(connector).items()}
    assert later["t1"] != tokens["t1"]
    connector.close()
