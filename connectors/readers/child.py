"""The capped child process of `connectors.parser`: run as a script, imports none of our packages.

Takes one JSON line and one descriptor a request; answers with frames of kind (`J` facts, `B` Arrow
batches, `E` error, `D` done), length and payload. An error carries our words and a class name.
"""

from __future__ import annotations

import datetime
import importlib.util
import io
import json
import os
import resource
import socket
import struct
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

_MEMORY = 4 << 30
_SECONDS = 1800
_ROWS = 2_000
_CELLS = 200_000
#: Rows that are decoded at once at most, and bytes sent at once.
_STEP = 25_000
_BYTES = 16 << 20
#: Characters of a page that are read.
_PAGE = 1 << 20
_CALLED = {
    "parquet": "the Parquet file",
    "orc": "the ORC file",
    "arrow": "the Arrow file",
    "arrows": "the Arrow stream",
    "avro": "the Avro file",
    "pdf": "the PDF document",
}


def _beside(name: str) -> Any:
    """A module of this folder, found by its path: the folder itself is no place to import from."""
    spec = importlib.util.spec_from_file_location(f"_pii_scan_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_forms = _beside("forms")


def main(descriptor: int) -> None:
    """Serves requests until the other side hangs up."""
    _cap()
    channel = socket.socket(fileno=descriptor)
    while True:
        line, descriptors, _, _ = socket.recv_fds(channel, 1 << 16, 1)
        if not line:
            return
        with os.fdopen(descriptors[0], "rb") as file:
            _serve(channel, json.loads(line), _seekable(file))


def _cap() -> None:
    """No core file, no more memory and time than a reasonable file needs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ValueError, OSError):
        sys.stderr.write("no memory limit on this system\n")


def _seekable(file: IO[bytes]) -> IO[bytes]:
    if file.seekable():
        file.seek(0)
        return file
    return io.BytesIO(file.read())


def _send(channel: socket.socket, kind: bytes, payload: Any = b"") -> None:
    channel.sendall(struct.pack("<cQ", kind, len(payload)))
    channel.sendall(payload)


class _Frames:
    """Batches as frames, all written to the same memory: fresh pages cost more than the copy."""

    def __init__(self) -> None:
        self._memory = pa.allocate_buffer(_BYTES)

    def of(self, batch: pa.RecordBatch) -> memoryview:
        counted = pa.MockOutputStream()
        _write(counted, batch)
        size = counted.size()
        if size > self._memory.size:
            self._memory = pa.allocate_buffer(size)
        _write(pa.FixedSizeBufferWriter(self._memory), batch)
        return memoryview(self._memory)[:size]


def _write(sink: Any, batch: pa.RecordBatch) -> None:
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)


def _serve(channel: socket.socket, request: dict[str, Any], file: IO[bytes]) -> None:
    words = _CALLED.get(request["op"], "the workbook")
    frames = _Frames()
    try:
        for item in _OPERATIONS[request["op"]](file, request):
            if isinstance(item, dict):
                _send(channel, b"J", json.dumps(item).encode())
            else:
                _send(channel, b"B", frames.of(item))
            del item  # its memory is free while the next is made
    except (BrokenPipeError, ConnectionResetError):
        raise SystemExit from None
    except BaseException as error:  # noqa: BLE001 - a parser's panic is no Exception
        reason = f"{words} is too large" if isinstance(error, MemoryError) else f"{words} can't be read"
        if "Password" in type(error).__name__:
            reason = f"{words} is encrypted"
        _send(channel, b"E", json.dumps({"reason": reason, "detail": type(error).__name__}).encode())
    else:
        _send(channel, b"D")


def _workbook(file: IO[bytes]) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(file)


def _sheets(file: IO[bytes], _: dict[str, Any]) -> Iterator[Any]:
    yield {"sheets": list(_workbook(file).sheet_names)}


def _rows(file: IO[bytes], request: dict[str, Any]) -> Iterator[Any]:
    sheet = _workbook(file).get_sheet_by_name(request["sheet"])
    rows: list[list[str]] = []
    cells = 0
    blank = (sheet.start or (0, 0))[0]
    yield {"first": blank + 1}
    for row in sheet.iter_rows():
        rows.append([_cell(value) for value in row])
        cells += len(row)
        if len(rows) >= _ROWS or cells >= _CELLS:
            yield _lists(rows)
            rows, cells = [], 0
    if rows:
        yield _lists(rows)


def _lists(rows: list[list[str]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(rows, pa.list_(pa.string()))], names=["cells"])


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", timespec="seconds")
    return str(value)


def _columns(file: IO[bytes], request: dict[str, Any]) -> Iterator[Any]:
    """A file of columns: what it is, then its rows or a sample of them."""
    source: Any = _forms.FORMS[request["op"]](file)
    *starts, end = accumulate((rows for rows, _ in source.sizes), initial=1)
    total = end - 1
    sampled = request["sample"] and total > request["rows"]
    yield {"total": total, "sampled": sampled, "names": source.names}
    parts = _parts(source.sizes, request) if sampled else list(range(len(source.sizes)))
    wanted = _wanted(source.sizes, parts, starts, request) if sampled else None
    rows = request["batch"]
    yield from _joined(_decoded(source.read(parts, min(_STEP, rows)), starts, wanted), rows)


def _decoded(batches: Iterator[tuple[int, Any]], starts: list[int], wanted: Any) -> Iterator[Any]:
    """The wanted rows in small batches of strings, so that wide rows cost little memory."""
    ordinals = dict(enumerate(starts))
    for part, batch in batches:
        yield from _chosen(batch, ordinals[part], wanted)
        ordinals[part] += batch.num_rows


def _joined(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Batches of so many rows, or fewer of wide ones: a batch costs the other side a fixed sum.

    What came before a fault is given before the fault is raised.
    """
    held: list[pa.RecordBatch] = []
    count = size = 0
    try:
        for batch in batches:
            if held and (count + batch.num_rows > rows or size + batch.nbytes > _BYTES):
                yield _one(held)
                count = size = 0
            held.append(batch)
            count, size = count + batch.num_rows, size + batch.nbytes
    except Exception:
        if held:
            yield _one(held)
        raise
    if held:
        yield _one(held)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """The batches as one; the list is empty then, so that nothing else keeps their memory."""
    whole = pa.concat_batches(batches) if len(batches) > 1 else batches[0]
    batches.clear()
    return whole


def _parts(sizes: list[tuple[int, int]], request: dict[str, Any]) -> list[int]:
    """Whole parts in seeded order until they hold the plan's bytes and four times its rows."""
    order = np.argsort(_priority(np.arange(len(sizes)), request["seed"]), kind="stable")
    chosen, size, rows = [], 0, 0
    for part in order.tolist():
        chosen.append(part)
        size, rows = size + sizes[part][1], rows + sizes[part][0]
        if size >= request["bytes"] and rows >= 4 * request["rows"]:
            break
    return sorted(chosen)


def _wanted(
    sizes: list[tuple[int, int]], parts: list[int], starts: list[int], request: dict[str, Any]
) -> Any:
    """The chosen ordinals, ascending: those of the smallest hashes."""
    ordinals = np.concatenate([np.arange(starts[n], starts[n] + sizes[n][0]) for n in parts])
    if len(ordinals) > request["rows"]:
        order = np.argpartition(_priority(ordinals, request["seed"]), request["rows"])[: request["rows"]]
        ordinals = np.sort(ordinals[order])
    return ordinals


def _priority(ordinals: Any, seed: int) -> Any:
    """splitmix64 (Steele et al., 2014) of ordinal and seed."""
    mixed = ordinals.astype(np.uint64) + np.uint64(
        (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % (1 << 64)
    )
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _chosen(batch: pa.RecordBatch, ordinal: int, wanted: Any) -> Iterator[pa.RecordBatch]:
    ordinals = np.arange(ordinal, ordinal + batch.num_rows)
    if wanted is not None:
        first, last = np.searchsorted(wanted, [ordinal, ordinal + batch.num_rows])
        ordinals = wanted[first:last]
        batch = batch.take(pa.array(ordinals - ordinal))
    if batch.num_rows:
        # Names may repeat or be empty; the facts carry them.
        columns = [_strings(column) for column in batch.columns]
        arrays = [*columns, pa.array(ordinals, pa.int64())]
        yield pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))])


def _strings(column: pa.Array) -> pa.Array:
    """A column as strings: nested values as JSON text, bytes as UTF-8 or Latin-1 text."""
    kind = column.type
    if pa.types.is_string(kind) and _ascii(column):
        return column
    if pa.types.is_dictionary(kind):
        return _strings(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return pa.array(
            [None if v is None else json.dumps(v, default=str) for v in column.to_pylist()], pa.string()
        )
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        column = column.cast(pa.binary())
    try:
        texts = column.cast(pa.string())
        texts.validate(full=True)  # what a file calls a string need not be UTF-8
        return texts
    except pa.ArrowInvalid:
        return pa.array(
            [None if v is None else _forms.text_of(v) for v in column.cast(pa.binary()).to_pylist()],
            pa.string(),
        )
    except (pa.ArrowNotImplementedError, ValueError, OverflowError):
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())


def _ascii(texts: pa.StringArray) -> bool:
    """True if all texts are ASCII: the commonest proof that a column is UTF-8, and the fastest."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return not len(texts)
    ends = np.frombuffer(offsets, np.int32)
    start, stop = int(ends[texts.offset]), int(ends[texts.offset + len(texts)])
    return bool(np.frombuffer(data, np.uint8)[start:stop].max(initial=0) < 128)


def _pdf(file: IO[bytes], request: dict[str, Any]) -> Iterator[Any]:
    """The text of a document, a row a page; `blank` are the pages without, or of which none can be read."""
    from pypdf import PdfReader
    from pypdf.errors import WrongPasswordError

    source = PdfReader(file)
    if source.is_encrypted and not source.decrypt(""):
        raise WrongPasswordError
    total = len(source.pages)
    if not total:  # what is left of a damaged document
        raise ValueError
    sampled = request["sample"] and total > request["rows"]
    yield {"total": total, "sampled": sampled, "names": ["text"]}
    pages = _wanted([(total, 0)], [0], [1], request).tolist() if sampled else range(1, total + 1)
    texts = ((number, _page(source, number)) for number in pages)
    read = [0, 0]
    yield from _joined(_paged(texts, read), request["batch"])
    yield {"blank": read[0] - read[1]}


def _paged(pages: Iterator[tuple[int, str]], read: list[int]) -> Iterator[pa.RecordBatch]:
    """A batch a page that has text; `read` counts the pages, and those."""
    for number, text in pages:
        read[0] += 1
        if text.strip():
            read[1] += 1
            arrays = [pa.array([text], pa.string()), pa.array([number], pa.int64())]
            yield pa.RecordBatch.from_arrays(arrays, names=["0", "1"])


def _page(source: Any, number: int) -> str:
    """A page's text; nothing where its fonts or streams are damaged, which counts as blank."""
    try:
        text: str = source.pages[number - 1].extract_text()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises whatever a damaged page makes it stumble over
        return ""
    return text[:_PAGE].encode("utf-8", "replace").decode("utf-8")


_OPERATIONS = {"sheets": _sheets, "rows": _rows, "pdf": _pdf, **dict.fromkeys(_forms.FORMS, _columns)}

if __name__ == "__main__":
    main(int(sys.argv[1]))
