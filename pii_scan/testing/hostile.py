"""A connector in memory whose names are as hostile as sources allow.

Quotes, controls, right-to-left marks, line breaks, format strings, statements, very long names, and
names that are themselves personal data. All people in it are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..core.errors import SourceError
from ..core.model import Batch, Dataset, Field, Note, Plan, Shard, Store
from .factories import make_batch

#: Names for tables, columns, keys, files: legal in at least one kind of source.
NAMES: Final[tuple[str, ...]] = (
    "select",
    "ORDER BY",
    'double"quote',
    "single'quote",
    "back`tick",
    "semi;colon",
    "x'); DROP TABLE trap; --",
    'x"; DELETE FROM trap; --',
    "x`; DELETE FROM trap; --",
    "per%cent",
    "%(bind)s",
    "%s %d",
    ":bind",
    "?",
    "{format}",
    "back\\slash",
    "sla/sh",
    "do.t",
    "ha#sh",
    "a b",
    " leading",
    "tab\there",
    "new\nline",
    "carriage\rreturn",
    "esc\x1b[31mred",
    "\u202egnirts",
    "zero\u200bwidth",
    "שם-משתמש",
    "имя",
    "名前",
    "naïve",
    "nai\u0308ve",
    "😀",
    "<script>alert(1)</script>",
    "=1+1",
    "n" * 63,
    "ü" * 31 + "n",
    "__row__",
    "c0",
    "_rowid_",
    "ctid",
    "ada.lovelace@example.org",
    "+44 20 7946 0958",
    "4111 1111 1111 1111",
)
#: A name that only sources without a limit of 63 bytes take.
LONG_NAME: Final = "long_" * 40
VALUE: Final = "canary.{}@example.org"


@dataclass(slots=True)
class HostileConnector:
    """One table a name, with all names as columns; the last object can't be read.

    `rows` rows a table. A value is `canary.ROW.COLUMN@example.org`.
    """

    names: Sequence[str] = NAMES
    rows: int = 3
    store: Store = field(default_factory=lambda: Store("memory", "hostile"))
    closed: bool = False

    def datasets(self) -> Iterator[Dataset]:
        for name in self.names:
            yield self._dataset(name)
        yield Dataset(self.store, ("a view",), "view", skip="a view; its tables are read", planned=True)
        yield self._dataset("denied")

    def _dataset(self, name: str) -> Dataset:
        dataset = Dataset(self.store, (name,), rows=self.rows)
        return dataset.with_fields(*(Field(dataset.urn, (column,), "string") for column in self.names))

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        """Raises SourceError for the table `denied`."""
        if shard.dataset.name == "denied":
            raise SourceError("permission denied", "grant SELECT on it", "42501")
        taken = min(self.rows, shard.plan.rows) if shard.plan.mode == "sample" else self.rows
        for first in range(0, taken, shard.plan.batch_rows):
            yield self._batch(shard.dataset, range(first, min(first + shard.plan.batch_rows, taken)))
        if taken < self.rows:
            yield Note(sampled=True, total=self.rows)

    def _batch(self, dataset: Dataset, rows: range) -> Batch:
        columns: dict[str, list[str | None]] = {
            str(index): [VALUE.format(f"{row}.{index}") for row in rows] for index in range(len(self.names))
        }
        plain = make_batch(dataset, columns, first=rows.start + 1)
        return Batch(dataset, plain.table, tuple((name,) for name in self.names), plain.bytes)

    def close(self) -> None:
        self.closed = True


def open_hostile(config: Any = None) -> HostileConnector:
    """The connector with its default names."""
    return HostileConnector()
