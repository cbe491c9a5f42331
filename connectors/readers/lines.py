"""Lines of a file: all of them, those of a byte range, or those of seeded blocks.

No line is ever held whole: from `cap` bytes on it comes in windows that overlap a little, so that
a value on the border is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Plan, Shard

from ..content import Content
from ..encoding import Transcoded
from ..opening import ByteSource, RandomFile
from .selection import priority

WINDOW: Final = 1 << 16
OVERLAP: Final = 256
_CHUNK: Final = 1 << 20
_BLOCKS: Final = 64
_UNSEEKABLE: Final = 4  # times the plan's bytes are read of a stream that can't be sought in
_BLOCK_NOTE: Final = "seeded blocks of the file were sampled; places are byte offsets"


@dataclass(slots=True)
class Counts:
    """How many line ends stand before an offset of a file; counted once a process."""

    known: MutableMapping[tuple[int, int], dict[int, int]] = field(default_factory=dict)

    def before(self, at: Callable[[int], RandomFile], offset: int) -> int:
        """Line ends in the bytes before `offset` of the file that `at` opens."""
        with at(0) as probe:
            known = self.known.setdefault((probe.stamp.device, probe.stamp.inode), {0: 0})
        start = max(place for place in known if place <= offset)
        count = known[start]
        with at(start) as file:
            while start < offset and (data := file.read(min(_CHUNK, offset - start))):
                count += data.count(b"\n")
                start += len(data)
        known[offset] = count
        return count


def split(source: ByteSource, cap: int = WINDOW, end: bytes = b"\n") -> Iterator[bytes]:
    """Lines with their ends; a longer line in windows of `cap` bytes."""
    rest = b""
    error: SourceError | None = None
    while True:
        try:
            data = source.read(_CHUNK)
        except SourceError as caught:
            data, error = b"", caught
        if not data:
            break
        parts = (rest + data).split(end)
        rest = parts.pop()
        for part in parts:
            yield from windows(part + end, cap)
        if len(rest) > cap:
            *full, rest = windows(rest, cap)
            yield from full
    if rest:
        yield from windows(rest, cap)
    if error is not None:
        raise error


def windows(line: bytes, cap: int) -> Iterator[bytes]:
    """A line in pieces of at most `cap` bytes, each beginning with the end of the one before."""
    if len(line) <= cap + 2:
        yield line
        return
    step = cap - OVERLAP
    start = 0
    while start + cap < len(line):
        yield line[start : start + cap]
        start += step
    yield line[start:]


class Lines:
    """The numbered lines of a shard.

    `partial` says, once read, why not all lines were; `blocks` tells that only blocks are read,
    `newlines` that lines end with `\\n`, not with `\\r` alone.
    """

    def __init__(self, content: Content, shard: Shard, counts: Counts, cap: int = WINDOW) -> None:
        self._content, self._shard, self._counts, self._cap = content, shard, counts, cap
        head = content.head
        lone = b"\n" not in head and b"\r" in head[:-1]
        self._end = b"\r" if lone and not content.format.encoding.wide else b"\n"
        self.newlines = self._end == b"\n"
        self.partial = ""
        self.blocks = self._block_starts()

    def _block_starts(self) -> tuple[int, ...]:
        """Where the seeded blocks of a large file on disk start: one in each stratum of its bytes."""
        plan, at = self._shard.plan, self._content.blob.at
        if plan.mode != "sample" or at is None or self._content.format.encoding.wide:
            return ()
        with at(0) as file:
            size = file.size
        if size <= plan.bytes:
            return ()
        stratum = size // _BLOCKS
        spare = max(1, stratum - plan.bytes // _BLOCKS)
        return tuple(i * stratum + priority(i, plan.seed) % spare for i in range(_BLOCKS))

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Pairs of ordinal (line number; byte offset in blocks) and line with its end."""
        if self.blocks:
            self.partial = _BLOCK_NOTE
            length = self._shard.plan.bytes // _BLOCKS
            for start in self.blocks:
                for offset, line in self._range(start, start + length, hard=True):
                    yield offset + 1, line
        elif self._shard.start or self._shard.stop is not None:
            yield from self._numbered_range()
        else:
            yield from self._whole()

    def _whole(self) -> Iterator[tuple[int, bytes]]:
        plan = self._shard.plan
        limit = first_bytes(plan)
        source = self._content.blob.open()
        try:
            number, seen = 1, 0
            for line in split(open_text(source, self._content), self._cap, self._end):
                if limit is not None and seen > limit:
                    self.partial = first_only(limit)
                    return
                yield number, line
                seen += len(line)
                number += line.endswith(self._end)
        finally:
            source.close()

    def _numbered_range(self) -> Iterator[tuple[int, bytes]]:
        start, at = self._shard.start, self._content.blob.at
        number = 1
        if start > self._content.format.encoding.mark:
            number = (self._counts.before(at, start - 1) if at else self._passed(start - 1)) + 2
        for _, line in self._range(start, self._shard.stop):
            yield number, line
            number += line.endswith(b"\n")

    def _from(self, offset: int) -> ByteSource:
        """The content from an offset on; what lies before it in a stream is read for nothing."""
        blob = self._content.blob
        if blob.at is not None:
            return blob.at(offset)
        source = blob.open()
        for _ in _chunks(source, offset):
            pass
        return source

    def _passed(self, offset: int) -> int:
        """Line ends of a stream before an offset."""
        with closing(self._content.blob.open()) as source:
            return sum(data.count(b"\n") for data in _chunks(source, offset))

    def _range(self, start: int, stop: int | None, hard: bool = False) -> Iterator[tuple[int, bytes]]:
        """Lines that begin in `start..stop`, with their offsets; with `hard` none is followed far beyond."""
        mark = self._content.format.encoding.mark
        offset = start - 1 if start > mark else mark
        fresh = start <= mark  # at the beginning of a line
        with closing(self._from(offset)) as file:
            at_start = True
            for line in split(file, self._cap, self._end):
                whole = at_start
                at_start = line.endswith(self._end)
                if fresh and stop is not None and offset >= stop and (whole or hard):
                    return
                if fresh:
                    yield offset, line
                elif hard and stop is not None and offset >= (start + stop) // 2:
                    fresh = True  # one endless line: take what is here
                    yield offset, line
                fresh = fresh or at_start
                offset += len(line) if at_start else max(1, len(line) - OVERLAP)


def _chunks(source: ByteSource, size: int) -> Iterator[bytes]:
    """The first `size` bytes of a source."""
    while size and (data := source.read(min(size, _CHUNK))):
        size -= len(data)
        yield data


def first_bytes(plan: Plan) -> int | None:
    """Bytes after which a sample of a stream that can't be sought in ends."""
    return plan.bytes * _UNSEEKABLE if plan.mode == "sample" else None


def first_only(limit: int) -> str:
    """Why a sample that ended after so many bytes did not see all."""
    return f"only the first {limit >> 20} MiB were sampled: the stream can't be sought in"


def open_text(source: ByteSource, content: Content) -> ByteSource:
    """The source behind its byte-order mark, as UTF-8 if it is UTF-16."""
    encoding = content.format.encoding
    left = encoding.mark
    while left and (data := source.read(left)):
        left -= len(data)
    return Transcoded(source, encoding) if encoding.wide else source
