"""The lines of a whole file one by one, or, for who stands between two records, a block at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Plan

from ..content import Content
from ..opening import ByteSource
from . import regular
from .lines import first_bytes, first_only, open_text, split

_FIRST: Final = 1 << 16  # bytes of the first segments: the head of a file is read record by record
_SEGMENT: Final = 1 << 20
_SMALL: Final = 1 << 15  # a segment that is not regular is halved down to this size


class Supply:
    """Hands out each byte of a file once, as part of a line or of a block.

    `partial` says, once read, why a sample did not see all of it.
    """

    def __init__(self, content: Content, plan: Plan, cap: int) -> None:
        self._content, self._cap = content, cap
        self._limit = first_bytes(plan)
        self._source: ByteSource | None = None
        self._text: ByteSource | None = None
        self._error: SourceError | None = None
        self._segments: deque[bytes] = deque()  # whole lines
        self._rest = b""  # the beginning of a line
        self._left = 0  # lines in the segment that is given line by line
        self._inside = False  # such a segment ended within a line
        self._number, self._seen, self._size = 1, 0, _FIRST
        self.partial = ""

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Pairs of line number and line with its end. Raises SourceError at the end of what could be read."""
        try:
            for line in split(self, self._cap):
                if self._limit is not None and self._seen > self._limit:
                    self.partial = first_only(self._limit)
                    return
                number = self._number
                if line.endswith(b"\n"):
                    self._number, self._left = number + 1, self._left - 1
                self._seen += len(line)
                yield number, line
            if self._error is not None:
                raise self._error
        finally:
            self.close()

    @property
    def between(self) -> bool:
        """True if no line is waiting that belongs to a segment given line by line."""
        return not self._left and not self._inside

    def block(self, delimiter: str) -> regular.Block | None:
        """The next rows if they are regular; else None, and the next lines are given one by one."""
        self._size = _SEGMENT
        while segment := self._next():
            found = None
            if segment.endswith(b"\n") and (self._limit is None or self._seen + len(segment) <= self._limit):
                found = regular.parse(segment, delimiter, self._number)
            if found is not None:
                self._give_back(segment[found.size :])
                self._number, self._seen = self._number + found.lines, self._seen + found.size
                return found
            middle = segment.find(b"\n", len(segment) // 2) + 1
            if len(segment) <= _SMALL or not 0 < middle < len(segment):
                self._segments.appendleft(segment)
                return None
            self._segments.extendleft((segment[middle:], segment[:middle]))
        return None

    def read(self, size: int, /) -> bytes:
        """The next segment, for `split`."""
        data = self._next()
        self._left += data.count(b"\n")
        self._inside = bool(data) and not data.endswith(b"\n")
        return data

    def _next(self) -> bytes:
        """The next whole lines; a piece of a line that is too long, or the last one without an end."""
        if self._segments:
            return self._segments.popleft()
        while data := self._data():
            text = self._rest + data
            cut = text.rfind(b"\n") + 1
            if not cut and len(text) > self._cap:
                cut = len(text)
            self._rest = text[cut:]
            if cut:
                return text[:cut]
        last, self._rest = self._rest, b""
        return last

    def _give_back(self, tail: bytes) -> None:
        """Puts the beginning of a row before what comes next."""
        if self._segments:
            self._segments[0] = tail + self._segments[0]
        else:
            self._rest = tail + self._rest

    def _data(self) -> bytes:
        """Bytes of the file; none at its end, and where it can't be read any further."""
        if self._error is not None:
            return b""
        try:
            if self._text is None:
                self._source = self._content.blob.open()
                self._text = open_text(self._source, self._content)
            return self._text.read(self._size)
        except SourceError as error:
            self._error = error
            return b""

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
