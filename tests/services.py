"""Database servers for tests: one that is given, one that answers, or one started for the tests.

A server is looked for in this order:

1. its address in `PII_SCAN_TEST_POSTGRESQL` or `PII_SCAN_TEST_MARIADB`;
2. the default port of this machine (PostgreSQL: user postgres or root without a password;
   MariaDB: root without a password);
3. a private one in a temporary folder, from the installed programs.

Without any of them the tests that need it are not run, and say so; with CI set they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

_START_SECONDS = 60


@dataclass(slots=True)
class Server:
    """A running server: the URL of an administrator, how to stop it and where it logs if it is ours."""

    url: URL
    stop: Callable[[], None] = field(default=lambda: None)
    log: Path | None = None


def postgresql() -> Server | None:
    return (
        _given("PII_SCAN_TEST_POSTGRESQL", "postgresql+psycopg")
        or _answering(
            [f"postgresql+psycopg://{user}@127.0.0.1:5432/postgres" for user in ("postgres", "root")]
        )
        or private_postgresql()
    )


def mariadb() -> Server | None:
    return (
        _given("PII_SCAN_TEST_MARIADB", "mysql+pymysql")
        or _answering(["mysql+pymysql://root@127.0.0.1:3306"])
        or private_mariadb()
    )


def required(server: Server | None, name: str) -> Server:
    """The server, or the end of the test: a failure in CI, a loud skip elsewhere."""
    if server is None:
        variable = f"PII_SCAN_TEST_{name.upper()}"
        not_run(f"no {name} server: set {variable} to the URL of one, or install its programs")
    return server


def not_run(text: str) -> NoReturn:
    """Ends a test whose counterpart is missing: a failure in CI, a loud skip elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(f"NOT RUN: {text}")


def run(url: URL | str, *statements: str) -> list[tuple[object, ...]]:
    """Runs statements as they are, one after another, and gives the last one's rows."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    rows: list[tuple[object, ...]] = []
    with engine.connect() as connection:
        for statement in statements:
            result = connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows


@contextmanager
def database(server: Server) -> Iterator[URL]:
    """A database of its own, dropped afterwards."""
    name = f"pii_scan_test_{uuid.uuid4().hex[:12]}"
    run(server.url, f"CREATE DATABASE {name}")
    try:
        yield server.url.set(database=name)
    finally:
        force = " WITH (FORCE)" if server.url.get_backend_name() == "postgresql" else ""
        run(server.url, f"DROP DATABASE {name}{force}")


def plain(url: URL) -> str:
    """The URL as a user writes it, without the driver."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


def _given(variable: str, driver: str) -> Server | None:
    text = os.environ.get(variable)
    return Server(make_url(text).set(drivername=driver)) if text else None


def _answering(urls: list[str]) -> Server | None:
    for url in urls:
        if _answers(make_url(url)):
            return Server(make_url(url))
    return None


def _answers(url: URL) -> bool:
    timeout = {"connect_timeout": 3}
    try:
        with create_engine(url, poolclass=NullPool, connect_args=timeout).connect():
            return True
    except SQLAlchemyError:
        return False


def private_postgresql(*settings: str) -> Server | None:
    """A server of our own, with such settings as `log_statement=all`; None without its programs."""
    found = programs("initdb", "pg_ctl")
    if found is None:
        return None
    initdb, pg_ctl = found
    folder, port, user = _folder("postgres"), free_port(), _user("postgres")
    data = folder / "data"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    options += "".join(f" -c {setting}" for setting in settings)
    _as(user, initdb, "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
    _as(user, pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")

    def stop() -> None:
        _as(user, pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)

    return Server(make_url(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"), stop, folder / "log")


def restart(server: Server) -> None:
    """Stops and starts a PostgreSQL server of our own, whose memory is empty then."""
    ((data,),) = run(server.url, "SHOW data_directory")
    (pg_ctl,) = programs("pg_ctl") or not_run("no pg_ctl")
    _as(_user("postgres"), pg_ctl, "-D", str(data), "-w", "-l", str(server.log), "-m", "fast", "restart")


def private_mariadb() -> Server | None:
    found = programs("mariadb-install-db", "mariadbd")
    if found is None:
        return None
    install, daemon = found
    folder, port, user = _folder("mysql"), free_port(), _user("mysql")
    data = folder / "data"
    _as(user, install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal")
    arguments = (f"--datadir={data}", f"--port={port}", f"--socket={folder}/s", "--bind-address=127.0.0.1")
    process = subprocess.Popen(
        [daemon, "--no-defaults", *arguments],
        user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip

    def stop() -> None:
        process.kill()
        process.wait()
        shutil.rmtree(folder)

    url = make_url(f"mysql+pymysql://root@127.0.0.1:{port}")
    end = time.monotonic() + _START_SECONDS
    while not _answers(url):
        if time.monotonic() > end or process.poll() is not None:
            stop()
            return None
        time.sleep(0.3)
    return Server(url, stop)


def programs(*names: str) -> tuple[str, ...] | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    search = os.pathsep.join([*map(str, places), os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = [shutil.which(name, path=search) for name in names]
    return tuple(path for path in found if path) if all(found) else None


def _user(service: str) -> str | None:
    """Servers refuse to run as root: the service's own user, or nobody."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (service, "nobody") if name in known)


def unprivileged(service: str, *folders: Path) -> str | None:
    """The service's user, who may then enter the folders; None if we are no administrator."""
    user = _user(service)
    for folder in folders if user else ():
        folder.chmod(0o755)
        for parent in folder.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o011)
    return user


def _folder(service: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pii-scan-test-", dir="/tmp"))  # a socket's path is short
    user = _user(service)
    if user:
        shutil.chown(folder, user)
    return folder


def _as(user: str | None, *command: str) -> None:
    subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
