"""Files of columns by their parts: row groups, stripes, blocks, record batches.

Loaded by path into the capped child process of `connectors.parser`: imports nothing of ours. Each form has
`names`, `sizes` (rows and bytes of each part) and `read`, which gives parts in batches of so many rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import pyarrow as pa

#: Bytes that the rows decoded at once are meant to have.
_STEP_BYTES = 8 << 20
#: Bytes of a column that are read at once: a row group may be as large as the file.
_READ_BYTES = 256 << 10


class Parquet:
    """A Parquet file by its row groups."""

    def __init__(self, file: IO[bytes]) -> None:
        import pyarrow.parquet as pq

        self._source = pq.ParquetFile(file, pre_buffer=False, buffer_size=_READ_BYTES)
        self.names = self._source.schema_arrow.names
        facts = [self._source.metadata.row_group(n) for n in range(self._source.num_row_groups)]
        self.sizes = [(group.num_rows, group.total_byte_size) for group in facts]

    def read(self, parts: list[int], step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        for part in parts:
            rows, size = self.sizes[part]
            fit = _fit(step, rows, size)
            for batch in self._source.iter_batches(batch_size=fit, row_groups=[part], use_threads=False):
                yield part, batch


class Orc:
    """An ORC file by its stripes."""

    def __init__(self, file: IO[bytes]) -> None:
        from pyarrow import orc

        self._source = orc.ORCFile(file)
        self.names = self._source.schema.names
        first = self.names[:1]
        rows = [self._source.read_stripe(n, columns=first).num_rows for n in range(self._source.nstripes)]
        each = self._source.content_length // max(1, sum(rows))
        self.sizes = [(count, count * each) for count in rows]

    def read(self, parts: list[int], step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        for part in parts:
            yield from _steps(part, self._source.read_stripe(part), step)


class Arrow:
    """An Arrow (Feather) file by its record batches."""

    def __init__(self, file: IO[bytes]) -> None:
        self._source = pa.ipc.open_file(file)
        self.names = self._source.schema.names
        batches = (self._source.get_batch(n) for n in range(self._source.num_record_batches))
        self.sizes = [(batch.num_rows, batch.nbytes) for batch in batches]

    def read(self, parts: list[int], step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        for part in parts:
            yield from _steps(part, self._source.get_batch(part), step)


class ArrowStream:
    """An Arrow stream by its record batches; one that is cut is read as far as it goes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._fault: Exception | None = None
        self.names: list[str] = []
        self.sizes: list[tuple[int, int]] = []
        try:
            for batch in self._batches():
                self.sizes.append((batch.num_rows, batch.nbytes))
        except (pa.ArrowException, OSError) as error:
            if not self.names:
                raise
            self._fault = error

    def _batches(self) -> Iterator[pa.RecordBatch]:
        self._file.seek(0)
        stream = pa.ipc.open_stream(self._file)
        self.names = stream.schema.names
        yield from stream

    def read(self, parts: list[int], step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        wanted = set(parts)
        for part, batch in enumerate(islice(self._batches(), len(self.sizes))):
            if part in wanted:
                yield from _steps(part, batch, step)
        if self._fault is not None:
            raise self._fault


class Avro:
    """An Avro container file by its blocks; a file of other things than records has one column."""

    def __init__(self, file: IO[bytes]) -> None:
        import fastavro

        self._file, self._open = file, fastavro.block_reader
        blocks = self._open(file)
        schema: Any = blocks.writer_schema
        fields = schema.get("fields") if isinstance(schema, dict) else None
        self._records = fields is not None
        self.names = [field["name"] for field in fields] if fields is not None else ["value"]
        self.sizes = [(block.num_records, len(block.bytes_.getbuffer())) for block in blocks]

    def read(self, parts: list[int], step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        wanted = set(parts)
        self._file.seek(0)
        for part, block in enumerate(self._open(self._file)):
            if part in wanted:
                rows = list(block)
                for start in range(0, len(rows), step):
                    yield part, self._batch(rows[start : start + step])

    def _batch(self, rows: list[Any]) -> pa.RecordBatch:
        columns = (
            [[_plain(row.get(name)) for row in rows] for name in self.names]
            if self._records
            else [[_plain(row) for row in rows]]
        )
        arrays = [pa.array(column, pa.string()) for column in columns]
        return pa.RecordBatch.from_arrays(arrays, names=[str(n) for n in range(len(arrays))])


def _plain(value: Any) -> str | None:
    """An Avro value as text: what is nested as JSON, bytes as UTF-8 or Latin-1."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return text_of(value)
    if isinstance(value, dict | list | tuple | bool):
        return json.dumps(value, default=_plain)
    return str(value)


def _fit(step: int, rows: int, size: int) -> int:
    """Rows that are decoded at once, of `rows` that have `size` bytes."""
    return max(1, min(step, _STEP_BYTES * rows // max(1, size)))


def _steps(part: int, batch: pa.RecordBatch, step: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    fit = _fit(step, batch.num_rows, batch.nbytes)
    for start in range(0, batch.num_rows, fit):
        yield part, batch.slice(start, fit)


def text_of(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


FORMS = {"parquet": Parquet, "orc": Orc, "arrow": Arrow, "arrows": ArrowStream, "avro": Avro}
