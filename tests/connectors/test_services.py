"""The servers of the tests, and the guard against the network."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from connectors.sql.postgresql import CONNECTOR
from pii_scan.core.errors import SourceError, TransientError
from tests import conftest, services
from tests.connectors.sql.reading import connect


@pytest.fixture
def own_postgresql():
    server = services.private_postgresql()
    if server is None:
        services.required(None, "PostgreSQL")
    yield server
    server.stop()


def test_aprivate_postgresql_refuses_a_wrong_password(own_postgresql):
    url = own_postgresql.url
    ((rules,),) = services.run(url, "CREATE ROLE ada LOGIN PASSWORD 'right'", "SHOW hba_file")
    Path(str(rules)).write_text(
        "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    )
    services.run(url, "SELECT pg_reload_conf()")
    good = url.set(username="ada", password="right").render_as_string(hide_password=False)
    assert list(connect(CONNECTOR, services.plain(url)).datasets()) == []
    connector = connect(CONNECTOR, good.replace("+psycopg", ""))
    assert list(connector.datasets()) == []
    connector.close()
    with pytest.raises(SourceError) as error:
        list(connect(CONNECTOR, good.replace("right", "wr0ng")).datasets())
    assert str(error.value).startswith("the server refused the user or password")
    assert "wr0ng" not in f"{error.value!r}{error.value.__cause__!r}"
    assert not isinstance(error.value, TransientError)


def test_a_private_mariadb_comes_and_goes():
    server = services.required(services.private_mariadb(), "MariaDB")
    with services.database(server) as url:
        assert services.run(url, "SELECT DATABASE()") == [(url.database,)]
    server.stop()
    assert not services._answers(server.url)


def test_a_missing_server_is_loud(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT RUN: no MariaDB server"):
        services.required(None, "MariaDB")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="PII_SCAN_TEST_MARIADB"):
        services.required(None, "MariaDB")


def test_an_address_in_the_environment_comes_first(monkeypatch):
    monkeypatch.setenv("PII_SCAN_TEST_POSTGRESQL", "postgresql://ada@127.0.0.1:1/x")
    found = services.postgresql()
    assert found is not None
    assert str(found.url) == "postgresql+psycopg://ada@127.0.0.1:1/x"


def test_a_database_is_dropped_afterwards(postgresql_server):
    with services.database(postgresql_server) as url:
        name = url.database
        engine = create_engine(url)
        left_open = engine.connect()
    assert services.run(postgresql_server.url, f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == []
    left_open.invalidate()
    engine.dispose()


def test_the_guard_tells_this_machine_from_others():
    assert all(
        map(conftest.is_local, ("127.0.0.1", "127.8.9.1", "::1", "localhost", b"localhost", None, "0.0.0.0"))
    )
    assert not any(
        map(conftest.is_local, ("192.0.2.1", "example.org", "localhost.example.org", "2001:db8::1"))
    )


def test_the_guard_fails_a_test_that_leaves_this_machine(pytester):
    pytester.makeconftest(
        Path(conftest.__file__)
        .read_text()
        .replace("from . import", "from tests import")
        .replace("from .services", "from tests.services")
    )
    pytester.makepyfile(
        "import socket\n"
        "def test_connects():\n"
        "    try:\n"
        "        socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
        "    except OSError:\n"
        "        pass\n"
        "def test_stays():\n"
        "    a, b = socket.socketpair(); a.close(); b.close()\n"
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*the test tried to leave this machine*"])


def test_a_name_beyond_this_machine_is_not_looked_up(monkeypatch):
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("no-such-host.invalid", 80)
