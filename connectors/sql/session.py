"""One connection to a server; every page is its own short read-only transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pyarrow as pa

from pii_scan.core.errors import ConfigError, SourceError, classify
from pii_scan.core.failpoint import failpoint

from .batching import Row
from .copying import parsed, received, statement

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, CursorResult, Inspector

Explain = Callable[[BaseException], SourceError]


#: The extra of this package that brings a kind of database's dialect and driver.
_EXTRAS: Final = {
    "mssql": "mssql",
    "oracle": "oracle",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "redshift": "redshift",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """How a dialect is kept read-only and gentle.

    `start` are sent once a connection, `begin` before each page. `check` is a query that gives one
    row, which must equal `expected`, or the source is not scanned. `busy` is the share of the time that
    statements of ours may take.
    """

    explain: Explain
    start: Sequence[str] = ()
    begin: str = ""
    check: str = ""
    expected: Sequence[str] = ()
    busy: float = 1.0


@dataclass(slots=True)
class Session:
    """A lazily opened connection. Statements are given as text with doubled `%`, if the dialect asks.

    `held` is how long the last transaction took, in seconds, without the rest after it.
    """

    url: URL = field(repr=False)
    guard: Guard
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    held: float = field(default=0.0, init=False)
    _connection: Connection | None = field(default=None, repr=False)

    def page(self, sql: str) -> list[Row]:
        """The rows of a query, in a transaction of its own."""
        with self.transaction() as run:
            failpoint("sql-page")
            return run(sql)

    @contextmanager
    def transaction(self) -> Iterator[Callable[[str], list[Row]]]:
        """A read-only transaction for a few statements."""
        with self._begun() as connection:
            yield lambda sql: _rows_of(connection.exec_driver_sql(sql))

    def copy(self, query: str, width: int) -> list[pa.RecordBatch]:
        """A query's rows of `width` texts by PostgreSQL's COPY, in a transaction of its own."""
        with self._begun() as connection:
            failpoint("sql-page")
            chunks = received(connection.connection.driver_connection, statement(query.replace("%%", "%")))
        try:
            return [batch for chunk in chunks for batch in parsed(chunk, width)]
        except pa.ArrowInvalid as error:
            raise self.guard.explain(error) from None

    def stream(self, sql: str, size: Callable[[], int]) -> Iterator[list[Row]]:
        """The rows of one statement in pages; its transaction lasts until the end."""
        with self._opened() as connection:
            started = time.monotonic()
            result = connection.exec_driver_sql(sql, execution_options={"stream_results": True})
            while rows := result.fetchmany(size()):
                spent = time.monotonic() - started
                yield [tuple(row) for row in rows]
                self._rest(spent)
                started = time.monotonic()

    @contextmanager
    def inspected(self) -> Iterator[Inspector]:
        """SQLAlchemy's inspector on the connection."""
        from sqlalchemy import inspect

        with self._begun() as connection:
            yield inspect(connection)

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction, after which the connection rests."""
        started = time.monotonic()
        with self._opened() as connection:
            yield connection
        self.held = time.monotonic() - started
        self._rest(self.held)

    def _rest(self, spent: float) -> None:
        """Waits until what was spent is no more of the time than it may be."""
        if self.guard.busy < 1:
            time.sleep(spent / self.guard.busy - spent)

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        connection = self._connected()
        try:
            self._begin(connection)
            yield connection
            self._end(connection)
        except _faults(connection) as error:
            self._give_up(error)
        except BaseException:
            self.close()
            raise

    def _begin(self, connection: Connection) -> None:
        if self.guard.begin:
            connection.exec_driver_sql(self.guard.begin, execution_options={"no_parameters": True})

    def _end(self, connection: Connection) -> None:
        if self.guard.begin:
            connection.exec_driver_sql("COMMIT")
        else:
            connection.rollback()

    def _give_up(self, error: BaseException) -> NoReturn:
        """Ends the transaction, or the connection if that is no longer possible."""
        explained = self.guard.explain(error)
        try:
            if self._connection is not None and self.guard.begin and not _lost(error):
                self._connection.exec_driver_sql("ROLLBACK")
            else:
                self.close()
        except _faults():
            self.close()
        raise explained from None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
            self._verify()
        return self._connection

    def _connect(self) -> Connection:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool

        try:
            engine = create_engine(
                self.url,
                poolclass=NullPool,
                hide_parameters=True,
                connect_args=dict(self.arguments),
                pool_reset_on_return=None,
                **({"isolation_level": "AUTOCOMMIT"} if self.guard.begin else {}),
            )
            connection = engine.connect()
        except (NoSuchModuleError, ImportError) as error:
            extra = _EXTRAS.get(self.url.get_backend_name())
            raise ConfigError(
                f"no driver for this kind of database is installed ({classify(error)})",
                f"pip install 'pii-scan[{extra}]'"
                if extra
                else "install the SQLAlchemy dialect and the driver that the url names",
            ) from None
        except ArgumentError:
            raise ConfigError("the url of a source is not complete", "give host and database") from None
        except _faults() as error:
            raise self.guard.explain(error) from None
        return connection

    def _verify(self) -> None:
        """Sets the session up and reads back what was set: no scan without effective limits."""
        if not self.guard.check:
            return
        try:
            connection = self._connection
            assert connection is not None
            for statement in self.guard.start:
                connection.exec_driver_sql(statement)
            self._begin(connection)
            row = connection.exec_driver_sql(self.guard.check).one()
            self._end(connection)
        except _faults() as error:
            self._give_up(error)
        if [str(cell) for cell in row] != list(self.guard.expected):
            self.close()
            raise SourceError(
                "the server does not keep the read-only and time limits that were set",
                "connect to it directly, or let the proxy between pass SET and SHOW",
            )

    def close(self) -> None:
        """Closes the connection; it opens again when it is needed."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(*_faults()):  # it is gone already, which is what was wanted
            connection.close()


def _rows_of(result: CursorResult[Any]) -> list[Row]:
    """The rows of a statement that gives any."""
    return [tuple(row) for row in result] if result.returns_rows else []


def _faults(connection: Connection | None = None) -> tuple[type[BaseException], ...]:
    """What a driver raises, also when it is used itself: its errors, lost sockets, bytes that are no text."""
    from sqlalchemy.exc import SQLAlchemyError

    own = (connection.dialect.loaded_dbapi.Error,) if connection is not None else ()
    return (*own, SQLAlchemyError, OSError, UnicodeError, ValueError, OverflowError)


def _lost(error: BaseException) -> bool:
    return isinstance(error, OSError) or bool(getattr(error, "connection_invalidated", False))


def original(error: BaseException) -> BaseException:
    """The driver's own exception below SQLAlchemy's."""
    found = getattr(error, "orig", None)
    return found if isinstance(found, BaseException) else error


def quoter(url: URL) -> Callable[[str], str]:
    """Quotes every identifier as the URL's dialect does; doubles `%` where its driver needs that."""
    quote: Callable[[str], str] = url.get_dialect()().identifier_preparer.quote_identifier
    return quote
