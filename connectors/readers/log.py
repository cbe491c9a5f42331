"""Logs: each line in the slots of its file's format; a line that does not fit stands in `line`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pii_scan.core.model import Batch, Dataset, Note, Shard

from ..content import Content
from ..encoding import decode, lines_of, to_text
from ..log_formats import LogFormat, Slots, recognise, year_of
from .batching import BATCH_CHARS, make
from .lines import Counts, Lines
from .selection import Held, Sample

_MOST_COLUMNS: Final = 300  # keys of a log; lines with yet other keys are read as they are


def read(content: Content, shard: Shard, counts: Counts) -> Iterator[Batch | Note]:
    """Batches with a column a slot; raises SourceError where the file is cut, after what came before."""
    text = to_text(content.head, content.format.encoding)
    form = recognise(lines_of(text, 1000), year_of(content.blob.modified))
    lines = Lines(content, shard, counts)
    held = Held(lines)
    sample: Sample[bytes] = Sample(shard.plan, len)
    filled = ((n, line) for n, line in held if line.strip())
    texts = ((n, decode(line, content.format.encoding).rstrip("\r\n")) for n, line in sample.pick(filled))
    yield from _batches(shard.dataset, _slotted(texts, form), shard.plan.batch_rows)
    sample.partial = lines.partial
    yield from sample.notes()
    held.finish(sample.seen, "lines")


def _slotted(texts: Iterable[tuple[int, str]], form: LogFormat) -> Iterator[tuple[int, Slots, int]]:
    known: set[tuple[str, ...]] = set()
    for ordinal, text in texts:
        slots = form.parse(text)
        if slots is not None and len(known) < _MOST_COLUMNS:
            known.update(slots)
        if slots is None or not slots.keys() <= known:
            slots = {("line",): text}
        yield ordinal, slots, len(text)


def _batches(dataset: Dataset, rows: Iterable[tuple[int, Slots, int]], limit: int) -> Iterator[Batch]:
    ordinals: list[int] = []
    kept: list[Slots] = []
    size = 0
    for ordinal, slots, length in rows:
        ordinals.append(ordinal)
        kept.append(slots)
        size += length + 1
        if len(kept) >= limit or size >= BATCH_CHARS:
            yield _batch(dataset, kept, ordinals, size)
            ordinals, kept, size = [], [], 0
    if kept:
        yield _batch(dataset, kept, ordinals, size)


def _batch(dataset: Dataset, rows: list[Slots], ordinals: list[int], size: int) -> Batch:
    paths = dict.fromkeys(path for slots in rows for path in slots)
    return make(dataset, [(path, [slots.get(path) for slots in rows]) for path in paths], ordinals, size)
