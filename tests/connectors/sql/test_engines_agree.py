"""The same data in four engines gives the same text, so that inventories can be compared."""

import sqlite3

import pytest

from connectors.sql import duckdb, mysql, postgresql, sqlite
from pii_scan.core.model import Plan
from tests.services import run

from .reading import connect, listed, read
from .test_duckdb import build
from .test_mysql import engine_url as mysql_engine
from .test_postgresql import engine_url as postgresql_engine

COLUMNS = (
    "id {int} PRIMARY KEY, name VARCHAR(80) NOT NULL, balance DECIMAL(12,2), ratio {double}, active BOOLEAN, "
    "born DATE, seen {timestamp}, alarm TIME, extra {json}, picture {blob}"
)
DIALECTS = {
    "sqlite": {"int": "INTEGER", "double": "REAL", "timestamp": "TIMESTAMP", "json": "JSON", "blob": "BLOB"},
    "postgresql": {
        "int": "INT",
        "double": "FLOAT8",
        "timestamp": "TIMESTAMP",
        "json": "JSONB",
        "blob": "BYTEA",
    },
    "duckdb": {"int": "INT", "double": "DOUBLE", "timestamp": "TIMESTAMP", "json": "JSON", "blob": "BLOB"},
    "mysql": {"int": "INT", "double": "DOUBLE", "timestamp": "DATETIME(6)", "json": "JSON", "blob": "BLOB"},
}
ROWS = (
    """(1, 'Zoë O''Hara', 12.50, 0.1, TRUE, '1990-02-28', '2024-01-02 03:04:05.120000', '07:30:00',
       '{"b": [1, 2.50], "a": {"email": "zoe@example.org"}}', 'text')""",
    "(2, '名前 😀', -0.05, 1e20, FALSE, '1899-12-31', '2024-01-02 00:00:00', '23:59:59', '[]', NULL)",
    "(3, '', 1000000000.00, 123456.789, NULL, NULL, NULL, NULL, NULL, NULL)",
    "(4, ' spaces ', 0, 0.30000000000000004, TRUE, '2000-01-01', '1999-12-31 23:59:59.999999', '00:00:00', "
    "'\"x\"', NULL)",
)


def statements(dialect):
    yield f"CREATE TABLE people({COLUMNS.format(**DIALECTS[dialect])})"
    yield from (f"INSERT INTO people VALUES {row}" for row in ROWS)


@pytest.fixture
def sources(tmp_path, postgres_url, mariadb_url):
    path = tmp_path / "agree.db"
    db = sqlite3.connect(path)
    for statement in statements("sqlite"):
        db.execute(statement)
    db.commit()
    db.close()
    other = build(tmp_path / "agree.duckdb", *statements("duckdb"))
    run(postgresql_engine(postgres_url), *statements("postgresql"))
    run(mysql_engine(mariadb_url), *statements("mysql"))
    return [
        connect(sqlite.CONNECTOR, path),
        connect(postgresql.CONNECTOR, postgres_url),
        connect(mysql.CONNECTOR, mariadb_url),
        connect(duckdb.CONNECTOR, other),
    ]


def seen(connector, plan):
    (dataset,) = listed(connector).values()
    shards = connector.shards(dataset, plan)
    sizes = [batch.bytes for shard in shards for batch in connector.read(shard) if hasattr(batch, "bytes")]
    types = [(field.path, field.type, field.nullable) for field in dataset.fields]
    return types, *read(connector, dataset, plan), sizes


@pytest.mark.parametrize("plan", [Plan(), Plan(mode="full", batch_rows=3)])
def test_four_engines_read_the_same(sources, plan):
    first, second, third, fourth = (seen(connector, plan) for connector in sources)
    assert first == second
    assert second == third
    assert third == fourth
    assert first[1][0]["balance"] == "12.5"
    assert first[1][0]["extra"] == '{"a":{"email":"zoe@example.org"},"b":[1,2.5]}'


def test_paths_differ_only_by_the_default_schema(sources):
    for connector in sources:
        ((path, _),) = listed(connector).items()
        assert path == (*connector.store.default_path, "people")
