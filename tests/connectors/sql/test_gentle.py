"""A server that is in use is left in peace for most of the time."""

import time

import pytest
from sqlalchemy import make_url

from connectors.sql import mysql, postgresql
from pii_scan.config.load import default, load
from pii_scan.run.sources import GENTLE, chosen

from .reading import connect

NAP = 0.05
PAGES = 4


@pytest.fixture(params=["postgresql", "mysql"])
def server(request):
    if request.param == "postgresql":
        return postgresql.CONNECTOR, request.getfixturevalue("postgres_url"), f"SELECT pg_sleep({NAP})::text"
    return mysql.CONNECTOR, request.getfixturevalue("mariadb_url"), f"SELECT sleep({NAP})"


def seconds(session, statement):
    session.page("SELECT 1")
    started = time.monotonic()
    for _ in range(PAGES):
        session.page(statement)
    return time.monotonic() - started


def test_pages_take_their_share_of_the_time(server):
    kind, url, statement = server
    assert seconds(connect(kind, url, busy=0.25)._session, statement) >= PAGES * NAP / 0.25
    assert seconds(connect(kind, url)._session, statement) < PAGES * NAP / 0.25


def test_a_stream_rests_between_its_pages(server):
    kind, url, statement = server
    session = connect(kind, url, busy=0.25)._session
    started = time.monotonic()
    assert len(list(session.stream(statement, lambda: 1))) == 1
    assert time.monotonic() - started >= NAP / 0.25


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "oracle"])
def test_gentle_is_for_servers_whatever_their_kind(scheme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = str(make_url(f"{scheme}://reader@db.example.org/app"))
    (source,) = chosen(default(tmp_path), [url], gentle=True)
    assert source.settings.busy == GENTLE
    (source,) = chosen(default(tmp_path), [url])
    assert source.settings.busy == 1


def test_the_configuration_comes_first(tmp_path):
    path = tmp_path / "pii-scan.yaml"
    path.write_text(
        "version: 1\nsources:\n  - {name: a, url: 'postgresql://r@h/d', options: {busy: 0.5}}\n"
        "  - {name: b, path: drop}\n"
    )
    sources = chosen(load(path), (), gentle=True)
    assert sources[0].settings.busy == 0.5
    assert not hasattr(sources[1].settings, "busy")
