"""The log of look-ups: who asked, when, why, for whom (keyed) and what came of it; each line holds the last.

A line is JSON. Its `digest` is a keyed BLAKE2b over the line without it, and the line names the digest of
the one before: a byte that is changed, a line that is taken out or moved breaks the chain. What is cut off
at the end leaves a chain that holds, so the number of lines and the last digest are told by `verify`, to be
noted elsewhere.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..core.errors import StoreError, classify
from ..core.keyed import Key
from .identifier import Identifier

_START: Final = "0" * 32
_TAIL: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, and why; `at` is an ISO time."""

    actor: str
    action: str
    purpose: str
    subjects: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True)
class State:
    """What a log is: its lines, its last digest, and the first line that does not hold, or 0."""

    lines: int
    last: str
    broken: int = 0


@dataclass(frozen=True, slots=True)
class AuditLog:
    """One file, readable by its owner alone. Raises StoreError where it can't be written or read."""

    path: Path
    key: Key = field(repr=False)

    def keyed(self, given: Sequence[Identifier]) -> tuple[str, ...]:
        """The identifiers as they stand in this log and in registers."""
        return tuple(dict.fromkeys(keyed(self.key, one.text) for one in given))

    def write(self, asked: Asked, outcome: str, counts: dict[str, int] | None = None) -> None:
        """Appends a line and has it on the disk before it returns."""
        try:
            with _locked(self.path) as descriptor:
                number, previous = _last(descriptor)
                line = {
                    "number": number + 1,
                    "at": asked.at,
                    "actor": asked.actor,
                    "action": asked.action,
                    "purpose": asked.purpose,
                    "subjects": list(asked.subjects),
                    "outcome": outcome,
                    "counts": counts or {},
                    "previous": previous,
                }
                data = _written({**line, "digest": self._digest(line)}) + b"\n"
                if os.write(descriptor, data) != len(data):
                    raise StoreError("the audit log can't be written", _HINT)
                os.fsync(descriptor)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError("the audit log can't be written", _HINT, classify(error)) from None

    def verify(self) -> State:
        """Holds every line against its digest and the line before."""
        try:
            data = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise StoreError(
                "the audit log can't be read", "check its permissions", classify(error)
            ) from None
        previous, count = _START, 0
        for count, raw in enumerate(data.split(b"\n")[:-1], 1):
            line = _read(raw)
            digest = str(line.pop("digest", ""))
            right = line.get("number") == count and line.get("previous") == previous
            if not right or digest != self._digest(line) or raw != _written({**line, "digest": digest}):
                return State(count, previous, count)
            previous = digest
        ended = not data or data.endswith(b"\n")
        return State(count, previous, 0 if ended else count + 1)

    def _digest(self, line: dict[str, Any]) -> str:
        return self.key.derive("audit").digest(_written(line).decode(), 16).hex()


_HINT: Final = "the look-up is refused; check the folder, its permissions and the disk"


def keyed(key: Key, text: str) -> str:
    """An identifier as registers and the log have it, without telling it."""
    return key.derive("subjects").digest(text.strip().casefold(), 16).hex()


def _written(line: dict[str, Any]) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode()


def _read(raw: bytes) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _last(descriptor: int) -> tuple[int, str]:
    """Number and digest of the last line. Raises ValueError or KeyError if it is none."""
    size = os.fstat(descriptor).st_size
    if not size:
        return 0, _START
    tail = os.pread(descriptor, _TAIL, max(0, size - _TAIL))
    line = json.loads(tail.removesuffix(b"\n").rpartition(b"\n")[2])
    if not tail.endswith(b"\n"):
        raise ValueError("the last line is not whole")
    return int(line["number"]), str(line["digest"])
