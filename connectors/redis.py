"""Redis: keys by their template, each a record of its parts; only commands that read, in small steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, SecretStr

from pii_scan.core.errors import ConfigError, SourceError, TransientError, classify
from pii_scan.core.failpoint import failpoint
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType

from .readers.batching import batched_texts
from .redis_keys import grouped
from .source_config import SourceConfig
from .sql.settings import parse_url
from .sql.text import decode_blob

if TYPE_CHECKING:
    from redis import Redis

KIND: Final = "redis"
_SCHEMES: Final = ("redis", "rediss")
_SECONDS: Final = 5.0
_STEP: Final = 200
#: Bytes of a string, and elements of a collection, that are read of one key.
_BYTES: Final = 64 << 10
_ITEMS: Final = 100


class RedisConfig(SourceConfig):
    """One database of a server; the URL is a secret, because it may hold a password."""

    url: SecretStr = Field(description="address, such as redis://reader:…@host:6379/0")
    include: tuple[str, ...] = Field(("*",), description="globs of the key templates to read")
    keys: int = Field(200_000, ge=1, description="keys that are listed at most")


class RedisConnector:
    """Lists keys with SCAN once; reads the chosen ones in pipelines."""

    def __init__(self, config: RedisConfig) -> None:
        self._config = config
        self.store = config.store(KIND)
        self._client: Redis | None = None
        self._keys: dict[tuple[str, ...], list[bytes]] = {}
        self._more = False

    def datasets(self) -> Iterator[Dataset]:
        keys = self._asked(lambda client: list(islice(client.scan_iter(count=500), self._config.keys + 1)))
        self._more = len(keys) > self._config.keys
        self._keys = {(name,): found for name, found in grouped(set(keys[: self._config.keys])).items()}
        for path, found in self._keys.items():
            reason = self._exclusion(path[0])
            yield Dataset(self.store, path, rows=len(found), skip=reason, planned=bool(reason))

    def _exclusion(self, name: str) -> str:
        from fnmatch import fnmatchcase

        wanted = any(fnmatchcase(name, glob) for glob in self._config.include)
        refused = any(fnmatchcase(name, glob) for glob in self._config.exclude)
        return "excluded by the configuration" if refused or not wanted else ""

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        if not self._keys:
            list(self.datasets())
        keys, plan = self._keys.get(shard.dataset.path), shard.plan
        if keys is None:
            raise SourceError("its keys are gone", "they expired or were deleted since they were listed")
        chosen = keys
        if plan.mode == "sample" and len(keys) > plan.rows:
            chosen = sorted(sorted(keys, key=lambda key: _priority(key, plan.seed))[: plan.rows])
        records = self._records(chosen)
        yield from batched_texts(shard.dataset, (), enumerate(records, 1), plan.batch_rows)
        if len(chosen) < len(keys) or self._more:
            reason = f"only the first {self._config.keys} keys were listed" if self._more else ""
            yield Note(reason=reason, sampled=True, total=None if self._more else len(keys))

    def _records(self, keys: Sequence[bytes]) -> Iterator[str]:
        """A record a key that is still there, as JSON text."""
        for start in range(0, len(keys), _STEP):
            step = keys[start : start + _STEP]
            failpoint("connector.read")
            kinds = self._piped(step, lambda pipe, key: pipe.type(key))
            known = [(key, kind) for key, kind in zip(step, kinds, strict=True) if kind in _READS]
            parts = self._piped(known, lambda pipe, pair: _READS[pair[1]](pipe, pair[0]))
            for (key, _), part in zip(known, parts, strict=True):
                yield json.dumps({"key": _text(key), **_named(part)}, ensure_ascii=False)

    def _piped(self, items: Sequence[Any], ask: Callable[[Any, Any], Any]) -> list[Any]:
        def run(client: Redis) -> list[Any]:
            pipe = client.pipeline(transaction=False)
            for item in items:
                ask(pipe, item)
            return list(pipe.execute(raise_on_error=True)) if items else []

        return self._asked(run)

    def _asked(self, ask: Callable[[Redis], list[Any]]) -> list[Any]:
        from redis.exceptions import RedisError

        try:
            return ask(self._connected())
        except (RedisError, OSError) as error:
            raise explained(error) from None

    def _connected(self) -> Redis:
        if self._client is None:
            from redis import Redis

            self._client = Redis.from_url(
                self._config.url.get_secret_value(),
                socket_timeout=_SECONDS,
                socket_connect_timeout=_SECONDS,
                client_name="pii-scan",
            )
        return self._client

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


#: How the values of each type are read: a bounded part of them.
_READS: Final[dict[bytes, Callable[[Any, bytes], Any]]] = {
    b"string": lambda pipe, key: pipe.getrange(key, 0, _BYTES - 1),
    b"hash": lambda pipe, key: pipe.hscan(key, count=_ITEMS),
    b"list": lambda pipe, key: pipe.lrange(key, 0, _ITEMS - 1),
    b"set": lambda pipe, key: pipe.sscan(key, count=_ITEMS),
    b"zset": lambda pipe, key: pipe.zrange(key, 0, _ITEMS - 1),
    b"stream": lambda pipe, key: pipe.xrange(key, count=_ITEMS),
}


def _named(part: Any) -> dict[str, Any]:
    """A string as `value`, a hash by its fields, entries of a stream and elements as lists."""
    if isinstance(part, bytes):
        return {"value": _text(part)}
    if isinstance(part, tuple):  # HSCAN and SSCAN: a cursor and what was found
        part = part[1]
    if isinstance(part, dict):
        return {_text(name) or "": _text(value) for name, value in part.items()}
    if part and isinstance(part[0], tuple):
        return {"entries": [_named(fields) for _, fields in part]}
    return {"items": [_text(item) for item in part]}


def _text(value: bytes) -> str | None:
    """The text in a value; what is none (objects, pictures) is never unpacked."""
    return decode_blob(value)


def _priority(key: bytes, seed: int) -> bytes:
    return hashlib.blake2b(key, digest_size=8, salt=seed.to_bytes(8, "little")).digest()


def explained(error: BaseException) -> SourceError:
    """A fault in our own words: Redis quotes commands with their arguments."""
    name = type(error).__name__
    if name in ("AuthenticationError", "NoPermissionError", "AuthenticationWrongNumberOfArgsError"):
        return SourceError(
            "the server refused the user, the password or a command",
            "give the user the rights +@read +@connection ~*",
            name,
        )
    if name in ("MovedError", "AskError", "ClusterDownError"):
        return SourceError("the server is part of a cluster", "name each of its nodes as a source", name)
    if isinstance(error, OSError) or name in ("ConnectionError", "TimeoutError", "BusyLoadingError"):
        return TransientError(
            "the server can't be reached or does not answer", "check host and port, and try again", name
        )
    return SourceError("the server can't be read", detail=classify(error))


def matches(target: str) -> int:
    return 10 if target.partition("://")[0].lower() in _SCHEMES and "://" in target else 0


def config_of(target: str) -> dict[str, Any]:
    url = parse_url(target)
    return {"url": target, "name": "-".join(filter(None, (url.database or "0", url.host or "localhost")))}


def opened(config: RedisConfig) -> RedisConnector:
    """Raises ConfigError if the driver is missing."""
    try:
        import redis  # noqa: F401 - whether it is there
    except ImportError:
        raise ConfigError("the driver of Redis is not installed", "pip install 'pii-scan[redis]'") from None
    return RedisConnector(config)


CONNECTOR: Final = ConnectorType(
    KIND, "Redis databases, keys by their template", RedisConfig, opened, matches, config_of
)
