"""SQLite files, read without a trace: see `sqlite_file` for how they are opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pii_scan.core.errors import SourceError, TransientError, classify
from pii_scan.core.failpoint import failpoint
from pii_scan.core.model import Batch, Dataset, Field, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query
from pii_scan.core.sought import Sought

from .batching import Page, Row
from .continuing import Rest, Stretch, Window
from .delivery import Pace, Reading, deliver
from .listing import Listing
from .looking import Condition, Spelling, at_once_or, stretches
from .looking import condition as condition_of
from .reservoir import Reservoir
from .settings import SqlConfig, file_of, scheme_of
from .sqlite_catalog import SCHEMA, SqliteTable, quote, tables, views
from .sqlite_file import Opened, is_sqlite, limit_statements, open_safely, state
from .text import CAP, decode_blob
from .timeout import StatementTimeoutError
from .windows import Span, Windows, condition, read_windows, shard_bounds, tighten

T = TypeVar("T")
KIND: Final = "sqlite"
_TRIES: Final = 3
#: Bytes of a value beyond which only its start is read: four a character.
_CELL_BYTES: Final = 4 * (CAP + 1)
_SPELLING: Final = Spelling(
    name=lambda field: quote(field.name),
    cell=lambda field: f"CAST({quote(field.name)} AS TEXT)",
    mark=lambda _: "?",
    within="instr({cell}, {value}) > 0",
    typed=False,
)


class SqliteConnector:
    """Reads one SQLite file in short statements; a page read while the file changed is read again."""

    def __init__(self, config: SqlConfig) -> None:
        self._config = config
        self._path = file_of(config.url.get_secret_value(), KIND)
        self.store = config.store(KIND, (SCHEMA,))
        self._opened: Opened | None = None
        self._listing = Listing(config, self._listed)
        self._changed = False

    def datasets(self) -> Iterator[Dataset]:
        yield from self._listing.datasets()

    def _listed(self) -> list[SqliteTable]:
        run, views = (lambda sql: self._rows(sql)), self._config.views
        return self._undisturbed(lambda: list(tables(run, self.store, views)))

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        table = self._listing.table(dataset)
        span = self._span(table) if plan.mode == "full" and table.key else None
        if span is None:
            return [Shard(dataset, plan)]
        bounds = shard_bounds(span)
        return [Shard(dataset, plan, i, len(bounds), *bound) for i, bound in enumerate(bounds)]

    def queries(self) -> Iterator[Query]:
        return iter(self._undisturbed(lambda: list(views(self._rows))))

    def token(self, dataset: Dataset) -> str:
        """The state of the whole file and its logs: any writing changes every table's."""
        return ":".join(map(str, state(self._path.resolve())))

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        self._changed = False
        yield from deliver(shard, self._reading(shard))

    def look_up(
        self, dataset: Dataset, fields: Sequence[tuple[str, ...]], sought: Sequence[Sought]
    ) -> Iterator[Batch | Note]:
        table = self._listing.table(dataset)
        wanted = [field for field in table.dataset.fields if field.path in set(fields)]
        found = condition_of(wanted, sought, _SPELLING)
        if found is None:
            return
        self._changed = False
        reading = Reading(
            table.dataset.fields,
            self._holding(table, found),
            changed=lambda: self._changed,
            from_bytes=decode_blob,
        )
        yield from deliver(Shard(dataset, Plan(mode="full")), reading)

    def _holding(self, table: SqliteTable, found: Condition) -> Iterator[Page]:
        """The rows that meet the condition: at once where an index may serve, else by stretches of rows."""
        select = f"{_select(table)} WHERE {found.sql}"

        def between(low: int, high: int) -> Sequence[Row]:
            return self._rows(f"{select} AND {table.key} BETWEEN {low} AND {high}", found.values)

        def pieces() -> Iterator[Page]:
            span = self._span(table)
            return stretches(span.low, span.high, between) if span else iter(())

        if not table.key:
            yield self._rows(select, found.values)
        elif found.indexed:
            yield from at_once_or(lambda: self._rows(select, found.values), pieces)
        else:
            yield from pieces()

    def _reading(self, shard: Shard) -> Reading:
        table, plan = self._listing.table(shard.dataset), shard.plan
        reading = Reading(
            table.dataset.fields,
            iter(()),
            changed=lambda: self._changed,
            from_bytes=decode_blob,
        )
        if plan.mode == "full" or not self._more_than(table, plan.rows):
            reading.pages = self._ranges(table, shard) if table.key else self._whole(table)
            return reading
        reading.sampled, reading.total = True, self._count(table)
        if table.key:
            reading.pages = self._windows(table, plan, reading.total)
        else:
            reading.pages = self._reservoir(table, plan)
        return reading

    def _ranges(self, table: SqliteTable, shard: Shard) -> Iterator[Page | Rest]:
        """The shard's rows in the order of the rowid, page after page."""
        key, pace, last = table.key, Pace(self._config.page_rows), None
        lower = f"{key} >= {shard.start}" if shard.index else "TRUE"
        upper = f" AND {key} < {shard.stop}" if shard.stop is not None else ""
        size = pace.rows
        while True:
            page = self._page(table, f"WHERE {lower}{upper} ORDER BY {key} LIMIT {size}")
            yield page
            if page:
                yield self._rest(table, f"{key} BETWEEN {page[0][-1]} AND {page[-1][-1]}", f" ORDER BY {key}")
            if len(page) < size:
                return
            last = page[-1][-1]
            lower, size = f"{key} > {last}", pace.after(page)

    def _windows(self, table: SqliteTable, plan: Plan, rows: int | None) -> Iterator[Sequence[Row]]:
        span = self._span(table)
        if span is None:
            return
        spans = tighten(span, rows, lambda pieces: [self._span(table, piece) for piece in pieces])
        drawn = Windows(tuple(spans), rows).draw(f"{plan.seed}:{table.dataset.name}", plan.rows)
        yield from read_windows(
            drawn,
            lambda ranges: self._page(table, condition(table.key, ranges)),
            Pace(self._config.page_rows),
        )

    def _reservoir(self, table: SqliteTable, plan: Plan) -> Iterator[Sequence[Row]]:
        """A sample of what has no rowid: one pass over it."""
        sample = Reservoir(f"{plan.seed}:{table.dataset.name}", plan.rows, plan.bytes)
        for page in self._stream(table):
            sample.add(page)
        yield sample.rows()

    def _stream(self, table: SqliteTable) -> Iterator[Sequence[Row]]:
        """All rows in one statement, for what has no rowid."""
        opened = self._open()
        pace = Pace(self._config.page_rows)
        cursor = self._guarded(lambda: opened.connection.execute(_select(table)))
        while page := self._guarded(lambda: cursor.fetchmany(pace.rows)):
            pace.after(page)
            yield page
        self._changed |= opened.changed()

    def _whole(self, table: SqliteTable) -> Iterator[Page | Rest]:
        yield from self._stream(table)
        yield self._rest(table, "TRUE", "")

    def _rest(self, table: SqliteTable, condition: str, order: str) -> Rest:
        """Reads on in the rows that meet a condition."""
        source = f"{SCHEMA}.{quote(table.dataset.name)}"

        def fetch(number: int, window: Window) -> Iterator[Sequence[Stretch]]:
            field = table.dataset.fields[number]
            cells = _stretch(quote(field.name), field, window)
            yield self._rows(f"SELECT {cells[0]} FROM {source} WHERE {condition} AND {cells[1]}{order}")

        return Rest(fetch)

    def _more_than(self, table: SqliteTable, rows: int) -> bool:
        name = quote(table.dataset.name)
        counted = self._rows(f"SELECT count(*) FROM (SELECT 1 FROM {SCHEMA}.{name} LIMIT {rows + 1})")
        return int(str(counted[0][0])) > rows

    def _count(self, table: SqliteTable) -> int | None:
        """All rows, or None if counting them takes longer than a statement may."""
        try:
            counted = self._rows(f"SELECT count(*) FROM {SCHEMA}.{quote(table.dataset.name)}")
        except StatementTimeoutError:
            return None
        return int(str(counted[0][0]))

    def _span(self, table: SqliteTable, within: Span | None = None) -> Span | None:
        """The lowest and highest rowid: two look-ups."""
        where = f"WHERE {table.key} BETWEEN {within.low} AND {within.high}" if within else ""
        source = f"FROM {SCHEMA}.{quote(table.dataset.name)} {where} ORDER BY {table.key}"
        ends = self._rows(
            f"SELECT (SELECT {table.key} {source} LIMIT 1), (SELECT {table.key} {source} DESC LIMIT 1)"
        )[0]
        return None if ends[0] is None else Span(int(str(ends[0])), int(str(ends[1])))

    def _page(self, table: SqliteTable, rest: str) -> Sequence[Row]:
        failpoint("sql-page")
        return self._rows(_select(table) + " " + rest)

    def _rows(self, sql: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
        return self._undisturbed(lambda: self._open().connection.execute(sql, values).fetchall())

    def _undisturbed(self, read: Callable[[], T]) -> T:
        """The result of a read during which nobody wrote; reads it again otherwise."""
        for _ in range(_TRIES):
            opened = self._open()
            result, failed = None, None
            try:
                result = self._guarded(read)
            except SourceError as error:
                failed = error
            if self._opened is opened and not (opened.immutable and opened.changed()):
                self._changed |= not opened.immutable and opened.changed()
                if failed:
                    raise failed
                return result  # type: ignore[return-value]
            self._changed = True
            self.close()
        raise TransientError("the database keeps changing while it is read", "try again when it is at rest")

    def _guarded(self, read: Callable[[], T]) -> T:
        limit_statements(self._open().connection, self._config.statement_timeout)
        try:
            return read()
        except (sqlite3.Error, OSError, OverflowError) as error:
            raise explained(error) from None

    def _open(self) -> Opened:
        if self._opened is None:
            try:
                self._opened = open_safely(self._path, self._config.statement_timeout)
            except sqlite3.Error as error:
                raise explained(error) from None
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _select(table: SqliteTable) -> str:
    cells = [_cell(quote(field.name)) for field in table.dataset.fields]
    cells += [table.key] if table.key else []
    return f"SELECT {', '.join(cells) or 'NULL'} FROM {SCHEMA}.{quote(table.dataset.name)}"


def _cell(name: str) -> str:
    """The column, but only the start of a very long value; `length` would stop at a NUL."""
    long = f"typeof({name}) IN ('text', 'blob') AND length(CAST({name} AS BLOB)) > {_CELL_BYTES}"
    start = f"substr(CAST({name} AS BLOB), 1, {_CELL_BYTES})"
    kept = f"CASE typeof({name}) WHEN 'text' THEN CAST({start} AS TEXT) ELSE {start} END"
    return f"CASE WHEN {long} THEN {kept} ELSE {name} END"


def _stretch(name: str, field: Field, window: Window) -> tuple[str, str]:
    """A stretch of the column and whether there is more, and the condition that there is such a stretch.

    A value of bytes in a column that was not declared so is not read on: of what of it is text, only
    its beginning can tell.
    """
    kinds = "'text', 'blob'" if field.type == "binary" else "'text'"
    part = f"CAST(substr({name}, {window.start}, {window.size}) AS BLOB)"
    long = f"typeof({name}) IN ({kinds}) AND length({name}) > {window.beyond}"
    return f"{part}, length({name}) > {window.end}", long


def explained(error: BaseException) -> SourceError:
    """A fault in our own words; SQLite's text can quote a value."""
    code = getattr(error, "sqlite_errorname", "")
    detail = f"{type(error).__name__} {code}".strip() if code else classify(error)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return TransientError("another program holds a lock on the database", detail=detail)
    if code == "SQLITE_INTERRUPT":
        return StatementTimeoutError(detail)
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return SourceError("the database file is damaged or encrypted", "try PRAGMA integrity_check", detail)
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return SourceError("the database file can't be read", "check the path and its permissions", detail)
    return SourceError("the table can't be read", detail=detail)


def matches(target: str) -> int:
    if scheme_of(target) == KIND:
        return 10
    return 10 if "://" not in target and is_sqlite(Path(target)) else 0


def config_of(target: str) -> dict[str, Any]:
    path = file_of(target, KIND)
    return {"url": target, "name": path.stem or path.name}


CONNECTOR = ConnectorType(KIND, "SQLite database files", SqlConfig, SqliteConnector, matches, config_of)
