"""DuckDB files, read without a trace and without what a file could make the engine do.

A file has one writer or many readers, so it is open only while one shard is read: while it is, nobody
can write. What the engine could reach beyond the file (other files, the network, extensions) is shut,
and nothing can open it again.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pii_scan.core.errors import ConfigError, SourceError, TransientError, classify
from pii_scan.core.failpoint import failpoint
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query
from pii_scan.core.sought import Sought

from .batching import Page
from .continuing import Rest, Stretch, Window
from .delivery import Pace, Reading, deliver
from .duckdb_catalog import DuckdbTable, quote, stretch, tables, views
from .listing import Listing
from .looking import Condition, Spelling, stretches
from .looking import condition as condition_of
from .settings import SqlConfig, file_of, scheme_of
from .text import decode_blob
from .timeout import StatementTimeoutError
from .windows import Span, Windows, condition, read_windows, shard_bounds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KIND: Final = "duckdb"
SCHEMA: Final = "main"
_KEY: Final = "rowid"
#: Rows of a page, as many times those of a page of a row store: columns are cheap to read.
_WIDER: Final = 25
_SPELLING: Final = Spelling(
    name=lambda field: quote(field.name),
    cell=lambda field: f"CAST({quote(field.name)} AS VARCHAR)",
    mark=lambda _: "?",
    within="contains({cell}, {value})",
)
#: What a file that we read may use and reach.
_SHUT: Final = {
    "threads": "1",
    "memory_limit": "512MB",
    "allow_unsigned_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}


class DuckdbConnector:
    """Reads one DuckDB file in short statements, by ranges of its row numbers."""

    def __init__(self, config: SqlConfig) -> None:
        self._config = config
        self._path = file_of(config.url.get_secret_value(), KIND)
        self.store = config.store(KIND, (SCHEMA,))
        self._listing = Listing(config, self._listed)
        self._open: DuckDBPyConnection | None = None
        self._spill: tempfile.TemporaryDirectory[str] | None = None

    def datasets(self) -> Iterator[Dataset]:
        yield from self._listing.datasets()

    def _listed(self) -> list[DuckdbTable]:
        with self._opened():
            return list(tables(self._rows, self.store, self._config.views))

    def queries(self) -> Iterator[Query]:
        with self._opened():
            yield from views(self._rows)

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        table = self._listing.table(dataset)
        with self._opened():
            span = self._span(table) if plan.mode == "full" and dataset.kind == "table" else None
        if span is None:
            return [Shard(dataset, plan)]
        bounds = shard_bounds(span)
        return [Shard(dataset, plan, i, len(bounds), *bound) for i, bound in enumerate(bounds)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        with self._opened():
            yield from deliver(shard, self._reading(shard))

    def look_up(
        self, dataset: Dataset, fields: Sequence[tuple[str, ...]], sought: Sequence[Sought]
    ) -> Iterator[Batch | Note]:
        table = self._listing.table(dataset)
        wanted = [field for field in table.dataset.fields if field.path in set(fields)]
        found = condition_of(wanted, sought, _SPELLING)
        if found is None:
            return
        with self._opened():
            reading = Reading(table.dataset.fields, self._holding(table, found), from_bytes=decode_blob)
            yield from deliver(Shard(dataset, Plan(mode="full")), reading)

    def _holding(self, table: DuckdbTable, found: Condition) -> Iterator[Page]:
        """The rows that meet the condition, by stretches of rows."""
        if table.dataset.kind == "view":
            yield self._page(table, f"WHERE {found.sql}", found.values)
            return
        span = self._span(table)
        if span is not None:
            yield from stretches(
                span.low,
                span.high,
                lambda low, high: self._page(
                    table, f"WHERE {found.sql} AND {_KEY} BETWEEN {low} AND {high}", found.values
                ),
            )

    def _reading(self, shard: Shard) -> Reading:
        table, plan = self._listing.table(shard.dataset), shard.plan
        reading = Reading(table.dataset.fields, iter(()), from_bytes=decode_blob)
        total = int(self._rows(f"SELECT count(*) FROM {table.source}")[0][0])
        if table.dataset.kind == "view":
            more = plan.mode == "sample" and total > plan.rows
            page = self._page(table, f"LIMIT {plan.rows}" if more else "")
            reading.pages = iter([page, self._rest(table, "WHERE TRUE")])
            reading.sampled, reading.total = more, total
        elif plan.mode == "full" or total <= plan.rows:
            reading.pages = self._ranges(table, shard)
        else:
            reading.sampled, reading.total = True, total
            reading.pages = self._windows(table, plan, total)
        return reading

    def _ranges(self, table: DuckdbTable, shard: Shard) -> Iterator[Page | Rest]:
        """The shard's rows in the order of their numbers, page after page."""
        span = self._span(table)
        if span is None:
            return
        pace = Pace(self._config.page_rows * _WIDER)
        low = shard.start or span.low if shard.index else span.low
        high = span.high if shard.stop is None else shard.stop - 1
        while low <= high:
            top = min(high, low + pace.rows - 1)
            where = f"WHERE {_KEY} BETWEEN {low} AND {top}"
            page = self._page(table, where)
            yield page
            yield self._rest(table, where)
            low = top + 1
            pace.after(page)

    def _rest(self, table: DuckdbTable, where: str) -> Rest:
        """Reads on in the rows that meet a condition."""

        def fetch(number: int, window: Window) -> Iterator[Sequence[Stretch]]:
            cells = stretch(table.dataset.fields[number].name, table.declared[number], window)
            yield self._rows(f"SELECT {cells[0]} FROM {table.source} {where} AND {cells[1]}")

        return Rest(fetch)

    def _windows(self, table: DuckdbTable, plan: Plan, rows: int) -> Iterator[Page]:
        span = self._span(table)
        if span is None:
            return
        drawn = Windows((span,), rows).draw(f"{plan.seed}:{table.dataset.name}", plan.rows)
        yield from read_windows(
            drawn,
            lambda ranges: self._page(table, condition(_KEY, ranges)),
            Pace(self._config.page_rows),
        )

    def _span(self, table: DuckdbTable) -> Span | None:
        low, high = self._rows(f"SELECT min({_KEY}), max({_KEY}) FROM {table.source}")[0]
        return None if low is None else Span(int(low), int(high))

    def _page(self, table: DuckdbTable, rest: str, values: Sequence[str | int] = ()) -> pa.RecordBatch:
        failpoint("sql-page")
        named = ", ".join(f"{cell} AS c{index}" for index, cell in enumerate(table.cells)) or "NULL AS c0"
        query = f"SELECT {named} FROM {table.source} {rest}"
        whole = self._guarded(
            lambda connection: connection.sql(query, params=list(values) or None).to_arrow_table()
        )
        schema = pa.schema([(name, pa.string()) for name in whole.schema.names])
        batches = whole.cast(schema).combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._guarded(lambda connection: connection.sql(sql).fetchall())
        return found

    def _guarded(self, read: Callable[[DuckDBPyConnection], Any]) -> Any:
        """What a statement gives, stopped when its time is up."""
        import duckdb

        connection = self._open
        assert connection is not None
        limit = threading.Timer(self._config.statement_timeout, connection.interrupt)
        limit.start()
        try:
            return read(connection)
        except (duckdb.Error, pa.ArrowException, UnicodeError) as error:
            raise explained(error) from None
        finally:
            limit.cancel()

    @contextmanager
    def _opened(self) -> Iterator[None]:
        """Open while it is needed; within another such stretch it stays as it is."""
        if self._open is not None:
            yield
            return
        self._connect()
        try:
            yield
        finally:
            self.close()

    def _connect(self) -> None:
        try:
            import duckdb
        except ImportError:
            raise ConfigError("DuckDB's driver is not installed", "pip install 'pii-scan[duckdb]'") from None
        if not is_duckdb(self._path):
            raise SourceError("not a DuckDB database, or it can't be read", "check the path and permissions")
        self._spill = tempfile.TemporaryDirectory(prefix="pii-scan-")
        try:
            self._open = duckdb.connect(
                str(self._path), read_only=True, config={**_SHUT, "temp_directory": self._spill.name}
            )
            self._open.execute("SET TimeZone = 'UTC'")
            self._open.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            self.close()
            raise explained(error) from None

    def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()
        spill, self._spill = self._spill, None
        if spill is not None:
            spill.cleanup()


def explained(error: BaseException) -> SourceError:
    """A fault in our own words; DuckDB's text quotes lines and values."""
    name = type(error).__name__
    if name == "InterruptException":
        return StatementTimeoutError(name)
    if name == "IOException" and "lock" in str(error):
        return TransientError(
            "another program has the database open for writing", "try again when it is closed", name
        )
    if name in ("IOException", "SerializationException", "FatalException", "InternalException"):
        return SourceError(
            "the database file is damaged, encrypted, or of a newer version", "open it with duckdb", name
        )
    return SourceError("the table can't be read", detail=classify(error))


def is_duckdb(path: Path) -> bool:
    """True for a regular file that begins as DuckDB's do: `DUCK` after a check sum."""
    try:
        if not path.is_file():  # opening a FIFO would wait for who writes to it
            return False
        with path.open("rb") as file:
            return file.read(12)[8:] == b"DUCK"
    except (OSError, ValueError):
        return False


def matches(target: str) -> int:
    if scheme_of(target) == KIND:
        return 10
    return 10 if "://" not in target and is_duckdb(Path(target)) else 0


def config_of(target: str) -> dict[str, Any]:
    path = file_of(target, KIND)
    return {"url": target, "name": path.stem or path.name}


CONNECTOR = ConnectorType(KIND, "DuckDB database files", SqlConfig, DuckdbConnector, matches, config_of)
