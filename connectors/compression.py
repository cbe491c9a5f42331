"""Decompresses streams member by member, bounded by what comes out and never by what is declared."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Final, Protocol

from pii_scan.core.errors import SourceError, classify

from .file_config import Limits
from .opening import ByteSource

CHUNK: Final = 1 << 18
_FREE: Final = 10 << 20  # bytes produced before the ratio counts
_MEMORY: Final = 256 << 20  # of an xz decoder


class Decoder(Protocol):
    """What bz2 and lzma decompressors have in common, and our wrapper of zlib's."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the manners of bz2's."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail and not self._zlib.eof

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_DECODERS: Final[dict[str, tuple[Callable[[], Any], bytes]]] = {
    "gzip": (_Gzip, b"\x1f\x8b"),
    "bz2": (bz2.BZ2Decompressor, b"BZh"),
    "xz": (lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), b"\xfd7zXZ\x00"),
}


class Guard:
    """Counts what a decoder takes and gives; raises SourceError beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.taken = self.produced = 0

    def add(self, taken: int, produced: int) -> None:
        self.taken += taken
        self.produced += produced
        if self.produced > self._limits.produced:
            raise SourceError("limit: it expands to too many bytes", "raise limits.produced if it is trusted")
        if self.produced > _FREE and self.produced > self._limits.ratio * max(self.taken, 1):
            raise SourceError(
                f"limit: it expands to more than {self._limits.ratio} times its size",
                "raise limits.ratio if it is trusted",
            )


class Decompressed:
    """The bytes of a gzip, bz2 or xz file: all members, one after another."""

    def __init__(self, source: ByteSource, kind: str, limits: Limits) -> None:
        self._source, self._kind, self._guard = source, kind, Guard(limits)
        self._make, self._magic = _DECODERS[kind]
        self._decoder: Decoder = self._make()
        self._pending = b""
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Raises SourceError where the stream is cut, damaged or beyond the limits."""
        while not self._ended:
            if self._decoder.eof and not self._next_member():
                break
            data = self._step(size)
            if data:
                return data
        return b""

    def _step(self, size: int) -> bytes:
        wants = self._decoder.needs_input
        fresh = self._input() if wants else b""
        try:
            data = self._decoder.decompress(fresh, size)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError) as error:
            raise SourceError(f"the {self._kind} stream is damaged", detail=classify(error)) from None
        if wants and not fresh and not data and not self._decoder.eof:
            raise SourceError(f"the {self._kind} stream ends early")
        self._guard.add(len(fresh), len(data))
        return data

    def _input(self) -> bytes:
        data, self._pending = self._pending or self._source.read(CHUNK), b""
        return data

    def _next_member(self) -> bool:
        """Starts on the member after this one; False at the end (zero padding is one)."""
        rest = self._decoder.unused_data
        while len(rest) < 6 and (more := self._input()):
            rest += more
        while rest and not rest.strip(b"\0"):
            rest = self._input()
        if not rest:
            self._ended = True
            return False
        if not rest.startswith(self._magic):
            self._ended = True
            raise SourceError(f"bytes after the {self._kind} stream were not read")
        self._pending, self._decoder = rest, self._make()
        return True

    def close(self) -> None:
        self._source.close()


class Zstandard:
    """The bytes of a zstd file, all frames, through pyarrow's codec."""

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        import pyarrow as pa

        self._source, self._guard = _Counting(source), Guard(limits)
        self._stream = pa.CompressedInputStream(pa.PythonFile(self._source, mode="r"), "zstd")

    def read(self, size: int, /) -> bytes:
        """Raises SourceError where the stream is cut, damaged or beyond the limits."""
        before = self._source.taken
        try:
            data: bytes = self._stream.read(min(size, 1 << 16))
        except (OSError, ValueError, MemoryError) as error:
            raise SourceError("the zstd stream is damaged or ends early", detail=classify(error)) from None
        self._guard.add(self._source.taken - before, len(data))
        return data

    def close(self) -> None:
        self._source.close()


class _Counting:
    """What pyarrow takes for a Python file."""

    def __init__(self, source: ByteSource) -> None:
        self._source, self.taken, self.closed = source, 0, False

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size if size > 0 else CHUNK)
        self.taken += len(data)
        return data

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
        self._source.close()


def decompressed(source: ByteSource, kind: str, limits: Limits) -> ByteSource:
    """`source` decompressed; `kind` is `gzip`, `bz2`, `xz` or `zstd`."""
    if kind == "zstd":
        return Zstandard(source, limits)
    return Decompressed(source, kind, limits)
