"""Logs: each record in the slots of its file's format; what does not fit it stands in `line`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from pii_scan.core.errors import SourceError
from pii_scan.core.model import LOCATOR, Batch, Dataset, Note, Shard

from ..content import Content
from ..encoding import decode, lines_of, to_text
from ..log_formats import ends_traceback, recognise, year_of
from ..log_templates import MESSAGES, Templates, learn
from ..logforms.slots import LogFormat, Slots
from ..opening import read_head
from .batching import BATCH_CHARS
from .lines import WINDOW, Counts, Lines, open_text
from .selection import Held, Sample

_MOST_COLUMNS: Final = 300  # keys of a log; lines with yet other keys are read as they are
_MOST_LINES: Final = 1_000  # of one record
_LEARNED: Final = 256 << 10  # bytes at the beginning of a file from which templates are learned
Row = tuple[Slots, Slots, int]  # of the format, of the message's template, characters


def read(content: Content, shard: Shard, counts: Counts, templates: Templates) -> Iterator[Batch | Note]:
    """Batches with a column a slot; raises SourceError where the file is cut, after what came before.

    A record's place is that of its first line. Lines at the beginning of a shard that go on with a
    record of the shard before are a record of their own.
    """
    form = form_of(content)
    lines = Lines(content, shard, counts)
    held = Held(lines)
    sample: Sample[str] = Sample(shard.plan, len)
    encoding = content.format.encoding
    texts = ((n, decode(line, encoding).rstrip("\r\n")) for n, line in held if line.strip())
    chosen = sample.pick(records(texts, form))
    yield from _batches(shard.dataset, _slotted(chosen, form, templates), shard.plan.batch_rows)
    sample.partial = lines.partial
    yield from sample.notes()
    held.finish(sample, "records" if form.begins else "lines")


def form_of(content: Content) -> LogFormat:
    """The log's format, from its first bytes."""
    text = to_text(content.head, content.format.encoding)
    return recognise(lines_of(text, 1000), year_of(content.blob.modified))


def templates_of(contents: Iterable[Content]) -> Templates:
    """The templates of the messages with which these files begin."""
    return learn(message for content in contents for message in _messages(content))


def _messages(content: Content) -> Iterator[tuple[tuple[str, ...], str]]:
    form = form_of(content)
    try:
        source = content.blob.open()
        try:
            data = read_head(open_text(source, content), _LEARNED)
        finally:
            source.close()
    except SourceError:
        return  # reading it says why
    lines = data[: data.rfind(b"\n") + 1].split(b"\n")
    texts = ((n, decode(line, content.format.encoding).rstrip("\r")) for n, line in enumerate(lines) if line)
    for _, text in records(texts, form):
        for path, value in (form.parse(text) or {("line",): text}).items():
            if path in MESSAGES:
                yield path, value


def records(lines: Iterable[tuple[int, str]], form: LogFormat) -> Iterator[tuple[int, str]]:
    """The lines that belong together as one text, under the first one's number."""
    if form.begins is None:
        yield from lines
        return
    first, held, size = 0, [""], 0
    for number, line in lines:
        size += len(line) + 1
        more = held[0] and (not form.begins(line) or _ends(form, held, line))
        if more and len(held) < _MOST_LINES and size < WINDOW:
            held.append(line)
            continue
        if held[0]:
            yield first, "\n".join(held)
        first, held, size = number, [line], len(line)
    if held[0]:
        yield first, "\n".join(held)


def _ends(form: LogFormat, held: list[str], line: str) -> bool:
    """In a log whose records have no mark of their own, the last line of a traceback belongs to it."""
    return form.name == "plain" and len(held) > 1 and ends_traceback("\n".join(held), line)


def _slotted(
    texts: Iterable[tuple[int, str]], form: LogFormat, templates: Templates
) -> Iterator[tuple[int, Row]]:
    known: set[tuple[str, ...]] = set()
    for ordinal, text in texts:
        slots = form.parse(text)
        if slots is not None and len(known) < _MOST_COLUMNS:
            known.update(slots)
        if slots is None or not slots.keys() <= known:
            slots = {("line",): text}
        yield ordinal, (*_taken_apart(slots, templates), len(text))


def _taken_apart(slots: Slots, templates: Templates) -> tuple[Slots, Slots]:
    """The slots without what lies in their templates' slots, and these."""
    values: dict[tuple[str, ...], str] = {}
    for path in slots.keys() & MESSAGES:
        split = templates.split(path, slots[path])
        if split is None:
            continue
        slots = {**slots, path: split.text}
        for slot, value in split.values:
            values[slot] = f"{values[slot]} {value}" if slot in values else value
    return slots, values


def _batches(dataset: Dataset, rows: Iterable[tuple[int, Row]], limit: int) -> Iterator[Batch]:
    ordinals: list[int] = []
    columns = _Columns()
    size = 0
    for ordinal, (slots, values, length) in rows:
        columns.add(len(ordinals), slots)
        columns.add(len(ordinals), values)
        ordinals.append(ordinal)
        size += length + 1
        if len(ordinals) >= limit or size >= BATCH_CHARS:
            yield columns.batch(dataset, ordinals, size)
            ordinals, columns, size = [], _Columns(), 0
    if ordinals:
        yield columns.batch(dataset, ordinals, size)


class _Columns:
    """Cells by field path, with the rows that they stand in: most slots are empty in most rows."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, ...], tuple[list[int], list[str]]] = {}

    def add(self, row: int, slots: Slots) -> None:
        for path, value in slots.items():
            cells = self._cells.get(path)
            if cells is None:
                cells = self._cells[path] = ([], [])
            cells[0].append(row)
            cells[1].append(value)

    def batch(self, dataset: Dataset, ordinals: list[int], size: int) -> Batch:
        count = len(ordinals)
        arrays = [_spread(rows, cells, count) for rows, cells in self._cells.values()]
        arrays.append(pa.array(ordinals, pa.int64()))
        names = [*map(str, range(len(self._cells))), LOCATOR]
        return Batch(dataset, pa.RecordBatch.from_arrays(arrays, names=names), tuple(self._cells), size)


def _spread(rows: list[int], cells: list[str], count: int) -> pa.Array:
    """The cells in their rows, null in the others."""
    column = pa.array(cells, pa.string())
    if len(rows) == count:
        return column
    places = np.full(count, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return column.take(pa.array(places, mask=places < 0))
