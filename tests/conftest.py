"""Database servers for all tests, and the guard that no test leaves this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from . import services
from .services import Server, database, plain, required

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server with an administrator's URL."""
    server = required(services.postgresql(), "PostgreSQL")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB server with an administrator's URL."""
    server = required(services.mariadb(), "MariaDB")
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgresql_server: Server) -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards: `postgresql://…`."""
    with database(postgresql_server) as url:
        yield plain(url)


@pytest.fixture
def mariadb_url(mariadb_server: Server) -> Iterator[str]:
    """A fresh MariaDB database, dropped afterwards: `mysql://…`."""
    with database(mariadb_server) as url:
        yield plain(url)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that connects to, or asks for the name of, anything but this machine."""
    refused: list[str] = []
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(method):
        def call(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
                refused.append("a connection beyond this machine")
                raise ConnectionRefusedError("tests do not leave this machine")
            return method(self, address)

        return call

    def guarded_resolve(host, *arguments, **options):
        if not is_local(host) and not is_unresolvable(host):
            refused.append("a name beyond this machine was looked up")
            raise socket.gaierror(socket.EAI_NONAME, "tests do not leave this machine")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)
    yield
    if refused:
        pytest.fail(f"the test tried to leave this machine: {refused[0]}")


def is_local(host: str | bytes | None) -> bool:
    """True for loopback addresses and names, and for the wildcard that servers listen on."""
    text = host.decode() if isinstance(host, bytes) else host
    if text in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def is_unresolvable(host: str | bytes | None) -> bool:
    """Names that can't exist (RFC 6761): tests of unknown hosts use them."""
    text = host.decode() if isinstance(host, bytes) else str(host)
    return text.endswith(".invalid")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {
        str(r.longrepr[2]) for r in skipped if isinstance(r.longrepr, tuple) and "NOT RUN" in r.longrepr[2]
    }
    if reasons:
        terminalreporter.section("tests that were NOT RUN", yellow=True, bold=True)
        for reason in sorted(reasons):
            count = sum(1 for r in skipped if isinstance(r.longrepr, tuple) and r.longrepr[2] == reason)
            terminalreporter.line(f"{count}: {reason}")
