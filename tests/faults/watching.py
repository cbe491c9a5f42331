"""Watches a server while it is scanned: sessions, transactions and locks, ten times a second."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

OURS = "application_name = 'pii-scan'"
_LOOK = (
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float, count(*), "
    "coalesce(max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE state = 'active'), 0) "
    f"FROM pg_stat_activity WHERE {OURS} AND datname = current_database()"
)
_LOCKS = (
    "SELECT DISTINCT l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    f"WHERE l.locktype = 'relation' AND a.{OURS} AND a.datname = current_database()"
)


_LOOK_MARIADB = (
    "SELECT (SELECT COALESCE(MAX(TIMESTAMPDIFF(MICROSECOND, trx_started, NOW(6))), 0) / 1e6 "
    "FROM information_schema.innodb_trx t JOIN information_schema.processlist p "
    "ON p.id = t.trx_mysql_thread_id WHERE p.user = '{user}'), COUNT(*), "
    "COALESCE(MAX(IF(command = 'Query', time_ms, 0)), 0) / 1e3 "
    "FROM information_schema.processlist WHERE user = '{user}'"
)
_LOCKS_MARIADB = (
    "SELECT DISTINCT l.lock_mode FROM information_schema.metadata_lock_info l "
    "JOIN information_schema.processlist p ON p.id = l.thread_id WHERE p.user = '{user}'"
)


@dataclass
class Watch:
    """Of our sessions: the longest transaction and statement in seconds, the most at once, modes of locks."""

    ALLOWED: ClassVar = {"AccessShareLock"}
    url: URL
    transaction: float = 0.0
    statement: float = 0.0
    sessions: int = 0
    looks: int = 0
    locks: set[str] = field(default_factory=set)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        assert self._thread is not None
        self._thread.join()

    def _watch(self) -> None:
        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            while not self._done.wait(0.1):
                transaction, sessions, statement = connection.exec_driver_sql(self.look()).one()
                self.looks += 1
                self.transaction = max(self.transaction, float(transaction))
                self.statement = max(self.statement, float(statement))
                self.sessions = max(self.sessions, sessions)
                self.locks |= {mode for (mode,) in connection.exec_driver_sql(self.held())}

    def look(self) -> str:
        return _LOOK

    def held(self) -> str:
        return _LOCKS


@dataclass
class WatchMariaDB(Watch):
    """The same of a user's sessions; the server needs its plugin `metadata_lock_info`."""

    ALLOWED: ClassVar = {"MDL_SHARED_READ"}
    user: str = ""

    def look(self) -> str:
        return _LOOK_MARIADB.format(user=self.user)

    def held(self) -> str:
        return _LOCKS_MARIADB.format(user=self.user)


@contextmanager
def repeated(work: Callable[[], None], pause: float) -> Iterator[list[float]]:
    """Does the work again and again beside the block; gives the seconds that each time took."""
    done, taken = threading.Event(), []

    def loop() -> None:
        while not done.wait(pause):
            started = time.monotonic()
            work()
            taken.append(time.monotonic() - started)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield taken
    finally:
        done.set()
        thread.join()


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`pii-scan` in the background, in a session of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PII_SCAN", "XDG_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "pii_scan", *arguments],
        cwd=folder,
        env=clean | {"HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Seconds until it holds; fails when that takes longer than it may."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, f"does not hold after {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - begun
