"""Any other database with a SQLAlchemy dialect, such as DuckDB or Oracle: plain bounded reading.

It reads through SQLAlchemy's inspector and plain SELECTs, and so can't do what the connectors of a
dialect do: it sets no time limits and no read-only mode on the server (use an account that may only
read), it samples the first rows instead of rows spread over the table (and says so), it casts no
value to text on the server, and it reads a table in one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from pii_scan.core import urn
from pii_scan.core.errors import SourceError, TransientError, classify
from pii_scan.core.model import Batch, Dataset, Field, FieldType, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType

from .batching import Row
from .delivery import Pace, Reading, deliver
from .session import Guard, Session, original
from .settings import ServerConfig, exclusion, parse_url, url_settings
from .text import decode_blob

if TYPE_CHECKING:
    from sqlalchemy import URL, Inspector

KIND: Final = "sql"
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\+[A-Za-z0-9_]+)?://")
_SYSTEM: Final = frozenset({"information_schema", "pg_catalog", "sys", "system", "pg_toast"})
_TYPES: Final[tuple[tuple[str, FieldType], ...]] = (
    ("Boolean", "boolean"),
    ("JSON", "json"),
    ("DateTime", "timestamp"),
    ("Date", "date"),
    ("Time", "time"),
    ("Integer", "integer"),
    ("Numeric", "number"),
    ("Float", "number"),
    ("LargeBinary", "binary"),
    ("_Binary", "binary"),
    ("String", "string"),
    ("Uuid", "string"),
)


class GenericConnector:
    """Reads what SQLAlchemy can reflect."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        url = parse_url(config.url.get_secret_value())
        self._session = Session(url, Guard(explain, busy=config.busy))
        self._url = url
        self.store = config.store(url.get_backend_name(), ())

    def datasets(self) -> Iterator[Dataset]:
        with self._session.inspected() as inspector:
            found = list(self._listed(inspector))
        yield from found

    def _listed(self, inspector: Inspector) -> Iterator[Dataset]:
        for schema in self._schemas(inspector):
            for name in sorted(inspector.get_table_names(schema=schema)):
                yield self._described(inspector, Dataset(self.store, (schema, name)))
            for name in sorted(inspector.get_view_names(schema=schema)):
                skip = "" if self._config.views else "a view; its tables are read"
                view = Dataset(self.store, (schema, name), "view", skip=skip, planned=bool(skip))
                yield self._described(inspector, view)

    def _schemas(self, inspector: Inspector) -> list[str]:
        """All but the system's, or the one that the URL names where a database is a schema."""
        names = sorted(inspector.get_schema_names())
        if self._url.database in names:
            return [self._url.database] if self._config.schemas is None else names
        return [name for name in names if name.rpartition(".")[2].lower() not in _SYSTEM]

    def _described(self, inspector: Inspector, dataset: Dataset) -> Dataset:
        from dataclasses import replace

        schema, name = dataset.path
        references = _references(inspector, dataset)
        fields = tuple(
            Field(
                dataset.urn,
                (column["name"],),
                field_type(column["type"]),
                column.get("nullable"),
                column.get("comment") or "",
                references.get(column["name"]),
            )
            for column in inspector.get_columns(name, schema=schema)
        )
        reason = exclusion(self._config, dataset)
        excluded = replace(dataset, skip=reason, planned=True) if reason else dataset
        return excluded.with_fields(*fields)

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        dataset, plan = shard.dataset, shard.plan
        rows = plan.rows + 1 if plan.mode == "sample" else None
        reading = Reading(dataset.fields, self._pages(dataset, rows), from_bytes=decode_blob)
        if rows is not None:
            reading.reason = "the first rows only, if there are more: this dialect has no sampling here"
        yield from deliver(shard, reading)

    def _pages(self, dataset: Dataset, rows: int | None) -> Iterator[Sequence[Row]]:
        pace = Pace(self._config.page_rows)
        for page in self._session.stream(_select(self._url, dataset, rows), lambda: pace.rows):
            pace.after(page)
            yield page

    def close(self) -> None:
        self._session.close()


def _select(url: URL, dataset: Dataset, rows: int | None) -> str:
    """The statement with every name quoted and the dialect's way to bound it.

    Raises SourceError for a name that the dialect doesn't know how to quote.
    """
    from sqlalchemy import column, literal_column, select, table
    from sqlalchemy.sql import quoted_name

    dialect = url.get_dialect()()
    if not all(_quotable(dialect, name) for name in (*dataset.path, *(f.name for f in dataset.fields))):
        raise SourceError("it has a name that can't be quoted safely in this dialect")

    schema, name = (quoted_name(part, quote=True) for part in dataset.path)
    columns: list[Any] = [column(quoted_name(field.name, quote=True)) for field in dataset.fields]
    labelled: list[Any] = [each.label(f"c{index}") for index, each in enumerate(columns)]
    statement = (
        select(*labelled or [literal_column("NULL")]).select_from(table(name, schema=schema)).limit(rows)
    )
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _quotable(dialect: Any, name: str) -> bool:
    """False if the sign that ends a quoted name stands in it unchanged: not every dialect escapes its own."""
    preparer = dialect.identifier_preparer
    end = preparer.final_quote
    inside = preparer.quote_identifier(name)[len(preparer.initial_quote) : -len(end)]
    return end not in name or inside.replace(end * 2, "").replace("\\" + end, "").find(end) < 0


def _references(inspector: Inspector, dataset: Dataset) -> dict[str, str]:
    schema, name = dataset.path
    found = {}
    for key in inspector.get_foreign_keys(name, schema=schema):
        other = urn.join(dataset.store.urn, (key.get("referred_schema") or schema, key["referred_table"]))
        for own, target in zip(key["constrained_columns"], key["referred_columns"], strict=False):
            found[own] = urn.join(other, (target,), "#")
    return found


def field_type(column_type: object) -> FieldType:
    """From the SQLAlchemy type's ancestors, so that a dialect's own types count too."""
    names = [base.__name__ for base in type(column_type).__mro__]
    return next((kind for name, kind in _TYPES if name in names), "unknown")


def explain(error: BaseException) -> SourceError:
    """The fault by its class alone: an unknown driver's text may quote values or the URL."""
    cause = original(error)
    if isinstance(cause, OSError) or getattr(error, "connection_invalidated", False):
        return TransientError("the connection was lost", "try again", classify(cause))
    return SourceError(
        "the database could not be opened or could not answer",
        "check the url, the user and its rights",
        classify(cause),
    )


def matches(target: str) -> int:
    return 1 if _URL.match(target) else 0


def config_of(target: str) -> dict[str, Any]:
    """As for a server; the file's name for a database that is a file."""
    url = parse_url(target)
    settings = url_settings(target)
    if url.host is None and url.database:
        settings["name"] = url.database.replace("\\", "/").rsplit("/", 1)[-1].partition(".")[0]
    return settings


CONNECTOR = ConnectorType(
    KIND, "other databases with a SQLAlchemy dialect", ServerConfig, GenericConnector, matches, config_of
)
