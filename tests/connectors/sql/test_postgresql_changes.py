"""Tokens of PostgreSQL's tables: never equal over a change, also one that no count tells yet."""

import time
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from connectors.sql import postgresql_changes
from connectors.sql.postgresql import CONNECTOR

from .reading import connect, listed


@pytest.fixture
def url(postgres_url):
    with session(postgres_url) as run:
        run("CREATE TABLE still (email text)")
        run("CREATE TABLE moved (email text)")
        run("INSERT INTO still VALUES ('ann@example.org')")
        run("INSERT INTO moved VALUES ('ann@example.org')")
    time.sleep(0.5)
    return postgres_url


@contextmanager
def session(url):
    """A connection on which each statement is a transaction of its own."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        yield connection.exec_driver_sql


def tokens(url):
    """Every table's token, of a connection of its own."""
    connector = connect(CONNECTOR, url)
    try:
        return {path[-1]: connector.token(dataset) for path, dataset in listed(connector).items()}
    finally:
        connector.close()


def settled(url):
    """The tokens once every session but the connector's has gone."""
    for _ in range(100):
        found = tokens(url)
        if "rows" in found["still"]:
            break
        time.sleep(0.1)
    return found


def same(before, after):
    return {name for name, token in after.items() if token and token == before[name]}


def test_a_write_that_an_open_session_has_not_reported_yet_is_a_change(url):
    before = settled(url)
    assert same(before, tokens(url)) == {"still", "moved"}
    with session(url) as run:
        run("UPDATE still SET email = 'bo@example.org'")  # reported at once
        between = tokens(url)
        run("UPDATE moved SET email = 'bo@example.org'")  # within a second of it: told later
        assert "moved" not in same(before, tokens(url)) | same(between, tokens(url))


def test_a_session_that_reads_leaves_all_as_it_was(url):
    with session(url) as run:
        for _ in range(100):  # until nobody writes to another database of this server meanwhile
            before = tokens(url)
            run("SELECT * FROM moved")
            after = tokens(url)
            if same(before, after):
                break
            time.sleep(0.05)
        assert same(before, after) == {"still", "moved"}
        assert "before" in after["moved"], "by the transactions of the whole server"


def test_a_transaction_that_is_open_proves_nothing(url):
    with session(url) as run:
        run("BEGIN")
        run("INSERT INTO moved VALUES ('cy@example.org')")
        before = tokens(url)
        run("COMMIT")
        assert same(before, tokens(url)) == set()


def test_a_session_that_has_been_idle_long_has_told_all(url, monkeypatch):
    quick = postgresql_changes._QUIET.replace("30 seconds", "0.2 seconds")
    with session(url) as run:
        run("SELECT 1")
        time.sleep(0.5)
        monkeypatch.setattr(postgresql_changes, "_QUIET", quick)
        before = tokens(url)
        assert before["still"].partition("rows")[1], "the counts were believed"
        assert same(before, tokens(url)) == {"still", "moved"}
    with session(url) as run:
        run("DELETE FROM moved")
    time.sleep(0.5)
    assert same(before, tokens(url)) == {"still"}
    with session(url) as run:
        run("TRUNCATE still")
    time.sleep(0.5)
    assert same(before, tokens(url)) == set()


def test_tokens_of_all_tables_are_asked_for_at_once(url):
    connector = connect(CONNECTOR, url)
    asked = []
    page = connector._session.page
    connector._session = Counting(page, asked, connector._session)
    for dataset in listed(connector).values():
        connector.token(dataset)
    connector.close()
    assert len(asked) == 3


class Counting:
    """A session that tells what is asked of it."""

    def __init__(self, page, asked, session):
        self._page, self._asked, self._session = page, asked, session

    def page(self, sql):
        self._asked.append(sql)
        return self._page(sql)

    def __getattr__(self, name):
        return getattr(self._session, name)
