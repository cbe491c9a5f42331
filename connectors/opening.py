"""Opens regular files and nothing else: no link is followed, no FIFO blocks, nothing is written."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from typing import Final, Protocol

from pii_scan.core.errors import SourceError, TransientError, classify

_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_WORDS: Final = {
    errno.EACCES: "permission to read it is denied",
    errno.EPERM: "permission to read it is denied",
    errno.ENOENT: "it is gone",
    errno.ENOTDIR: "it is gone",
    errno.ELOOP: "it has become a link",
    errno.ENAMETOOLONG: "its name is too long for this system",
    errno.EISDIR: "it has become a folder",
}
_PASSING: Final = {errno.EINTR, errno.EAGAIN, errno.ESTALE, errno.EMFILE, errno.ENFILE}


class ByteSource(Protocol):
    """Bytes from the beginning to the end; `read` may give fewer than asked, `b""` is the end."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class RandomFile(ByteSource, Protocol):
    """A file opened at some offset: what it was when it was opened, and how far it is read."""

    stamp: Stamp
    size: int

    def __enter__(self) -> RandomFile: ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file was changed or replaced; times in nanoseconds.

    `changed` tells of a file put in another's place with its time kept. A new name or new rights change it
    too, so it counts between scans, but not as a change while a file is read.
    """

    device: int
    inode: int
    size: int
    modified: int
    changed: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.device}:{self.inode}:{self.size}:{self.modified}:{self.changed}"

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def failure(error: OSError) -> SourceError:
    """Our own words for an operating system's error."""
    words = _WORDS.get(error.errno or 0, "it can't be read")
    family = TransientError if error.errno in _PASSING else SourceError
    return family(words, detail=classify(error))


def stamp(path: str) -> Stamp:
    """The file's stamp now. Raises SourceError if it is gone."""
    try:
        return Stamp.of(os.lstat(path))
    except (OSError, ValueError) as error:
        raise failure(error if isinstance(error, OSError) else OSError(errno.ENOENT, "")) from None


class DiskFile:
    """A regular file, read from `start` up to the size that it had when it was opened."""

    def __init__(self, path: str | int, start: int = 0) -> None:
        """`path` may be the descriptor of an open file, too.

        Raises SourceError if it can't be opened or is no regular file.
        """
        try:
            self.fd = os.dup(path) if isinstance(path, int) else os.open(path, _FLAGS)
        except OSError as error:
            raise failure(error) from None
        status = os.fstat(self.fd)
        if not stat.S_ISREG(status.st_mode):
            os.close(self.fd)
            raise SourceError("it is no regular file")
        self.stamp = Stamp.of(status)
        self.size = self.stamp.size  # how far it is read
        self._position = start

    def read(self, size: int, /) -> bytes:
        """Raises SourceError (TransientError for a stale handle) if the disk fails."""
        size = min(size, self.size - self._position)
        if size <= 0:
            return b""
        try:
            data = os.pread(self.fd, size, self._position)
        except OSError as error:
            raise failure(error) from None
        self._position += len(data)
        return data

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> DiskFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_all(source: ByteSource, limit: int) -> bytes:
    """Everything that is left. Raises SourceError beyond `limit` bytes."""
    parts: list[bytes] = []
    total = 0
    while data := source.read(1 << 20):
        total += len(data)
        if total > limit:
            raise SourceError(f"it is larger than {limit >> 20} MiB and can't be read as a stream")
        parts.append(data)
    return b"".join(parts)


def read_head(source: ByteSource, size: int) -> bytes:
    """The first `size` bytes, fewer if the source is shorter."""
    data = b""
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data
