"""Native parsers of untrusted bytes (workbooks, files of columns, PDF) run in a capped child process.

A child that dies, hangs or wants too much memory costs the file that it was reading, nothing else.
"""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from pii_scan.core.errors import SourceError

_CHILD: Final = Path(__file__).parent / "readers" / "child.py"
_SILENCE: Final = 60.0  # seconds without a sign of life
_FRAME_MAX: Final = 1 << 30
_AT_ONCE: Final = 1 << 20
_REMOTE_MAX: Final = 512 << 20  # of a file that is fetched to be parsed
#: The child needs no linear algebra: no threads are started for it. The system's allocator holds less memory.
_SETTINGS: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
_DIED: Final = "the parser gave up on this file: it is damaged, hostile or too large"
Opener = Callable[[], IO[bytes]]


class _RefusedError(SourceError):
    """The parser answered that it can't read the file, and is ready for the next."""


class Parser:
    """Hands out children, one a file at a time; idle ones are used again."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []

    def sheets(self, opener: Opener) -> tuple[str, ...]:
        """The names of a workbook's sheets. Raises SourceError if it can't be read."""
        for item in self._ask(opener, {"op": "sheets"}):
            if isinstance(item, dict):
                return tuple(item["sheets"])
        return ()

    def rows(self, opener: Opener, sheet: str) -> Iterator[pa.RecordBatch]:
        """A sheet's rows: batches with one column, lists of strings. Raises SourceError."""
        for item in self._ask(opener, {"op": "rows", "sheet": sheet}):
            if not isinstance(item, dict):
                yield item

    def columns(
        self, form: str, opener: Opener, request: Mapping[str, Any]
    ) -> Iterator[pa.RecordBatch | dict[str, Any]]:
        """String columns with the locator, and facts on the file.

        `form` is parquet, orc, arrow, arrows (a stream), avro or pdf. Raises SourceError.
        """
        yield from self._ask(opener, {"op": form, **request})

    def _ask(self, opener: Opener, request: Mapping[str, Any]) -> Iterator[pa.RecordBatch | dict[str, Any]]:
        child = self._idle.pop() if self._idle else _Child()
        reusable = False
        try:
            with opener() as file:
                yield from child.ask(file, request)
            reusable = True
        except _RefusedError:
            reusable = True
            raise
        finally:
            if reusable:
                self._idle.append(child)
            else:
                child.close()

    def close(self) -> None:
        for child in self._idle:
            child.close()
        self._idle.clear()


class _Child:
    """One child process and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(_SILENCE)
        self._socket = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_SETTINGS},
            )

    def ask(self, file: IO[bytes], request: Mapping[str, Any]) -> Iterator[pa.RecordBatch | dict[str, Any]]:
        """Sends the open file and the request, gives what comes back. Raises SourceError."""
        try:
            with _descriptor(file) as shared:
                socket.send_fds(self._socket, [json.dumps(request).encode() + b"\n"], [shared.fileno()])
                yield from self._answers()
        except (OSError, EOFError):  # a broken pipe, a time-out, an end where none should be
            raise SourceError(_DIED) from None

    def _answers(self) -> Iterator[pa.RecordBatch | dict[str, Any]]:
        while True:
            kind, payload = self._frame()
            if kind == b"B":
                yield from pa.ipc.open_stream(payload)  # the columns lie in the payload
                del payload  # not held while the next is read
                continue
            if kind == b"D":
                return
            facts = json.loads(payload.to_pybytes())
            if kind == b"E":
                raise _RefusedError(facts["reason"], detail=facts["detail"])
            yield facts

    def _frame(self) -> tuple[bytes, pa.Buffer]:
        kind, length = struct.unpack("<cQ", self._exactly(9))
        if length > _FRAME_MAX:
            raise EOFError
        return kind, self._exactly(length)

    def _exactly(self, size: int) -> pa.Buffer:
        """So many bytes, in Arrow's memory: it is used again, fresh pages would cost more than the copy."""
        data = pa.allocate_buffer(size)
        rest = memoryview(data)
        while rest:
            got = self._socket.recv_into(rest, min(len(rest), _AT_ONCE))
            if not got:
                raise EOFError
            rest = rest[got:]
        return data

    def close(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()


def _descriptor(file: IO[bytes]) -> IO[bytes]:
    """`file` as something with a descriptor: itself, or its bytes in an anonymous memory file or pipe.

    Raises SourceError for a remote file that is too large to be held in memory.
    """
    if not isinstance(file, io.BytesIO):
        try:
            return os.fdopen(os.dup(file.fileno()), "rb")
        except io.UnsupportedOperation:
            file = _fetched(file)
    data = file.getbuffer()
    if hasattr(os, "memfd_create"):
        shared = os.fdopen(os.memfd_create("pii-scan"), "w+b")
        shared.write(data)
        shared.flush()
        shared.seek(0)
        return shared
    reading, writing = os.pipe()
    threading.Thread(target=_feed, args=(writing, bytes(data)), daemon=True).start()
    return os.fdopen(reading, "rb")


def _fetched(file: IO[bytes]) -> io.BytesIO:
    held = io.BytesIO()
    while data := file.read(_AT_ONCE):
        held.write(data)
        if held.tell() > _REMOTE_MAX:
            raise SourceError(f"it is larger than {_REMOTE_MAX >> 20} MiB and not on this machine")
    return held


def _feed(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as pipe:
        try:
            pipe.write(data)
        except BrokenPipeError:
            return  # the child is gone, and its reader says so
