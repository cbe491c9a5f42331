"""Rows that may hold what is sought: asked of the source where it can answer, else read and sifted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from ..core.errors import SourceError, TransientError
from ..core.model import LOCATOR, Batch, Dataset, Note, Plan, Shard
from ..core.ports import CanLookUp, Connector
from ..core.sought import Sought
from .answer import Ledger, Path

_ATTEMPTS: Final = 3
#: Whole values that are asked for at once.
_AT_ONCE: Final = 500
FULL: Final = Plan(mode="full")


@dataclass(frozen=True, slots=True)
class Row:
    """One row's cells by field path; raw, so it stays in this room and shows nothing."""

    cells: dict[Path, str] = field(repr=False)
    number: tuple[int, int] = (0, 0)  # where it was met: shard and ordinal

    @property
    def identity(self) -> tuple[tuple[Path, str], ...]:
        """What tells it from others, however it was come by."""
        return tuple(sorted(self.cells.items()))


def rows(
    connector: Connector,
    dataset: Dataset,
    shown: str,
    sought: Sequence[Sought],
    ledger: Ledger,
    fields: Sequence[Path] = (),
    shards: Sequence[Shard] | None = None,
) -> list[Row]:
    """Every row that may hold one of the texts, in the fields or anywhere; gaps go into the ledger.

    `shown` is the dataset's masked URN; `shards` are those to read, else all. A fault that
    may pass is tried again from the beginning.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return list(_rows(connector, dataset, shown, sought, ledger, fields, shards))
        except TransientError as error:
            if attempt == _ATTEMPTS:
                ledger.gap(shown, str(error))
        except SourceError as error:
            ledger.gap(shown, str(error))
            break
    return []


def _rows(
    connector: Connector,
    dataset: Dataset,
    shown: str,
    sought: Sequence[Sought],
    ledger: Ledger,
    fields: Sequence[Path],
    shards: Sequence[Shard] | None,
) -> Iterator[Row]:
    wanted = tuple(fields) or tuple(f.path for f in dataset.fields)
    for shard, item in _items(connector, dataset, wanted, sought, shards):
        if isinstance(item, Note):
            _noted(item, shown, ledger)
            continue
        sifted = _sifted(item, sought, set(fields))
        yield from _unpacked(sifted, shard)


def _items(
    connector: Connector,
    dataset: Dataset,
    fields: Sequence[Path],
    sought: Sequence[Sought],
    shards: Sequence[Shard] | None,
) -> Iterator[tuple[int, Batch | Note]]:
    if isinstance(connector, CanLookUp):
        for start in range(0, len(sought), _AT_ONCE):
            for item in connector.look_up(dataset, fields, sought[start : start + _AT_ONCE]):
                yield start, item
        return
    for shard in connector.shards(dataset, FULL) if shards is None else shards:
        for item in connector.read(shard):
            yield shard.index, item


def _noted(note: Note, shown: str, ledger: Ledger) -> None:
    if note.lost or note.changed or note.sampled or "cut" in note.reason:
        ledger.gap(shown, note.reason or "it was changed while it was read")


def _sifted(batch: Batch, sought: Sequence[Sought], fields: set[Path]) -> Batch:
    """The batch's rows that may hold one of the texts."""
    mask: pa.Array | None = None
    for number, path in enumerate(batch.columns):
        if fields and path not in fields:
            continue
        found = _holding(batch.table.column(number), sought)
        mask = found if mask is None else pc.or_(mask, found)
    if mask is None:
        return replace(batch, table=batch.table.slice(0, 0))
    return replace(batch, table=batch.table.filter(mask))


def _holding(texts: pa.Array, sought: Sequence[Sought]) -> pa.Array:
    whole = [one.text for one in sought if one.whole]
    found = pc.is_in(texts, value_set=pa.array(whole, pa.string()))
    partial = [one for one in sought if not one.whole]
    if not partial:
        return found
    lower = pc.utf8_lower(pc.fill_null(texts, ""))
    loosened: dict[str, pa.Array] = {"": lower}
    for one in partial:
        if one.loose not in loosened:
            loosened[one.loose] = pc.replace_substring_regex(lower, _class(one.loose), "")
        found = pc.or_(found, pc.match_substring(loosened[one.loose], one.text))
    return found


def _class(signs: str) -> str:
    return "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in signs) + "]"


def _unpacked(batch: Batch, shard: int) -> Iterator[Row]:
    if not batch.table.num_rows:
        return
    numbers = batch.table.column(LOCATOR).to_pylist()
    columns = [batch.table.column(index).to_pylist() for index in range(len(batch.columns))]
    for index, number in enumerate(numbers):
        cells = {
            path: column[index]
            for path, column in zip(batch.columns, columns, strict=True)
            if column[index] is not None
        }
        yield Row(cells, (shard, number))
