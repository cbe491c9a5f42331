"""JSON documents and JSON lines: one column of whole records as JSON text."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from pii_scan.core.model import Batch, Note, Shard

from ..content import Content
from ..encoding import Encoding, decode
from ..opening import ByteSource
from .batching import batched_texts
from .jsontext import DECODER, VALUE_MAX, Broken, JsonText
from .lines import WINDOW, Counts, Lines, open_text
from .selection import Held, Sample

_CHUNK: Final = 1 << 16
_STRAY: Final = re.compile("[\udc80-\udcff]")
_STREAMED: Final = 4  # times the plan's bytes are read of a document for a sample


def read_lines(content: Content, shard: Shard, counts: Counts) -> Iterator[Batch | Note]:
    """JSON lines; a line that is no JSON is given as a JSON string, so that it is looked at.

    Raises SourceError where the file is cut or damaged, after what came before.
    """
    lines = Lines(content, shard, counts, VALUE_MAX)
    held = Held(lines)
    encoding = content.format.encoding
    texts = ((n, decode(line, encoding).strip("\ufeff \t\r\n")) for n, line in held)
    sample: Sample[str] = Sample(shard.plan, len)
    broken: list[int] = []
    chosen = ((n, _as_json(n, text, broken)) for n, text in sample.pick((n, t) for n, t in texts if t))
    yield from batched_texts(shard.dataset, (), chosen, shard.plan.batch_rows)
    sample.partial = lines.partial
    yield from sample.notes()
    if broken:
        place = "" if lines.blocks else f" (first: line {broken[0]})"
        plural = "line is" if len(broken) == 1 else "lines are"
        yield Note(f"{len(broken)} {plural} not JSON{place}", lost=len(broken))
    held.finish(sample, "lines")


def _as_json(number: int, text: str, broken: list[int]) -> str:
    try:
        DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError):
        broken.append(number)
        return json.dumps(text, ensure_ascii=False)
    return text


def read_document(content: Content, shard: Shard) -> Iterator[Batch | Note]:
    """A JSON document: each element of its list, or the object itself, is a record.

    Raises SourceError where the file is cut or damaged, after what came before.
    """
    stream = _Stream(content, shard)
    held = Held(stream)
    text = JsonText(held)
    document = _Document(text)
    sample: Sample[str] = Sample(shard.plan, len)
    yield from batched_texts(shard.dataset, (), sample.pick(document.records()), shard.plan.batch_rows)
    sample.partial = stream.partial
    yield from sample.notes()
    if document.broken_at and not (stream.partial or held.error):
        reason = f"the JSON breaks off in line {document.broken_at}; the rest was read as text"
        yield Note(reason, lost=1)
    held.finish(sample, "records")


class _Document:
    """Numbered records; `broken_at` is the line from which on it is no JSON (0: nowhere)."""

    def __init__(self, text: JsonText) -> None:
        self._text = text
        self.broken_at = 0

    def records(self) -> Iterator[tuple[int, str]]:
        number = 0
        try:
            for number, record in enumerate(self._text.records(), 1):
                yield number, record
        except (Broken, RecursionError):
            self.broken_at = self._text.line_here()
            for piece in _pieces(self._text.remainder()):
                number += 1
                yield number, json.dumps(piece, ensure_ascii=False)


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """Lines, and long ones in windows."""
    rest = ""
    for text in texts:
        *lines, rest = (rest + text).split("\n")
        if len(rest) > WINDOW:
            lines, rest = [*lines, rest], ""
        yield from _windows(lines)
    yield from _windows([rest])


def _windows(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for start in range(0, len(line), WINDOW):
            yield line[start : start + WINDOW]


class _Stream:
    """A document's text in chunks; `partial` says why a sample did not read all of it."""

    def __init__(self, content: Content, shard: Shard) -> None:
        self._content, self._plan = content, shard.plan
        self.partial = ""

    def __iter__(self) -> Iterator[str]:
        limit = self._plan.bytes * _STREAMED if self._plan.mode == "sample" else None
        source = self._content.blob.open()
        try:
            yield from self._chunks(open_text(source, self._content), limit)
        finally:
            source.close()

    def _chunks(self, source: ByteSource, limit: int | None) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        seen = 0
        while data := source.read(_CHUNK):
            seen += len(data)
            yield _repaired(decoder.decode(data), self._content.format.encoding)
            if limit is not None and seen > limit:
                self.partial = (
                    f"only the first {limit >> 20} MiB were sampled: a JSON document can't be sought in"
                )
                return
        yield _repaired(decoder.decode(b"", final=True), self._content.format.encoding)


def _repaired(text: str, encoding: Encoding) -> str:
    """Bytes that are no UTF-8 as the characters of the file's other encoding."""
    if text.isascii():
        return text
    return _STRAY.sub(lambda m: decode(bytes([ord(m.group()) - 0xDC00]), encoding), text)
