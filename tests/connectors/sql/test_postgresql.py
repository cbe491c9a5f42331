"""PostgreSQL: what is read, what may not be read, and that the server is left as it was."""

import threading
import time
import uuid

import pytest
from psycopg import OperationalError
from sqlalchemy import make_url

from connectors.sql.postgresql import CONNECTOR
from connectors.sql.postgresql_errors import explain
from connectors.sql.session import quoter
from pii_scan.core.errors import SourceError, TransientError
from pii_scan.core.model import Batch, Plan
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.hostile import NAMES
from tests.services import run

from .reading import assert_uniform, connect, find, hits, listed, read, table

SETUP = (
    "CREATE TABLE users(id serial PRIMARY KEY, email text NOT NULL, note varchar(20))",
    "COMMENT ON COLUMN users.email IS 'where we write to'",
    "INSERT INTO users(email) SELECT 'canary.' || i || '@example.org' FROM generate_series(1, 40) i",
    "CREATE TABLE orders(id int, user_id int REFERENCES users, total numeric(10,2))",
    "INSERT INTO orders VALUES (1, 2, 12.50)",
    "CREATE SCHEMA crm",
    "CREATE TABLE crm.leads(name text)",
    "INSERT INTO crm.leads VALUES ('canary.lead')",
    "CREATE VIEW everyone AS SELECT * FROM users",
    "CREATE MATERIALIZED VIEW mailing AS SELECT email FROM users",
    "CREATE TABLE parts(id int, at date) PARTITION BY RANGE (at)",
    "CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "INSERT INTO parts VALUES (1, '2024-05-05')",
)


FULL = Plan(mode="full")


def engine_url(url):
    return make_url(url).set(drivername="postgresql+psycopg")


@pytest.fixture
def url(postgres_url):
    run(engine_url(postgres_url), *SETUP)
    return postgres_url


@pytest.fixture
def reader(url):
    """A user without rights and the database's URL for it."""
    name = make_url(url).database + "_reader"
    admin = engine_url(url)
    run(admin, f"CREATE ROLE {name} LOGIN PASSWORD 's3cret-word'", f"GRANT USAGE ON SCHEMA crm TO {name}")
    yield name, make_url(url).set(username=name, password="s3cret-word").render_as_string(hide_password=False)
    run(admin, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, url):
        self.url = url
        return lambda: connect(CONNECTOR, url)

    def source_state(self):
        return run(
            engine_url(self.url),
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relid",
            "SELECT (SELECT array_agg(u::text ORDER BY u::text) FROM users u), temp_bytes "
            "FROM pg_stat_database WHERE datname = current_database()",
        )

    def canaries(self):
        return ("canary.",)


def test_matches_urls_and_names_the_source():
    assert CONNECTOR.matches("postgres://u@h/d") > 0
    assert CONNECTOR.matches("postgresql+psycopg://u@h/d") > 0
    assert CONNECTOR.matches("mysql://u@h/d") == 0
    assert CONNECTOR.config_of("postgresql://user:pw@db.example/shop")["name"] == "shop-db.example"


def test_what_is_listed(url):
    found = listed(connect(CONNECTOR, url))
    assert [path for path, dataset in found.items() if not dataset.skip] == [
        ("crm", "leads"),
        ("public", "mailing"),
        ("public", "orders"),
        ("public", "parts_2024"),
        ("public", "users"),
    ]
    assert found["public", "everyone"].planned
    assert found["public", "parts"].planned
    orders, users = found["public", "orders"], found["public", "users"]
    assert orders.fields[1].references == users.fields[0].urn
    assert users.fields[1].comment == "where we write to"
    assert [f.nullable for f in users.fields] == [False, False, True]


def test_schemas_and_exclusions(url):
    found = listed(connect(CONNECTOR, url, schemas=["crm"]))
    assert [d.name for d in found.values() if not d.skip] == ["leads"]
    found = listed(connect(CONNECTOR, url, exclude=["crm.*", "mail*"], include=["*"]))
    assert {d.name for d in found.values() if d.skip.startswith("excluded")} == {"leads", "mailing"}


def test_a_foreign_table_is_a_gap(url):
    run(
        engine_url(url),
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1')",
        "CREATE FOREIGN TABLE remote(a text) SERVER far",
    )
    dataset = find(connect(CONNECTOR, url), "remote")
    assert dataset.skip
    assert not dataset.planned


def test_large_objects_are_a_gap(url):
    assert ("pg_catalog", "pg_largeobject") not in listed(connect(CONNECTOR, url))
    run(engine_url(url), "SELECT lo_from_bytea(0, 'canary'::bytea) FROM generate_series(1, 3)")
    (found,) = [d for d in listed(connect(CONNECTOR, url)).values() if d.name == "pg_largeobject"]
    assert (found.skip[:15], found.planned) == ("3 large objects", False)
    (left,) = [
        d
        for d in listed(connect(CONNECTOR, url, exclude=["pg_largeobject"])).values()
        if d.name == found.name
    ]
    assert left.planned


def test_the_zoo_of_types(url):
    run(
        engine_url(url),
        "CREATE TYPE mood AS ENUM ('glad')",
        "CREATE DOMAIN mail AS text",
        "CREATE DOMAIN strict_mail AS mail",
        "CREATE TABLE zoo(i int8, n numeric, r float8, b bool, ts timestamp, tz timestamptz, d date, t time, "
        "j json, jb jsonb, by bytea, u uuid, a text[], m mood, dm strict_mail, c char(5), ip inet, x xml, "
        "iv interval)",
        "INSERT INTO zoo VALUES (9223372036854775807, 12.500, 1e300, true, 'infinity', "
        "'2024-01-02 03:04:05.120+02', '4713-01-01 BC', '03:04:05.50', '{\"b\": 1, \"a\":2}', '{}', 'text', "
        "'00000000-0000-0000-0000-000000000001', '{a,NULL}', 'glad', 'ada@example.org', 'ab', '10.0.0.1', "
        "'<a/>', '1 day')",
        "INSERT INTO zoo(ts, by, n) VALUES ('294276-12-31 00:00', '\\x89ff', 'NaN')",
        "INSERT INTO zoo(n) VALUES (repeat('9', 100000)::numeric)",
        "INSERT INTO zoo DEFAULT VALUES",
    )
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "zoo")
    types = {field.name: field.type for field in dataset.fields}
    assert (types["i"], types["n"], types["tz"], types["jb"], types["a"]) == (
        "integer", "number", "timestamp", "json", "json",
    )  # fmt: skip
    assert (types["m"], types["dm"], types["by"], types["u"]) == ("string", "string", "binary", "string")
    (first, second, third, last), notes = read(connector, dataset)
    assert first["n"] == "12.5"
    assert first["ts"] == "infinity"
    assert first["tz"] == "2024-01-02 01:04:05.12"
    assert first["d"] == "4713-01-01 BC"
    assert first["t"] == "03:04:05.5"
    assert first["j"] == '{"a":2,"b":1}'
    assert first["by"] == "text"
    assert first["a"] == '["a",null]'
    assert first["c"] == "ab"
    assert second["by"] is None
    assert second["ts"] == "294276-12-31 00:00:00"
    assert second["n"] == "NaN"
    assert len(third["n"]) == 65_536
    assert set(last.values()) == {None}
    assert any("were cut: 1" in note.reason for note in notes)


def test_hostile_names(postgres_url):
    admin = engine_url(postgres_url)
    quote = lambda name: '"' + name.replace('"', '""') + '"'  # noqa: E731
    names = [name for name in NAMES if name != "ctid"]
    columns = ", ".join(f"{quote(name)} text" for name in names)
    values = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    run(admin, "CREATE TABLE trap(a text)", f"CREATE SCHEMA {quote(names[6])}")
    for name in names:
        for schema in ("public", quote(names[6])):
            run(
                admin,
                f"CREATE TABLE {schema}.{quote(name)}({columns})",
                f"INSERT INTO {schema}.{quote(name)} VALUES ({values})",
            )
    connector = connect(CONNECTOR, postgres_url)
    found = [dataset for dataset in connector.datasets() if dataset.name != "trap"]
    assert {dataset.name for dataset in found} == set(names)
    assert len(found) == 2 * len(names)
    for dataset in found:
        (row,), _ = read(connector, dataset)
        assert row == {name: name for name in names}
    assert run(admin, "SELECT count(*) FROM trap") == [(0,)]
    assert quoter(admin)("a%b") == '"a%%b"'


def test_denied_tables_columns_and_rows(url, reader):
    name, address = reader
    run(
        engine_url(url),
        f"GRANT SELECT (id, email) ON users TO {name}",
        "CREATE TABLE secured(a text)",
        "INSERT INTO secured VALUES ('canary.x')",
        "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
        f"GRANT SELECT ON secured, crm.leads TO {name}",
    )
    connector = connect(CONNECTOR, address)
    found = listed(connector)
    with pytest.raises(SourceError, match=r"permission denied.*grant SELECT") as denied:
        read(connector, found["public", "orders"])
    assert not isinstance(denied.value, TransientError)
    with pytest.raises(SourceError, match=r"row-level security.*BYPASSRLS"):
        read(connector, found["public", "secured"])
    rows, notes = read(connector, found["public", "users"])
    assert len(rows) == 40
    assert set(rows[0]) == {"id", "email"}
    (note,) = [note for note in notes if note.lost]
    assert "1 of 3 columns are denied" in note.reason
    assert len(read(connector, found["crm", "leads"])[0]) == 1
    assert len(found["public", "users"].fields) == 3
    sample, notes = read(connector, found["public", "users"], Plan(rows=5))
    assert len(sample) <= 5
    assert any(note.sampled for note in notes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "no_such_db"}, "the database does not exist"),
        ({"username": "nobody_here"}, "refused the user"),
        ({"host": "db.invalid"}, "the host is unknown"),
        ({"port": 1}, "can't be reached"),
    ],
)
def test_a_connection_that_fails_is_explained(url, change, reason):
    bad = make_url(url).set(password="s3cret-w@rd/#", **change)
    connector = connect(CONNECTOR, bad.render_as_string(hide_password=False))
    with pytest.raises(SourceError, match=reason) as error:
        list(connector.datasets())
    shown = f"{error.value!s} {error.value!r} {error.value.__cause__!r} {connector!r} {connector._session!r}"
    assert "s3cret" not in shown
    assert "no_such_db" not in shown
    assert error.value.__suppress_context__
    assert "s3cret" not in repr(CONNECTOR.config(**CONNECTOR.config_of("postgresql://u:s3cret@h/d")))


def test_a_wrong_password_is_explained():
    """By the server's message, because the server of the tests may trust everyone."""
    fault = explain(
        OperationalError('connection failed: FATAL: password authentication failed for user "ada"')
    )
    assert not isinstance(fault, TransientError)
    assert str(fault).startswith("the server refused the user or password")
    assert "check the user and the secret that the url refers to" in str(fault)
    assert "ada" not in str(fault)


def test_a_lock_is_not_waited_for(url):
    admin = engine_url(url)
    locked, done = threading.Event(), threading.Event()

    def hold():
        from sqlalchemy import create_engine

        with create_engine(admin).begin() as connection:
            connection.exec_driver_sql("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            locked.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        connector = connect(CONNECTOR, url)
        started = time.monotonic()
        with pytest.raises(TransientError, match="lock"):
            table(connector, "users")
        assert time.monotonic() - started < 3
        assert len(table(connector, "orders")) == 1
    finally:
        done.set()
        holder.join()


def test_no_scan_where_the_limits_do_not_hold(url, monkeypatch):
    from dataclasses import replace

    connector = connect(CONNECTOR, url)
    guard = connector._session.guard
    connector._session.guard = replace(guard, begin=guard.begin.replace("READ ONLY", "READ WRITE"))
    with pytest.raises(SourceError, match="does not keep the read-only"):
        list(connector.datasets())


def test_an_evil_view_can_not_write(url):
    run(
        engine_url(url),
        "CREATE TABLE trap(a text)",
        "CREATE FUNCTION evil() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS "
        "$$ BEGIN INSERT INTO public.trap VALUES ('x'); RETURN 'x'; END $$",
        "CREATE VIEW bait AS SELECT evil() AS a",
    )
    connector = connect(CONNECTOR, url, views=True)
    with pytest.raises(SourceError):
        table(connector, "bait")
    assert run(engine_url(url), "SELECT count(*) FROM trap") == [(0,)]
    assert len(table(connector, "everyone", Plan(rows=5))) == 5


def test_a_lost_connection_is_transient_and_opens_again(url):
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "users")
    run(
        engine_url(url),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'pii-scan' AND datname = current_database()",
    )
    with pytest.raises(TransientError):
        read(connector, dataset)
    assert len(read(connector, dataset)[0]) == 40


def test_every_page_is_read_only_and_named(url):
    connector = connect(CONNECTOR, url, statement_timeout=3)
    row = connector._session.page(
        "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout'), "
        "current_setting('row_security'), current_setting('application_name')"
    )[0]
    assert row == ("on", "3s", "off", "pii-scan")
    with pytest.raises(SourceError):
        connector._session.page("INSERT INTO public.orders VALUES (9)")


@pytest.mark.parametrize("version", [150_000, 130_000])
def test_samples_are_uniform_by_blocks(url, version):
    run(
        engine_url(url),
        "CREATE TABLE big AS SELECT i AS id, repeat('x', 300) AS pad FROM generate_series(1, 4000) i",
        "ANALYZE big",
    )
    connector = connect(CONNECTOR, url)
    connector._server = (version, *connector._facts()[1:])
    assert_uniform(hits(connector, "big", 40, 150, 4000))
    _, notes = read(connector, find(connector, "big"), Plan(rows=100))
    assert any(note.sampled and note.total == 4000 for note in notes)
    everything = table(connector, "big", Plan(mode="full"))
    assert [int(row["id"]) for row in everything] == list(range(1, 4001))


def test_a_sample_reads_few_blocks(url):
    run(
        engine_url(url),
        "CREATE TABLE wide AS SELECT i AS id, repeat('y', 230) AS pad FROM generate_series(1, 60000) i",
    )
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "wide")
    plan = connector._session.page(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT TEXT) " + _statement(connector, dataset)
    )
    text = "\n".join(str(row[0]) for row in plan)
    assert "Tid Scan" in text
    assert "Seq Scan" not in text
    assert len(read(connector, dataset, Plan(rows=1000))[0]) == 1000


def _statement(connector, dataset):
    table = connector._listing.table(dataset)
    return f"{connector._select(table)} WHERE {connector._drawn([5, 401, 802, 1203])}"


def test_full_shards_cover_every_block_once(url, monkeypatch):
    from connectors.sql import postgresql

    run(
        engine_url(url),
        "CREATE TABLE many AS SELECT i AS id, repeat('z', 500) AS p FROM generate_series(1, 3000) i",
    )
    monkeypatch.setattr(postgresql, "_SHARD_BLOCKS", 10)
    connector = connect(CONNECTOR, url)
    dataset = find(connector, "many")
    shards = connector.shards(dataset, Plan(mode="full"))
    assert 10 < len(shards) <= 16
    rows, _ = read(connector, dataset, Plan(mode="full"))
    assert [int(row["id"]) for row in rows] == list(range(1, 3001))


def test_a_database_without_an_encoding(postgresql_server):
    name = f"pii_scan_test_{uuid.uuid4().hex[:12]}"
    run(
        postgresql_server.url,
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
    )
    url = postgresql_server.url.set(database=name)
    try:
        utf8 = url.update_query_dict({"client_encoding": "utf8"})
        run(utf8, "CREATE TABLE t(a text)", "INSERT INTO t VALUES (E'caf\\xe9'), (E'caf\\xc3\\xa9')")
        connector = connect(CONNECTOR, url.render_as_string(hide_password=False))
        assert [row["a"] for row in table(connector, "t")] == ["café", "café"]
        connector.close()
    finally:
        run(postgresql_server.url, f"DROP DATABASE {name}")


def test_copies_and_rows_give_the_same(url, monkeypatch):
    from connectors.sql.postgresql import PostgresConnector

    run(
        engine_url(url),
        "CREATE TABLE mixed AS SELECT i, i / 8.0 AS n, i % 3 = 0 AS b, "
        "CASE WHEN i % 5 > 0 THEN repeat('ü', i) END AS t, decode(repeat('61', i % 7), 'hex') AS by, "
        "ARRAY[i, NULL] AS a, json_build_object('b', i, 'a', 1.50) AS j, repeat('z', i)::char(9) AS c, "
        "timestamptz '2024-01-01' + i * interval '1 hour' AS at, int4range(i, NULL) AS r, "
        "('10.0.0.' || i % 250)::inet AS ip FROM generate_series(1, 500) i",
    )
    everything = []
    for bytewise in (False, True):
        monkeypatch.setattr(PostgresConnector, "_bytewise", lambda _, answer=bytewise: answer)
        connector = connect(CONNECTOR, url)
        dataset = find(connector, "mixed")
        items = [item for shard in connector.shards(dataset, FULL) for item in connector.read(shard)]
        batches = [item for item in items if isinstance(item, Batch)]
        everything.append([(batch.table.to_pydict(), batch.bytes) for batch in batches])
    assert everything[0] == everything[1]
    assert sum(len(columns["c0"]) for columns, _ in everything[0]) == 500


def test_a_copy_that_fails_midway_leaves_the_connection_usable(url):
    connector = connect(CONNECTOR, url)
    failing = "SELECT 1 / (i - 5000) FROM generate_series(1, 9000) i"
    with pytest.raises(SourceError, match=r"could not answer.*22012") as error:
        connector._session.copy(failing, 1)
    assert not isinstance(error.value, TransientError)
    with pytest.raises(TransientError, match="took too long"):
        connect(CONNECTOR, url, statement_timeout=0.2)._session.copy("SELECT pg_sleep(5)", 1)
    assert sum(batch.num_rows for batch in connector._session.copy("SELECT 1 FROM public.users", 1)) == 40
    with pytest.raises(SourceError):
        connector._session.copy("INSERT INTO public.orders VALUES (9) RETURNING 1", 1)
