"""Rows are found by what is in them, on every engine alike, and what is looked for stays unseen."""

from __future__ import annotations

import base64
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from connectors.sql import duckdb as duckdb_files
from connectors.sql import mysql, postgresql, sqlite
from pii_scan.core.model import Batch
from pii_scan.core.ports import CanLookUp, Connector
from pii_scan.core.sought import Sought
from tests import services

_ROWS = (
    (1, "Ada.Ember@Example.org", '{"mail": "someone@example.net"}', 7),
    (2, "other@example.net", '{"to": ["ada.ember@example.org"]}', 12),
    (3, None, "called on +44 (20) 7946-0012 today", 7),
    (4, "100%_done", "nothing", 9),
)
_COLUMNS = ("id", "mail", "body", "owner_id")


def _statements(text: str) -> list[str]:
    rows = [f"({i}, {_literal(mail)}, {_literal(body)}, {owner})" for i, mail, body, owner in _ROWS]
    return [
        f"CREATE TABLE notes (id INTEGER PRIMARY KEY, mail VARCHAR(80), body {text}, owner_id INTEGER)",
        f"INSERT INTO notes VALUES {', '.join(rows)}",
    ]


def _literal(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


@pytest.fixture(params=["sqlite", "duckdb", "postgresql", "mysql"])
def connector(request, tmp_path):
    kind = request.param
    if kind == "sqlite":
        with sqlite3.connect(tmp_path / "a.db") as made:
            for statement in _statements("TEXT"):
                made.execute(statement)
        made.close()
        opened = _open(sqlite.CONNECTOR, str(tmp_path / "a.db"))
    elif kind == "duckdb":
        with duckdb.connect(str(tmp_path / "a.duckdb")) as other:
            for statement in _statements("VARCHAR"):
                other.execute(statement)
        opened = _open(duckdb_files.CONNECTOR, str(tmp_path / "a.duckdb"))
    elif kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
        services.run(make_url(url).set(drivername="postgresql+psycopg"), *_statements("TEXT"))
        opened = _open(postgresql.CONNECTOR, url)
    else:
        url = request.getfixturevalue("mariadb_url")
        services.run(make_url(url).set(drivername="mysql+pymysql"), *_statements("TEXT"))
        opened = _open(mysql.CONNECTOR, url)
    yield opened
    opened.close()


def _open(kind, target: str) -> Connector:
    return kind.open(kind.config.model_validate(kind.config_of(target)))


def _found(connector: Connector, fields: tuple[str, ...], *sought: Sought) -> list[int]:
    assert isinstance(connector, CanLookUp)
    dataset = next(iter(connector.datasets()))
    batches = connector.look_up(dataset, [(name,) for name in fields], sought)
    return sorted(
        int(cell)
        for batch in batches
        if isinstance(batch, Batch)
        for cell in batch.table.column(batch.columns.index(("id",))).to_pylist()
    )


def test_a_text_is_found_anywhere_whatever_its_case(connector):
    assert _found(connector, _COLUMNS, Sought("ada.ember@example.org")) == [1, 2]
    assert _found(connector, ("mail",), Sought("ada.ember@example.org")) == [1]


def test_characters_are_taken_away_before_comparing(connector):
    assert _found(connector, _COLUMNS, Sought("2079460012", loose=" ()-+")) == [3]
    assert _found(connector, _COLUMNS, Sought("adaember@exampleorg", loose=".")) == [1, 2]


def test_signs_of_patterns_are_texts_like_others(connector):
    assert _found(connector, _COLUMNS, Sought("0%_d")) == [4]
    assert _found(connector, _COLUMNS, Sought("1%_d"), Sought("' or 1=1 --"), Sought("\\")) == []


def test_whole_values_are_equal_to_the_letter(connector):
    assert _found(connector, ("owner_id",), Sought("7", whole=True), Sought("9", whole=True)) == [1, 3, 4]
    assert _found(connector, ("mail",), Sought("Ada.Ember@Example.org", whole=True)) == [1]
    assert _found(connector, ("mail",), Sought("ada.ember@example.org", whole=True)) == []
    assert _found(connector, ("owner_id",), Sought("seven", whole=True)) == []


def test_texts_of_other_alphabets_and_many_at_once(connector):
    many = [Sought(f"nobody{number}@example.org") for number in range(40)]
    assert _found(connector, _COLUMNS, *many, Sought("зоя@пример.испытание")) == []
    assert _found(connector, _COLUMNS, *many, Sought("other@example.net")) == [2]


@pytest.mark.parametrize("server", ["postgres_url", "mariadb_url"])
def test_what_is_looked_for_stands_in_no_statement(server, request):
    """What the driver sends as a statement, and what the server lists as running meanwhile."""
    url = request.getfixturevalue(server)
    driver = "postgresql+psycopg" if server == "postgres_url" else "mysql+pymysql"
    services.run(make_url(url).set(drivername=driver), *_statements("TEXT"))
    module = postgresql if server == "postgres_url" else mysql
    sent: list[str] = []

    def note(_connection, cursor, statement, values, *_rest):
        sent.extend((statement, str(values), str(getattr(cursor, "_executed", ""))))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        connector = _open(module.CONNECTOR, url)
        with _listed(make_url(url).set(drivername=driver)) as running:
            for _ in range(30):
                assert _found(connector, _COLUMNS, Sought("ada.ember@example.org")) == [1, 2]
        connector.close()
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    seen = "\n".join((*sent, *running))
    assert "notes" in seen
    spelled = ("ada.ember", b"ada.ember".hex(), base64.b64encode(b"ada.ember").decode())
    assert not [form for form in spelled if form.casefold() in seen.casefold()]


@contextmanager
def _listed(url) -> Iterator[list[str]]:
    """The statements that the server lists while the block runs."""
    own = "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    if url.get_backend_name() == "mysql":
        own = "SELECT info FROM information_schema.processlist WHERE id <> connection_id()"
    found: list[str] = []
    ended = threading.Event()

    def look() -> None:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            while not ended.is_set():
                found.extend(str(row[0]) for row in connection.exec_driver_sql(own))
                connection.rollback()
                time.sleep(0.002)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()


def test_a_server_that_logs_everything_has_not_seen_it():
    server = services.required(
        services.private_postgresql("log_statement=all", "log_min_duration_statement=0"), "PostgreSQL"
    )
    try:
        services.run(server.url, *_statements("TEXT"), "SELECT 'the end of what the test wrote'")
        connector = _open(postgresql.CONNECTOR, services.plain(server.url))
        assert _found(connector, _COLUMNS, Sought("ada.ember@example.org"), Sought("7", whole=True)) == [
            1,
            2,
            3,
        ]
        connector.close()
        logged = server.log.read_text().rpartition("the end of what the test wrote")[2]
    finally:
        server.stop()
    assert "strpos" in logged
    assert "ada.ember" not in logged.casefold()
    assert b"ada.ember".hex() not in logged
