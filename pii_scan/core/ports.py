"""The interfaces between the rooms, as Protocols: nothing to inherit from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Literal, Protocol, TypeVar, runtime_checkable

from .cursor import Cursor
from .declaration import Claim, Severity
from .detection import Evidence
from .finding import Examined, Finding
from .inventory import Inventory
from .keyed import Key
from .mapping import Mapping as Mapped
from .model import Batch, Dataset, FieldType, Note, Plan, Shard, Store
from .query import Query
from .register import Entry
from .setting import Setting
from .sought import Sought

T = TypeVar("T")
R = TypeVar("R")


@runtime_checkable
class Connector(Protocol):
    """Reads one store. Constructed by its factory from a validated `Config`.

    * `datasets()` lists every object, also those that are not read (`Dataset.skip`); raises
      SourceError or TransientError if the store can't be listed at all.
    * `shards()` divides a dataset for the plan, in a stable order.
    * `read()` yields batches and notes; raises SourceError if the rest of the shard can't be read
      (what was yielded before stays valid), TransientError if it may work in a moment.
    * Nothing is ever written to the source, nor beside it.
    """

    @property
    def store(self) -> Store: ...

    def datasets(self) -> Iterator[Dataset]: ...

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]: ...

    def read(self, shard: Shard) -> Iterator[Batch | Note]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ConnectorType:
    """What an entry point of the group `pii_scan.connectors` names.

    `kind` is also the URL scheme or word used in the configuration; `config` a pydantic model;
    `open` makes the connector from a validated config; `matches` tells whether a URL or path given
    on the command line is for this connector (the highest answer wins, 0 means no); `config_of`
    turns such a URL or path into the config's fields.
    """

    kind: str
    summary: str
    config: type[Any]
    open: Callable[[Any], Connector]
    matches: Callable[[str], int]
    config_of: Callable[[str], dict[str, Any]]


@runtime_checkable
class HasQueries(Protocol):
    """A connector that knows SQL by which columns come from others: views, foreign tables, jobs, dbt models.

    The texts may hold values: they are followed while the source is listed, and never kept. Raises
    SourceError if they can't be read.
    """

    def queries(self) -> Iterable[Query]: ...


@runtime_checkable
class HasChanges(Protocol):
    """A connector that can tell cheaply whether a dataset changed since a token was made."""

    def token(self, dataset: Dataset) -> str: ...


@dataclass(frozen=True, slots=True)
class Continuation:
    """What is to be read now, and the sealed cursor for the next time.

    `stands` tells that the shards are only what was added: all that was read before is still there.
    """

    shards: Sequence[Shard]
    cursor: Cursor = field(default_factory=Cursor)
    stands: bool = False


@runtime_checkable
class CanContinue(Protocol):
    """A connector that reads only what was added to a dataset since it was last read.

    An empty cursor means all; so does one of what is not wholly there any more.
    """

    def since(self, dataset: Dataset, plan: Plan, seen: Cursor, key: Key) -> Continuation: ...


@runtime_checkable
class CanLookUp(Protocol):
    """A connector that finds rows by what is in them: the subject query's push-down.

    `look_up` gives the rows in which one of the fields holds one of the texts; it may give more, never
    fewer without a note. The texts are bound, or sealed, and never part of a statement. Guards, limits and
    errors are those of `read`.
    """

    def look_up(
        self, dataset: Dataset, fields: Sequence[tuple[str, ...]], sought: Sequence[Sought]
    ) -> Iterator[Batch | Note]: ...


@dataclass(frozen=True, slots=True)
class Block:
    """A small piece of a dataset, and what tells that its `size` bytes are as they were.

    `state` is an identity, a size, a time and a digest of first bytes; of compressed data `size` is that
    of the file.
    """

    shard: Shard
    state: str = field(repr=False)
    size: int = 0


@runtime_checkable
class HasBlocks(Protocol):
    """A connector of which pieces can be read, so that an index may tell which hold somebody.

    The blocks of a dataset are all of it. Raises SourceError as `shards` does.
    """

    def blocks(self, dataset: Dataset) -> Sequence[Block]: ...


@runtime_checkable
class HasGuards(Protocol):
    """A connector that holds its server to limits, and reads them back before it scans."""

    def guards(self) -> tuple[str, ...]:
        """The limits in words, such as `read-only`; they hold if something could be listed."""


@runtime_checkable
class HasSettings(Protocol):
    """A connector that reports where its data lies and how it is guarded: TLS, grants, encryption.

    What the connector may not see is a setting of the value `unknown`, with the reason.
    """

    def settings(self) -> Iterable[Setting]: ...


@runtime_checkable
class HasRegisters(Protocol):
    """A connector that reads registers; identifiers of people leave it keyed."""

    def entries(self, key: Key) -> Iterable[Entry]: ...


@runtime_checkable
class HasMappings(Protocol):
    """A connector that reads what other systems say of their jobs; all names in it come from outside."""

    def mappings(self) -> Iterable[Mapped]: ...


@dataclass(frozen=True, slots=True)
class Column:
    """What a detector looks at: a field's names and distinct raw values with their counts.

    Lives only inside `detect`; its `repr` shows no value.
    """

    dataset: tuple[str, ...]
    path: tuple[str, ...]
    type: FieldType
    comment: str = field(default="", repr=False)
    values: Mapping[str, int] = field(default_factory=dict, repr=False)


class Detector(Protocol):
    """One way of looking at a column. Cheap ones run first."""

    id: str
    categories: tuple[str, ...]
    cost: Literal["free", "cheap", "model"]

    def look(self, column: Column) -> Iterable[Evidence]: ...


@dataclass(frozen=True, slots=True)
class Check:
    """A check with its header; calling it on an inventory gives its findings.

    `needs` names what it can't do without: `detections`, `flows`, `declaration`, `coverage`, `ages`.
    `kinds` are the claim kinds it settles, `promises` the promises; for those `examine` looks at one claim.
    Its function's docstring is its page in the docs.
    """

    id: str
    severity: Severity
    needs: tuple[str, ...]
    kinds: tuple[str, ...]
    run: Callable[[Inventory], Iterable[Finding]]
    promises: tuple[str, ...] = ()
    examine: Callable[[Inventory, Claim], Examined] | None = None

    def __call__(self, inventory: Inventory) -> Iterable[Finding]:
        return self.run(inventory)

    @property
    def doc(self) -> str:
        return ((self.examine or self.run).__doc__ or "").strip()


class Report(Protocol):
    """Writes an inventory in one format. Pure: no clock, no network, no database."""

    @property
    def name(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None: ...


class Executor(Protocol):
    """Maps a function over work items; results may come in any order."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]: ...
