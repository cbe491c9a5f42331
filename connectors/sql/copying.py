"""PostgreSQL's COPY: a query's rows as CSV, made Arrow strings without an object a row or cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pc

#: Bytes that the CSV parser takes at once: its columns' offsets are 32 bits wide.
_BLOCK: Final = 1 << 30


def statement(query: str) -> str:
    """The COPY of a query; null is an empty cell, an empty text is quoted."""
    return f"COPY ({query}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"


def received(driver: Any, sql: str) -> bytes:
    """What the COPY sends over a psycopg connection. Raises psycopg.Error.

    It is taken from libpq row by row: psycopg's own loop spends more time than the server.
    """
    from psycopg.errors import error_from_result
    from psycopg.pq import ExecStatus

    link, rows = driver.pgconn, []
    result = link.exec_(sql.encode())
    if result.status != ExecStatus.COPY_OUT:
        raise error_from_result(result)
    while (row := link.get_copy_data(0))[0] > 0:
        rows.append(row[1])
    faults = [end for end in iter(link.get_result, None) if end.status != ExecStatus.COMMAND_OK]
    if faults:
        raise error_from_result(faults[0])
    return b"".join(rows)


def parsed(data: bytes, width: int) -> Iterator[pa.RecordBatch]:
    """The rows, each of `width` cells. Raises pa.ArrowInvalid for text that is no UTF-8."""
    if not data:
        return
    names = [str(index) for index in range(width)]
    table = pc.read_csv(
        pa.py_buffer(data),
        pc.ReadOptions(use_threads=False, block_size=min(len(data) + 1, _BLOCK), column_names=names),
        pc.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    yield from table.to_batches()
