"""MySQL and MariaDB: every page a short read-only transaction, by ranges of an integer key.

A URL that names a database means that one; without a name, all but the system's are read. A table
without an integer key is read in one statement within `statement_timeout`.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query
from pii_scan.core.setting import Setting
from pii_scan.core.sought import Sought

from .batching import Page, Row
from .continuing import Rest, Stretch, Window
from .delivery import Pace, Reading, deliver
from .listing import Listing
from .looking import Condition, Spelling, at_once_or, stretches
from .looking import condition as condition_of
from .mysql_catalog import SPATIAL, MyColumn, MyTable, changes_of, tables, views
from .mysql_errors import explain
from .mysql_sealing import mark, seal
from .mysql_settings import settings
from .session import Guard, Session, quoter
from .settings import ServerConfig, parse_url, scheme_of, url_settings
from .text import CAP
from .timeout import StatementTimeoutError
from .windows import Span, Windows, condition, read_windows, shard_bounds, tighten

KIND: Final = "mysql"
#: Rows up to which a table without an integer key is sampled by a pass over it.
_MOST_TO_PASS: Final = 2_000_000
_FIRST_ROWS: Final = "the first rows only: without an integer key they can't be spread over the table"


class MysqlConnector:
    """Reads one MySQL or MariaDB server over one connection."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        url = parse_url(config.url.get_secret_value()).set(drivername="mysql+pymysql")
        self.store = config.store(KIND, (url.database,) if url.database else ())
        self._schemas = config.schemas or self.store.default_path or None
        self._quote = quoter(url)
        self._session = Session(url, guard(config), _arguments(config))
        self._listing = Listing(config, self._listed)
        self._tokens: dict[str, dict[str, str]] = {}

    def datasets(self) -> Iterator[Dataset]:
        self._tokens = {}
        yield from self._listing.datasets()

    def _listed(self) -> list[MyTable]:
        with self._session.transaction() as run:
            return list(tables(run, self.store, self._schemas, self._config.views))

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        table = self._listing.table(dataset)
        span = self._span(table, table.key) if plan.mode == "full" and table.key else None
        if span is None:
            return [Shard(dataset, plan)]
        bounds = shard_bounds(span)
        return [Shard(dataset, plan, i, len(bounds), *bound) for i, bound in enumerate(bounds)]

    def settings(self) -> Iterator[Setting]:
        return settings(self._session.page, self.store.urn)

    def queries(self) -> Iterator[Query]:
        return views(self._session.page, self._schemas)

    def guards(self) -> tuple[str, ...]:
        return self._config.limits

    def token(self, dataset: Dataset) -> str:
        """When MariaDB last wrote to the table; nothing for MySQL, which says it a day late.

        A schema's tables are asked for at once, after they were listed and before any of them is read.
        """
        schema, name = dataset.path
        if schema not in self._tokens:
            rows = self._session.page(changes_of(schema))
            self._tokens[schema] = {str(table): ":".join(map(str, state)) for table, *state in rows}
        return self._tokens[schema].get(name, "")

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        yield from deliver(shard, self._reading(shard))

    def look_up(
        self, dataset: Dataset, fields: Sequence[tuple[str, ...]], sought: Sequence[Sought]
    ) -> Iterator[Batch | Note]:
        table = self._listing.table(dataset)
        columns = table.readable
        if table.columns and not columns:
            raise SourceError("permission denied", "grant SELECT on it to the user that scans")
        wanted = [column.field for column in columns if column.field.path in set(fields)]
        found = condition_of(wanted, sought, _spelling(self._quote))
        pages = self._holding(table, found) if found else iter(())
        reading = Reading(tuple(c.field for c in columns), pages, len(table.columns) - len(columns))
        yield from deliver(Shard(dataset, Plan(mode="full")), reading)

    def _holding(self, table: MyTable, found: Condition) -> Iterator[Page]:
        """The rows that meet the condition: at once where an index may serve, else by stretches."""
        select, key = f"{self._select(table)} WHERE {found.sql}", self._quote(table.key)

        def ask(sql: str) -> Page:
            with self._session.transaction() as run:
                seal(run, found.values)
                return run(sql)

        def pieces() -> Iterator[Page]:
            span = self._span(table, table.key)
            low, high = (span.low, span.high) if span else (1, 0)
            return stretches(low, high, lambda a, b: ask(f"{select} AND {key} BETWEEN {a} AND {b}"))

        if not table.key:
            yield ask(select)
        elif found.indexed:
            yield from at_once_or(lambda: ask(select), pieces)
        else:
            yield from pieces()

    def _reading(self, shard: Shard) -> Reading:
        table, plan = self._listing.table(shard.dataset), shard.plan
        columns = table.readable
        if table.columns and not columns:
            raise SourceError("permission denied", "grant SELECT on it to the user that scans")
        fields = tuple(column.field for column in columns)
        reading = Reading(fields, iter(()), len(table.columns) - len(columns))
        if plan.mode == "full" or not self._more_than(table, plan.rows):
            reading.pages = self._ranges(table, shard) if table.key else self._whole(table)
            return reading
        reading.sampled, reading.total = True, table.dataset.rows
        if table.index:
            reading.pages = self._windows(table, plan)
        else:
            rest, reading.reason = _pass_over(table, plan)
            reading.pages = self._stream(table, rest)
        return reading

    def _ranges(self, table: MyTable, shard: Shard) -> Iterator[Page | Rest]:
        """The shard's rows in the order of the key, page after page."""
        key, pace = self._quote(table.key), Pace(self._config.page_rows)
        lower = f"{key} >= {shard.start}" if shard.index else "TRUE"
        upper = f" AND {key} < {shard.stop}" if shard.stop is not None else ""
        size = pace.rows
        while True:
            page = self._page(table, table.key, f"WHERE {lower}{upper} ORDER BY {key} LIMIT {size}")
            short, rows = len(page) < size, pace.after(page, seconds=self._session.held)
            yield page
            if page:
                ends = f"{int(str(page[0][-1]))} AND {int(str(page[-1][-1]))}"
                yield self._rest(table, f"{key} BETWEEN {ends}", f" ORDER BY {key}")
            if short:
                return
            lower, size = f"{key} > {int(str(page[-1][-1]))}", rows

    def _windows(self, table: MyTable, plan: Plan) -> Iterator[Sequence[Row]]:
        span = self._span(table, table.index)
        if span is None:
            return
        rows = table.dataset.rows
        spans = tighten(span, rows, lambda pieces: self._spans(table, table.index, pieces))
        drawn = Windows(tuple(spans), rows).draw(f"{plan.seed}:{'/'.join(table.dataset.path)}", plan.rows)
        key = self._quote(table.index)
        yield from read_windows(
            drawn,
            lambda ranges: self._page(table, table.index, condition(key, ranges)),
            Pace(self._config.page_rows),
        )

    def _stream(self, table: MyTable, rest: str) -> Iterator[Sequence[Row]]:
        pace = Pace(self._config.page_rows)
        for page in self._session.stream(f"{self._select(table)} {rest}", lambda: pace.rows):
            pace.after(page)
            yield page

    def _whole(self, table: MyTable) -> Iterator[Page | Rest]:
        yield from self._stream(table, "")
        yield self._rest(table, "TRUE", "")

    def _rest(self, table: MyTable, condition: str, order: str) -> Rest:
        """Reads on in the rows that meet a condition."""

        def fetch(number: int, window: Window) -> Iterator[Sequence[Stretch]]:
            column = table.readable[number]
            cells = _stretch(self._quote(column.field.name), column, window)
            sql = f"SELECT {cells[0]} FROM {self._name(table)} WHERE {condition} AND {cells[1]}{order}"
            return self._session.stream(sql, lambda: 1)

        return Rest(fetch)

    def _page(self, table: MyTable, key: str, rest: str) -> Sequence[Row]:
        return self._session.page(f"{self._select(table, key)} {rest}")

    def _select(self, table: MyTable, key: str = "") -> str:
        cells = [_cell(self._quote(column.field.name), column) for column in table.readable]
        cells += [self._quote(key)] if key else []
        return f"SELECT {', '.join(cells) or 'NULL'} FROM {self._name(table)}"

    def _more_than(self, table: MyTable, rows: int) -> bool:
        try:
            counted = self._session.page(
                f"SELECT COUNT(*) FROM (SELECT 1 FROM {self._name(table)} LIMIT {rows + 1}) t"
            )
        except StatementTimeoutError:
            if not table.index:
                raise
            return True
        return int(str(counted[0][0])) > rows

    def _span(self, table: MyTable, key: str) -> Span | None:
        return self._spans(table, key, (None,))[0]

    def _spans(self, table: MyTable, key: str, pieces: Sequence[Span | None]) -> Sequence[Span | None]:
        """The lowest and highest key in each piece: two look-ups in the index."""
        column, name, cells = self._quote(key), self._name(table), []
        for piece in pieces:
            where = f"WHERE {column} BETWEEN {piece.low} AND {piece.high} " if piece else ""
            source = f"SELECT {column} FROM {name} {where}ORDER BY {column}"
            cells += [f"({source} LIMIT 1)", f"({source} DESC LIMIT 1)"]
        row = self._session.page(f"SELECT {', '.join(cells)}")[0]
        ends = zip(row[::2], row[1::2], strict=True)
        return [None if low is None else Span(int(str(low)), int(str(high))) for low, high in ends]

    def _name(self, table: MyTable) -> str:
        return ".".join(self._quote(part) for part in table.dataset.path)

    def close(self) -> None:
        self._session.close()


def _cell(name: str, column: MyColumn) -> str:
    """The column as the bytes of UTF-8 text, so that no driver can fail on a date or a character."""
    if column.field.type == "binary":
        return f"LEFT({name}, {CAP + 1})"
    return f"CAST(LEFT({_written(name, column)}, {CAP + 1}) AS BINARY)"


def _written(name: str, column: MyColumn) -> str:
    """The column as UTF-8 text."""
    if column.type == "bit":
        name = f"({name} + 0)"
    if column.type in SPATIAL:
        name = f"ST_AsText({name})"
    return f"CONVERT({name} USING utf8mb4)"


def _stretch(name: str, column: MyColumn, window: Window) -> tuple[str, str]:
    """A stretch of the column and whether there is more, and the condition that there is such a stretch."""
    binary = column.field.type == "binary"
    value = name if binary else _written(name, column)
    size = f"LENGTH({value})" if binary else f"CHAR_LENGTH({value})"
    part = f"SUBSTRING({value}, {window.start}, {window.size})"
    part = part if binary else f"CAST({part} AS BINARY)"
    return f"{part}, {size} > {window.end}", f"{size} > {window.beyond}"


def _spelling(quote: Callable[[str], str]) -> Spelling:
    """How a condition is written: bytes are compared, whatever the collations are."""
    return Spelling(
        name=lambda field: quote(field.name),
        cell=lambda field: f"CONVERT({quote(field.name)} USING utf8mb4)",
        mark=mark,
        within="LOCATE({value}, {cell}) > 0",
        equal="CAST({cell} AS BINARY) = {value}",
        number="{cell} = CAST({value} AS SIGNED)",
        wrap="CAST({cell} AS BINARY)",
    )


def _pass_over(table: MyTable, plan: Plan) -> tuple[str, str]:
    """Rows drawn by the server in one pass, or the first ones of a very large table."""
    rows = table.dataset.rows or 0
    if rows > _MOST_TO_PASS or rows <= 0:
        return f"LIMIT {plan.rows}", _FIRST_ROWS
    seed = zlib.crc32(f"{plan.seed}:{'/'.join(table.dataset.path)}".encode()) & 0x3FFFFFFF
    return f"WHERE RAND({seed}) < {min(1.0, plan.rows / rows):.9f}", ""


def guard(config: ServerConfig) -> Guard:
    """The settings of the session, read back before anything is scanned.

    The comments are for one of the two: MariaDB reads `/*M!`, MySQL 8 `/*!80000`.
    """
    milliseconds = round(config.statement_timeout * 1000)
    wait = max(2, math.ceil(config.lock_timeout))
    return Guard(
        explain,
        busy=config.busy,
        start=(
            f"SET SESSION lock_wait_timeout = {wait}, innodb_lock_wait_timeout = {wait}, "
            "time_zone = '+00:00', sql_mode = '' "
            f"/*M!100101 , max_statement_time = {milliseconds / 1000} */"
            f"/*!80000 , max_execution_time = {milliseconds} */",
            "SET SESSION TRANSACTION READ ONLY",
        ),
        begin="START TRANSACTION READ ONLY",
        check=(
            "SELECT @@lock_wait_timeout "
            "/*M!100101 , CAST(@@max_statement_time * 1000 AS UNSIGNED), @@tx_read_only */"
            "/*!80000 , @@max_execution_time, @@transaction_read_only */"
        ),
        expected=(str(wait), str(milliseconds), "1"),
    )


def _arguments(config: ServerConfig) -> dict[str, Any]:
    """Settings of the connection: a silent network ends it soon after the statement's time."""
    return {
        "charset": "utf8mb4",
        "connect_timeout": 10,
        "read_timeout": math.ceil(config.statement_timeout) + 15,
        "write_timeout": 15,
        "program_name": "pii-scan",
    }


def matches(target: str) -> int:
    return 10 if scheme_of(target) in ("mysql", "mariadb") else 0


CONNECTOR = ConnectorType(
    KIND, "MySQL and MariaDB databases", ServerConfig, MysqlConnector, matches, url_settings
)
