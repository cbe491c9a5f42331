"""Zip and tar archives: members as streams, never extracted; bombs refused before they open."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final, Protocol

from pii_scan.core.errors import SourceError, classify

from .compression import Guard
from .file_config import Limits
from .formats import HEAD
from .opening import ByteSource, read_head

_HEADER_MAX: Final = 1 << 20  # a tar header that only names the next member
_EOCD: Final = b"PK\x05\x06"
_FREE: Final = 10 << 20
_DAMAGED: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    KeyError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    MemoryError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One object in an archive; `label` is its `name`, made unique, and only ever a label."""

    label: str
    name: str
    index: int
    modified: datetime | None = None
    skip: str = ""
    planned: bool = False


class Archive(Protocol):
    """Lists members (with the error that cut the list short, if any) and opens them by index.

    Listing a tar reads all of it, so callers keep the answer.
    """

    def members(self) -> tuple[tuple[Member, ...], SourceError | None]: ...

    def open(self, index: int) -> ByteSource: ...

    def close(self) -> None: ...


def _unique(label: str, seen: dict[str, int]) -> str:
    seen[label] = number = seen.get(label, 0) + 1
    return label if number == 1 else f"{label} ({number})"


def _moment(parts: tuple[int, ...]) -> datetime | None:
    try:
        return datetime(*parts[:6], tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _damaged(kind: str, error: BaseException) -> SourceError:
    if isinstance(error, SourceError):
        return error
    return SourceError(f"the {kind} archive is damaged", detail=classify(error))


class ZipArchive:
    """A zip file; declared sizes, overlaps and the number of entries are checked before any is read."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        """Raises SourceError for a damaged or hostile archive."""
        self._file, self._limits = file, limits
        try:
            _check_entries(file, limits)
            self._zip = zipfile.ZipFile(file)
            self._infos = self._zip.infolist()
            self._check()
        except (SourceError, *_DAMAGED) as error:
            file.close()
            raise _damaged("zip", error) from None

    def _check(self) -> None:
        declared = sum(info.file_size for info in self._infos)
        packed = sum(info.compress_size for info in self._infos)
        Guard(self._limits).add(max(packed, 1), declared if declared > _FREE else 0)
        end = -1
        for info in sorted(self._infos, key=lambda i: i.header_offset):
            if info.header_offset < end:
                raise SourceError("limit: members of the zip archive overlap")
            end = info.header_offset + info.compress_size

    def members(self) -> tuple[tuple[Member, ...], SourceError | None]:
        seen: dict[str, int] = {}
        found = [
            Member(
                _unique(info.filename, seen),
                info.filename,
                index,
                _moment(info.date_time),
                "encrypted" if info.flag_bits & 1 else "",
            )
            for index, info in enumerate(self._infos)
            if not info.is_dir()
        ]
        return tuple(found), None

    def open(self, index: int) -> ByteSource:
        """Raises SourceError if the member can't be opened."""
        info = self._infos[index]
        try:
            return _ZipMember(self._zip.open(info), info.compress_size, self._limits)
        except _DAMAGED as error:
            raise _damaged("zip", error) from None

    def close(self) -> None:
        self._zip.close()
        self._file.close()


def _check_entries(file: IO[bytes], limits: Limits) -> None:
    """Counts the central directory's entries before zipfile makes an object of each."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    place = tail.rfind(_EOCD)
    if place < 0 or len(tail) - place < 22:
        raise SourceError("the zip archive ends early or has no directory")
    length = struct.unpack("<L", tail[place + 12 : place + 16])[0]
    if length == 0xFFFFFFFF:  # zip64: the record before its locator tells
        place64 = tail.rfind(b"PK\x06\x06")
        length = struct.unpack("<Q", tail[place64 + 40 : place64 + 48])[0] if place64 >= 0 else size
    end = size - len(tail) + place
    file.seek(max(0, end - length - (1 << 12)))
    left, count = length + (1 << 12), 0
    while left > 0 and (data := file.read(min(left, 1 << 20))):
        count += data.count(b"PK\x01\x02")
        left -= len(data)
    if count > limits.entries:
        raise SourceError(f"limit: the archive has more than {limits.entries} members")


class _ZipMember:
    """A member's bytes, counted as they come out."""

    def __init__(self, file: IO[bytes], packed: int, limits: Limits) -> None:
        self._file, self._guard = file, Guard(limits)
        self._guard.taken = packed

    def read(self, size: int, /) -> bytes:
        try:
            data = self._file.read(size)
        except _DAMAGED as error:
            raise SourceError("the zip member is damaged or ends early", detail=classify(error)) from None
        self._guard.add(0, len(data))
        return data

    def close(self) -> None:
        self._file.close()


class _Info(tarfile.TarInfo):
    """Refuses headers that would be read whole into memory."""

    def _proc_member(self, tar: tarfile.TarFile) -> Any:
        if self.type in (b"x", b"g", b"X", b"L", b"K") and self.size > _HEADER_MAX:
            raise SourceError("limit: a header of the tar archive is too large")
        return super()._proc_member(tar)  # type: ignore[misc]


class TarArchive:
    """A tar stream read forwards; going back to an earlier member starts again from the beginning."""

    def __init__(self, opener: Callable[[], ByteSource], limits: Limits) -> None:
        self._opener, self._limits = opener, limits
        self._source: ByteSource | None = None
        self._stream: Iterator[tarfile.TarInfo] = iter(())
        self._tar: tarfile.TarFile | None = None
        self._at = -1
        self._current: _TarMember | None = None

    def _restart(self) -> None:
        self.close()
        self._source = self._opener()
        try:
            self._tar = tarfile.open(fileobj=self._source, mode="r|", tarinfo=_Info)  # type: ignore[call-overload]  # noqa: SIM115
        except (SourceError, *_DAMAGED) as error:
            raise _damaged("tar", error) from None
        self._at = -1

    def _next(self) -> tarfile.TarInfo | None:
        assert self._tar is not None
        try:
            info = self._tar.next()
        except (SourceError, *_DAMAGED) as error:
            raise _damaged("tar", error) from None
        self._tar.members.clear()  # type: ignore[attr-defined]  # tarfile would keep every header
        if info is not None:
            self._at += 1
        return info

    def members(self) -> tuple[tuple[Member, ...], SourceError | None]:
        seen: dict[str, int] = {}
        found: list[Member] = []
        try:
            self._restart()
            while (info := self._next()) is not None:
                if self._at >= self._limits.entries:
                    raise SourceError(f"limit: the archive has more than {self._limits.entries} members")
                if not info.isdir():
                    found.append(_tar_member(info, self._at, seen))
        except SourceError as error:
            return tuple(found), error
        finally:
            self.close()
        return tuple(found), None

    def open(self, index: int) -> ByteSource:
        """Raises SourceError if the member can't be reached."""
        if self._current is not None and self._at == index and self._current.rewind():
            return self._current
        if self._tar is None or self._at >= index:
            self._restart()
        info: tarfile.TarInfo | None = None
        while self._at < index:
            info = self._next()
            if info is None:
                raise SourceError("the member is gone from the archive")
        assert self._tar is not None
        assert info is not None
        file = self._tar.extractfile(info)
        if file is None:
            raise SourceError("the member is no regular file")
        self._current = _TarMember(file)
        return self._current

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = self._tar = self._current = None


def _tar_member(info: tarfile.TarInfo, index: int, seen: dict[str, int]) -> Member:
    try:
        modified = datetime.fromtimestamp(info.mtime, UTC)
    except (ValueError, OverflowError, OSError):
        modified = None
    skip = "" if info.isreg() else "a link or device in an archive: it has no content of its own"
    return Member(_unique(info.name, seen), info.name, index, modified, skip, planned=bool(skip))


class _TarMember:
    """A member's bytes; can be rewound while no more than its head has been read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._head: bytes | None = None
        self._position = 0
        self._beyond = False

    def rewind(self) -> bool:
        self._position = 0
        return not self._beyond

    def _raw(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except SourceError:
            raise
        except _DAMAGED as error:
            raise SourceError("the tar archive ends early or is damaged", detail=classify(error)) from None

    def read(self, size: int, /) -> bytes:
        if self._head is None:
            self._head = read_head(_Reader(self._raw), HEAD)
        if self._position < len(self._head):
            data = self._head[self._position : self._position + size]
            self._position += len(data)
            return data
        self._beyond = True
        return self._raw(size)

    def close(self) -> None:
        """The archive goes on with the stream; there is nothing to close."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """A read function as a source."""

    function: Callable[[int], bytes]

    def read(self, size: int, /) -> bytes:
        return self.function(size)

    def close(self) -> None:
        """Nothing is held."""
