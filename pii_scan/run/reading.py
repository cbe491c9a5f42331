"""Reads shards and profiles them; the same code in one process and in many."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow.compute as pc
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from ..core.category import Taxonomy
from ..core.errors import ConfigError, SourceError, TransientError, classify
from ..core.keyed import Key
from ..core.lineage import Processor
from ..core.model import LOCATOR, Batch, Limit, Note, Shard
from ..core.ports import Connector
from ..core.profile import Profile
from ..detect.engine import Engine
from ..detect.options import Options
from .sources import Source

Path = tuple[str, ...]
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class ShardResult:
    """A shard's profiles with what its reading had to say; `error` is why the rest is missing."""

    source: str
    shard: Shard
    profiles: Mapping[Path, Profile] = field(repr=False)
    rows: int = 0
    bytes: int = 0
    notes: tuple[Note, ...] = ()
    error: str = ""
    #: The shard's limit was reached, so that the rest was left out.
    cut: bool = False


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What a process needs to make its own engine."""

    taxonomy: Taxonomy
    processors: Sequence[Processor]
    key: Key
    options: Options

    def make(self) -> Engine:
        return Engine(self.taxonomy, self.processors, self.key, self.options)


class Reader:
    """Holds one open connector a source and one engine."""

    def __init__(self, sources: Sequence[Source], engine: Engine) -> None:
        self._sources = {source.name: source for source in sources}
        self._open: dict[str, Connector] = {}
        self.engine = engine

    def connector(self, name: str) -> Connector:
        """Raises SourceError if it can't be opened."""
        if name not in self._open:
            self._open[name] = self._sources[name].open()
        return self._open[name]

    def read(self, source: str, shard: Shard) -> ShardResult:
        """The whole shard, retried as a whole while its faults are transient."""
        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=2.0),
            reraise=True,
        )
        partial: dict[str, ShardResult] = {}
        try:
            return retrying(self._read_once, source, shard, partial)
        except (SourceError, ConfigError) as error:
            return self._cut(source, shard, partial, str(error))
        except MemoryError as error:
            return self._cut(source, shard, partial, f"too large for the memory ({classify(error)})")
        except Exception as error:  # noqa: BLE001 - a reader's bug costs its own object, and says so
            return self._cut(source, shard, partial, internal(error))

    def _cut(self, source: str, shard: Shard, partial: Mapping[str, ShardResult], error: str) -> ShardResult:
        return replace(partial.get("last", ShardResult(source, shard, {})), error=error)

    def _read_once(self, source: str, shard: Shard, partial: dict[str, ShardResult]) -> ShardResult:
        profiles: dict[Path, Profile] = {}
        notes: list[Note] = []
        rows = size = 0
        result = ShardResult(source, shard, profiles)
        begun = time.monotonic()
        for item in self.connector(source).read(shard):
            if isinstance(item, Note):
                notes.append(item)
            elif _reached(shard.limit, time.monotonic() - begun, size, rows):
                return replace(result, cut=True)  # only now is it known that there is more
            else:
                rows += _records(item)
                size += item.bytes
                for path, profile in self.engine.profile(item).items():
                    profiles[path] = profiles[path].merge(profile) if path in profiles else profile
            del item  # its memory is free while the next is read
            result = ShardResult(source, shard, profiles, rows, size, tuple(notes))
            partial["last"] = result
        return result

    def close(self) -> None:
        for connector in self._open.values():
            connector.close()
        self._open.clear()


def _records(batch: Batch) -> int:
    """The batch's rows; the pieces of one that is too long to be held have the same ordinal."""
    if batch.continued:
        return 0
    ordinals = batch.table.column(LOCATOR)
    if len(ordinals) < 2:
        return len(ordinals)
    repeated = pc.equal(ordinals.slice(1), ordinals.slice(0, len(ordinals) - 1))
    return len(ordinals) - int(pc.sum(repeated).as_py() or 0)


def _reached(limit: Limit, seconds: float, size: int, rows: int) -> bool:
    used = ((seconds, limit.seconds), (size, limit.bytes), (rows, limit.rows))
    return any(most is not None and cost >= most for cost, most in used)


def internal(error: BaseException) -> str:
    """A bug in our own words: its class and place, never its text."""
    return f"internal error: {classify(error)} at {_place(error)}"


def _place(error: BaseException) -> str:
    """`file:line` of the innermost frame, without any local or message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    name = trace.tb_frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{name}:{trace.tb_lineno}"
