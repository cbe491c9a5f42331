"""What is scanned: stores hold datasets, datasets hold fields; `Batch` holds the raw rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from . import urn as urns

if TYPE_CHECKING:
    # Only the type: what reads names and rules alone needs no Arrow.
    import pyarrow as pa

DatasetKind = Literal["table", "view", "file", "log", "export"]
#: Types are few and the same for every engine, so that inventories can be compared.
FieldType = Literal[
    "string", "integer", "number", "boolean", "timestamp", "date", "time", "binary", "json", "unknown"
]
Mode = Literal["sample", "full"]
OWN = "own"
LOCATOR = "__row__"


@dataclass(frozen=True, slots=True)
class Store:
    """A database, bucket, log stream or export drop.

    `role` is `own`, or the id of the processor whose system or export it is. `default_path` is
    the schema that every plain table lies in (`("public",)`); comparisons across engines drop it.
    """

    kind: str
    name: str
    owner: str = ""
    region: str = ""
    role: str = OWN
    purpose: str = ""
    tags: tuple[str, ...] = ()
    default_path: tuple[str, ...] = ()

    @property
    def urn(self) -> str:
        return urns.store_urn(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Field:
    """One column, nested JSON path or log slot of the dataset with the URN `dataset`."""

    dataset: str
    path: tuple[str, ...]
    type: FieldType = "unknown"
    nullable: bool | None = None
    comment: str = field(default="", repr=False)
    references: str | None = None  # the field URN that a foreign key points at

    @property
    def urn(self) -> str:
        return urns.join(self.dataset, self.path, "#")

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table, view, file, log or export. `path` is a tuple because names contain dots.

    `rows` is an estimate when the source gives one for free. `skip` says why the object is listed
    but not read (a view, a socket); `planned` tells that nothing is lost by it, because its
    content is read elsewhere or the user asked for it.
    """

    store: Store
    path: tuple[str, ...]
    kind: DatasetKind = "table"
    fields: tuple[Field, ...] = ()
    rows: int | None = None
    modified: datetime | None = None
    skip: str = ""
    planned: bool = False

    @property
    def urn(self) -> str:
        return urns.join(self.store.urn, self.path)

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""

    def with_fields(self, *fields: Field) -> Dataset:
        return replace(self, fields=fields)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to read: at most `rows` rows and `bytes` bytes of a dataset, chosen by `seed`.

    A batch has at most `batch_rows` rows; wide rows make it smaller.
    """

    mode: Mode = "sample"
    rows: int = 10_000
    bytes: int = 64 << 20
    seconds: float = 300.0
    seed: int = 0
    batch_rows: int = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """What reading may still cost, whatever the plan: it ends after the batch that reaches one of them."""

    seconds: float | None = None
    bytes: float | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a dataset that is read, committed and resumed as one.

    `start` and `stop` are ordinals that carry no data: pages, row numbers or byte offsets. `part` tells a
    connector which of the things that make up its dataset is meant, under whatever name it lies by now.
    """

    dataset: Dataset
    plan: Plan = Plan()
    index: int = 0
    count: int = 1
    start: int = 0
    stop: int | None = None
    part: str = field(default="", repr=False)
    limit: Limit = Limit()


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw rows, all columns as Arrow strings; the only type that can hold a value.

    `columns` gives for each Arrow column but the locator its field path; a path of `()` is a
    whole record as JSON text. The column `LOCATOR` (int64) holds the row's ordinal: row number,
    line number, counted in each part of its own; pieces of one row that is too long to be held have
    the same. `bytes` is what was read from the source for it. With `continued` the rows go on with cells of
    rows that came before: they are none of their own.
    """

    dataset: Dataset
    table: pa.RecordBatch = field(repr=False)
    columns: tuple[tuple[str, ...], ...] = ()
    bytes: int = 0
    continued: bool = False

    def __repr__(self) -> str:
        return f"Batch({self.table.num_rows} rows, {self.table.num_columns} columns)"


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader has to say about the dataset while it reads, without a value.

    `lost` rows (lines, pages) could not be read because of `reason`; `sampled` tells that rows
    were left out by plan; `total` is the number of rows that the dataset turned out to have.
    """

    reason: str = ""
    lost: int = 0
    sampled: bool = False
    changed: bool = False
    total: int | None = None
