"""PostgreSQL: every page a short read-only transaction, by ranges of blocks that need no key.

Rows come by `ctid`: a range of blocks for a full reading, blocks drawn by the seed for a sample. A
block is read in quarters (every fourth line pointer), so that a sample is spread over four times as
many blocks; each row is in exactly one quarter of one block and so as likely as another. TABLESAMPLE
SYSTEM would read the same blocks, but all in one statement and with a share that has to be guessed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pii_scan.core.errors import SourceError
from pii_scan.core.mapping import Mapping as Mapped
from pii_scan.core.model import Batch, Dataset, Field, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query
from pii_scan.core.setting import Setting
from pii_scan.core.sought import Sought

from .batching import Page, Row
from .continuing import Rest, Stretch, Window
from .delivery import Pace, Reading, deliver
from .listing import Listing
from .looking import Condition, Spelling, at_once_or, condition, stretches
from .postgresql_catalog import PgColumn, PgTable, tables
from .postgresql_changes import tokens
from .postgresql_errors import DENIED, explain
from .postgresql_origins import hidden, mappings
from .postgresql_queries import queries
from .postgresql_sealing import mark, seal
from .postgresql_settings import settings
from .session import Guard, Session, quoter
from .settings import ServerConfig, parse_url, scheme_of, url_settings
from .text import CAP
from .timeout import StatementTimeoutError

KIND: Final = "postgresql"
SCHEMA: Final = "public"
_SEARCH_PATH: Final = "pg_catalog, pg_temp"
#: Quarters of a block: see above.
_PARTS: Final = 4
_PARTS_A_PAGE: Final = 32
#: A line pointer and the smallest row take 28 bytes, so a block of 8 KiB holds at most 291 rows.
_ROW_BYTES: Final = 28
_SHARD_BLOCKS: Final = 16_384
_MAX_SHARDS: Final = 16
#: Rows a block, where the server has no estimate.
_BLOCK_ROWS: Final = 40
_TIDRANGE_VERSION: Final = 140_000
#: Rows of a COPY for each row of `page_rows`, and bytes that a COPY is meant to have.
COPY_TIMES: Final = 25
COPY_BYTES: Final = 8 << 20
#: Types whose values as text are never long, and those that are text as they are stored.
_SHORT: Final = frozenset(
    ("int2", "int4", "int8", "oid", "float4", "float8", "bool", "uuid", "inet", "cidr", "macaddr", "money",
     "date", "time", "timetz", "timestamp", "timestamptz", "interval")
)  # fmt: skip
_PLAIN: Final = frozenset(("text", "varchar", "bpchar", "citext"))


class PostgresConnector:
    """Reads one PostgreSQL database over one connection."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self.store = config.store(KIND, (SCHEMA,))
        url = parse_url(config.url.get_secret_value()).set(drivername="postgresql+psycopg")
        self._quote = quoter(url)
        self._session = Session(url, guard(config), _arguments())
        self._listing = Listing(config, self._listed)
        self._server: tuple[int, int, str] | None = None
        self._tokens: Mapping[int, str] | None = None

    def datasets(self) -> Iterator[Dataset]:
        self._tokens = None
        yield from self._listing.datasets()

    def _listed(self) -> list[PgTable]:
        with self._session.transaction() as run:
            return list(tables(lambda sql: run(sql.replace("%", "%%")), self.store, self._config.views))

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        table = self._listing.table(dataset)
        if plan.mode != "full" or not table.blocks:
            return [Shard(dataset, plan)]
        blocks = self._blocks(table)
        step = max(_SHARD_BLOCKS, -(-blocks // _MAX_SHARDS))
        starts = list(range(0, max(blocks, 1), step))
        stops = [*starts[1:], None]
        ends = zip(starts, stops, strict=True)
        return [Shard(dataset, plan, i, len(starts), start, stop) for i, (start, stop) in enumerate(ends)]

    def settings(self) -> Iterator[Setting]:
        return settings(self._session.page, self.store.urn)

    def queries(self) -> Iterator[Query]:
        yield from queries(self._session.page)
        yield from hidden(self._session.page)

    def mappings(self) -> Iterator[Mapped]:
        return mappings(self._session.page, self.store.name, self.store.urn)

    def guards(self) -> tuple[str, ...]:
        return self._config.limits

    def token(self, dataset: Dataset) -> str:
        """The table's state, asked for all at once after they were listed; see `postgresql_changes`."""
        table = self._listing.table(dataset)
        if not table.stored:
            return ""
        if self._tokens is None:
            self._tokens = tokens(self._session.page)
        return self._tokens.get(table.oid, "")

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        yield from self._secured(shard, lambda: self._reading(shard))

    def look_up(
        self, dataset: Dataset, fields: Sequence[tuple[str, ...]], sought: Sequence[Sought]
    ) -> Iterator[Batch | Note]:
        shard = Shard(dataset, Plan(mode="full"))
        yield from self._secured(shard, lambda: self._looking(dataset, set(fields), sought))

    def _looking(self, dataset: Dataset, fields: set[tuple[str, ...]], sought: Sequence[Sought]) -> Reading:
        table = self._listing.table(dataset)
        columns = table.readable
        if table.columns and not columns:
            raise SourceError("permission denied", "grant SELECT on it to the user that scans", DENIED)
        wanted = [column.field for column in columns if column.field.path in fields]
        found = condition(wanted, sought, spelling(columns, self._quote))
        pages = self._holding(table, found) if found else iter(())
        return Reading(tuple(column.field for column in columns), pages, len(table.columns) - len(columns))

    def _holding(self, table: PgTable, found: Condition) -> Iterator[Page]:
        """The rows that meet the condition: at once where an index may serve, else by stretches of blocks."""
        select = f"{self._select(table)} WHERE {found.sql}"

        def ask(sql: str) -> Page:
            version = self._facts()[0]
            with self._session.transaction() as run:
                seal(run, found.values, version)
                return run(sql)

        def pieces() -> Iterator[Page]:
            last = self._blocks(table) - 1
            return stretches(0, last, lambda a, b: ask(f"{select} AND {self._between(a, b + 1)}"))

        if not table.blocks:
            yield ask(select)
        elif found.indexed:
            yield from at_once_or(lambda: ask(select), pieces)
        else:
            yield from pieces()

    def _secured(self, shard: Shard, reading: Callable[[], Reading]) -> Iterator[Batch | Note]:
        """What the reading gives; rows that the server hides are named as such."""
        try:
            yield from deliver(shard, reading())
        except SourceError as error:
            table = self._listing.known(shard.dataset)
            if table and table.secured and error.detail.endswith(DENIED):
                raise SourceError(
                    "row-level security hides rows of it from this user",
                    "grant BYPASSRLS to the user that scans, or scan as the table's owner",
                    error.detail,
                ) from None
            raise

    def _reading(self, shard: Shard) -> Reading:
        table, plan = self._listing.table(shard.dataset), shard.plan
        columns = table.readable
        if table.columns and not columns:
            raise SourceError("permission denied", "grant SELECT on it to the user that scans", DENIED)
        reading = Reading(
            tuple(column.field for column in columns), iter(()), len(table.columns) - len(columns)
        )
        if plan.mode == "full" or not self._larger(table, plan):
            reading.pages = self._ranges(table, shard) if table.blocks else self._whole(table)
            return reading
        reading.sampled, reading.total = True, table.dataset.rows
        if table.blocks:
            reading.pages = self._parts(table, plan)
        elif table.stored:
            reading.pages = self._stream(table, self._sampled(table, plan))
        else:
            reading.pages = self._stream(table, f" LIMIT {plan.rows}")
            reading.reason = "the first rows only: a view has no key to spread them over"
        return reading

    def _ranges(self, table: PgTable, shard: Shard) -> Iterator[Page | Rest]:
        """The shard's rows block after block; blocks that are added meanwhile are the next scan's."""
        stop = self._blocks(table) if shard.stop is None else shard.stop
        block, step, pace = shard.start, 4, self._pace()
        while block < stop:
            until = min(block + step, stop)
            pages = self._range(table, self._between(block, until))
            density = max(1.0, sum(map(len, pages)) / (until - block))
            rows = pace.after(*pages, seconds=self._session.held)
            yield from pages
            yield self._rest(table, f" WHERE {self._between(block, until)}")
            step = max(1, min(int(rows / density), step * 4))
            block = until

    def _pace(self) -> Pace:
        if self._bytewise():
            return Pace(self._config.page_rows)
        return Pace(self._config.page_rows * COPY_TIMES, COPY_BYTES)

    def _range(self, table: PgTable, condition: str) -> Sequence[Page]:
        """The rows that meet a condition, read in one transaction."""
        if self._bytewise():
            return [self._session.page(f"{self._select(table)} WHERE {condition}")]
        cells = [_text(self._quote(column.field.name), column) for column in table.readable]
        query = f"SELECT {', '.join(cells) or 'NULL'} FROM {self._source(table)} WHERE {condition}"
        return self._session.copy(query, max(1, len(cells)))

    def _bytewise(self) -> bool:
        """True if the server doesn't know how its texts are encoded: they come as bytes, row by row."""
        return self._facts()[2] == "SQL_ASCII"

    def _between(self, start: int, stop: int) -> str:
        if self._facts()[0] >= _TIDRANGE_VERSION:
            return f"ctid >= '({start},0)'::tid AND ctid < '({stop},0)'::tid"
        return self._among(f"generate_series({start}, {stop - 1}) AS b", 0, 1)

    def _parts(self, table: PgTable, plan: Plan) -> Iterator[Sequence[Row]]:
        """Quarters of blocks in an order that the seed alone decides."""
        count = self._blocks(table) * _PARTS
        draw = random.Random(f"{plan.seed}:{'/'.join(table.dataset.path)}")
        drawn = draw.sample(range(count), min(count, _PARTS * plan.rows + _PARTS_A_PAGE))
        pace, start, size = Pace(self._config.page_rows), 0, _PARTS_A_PAGE
        while start < len(drawn):
            taken = drawn[start : start + size]
            page = self._session.page(f"{self._select(table)} WHERE {self._drawn(taken)}")
            yield page
            start += len(taken)
            density = max(1.0, len(page) / len(taken))
            size = max(1, min(int(pace.after(page) / density), size * 4))

    def _drawn(self, parts: Sequence[int]) -> str:
        """The rows of some quarters: those of one quarter number together."""
        groups = []
        for part in sorted({number % _PARTS for number in parts}):
            blocks = sorted(number // _PARTS for number in parts if number % _PARTS == part)
            values = ", ".join(f"{block}::bigint" for block in blocks)
            groups.append(self._among(f"unnest(ARRAY[{values}]) AS b", part, _PARTS))
        return " OR ".join(groups)

    def _among(self, blocks: str, part: int, parts: int) -> str:
        """Rows by every line pointer that the blocks may have: a TID scan, whatever the version."""
        most = self._facts()[1] // _ROW_BYTES
        pointers = f"generate_series({part + 1}, {most}, {parts}) AS p"
        return f"ctid = ANY (ARRAY(SELECT ('(' || b || ',' || p || ')')::tid FROM {blocks}, {pointers}))"

    def _sampled(self, table: PgTable, plan: Plan) -> str:
        """The server's own sample by blocks, for who may not see `ctid`."""
        rows = table.dataset.rows or _BLOCK_ROWS * self._blocks(table)
        seed = random.Random(f"{plan.seed}:{'/'.join(table.dataset.path)}").randrange(2**31)
        return f" TABLESAMPLE SYSTEM ({min(100.0, 100 * plan.rows / max(1, rows)):.6f}) REPEATABLE ({seed})"

    def _stream(self, table: PgTable, rest: str) -> Iterator[Sequence[Row]]:
        pace = Pace(self._config.page_rows)
        for page in self._session.stream(self._select(table) + rest, lambda: pace.rows):
            pace.after(page)
            yield page

    def _whole(self, table: PgTable) -> Iterator[Page | Rest]:
        yield from self._stream(table, "")
        yield self._rest(table, " WHERE TRUE")

    def _rest(self, table: PgTable, where: str) -> Rest:
        """Reads on in the rows that meet a condition."""

        def fetch(number: int, window: Window) -> Iterator[Sequence[Stretch]]:
            column = table.readable[number]
            cells = _stretch(self._quote(column.field.name), column, window, self._bytewise())
            yield self._session.page(f"SELECT {cells[0]} FROM {self._source(table)}{where} AND {cells[1]}")

        return Rest(fetch)

    def _select(self, table: PgTable) -> str:
        raw = self._bytewise()
        cells = [_cell(self._quote(column.field.name), column, raw) for column in table.readable]
        return f"SELECT {', '.join(cells) or 'NULL'} FROM {self._source(table)}"

    def _larger(self, table: PgTable, plan: Plan) -> bool:
        """True if the table has more rows or bytes than the plan; asks for no more than its rows."""
        if table.blocks and self._blocks(table) * self._facts()[1] > plan.bytes:
            return True
        source = self._source(table)
        try:
            counted = self._session.page(
                f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {plan.rows + 1}) t"
            )
        except StatementTimeoutError:
            return True
        return int(str(counted[0][0])) > plan.rows

    def _blocks(self, table: PgTable) -> int:
        size = self._session.page(f"SELECT pg_relation_size({table.oid}::oid)")[0][0]
        return 0 if size is None else int(str(size)) // self._facts()[1]

    def _facts(self) -> tuple[int, int, str]:
        """The server's version number, block size and encoding."""
        if self._server is None:
            names = ("server_version_num", "block_size", "server_encoding")
            row = self._session.page("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))[0]
            self._server = int(str(row[0])), int(str(row[1])), str(row[2])
        return self._server

    def _source(self, table: PgTable) -> str:
        """The quoted name; a table that others inherit from without their rows."""
        return "ONLY " * table.stored + ".".join(self._quote(part) for part in table.dataset.path)

    def close(self) -> None:
        self._session.close()


def _cell(name: str, column: PgColumn, raw: bool) -> str:
    """The column as text on the server: `infinity` and years before Christ break drivers' types."""
    if column.field.type == "binary":
        return f"substr({name}, 1, {CAP + 1})"
    start = f"substr({_written(name, column)}, 1, {CAP + 1})"
    return f"convert_to({start}, 'SQL_ASCII')" if raw else start


def _written(name: str, column: PgColumn) -> str:
    return f"array_to_json({name})::text" if column.category == "A" else f"{name}::text"


def _stretch(name: str, column: PgColumn, window: Window, raw: bool) -> tuple[str, str]:
    """A stretch of the column and whether there is more, and the condition that there is such a stretch."""
    binary = column.field.type == "binary"
    value = name if binary else _written(name, column)
    part = f"substr({value}, {window.start}, {window.size})"
    part = f"convert_to({part}, 'SQL_ASCII')" if raw and not binary else part
    long = f"octet_length({value}) > {window.beyond} AND length({value}) > {window.beyond}"
    return f"{part}, length({value}) > {window.end}", long


def _text(name: str, column: PgColumn) -> str:
    """The column as text for COPY: binary values in hexadecimal, others cut only where they are long."""
    if column.field.type == "binary":
        return f"encode(substr({name}, 1, {CAP + 1}), 'hex')"
    if column.type in _SHORT:
        return f"{name}::text"
    if column.type not in _PLAIN:
        return _cell(name, column, raw=False)
    text = f"{name}::text"
    return f"CASE WHEN octet_length({text}) > {CAP} THEN substr({text}, 1, {CAP + 1}) ELSE {text} END"


def spelling(columns: Sequence[PgColumn], quote: Callable[[str], str]) -> Spelling:
    """How a condition is written: `bytea` is compared by its printable characters."""
    arrays = {column.field.path for column in columns if column.category == "A"}

    def text(field: Field) -> str:
        name = quote(field.name)
        if field.type == "binary":
            return f"encode({name}, 'escape')"
        return f"array_to_json({name})::text" if field.path in arrays else f"{name}::text"

    return Spelling(
        name=lambda field: quote(field.name),
        cell=text,
        mark=mark,
        within="strpos({cell}, {value}) > 0",
        number="{cell} = {value}::bigint",
    )


def guard(config: ServerConfig) -> Guard:
    """The settings of every transaction, read back before anything is scanned."""
    settings = {
        "statement_timeout": str(round(config.statement_timeout * 1000)),
        "lock_timeout": str(round(config.lock_timeout * 1000)),
        "row_security": "off",
        "search_path": _SEARCH_PATH,
        "datestyle": "ISO, YMD",
        "timezone": "UTC",
        "extra_float_digits": "1",
        "max_parallel_workers_per_gather": "0",
    }
    local = "".join(f"; SET LOCAL {name} = {_value(name, value)}" for name, value in settings.items())
    checked = ("statement_timeout", "lock_timeout", "row_security", "search_path")
    values = ", ".join(f"(SELECT setting FROM pg_settings WHERE name = '{name}')" for name in checked)
    return Guard(
        explain,
        busy=config.busy,
        begin=f"BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY{local}",
        check=f"SELECT current_setting('transaction_read_only'), {values}",
        expected=("on", *(settings[name] for name in checked)),
    )


def _value(name: str, value: str) -> str:
    return value if name == "search_path" or value.isalnum() else f"'{value}'"


def _arguments() -> dict[str, Any]:
    """Settings of the connection: a silent network ends it within half a minute."""
    return {
        "application_name": "pii-scan",
        "connect_timeout": 10,
        "prepare_threshold": None,
        "client_encoding": "utf8",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }


def matches(target: str) -> int:
    return 10 if scheme_of(target) in ("postgresql", "postgres") else 0


CONNECTOR = ConnectorType(
    KIND, "PostgreSQL databases", ServerConfig, PostgresConnector, matches, url_settings
)
