"""Delivers a reading: batches within the plan's budget, then notes on what it left out."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from pii_scan.core.model import Batch, Field, Note, Plan, Shard

from .batching import Batcher, Page
from .continuing import Rest
from .reservoir import width
from .text import CAP, decode

#: Bytes of text a page is meant to have.
PAGE_BYTES: Final = 4 << 20
#: Seconds that a transaction of a full reading is meant to take at most.
_LONG: Final = 0.25


@dataclass(slots=True)
class Reading:
    """How one shard is read.

    `pages` may give, after those of one condition, how what is too long in them is read on.
    `fields` are the columns of each row; further cells, such as a key, are ignored. `denied` columns
    may not be read. `sampled` rows are left out by plan, of `total` if that is known. `changed` is
    asked at the end.
    """

    fields: Sequence[Field]
    pages: Iterator[Page | Rest] = field(repr=False)
    denied: int = 0
    sampled: bool = False
    total: int | None = None
    reason: str = ""
    changed: Callable[[], bool] = bool
    from_bytes: Callable[[bytes], str | None] = decode


def deliver(shard: Shard, reading: Reading) -> Iterator[Batch | Note]:
    """Every batch and note of the shard; the bounds of a sample are rows, bytes and seconds."""
    plan, batcher = shard.plan, Batcher(shard, reading.fields, reading.from_bytes)
    started, spent = time.monotonic(), ""
    try:
        for page in reading.pages:
            if isinstance(page, Rest):
                if plan.mode == "full":  # a sample looks at beginnings by plan
                    yield from batcher.read_on(page)
                continue
            room = plan.rows - batcher.rows if plan.mode == "sample" else len(page)
            yield from batcher.add(_some(page, room, plan.seed) if len(page) > room else page)
            if len(page) > room:
                reading.sampled = True
                break
            spent = _spent(plan, batcher, time.monotonic() - started)
            if spent:
                break
    finally:
        if isinstance(reading.pages, Generator):
            reading.pages.close()  # ends a transaction that is still open
    yield from batcher.flush()
    yield from _notes(plan, reading, batcher, spent)


def _some(page: Page, count: int, seed: int) -> Page:
    """Some rows of the last page, in their order: the first ones would be of its first windows."""
    chosen = sorted(random.Random(seed).sample(range(len(page)), count))
    return page.take(chosen) if isinstance(page, pa.RecordBatch) else [page[index] for index in chosen]


def _spent(plan: Plan, batcher: Batcher, seconds: float) -> str:
    if plan.mode != "sample":
        return ""
    if batcher.bytes >= plan.bytes:
        return "the plan's bytes were used up"
    return "the plan's seconds were used up" if seconds >= plan.seconds else ""


def _notes(plan: Plan, reading: Reading, batcher: Batcher, spent: str) -> Iterator[Note]:
    if reading.sampled or spent:
        yield Note(reason="; ".join(filter(None, (reading.reason, spent))), sampled=True, total=reading.total)
    elif reading.reason:
        yield Note(reason=reading.reason, total=reading.total)
    if batcher.cut:
        reason = f"values longer than {CAP} characters were cut: {batcher.cut}, the rest of them was not read"
        sample = plan.mode == "sample"
        yield Note(reason=reason, sampled=sample, lost=0 if sample else batcher.cut)
    if batcher.continued:
        yield Note(reason=f"values longer than {CAP} characters were read in windows: {batcher.continued}")
    if reading.denied:
        columns = f"{reading.denied} of {reading.denied + len(reading.fields)} columns"
        reason = f"{columns} are denied to this user; grant SELECT on them"
        yield Note(reason=reason, lost=max(1, batcher.rows))
    if reading.changed():
        yield Note(changed=True)


@dataclass(slots=True)
class Pace:
    """Rows of the next page, from the size of the last ones: bounded memory without knowing widths.

    Where the borders of pages decide what is read, in a sample, it depends on the data alone; a full reading
    tells its seconds too, so that a busy server is asked for less at a time.
    """

    most: int
    bytes: int = PAGE_BYTES
    rows: int = 250

    def after(self, *pages: Page, seconds: float = 0.0) -> int:
        """Notes the pages that were read at once, in so many seconds, and gives the rows of the next."""
        size, rows = sum(map(_bytes, pages)), sum(map(len, pages))
        wanted = self.rows * 4
        if size:
            wanted = min(wanted, self.bytes * max(1, rows) // size)
        if seconds > 0:
            wanted = min(wanted, int(rows * _LONG / seconds))
        self.rows = max(1, min(self.most, wanted))
        return self.rows

    def __post_init__(self) -> None:
        self.rows = min(self.rows, self.most)


def _bytes(page: Page) -> int:
    return int(page.nbytes) if isinstance(page, pa.RecordBatch) else sum(width(row) for row in page)
