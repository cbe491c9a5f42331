"""Cells as text: what is equal in meaning is equal to the byte."""

import sqlite3

import pyarrow as pa
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from connectors.sql.mysql import CONNECTOR as mysql
from connectors.sql.postgresql import CONNECTOR as postgresql
from connectors.sql.sqlite import CONNECTOR
from connectors.sql.text import CAP, column, cut, decode, decode_blob
from pii_scan.core.model import Plan
from pii_scan.run.coverage import of_shard
from pii_scan.run.reading import ShardResult

from .reading import connect, find, read


def one(value, kind):
    return column([value], kind, decode)[0].as_py()


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("12.50", "number", "12.5"),
        ("12.00", "number", "12"),
        ("12.", "number", "12"),
        ("-0.00", "number", "0"),
        ("100", "number", "100"),
        ("1e+17", "number", "100000000000000000"),
        ("1.5e-3", "number", "0.0015"),
        ("NaN", "number", "NaN"),
        ("4111111111111111", "number", "4111111111111111"),
        (12.5, "number", "12.5"),
        (1e17, "number", "100000000000000000"),
        ("1", "boolean", "true"),
        ("0", "boolean", "false"),
        (True, "boolean", "true"),
        (0, "boolean", "false"),
        ("2", "boolean", "2"),
        ("2024-01-02T03:04:05.1200Z", "timestamp", "2024-01-02 03:04:05.12"),
        ("2024-01-02 03:04:05.000000", "timestamp", "2024-01-02 03:04:05"),
        ("2024-01-02 03:04:05+00", "timestamp", "2024-01-02 03:04:05"),
        ("2024-01-02 03:04:05+02", "timestamp", "2024-01-02 03:04:05+02"),
        ("infinity", "timestamp", "infinity"),
        ("03:04:05.500", "time", "03:04:05.5"),
        ('{"b": 1.0, "a": [2, "é"]}', "json", '{"a":[2,"é"],"b":1}'),
        ('{"v": "a", "v": {"x": 1, "x": 2}}', "json", '{"v":"a","v (2)":{"x":1,"x (2)":2}}'),
        ("{broken", "json", "{broken"),
        ("[" * 100_000, "json", "[" * 100_000),
        ("0012.50", "string", "0012.50"),
        (b"caf\xc3\xa9", "string", "café"),
        (b"caf\xe9", "string", "café"),
        (b"caf\xc3\xa9", "binary", "café"),
        (b"\x89PNG\xff", "binary", None),
        (b"a\x00b", "binary", None),
        ("a\x00b", "string", "a\x00b"),
        ("lone \ud800", "string", "lone ?"),
        (None, "number", None),
    ],
)
def test_a_cell_is_written_in_one_way(value, kind, text):
    assert one(value, kind) == text


def test_a_long_cell_is_cut_and_counted():
    texts, longer = cut(pa.array(["x" * (CAP + 1), "é" * CAP, None]))
    assert longer == [0]
    assert [t if t is None else len(t) for t in texts.to_pylist()] == [CAP, CAP, None]


def test_a_blob_that_is_cut_within_a_character_is_still_text():
    text = decode_blob(("é" * CAP).encode()[: CAP + 1])
    assert text.rstrip() == "é" * (CAP // 2)
    assert cut(pa.array([text, "é" * CAP]))[1] == [0], "it counts as cut"


def test_a_sample_looks_at_the_beginning_of_a_long_value(tmp_path):
    path = tmp_path / "long.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes(a TEXT)")
        db.execute("INSERT INTO notes VALUES (?)", ("x" * 70_000 + " ann@example.org",))
    connector = connect(CONNECTOR, path)
    dataset, plan = find(connector, "notes"), Plan()
    (shard,) = connector.shards(dataset, plan)
    rows, notes = read(connector, dataset, plan)
    covered = of_shard(dataset.urn, ShardResult("s", shard, {}, len(rows), 1, tuple(notes)))
    assert (covered.state, covered.rows) == ("sampled", 1)
    assert "values longer than 65536 characters were cut: 1, the rest of them was not read" in covered.reason


@pytest.mark.parametrize("fixture", ["postgres_url", "mariadb_url"])
def test_long_text_in_a_binary_value_counts_as_long(request, fixture):
    url = request.getfixturevalue(fixture)
    kind, driver, binary = {
        "postgres_url": (postgresql, "postgresql+psycopg", "bytea"),
        "mariadb_url": (mysql, "mysql+pymysql", "LONGBLOB"),
    }[fixture]
    with create_engine(make_url(url).set(drivername=driver), poolclass=NullPool).begin() as db:
        db.exec_driver_sql(f"CREATE TABLE files(a {binary})")
        for value in ("é".encode() * 40_000, b"\0" * 90_000, b"short"):
            db.exec_driver_sql("INSERT INTO files VALUES (%s)", (value,))
    connector = connect(kind, url)
    rows, notes = read(connector, find(connector, "files"), Plan(mode="full"))
    connector.close()
    assert sorted(len(row["a"].rstrip()) for row in rows if row["a"]) == [5, 32_768]
    assert [note.reason for note in notes] == ["values longer than 65536 characters were read in windows: 1"]
