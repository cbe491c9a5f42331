"""PostgreSQL's COPY: a query's rows as CSV, made Arrow strings without an object a row or cell.

Cells are parted by the unit separator and quoted by the record separator, control characters that text
hardly has: then nothing is quoted but empty texts and cells over several lines, and a chunk without
quotes is parsed without looking for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pc

_DELIMITER: Final = "\x1f"
_QUOTE: Final = "\x1e"
#: Bytes after which a chunk is full: more is slower, because it leaves the processor's cache.
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole rows as CSV: their bytes and their number."""

    data: bytearray = field(repr=False)
    rows: int


def statement(query: str) -> str:
    """The COPY of a query; null is an empty cell, an empty text is quoted."""
    options = f"FORMAT csv, ENCODING 'UTF8', DELIMITER '{_DELIMITER}', QUOTE '{_QUOTE}'"
    return f"COPY ({query}) TO STDOUT ({options})"


def received(driver: Any, sql: str) -> list[Chunk]:
    """What the COPY sends over a psycopg connection. Raises psycopg.Error.

    It is taken from libpq row by row: psycopg's own loop spends more time than the server.
    """
    from psycopg.errors import error_from_result
    from psycopg.pq import ExecStatus

    link = driver.pgconn
    result = link.exec_(sql.encode())
    if result.status != ExecStatus.COPY_OUT:
        raise error_from_result(result)
    chunks = list(_chunks(link.get_copy_data))
    faults = [end for end in iter(link.get_result, None) if end.status != ExecStatus.COMMAND_OK]
    if faults:
        raise error_from_result(faults[0])
    return chunks


def _chunks(take: Any) -> Iterator[Chunk]:
    """The messages of a COPY, each of which is one row, put together."""
    data, rows = bytearray(), 0
    size, row = take(0)
    while size > 0:
        data += row
        rows += 1
        if len(data) >= _CHUNK:
            yield Chunk(data, rows)
            data, rows = bytearray(), 0
        size, row = take(0)
    if rows:
        yield Chunk(data, rows)


def parsed(chunk: Chunk, width: int) -> Iterator[pa.RecordBatch]:
    """The rows, each of `width` cells. Raises pa.ArrowInvalid for text that is no UTF-8."""
    data = chunk.data
    names = [str(index) for index in range(width)]
    quoted = _QUOTE.encode() in data
    table = pc.read_csv(
        pa.py_buffer(data),
        pc.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
        pc.ParseOptions(
            delimiter=_DELIMITER,
            quote_char=_QUOTE if quoted else False,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
        ),
        pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    yield from table.to_batches()
