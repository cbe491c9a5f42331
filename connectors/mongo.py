"""MongoDB: documents of a collection as records; short queries by the index of `_id`, never a write.

Pages go on from the last `_id` by `min` on the index, which compares keys of all types: `$gt` would pass over
documents whose `_id` is of another type than the last one's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import Field, SecretStr

from pii_scan.core.errors import ConfigError, SourceError, TransientError, classify
from pii_scan.core.failpoint import failpoint
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType

from .readers.batching import batched_texts
from .source_config import SourceConfig
from .sql.text import decode_blob

if TYPE_CHECKING:
    from pymongo import MongoClient
    from pymongo.collection import Collection

T = TypeVar("T")
Document = dict[str, Any]
KIND: Final = "mongodb"
_SCHEMES: Final = ("mongodb", "mongodb+srv")
_SYSTEM: Final = frozenset(("admin", "config", "local"))
_PAGE: Final = 1000
_DEEPEST: Final = 100
_DENIED: Final = (13, 18)  # Unauthorized, AuthenticationFailed
_TOO_LONG: Final = 50  # MaxTimeMSExpired


class MongoConfig(SourceConfig):
    """One server or replica set; the URL is a secret, because it may hold a password."""

    url: SecretStr = Field(description="address, such as mongodb://reader:…@host/shop")
    include: tuple[str, ...] = Field(("*",), description="globs of collections: name or database/name")
    seconds: float = Field(5.0, gt=0, le=3600, description="seconds a query may take on the server")


class MongoConnector:
    """Reads from secondaries where there are any, each page a query of its own."""

    def __init__(self, config: MongoConfig) -> None:
        self._config = config
        self._database = database_of(config.url.get_secret_value())
        self.store = config.store(KIND, (self._database,) if self._database else ())
        self._client: MongoClient[Document] | None = None

    def datasets(self) -> Iterator[Dataset]:
        """Every collection and view but the server's own."""
        for database in self._databases():
            found = self._asked(lambda client, name=database: list(client[name].list_collections()))  # type: ignore[misc]
            for entry in sorted(found, key=lambda entry: str(entry["name"])):
                yield self._dataset(database, entry)

    def _databases(self) -> list[str]:
        if self._database:
            return [self._database]
        names = self._asked(lambda client: client.list_database_names())
        return sorted(set(names) - _SYSTEM)

    def _dataset(self, database: str, entry: Mapping[str, Any]) -> Dataset:
        name = str(entry["name"])
        path = (database, name)
        if name.startswith("system."):
            return Dataset(self.store, path, skip="the server's own", planned=True)
        if not self._wanted(path):
            return Dataset(self.store, path, skip="excluded by the configuration", planned=True)
        if entry.get("type") == "view":
            return Dataset(self.store, path, "view", skip="a view; its collection is read", planned=True)
        rows = self._asked(lambda client: client[database][name].estimated_document_count())
        return Dataset(self.store, path, rows=rows)

    def _wanted(self, path: tuple[str, str]) -> bool:
        names = (path[1].casefold(), "/".join(path).casefold())

        def fits(patterns: Sequence[str]) -> bool:
            return any(fnmatchcase(name, pattern.casefold()) for name in names for pattern in patterns)

        return fits(self._config.include) and not fits(self._config.exclude)

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        plan, rows = shard.plan, shard.dataset.rows or 0
        sampled = plan.mode == "sample" and rows > plan.rows
        pages = self._drawn(shard.dataset, plan) if sampled else self._pages(shard.dataset)
        texts = (text(document) for page in pages for document in page)
        yield from batched_texts(shard.dataset, (), enumerate(texts, 1), plan.batch_rows)
        if sampled:
            yield Note(sampled=True, total=rows)

    def _pages(self, dataset: Dataset) -> Iterator[list[Document]]:
        last: list[Any] = []
        while True:
            page = self._next(dataset, last)
            failpoint("connector.read")
            yield page[len(last) :]  # a page begins with the last document of the one before
            if len(page) < _PAGE:
                return
            last = [page[-1]["_id"]]

    def _next(self, dataset: Dataset, last: Sequence[Any]) -> list[Document]:
        return self._asked(lambda client: self._page(self._collection(client, dataset), last))

    def _page(self, collection: Collection[Document], last: Sequence[Any]) -> list[Document]:
        found = collection.find({}, limit=_PAGE, max_time_ms=self._milliseconds).sort("_id", 1).hint("_id_")
        return list(found.min([("_id", last[0])]) if last else found)

    def _drawn(self, dataset: Dataset, plan: Plan) -> Iterator[list[Document]]:
        """Documents that the server draws; its draw has no seed."""
        stages = [{"$sample": {"size": plan.rows}}]
        yield self._asked(
            lambda client: list(
                self._collection(client, dataset).aggregate(stages, maxTimeMS=self._milliseconds)
            )
        )

    @property
    def _milliseconds(self) -> int:
        return round(self._config.seconds * 1000)

    @staticmethod
    def _collection(client: MongoClient[Document], dataset: Dataset) -> Collection[Document]:
        return client[dataset.path[0]][dataset.path[1]]

    def _asked(self, ask: Callable[[MongoClient[Document]], T]) -> T:
        from pymongo.errors import PyMongoError

        try:
            return ask(self._connected())
        except (PyMongoError, OSError) as error:
            raise explained(error) from None

    def _connected(self) -> MongoClient[Document]:
        if self._client is None:
            from pymongo import MongoClient

            wait = min(10_000, self._milliseconds)
            self._client = MongoClient(
                self._config.url.get_secret_value(),
                appname="pii-scan",
                readPreference="secondaryPreferred",
                serverSelectionTimeoutMS=wait,
                connectTimeoutMS=wait,
                socketTimeoutMS=self._milliseconds + 10_000,
                tz_aware=True,
                unicode_decode_error_handler="replace",
            )
        return self._client

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def text(document: Document) -> str:
    """A document as JSON text; what is nested too deep is left as a text of its own."""
    return json.dumps(_plain(document), ensure_ascii=False)


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, Mapping):
        if depth >= _DEEPEST:
            return str(dict(value))
        return {str(name): _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return str(value) if depth >= _DEEPEST else [_plain(inner, depth + 1) for inner in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return decode_blob(value)
    return str(value)  # ObjectId, Decimal128, UUID, Regex, Timestamp


def explained(error: BaseException) -> SourceError:
    """A fault in our own words: the driver's quote addresses and documents."""
    from pymongo import errors

    name = type(error).__name__
    if isinstance(error, errors.OperationFailure):
        if error.code in _DENIED:
            return SourceError(
                "the server refused the user, the password or a collection",
                "give the user the role read",
                name,
            )
        if error.code == _TOO_LONG:
            return SourceError("a query took longer than it may", "raise options.seconds", name)
        return SourceError("the server refused a query", detail=f"{name} {error.code}")
    if isinstance(error, (errors.ConnectionFailure, OSError)):
        return TransientError(
            "the server can't be reached or does not answer", "check host and port, and try again", name
        )
    return SourceError("the server can't be read", detail=classify(error))


def database_of(url: str) -> str:
    """The database that the URL names. Raises ConfigError, without the text, if it is no such URL."""
    from pymongo.errors import ConfigurationError, InvalidURI
    from pymongo.uri_parser import parse_uri

    if url.startswith("mongodb+srv://"):  # resolving it would ask the network
        return url.partition("://")[2].partition("/")[2].partition("?")[0]
    try:
        return str(parse_uri(url, validate=False)["database"] or "")
    except (InvalidURI, ConfigurationError, ValueError):
        raise ConfigError(
            "the url of a source can't be parsed",
            "write mongodb://user@host:port/database and percent-encode what is special in the password",
        ) from None


def matches(target: str) -> int:
    return 10 if target.partition("://")[0].lower() in _SCHEMES and "://" in target else 0


def config_of(target: str) -> dict[str, Any]:
    """The fields `url` and `name`, which is `database-host`. Raises ConfigError if the driver is missing."""
    _require_driver()
    host = target.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(",")[0].partition(":")[0]
    return {"url": target, "name": "-".join(filter(None, (database_of(target), host or "localhost")))}


def opened(config: MongoConfig) -> MongoConnector:
    """Raises ConfigError if the driver is missing."""
    _require_driver()
    return MongoConnector(config)


def _require_driver() -> None:
    try:
        import pymongo  # noqa: F401 - whether it is there
    except ImportError:
        raise ConfigError(
            "the driver of MongoDB is not installed", "pip install 'pii-scan[mongodb]'"
        ) from None


CONNECTOR: Final = ConnectorType(
    KIND, "MongoDB collections, documents as records", MongoConfig, opened, matches, config_of
)
