"""Values beyond what a cell holds: a full reading sees all of them, and the ledger says how."""

import sqlite3
from contextlib import closing

import duckdb
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from connectors.sql import duckdb as ducks
from connectors.sql.mysql import CONNECTOR as mysql
from connectors.sql.postgresql import CONNECTOR as postgresql
from connectors.sql.sqlite import CONNECTOR as sqlite
from connectors.sql.text import CAP
from pii_scan.core.model import LOCATOR, Batch, Note, Plan
from pii_scan.run.coverage import of_shard
from pii_scan.run.reading import ShardResult, _records

from .reading import connect, find

FULL = Plan(mode="full")
WHO = "ann.ek@example.org"


def _words(count, sign=""):
    """Words that differ, of eight signs each with the blank."""
    return " ".join(f"{sign}{number:0{7 - len(sign)}d}" for number in range(count))


#: Values with the identifier behind the first cell, across its end, in wide letters, beyond several windows.
LONG = (
    f"{_words(9_000)} {WHO}",
    f"{_words(8_191)} {WHO} {_words(12_000, 'b')}",
    f"{_words(20_000, 'é')} {WHO}",
    f"{_words(60_000)} {WHO}",
)
ROWS = ("short", *LONG[:2], None, "é" * CAP, *LONG[2:])
#: How many values do not fit; of binary ones, servers are asked for fewer bytes at first.
LONGER = {"postgresql": 8, "mysql": 8, "sqlite": 7, "duckdb": 7}
KEYED = "CREATE TABLE notes({key}, body {text}, raw {binary}, other {text})"
KEYLESS = "CREATE TABLE bare(body {text}, raw {binary}, other {text})"


def _filled(request, tmp_path, kind):
    """The connector and address of a database of the two tables."""
    if kind in ("sqlite", "duckdb"):
        path = tmp_path / f"long.{kind}"
        with closing((sqlite3 if kind == "sqlite" else duckdb).connect(path)) as db:
            _fill(lambda sql, *values: db.execute(sql, *values), "BLOB", "?", kind)
            db.commit()
        return (sqlite if kind == "sqlite" else ducks.CONNECTOR), path
    url = request.getfixturevalue("postgres_url" if kind == "postgresql" else "mariadb_url")
    driver = "postgresql+psycopg" if kind == "postgresql" else "mysql+pymysql"
    with create_engine(make_url(url).set(drivername=driver), poolclass=NullPool).begin() as db:
        _fill(db.exec_driver_sql, "bytea" if kind == "postgresql" else "LONGBLOB", "%s", kind)
    return (postgresql if kind == "postgresql" else mysql), url


def _fill(run, binary, mark, kind):
    text = "LONGTEXT" if kind == "mysql" else "TEXT"
    run(KEYED.format(key="id INTEGER PRIMARY KEY", text=text, binary=binary))
    run(KEYLESS.format(text=text, binary=binary))
    for number, value in enumerate(ROWS):
        raw = b"\xff\x00" * 50_000 if number == 1 else (value or "").encode()
        row = (value, raw, "small")
        run(f"INSERT INTO notes VALUES ({', '.join([mark] * 4)})", (number + 1, *row))
        run(f"INSERT INTO bare VALUES ({', '.join([mark] * 3)})", row)


@pytest.mark.parametrize("table", ["notes", "bare"])
@pytest.mark.parametrize("kind", ["postgresql", "mysql", "sqlite", "duckdb"])
def test_long_values_are_read_to_their_end(request, tmp_path, kind, table, monkeypatch):
    monkeypatch.setattr("connectors.sql.continuing._WIDEST", 200_000)
    connector = connect(*_filled(request, tmp_path, kind))
    dataset = find(connector, table)
    (shard,) = connector.shards(dataset, FULL)
    items = list(connector.read(shard))
    connector.close()
    batches = [item for item in items if isinstance(item, Batch)]
    notes = [item for item in items if isinstance(item, Note)]
    for column, expected in (("body", {1, 2, 5, 6}), ("raw", {2, 5, 6})):
        whole = _whole(batches, column)
        found = {number for number, pieces in whole.items() if any(WHO in piece for piece in pieces)}
        assert found == expected, column
        for number in expected:
            words = {word for piece in whole[number] for word in piece.split()}
            assert words >= set(ROWS[number].split())
    assert max(max(map(len, pieces)) for pieces in _whole(batches, "body").values()) <= CAP
    assert sum(map(_records, batches)) == len(ROWS)
    covered = of_shard(dataset.urn, ShardResult("s", shard, {}, len(ROWS), 1, tuple(notes)))
    assert covered.state == "scanned"
    assert f"values longer than {CAP} characters were read in windows: {LONGER[kind]}" in covered.reason
    assert "not read" not in covered.reason


def _whole(batches, column):
    """For each row the pieces of its value, by the row's place."""
    found = {}
    for batch in batches:
        if (column,) in batch.columns:
            cells = batch.table.column(batch.columns.index((column,))).to_pylist()
            numbers = batch.table.column(LOCATOR).to_pylist()
            for number, cell in zip(numbers, cells, strict=True):
                if cell is not None:
                    found.setdefault(number - 1, []).append(cell)
    return found


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_value_that_takes_too_long_is_told(request, tmp_path, kind, monkeypatch):
    from connectors.sql.timeout import StatementTimeoutError

    connector = connect(*_filled(request, tmp_path, kind))
    dataset = find(connector, "notes")
    (shard,) = connector.shards(dataset, FULL)

    def late(*_):
        raise StatementTimeoutError("late")

    monkeypatch.setattr(f"connectors.sql.{kind}._stretch", late)
    notes = [item for item in connector.read(shard) if isinstance(item, Note)]
    connector.close()
    assert [note.lost for note in notes if note.lost] == [LONGER[kind]]
