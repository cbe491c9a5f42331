"""From a path to readable content: peels compression, opens archives, lists what they hold."""

from __future__ import annotations

import io
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final

from pii_scan.core.errors import SourceError

from .archives import Archive, Member, TarArchive, ZipArchive
from .compression import decompressed
from .file_config import Limits
from .formats import HEAD, Format, bare, format_of
from .opening import ByteSource, DiskFile, RandomFile, read_all
from .parser import Parser

_IN_MEMORY: Final = 256 << 20  # nested archives, workbooks and Parquet files inside archives
_OPEN_ARCHIVES: Final = 4
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that can be opened from the beginning, again and again.

    `path` if they lie on disk as they are; `at` opens a file that can be read from any offset;
    `seek` one that a parser may move about in.
    """

    name: str
    open: Callable[[], ByteSource] = field(repr=False)
    path: str = ""
    modified: datetime | None = None
    at: Callable[[int], RandomFile] | None = field(default=None, repr=False)
    seek: Callable[[], IO[bytes]] | None = field(default=None, repr=False)

    @classmethod
    def on_disk(cls, path: str, modified: datetime | None = None) -> Blob:
        name = os.path.basename(path)  # noqa: PTH119 - names may be no UTF-8
        return cls(name, lambda: DiskFile(path), path, modified, lambda start: DiskFile(path, start))

    def seekable(self) -> IO[bytes]:
        """A file object that can seek: the file itself, or its bytes in memory. Raises SourceError."""
        if self.path:
            with DiskFile(self.path) as file:
                return os.fdopen(os.dup(file.fd), "rb")
        if self.seek is not None:
            return self.seek()
        source = self.open()
        try:
            return io.BytesIO(read_all(source, _IN_MEMORY))
        finally:
            source.close()


@dataclass(frozen=True, slots=True)
class Content:
    """A blob without its compression, with its format, first bytes and depth of layers."""

    blob: Blob
    format: Format
    head: bytes = field(default=b"", repr=False)
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file or member turned out to be: a dataset, or a reason why it is none."""

    path: Path
    kind: str
    modified: datetime | None = None
    skip: str = ""
    planned: bool = False
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    """An archive with what it lists, and the error that cut the list short."""

    archive: Archive
    members: Mapping[str, Member]
    error: SourceError | None

    def blob(self, member: Member) -> Blob:
        archive, index = self.archive, member.index
        return Blob(member.name.rpartition("/")[2], lambda: archive.open(index), "", member.modified)


class Contents:
    """Opens files and what lies in them; keeps the last few archives open."""

    def __init__(self, limits: Limits, logs: bool = False) -> None:
        self._limits, self._logs = limits, logs
        self._archives: OrderedDict[Path, _Opened] = OrderedDict()
        self.parser = Parser()

    def peel(self, blob: Blob, depth: int = 0) -> Content:
        """Raises SourceError if the file can't be opened; a cut or damaged stream shows when it is read."""
        head = _head(blob)
        found = format_of(head, blob.name, self._logs)
        while found.kind == "compressed":
            depth += 1
            if depth > self._limits.depth:
                return Content(
                    blob, Format("skip", f"limit: more than {self._limits.depth} layers of archives"), head
                )
            blob = self._inner(blob, found.detail)
            try:
                head = _head(blob)
            except SourceError:
                return Content(blob, Format("text"), b"", depth)
            found = format_of(head, blob.name, self._logs)
        return Content(blob, found, head, depth)

    def _inner(self, blob: Blob, kind: str) -> Blob:
        limits = self._limits
        return Blob(bare(blob.name), lambda: decompressed(blob.open(), kind, limits), "", blob.modified)

    def list(self, path: Path, blob: Blob, depth: int = 0) -> Iterator[Entry]:
        """The datasets of a file: itself, its sheets, or its archive's members, at any depth."""
        try:
            content = self.peel(blob, depth)
        except SourceError:
            yield Entry(path, "text", blob.modified)  # reading it says why
            return
        kind = content.format.kind
        if kind == "skip":
            yield Entry(path, kind, blob.modified, content.format.detail, content.format.planned)
        elif kind == "archive":
            yield from self._list_archive(path, content)
        elif kind == "sheets":
            yield from self._list_sheets(path, content)
        else:
            yield Entry(path, kind, blob.modified, content=content)

    def _list_archive(self, path: Path, content: Content) -> Iterator[Entry]:
        if content.depth >= self._limits.depth:
            yield Entry(path, "skip", skip=f"limit: more than {self._limits.depth} layers of archives")
            return
        try:
            opened = self._open(path, content)
        except SourceError:
            yield Entry(path, "archive", content.blob.modified)  # reading it says why
            return
        for member in opened.members.values():
            inner = (*path, member.label)
            if member.skip:
                yield Entry(inner, "skip", member.modified, member.skip, member.planned)
            else:
                yield from self.list(inner, opened.blob(member), content.depth + 1)
        if opened.error is not None or not opened.members:
            yield Entry(path, "archive", content.blob.modified)

    def _list_sheets(self, path: Path, content: Content) -> Iterator[Entry]:
        try:
            names = self.sheets(content)
        except SourceError:
            names = ()
        for name in names:
            yield Entry((*path, name), "sheets", content.blob.modified)
        if not names:
            yield Entry(path, "sheets", content.blob.modified)

    def _open(self, path: Path, content: Content) -> _Opened:
        """The archive at `path`, opened and listed once. Raises SourceError for a damaged or hostile one."""
        if path in self._archives:
            self._archives.move_to_end(path)
            return self._archives[path]
        archive: Archive
        if content.format.detail == "zip":
            archive = ZipArchive(content.blob.seekable(), self._limits)
        else:
            archive = TarArchive(content.blob.open, self._limits)
        members, error = archive.members()
        self._archives[path] = opened = _Opened(archive, {m.label: m for m in members}, error)
        while len(self._archives) > _OPEN_ARCHIVES:
            self._archives.popitem(last=False)[1].archive.close()
        return opened

    def sheets(self, content: Content) -> tuple[str, ...]:
        """The names of a workbook's sheets. Raises SourceError if it can't be read."""
        package = self.package(content)
        if package is not None:
            package.close()
        return self.parser.sheets(content.blob.seekable)

    def package(self, content: Content) -> ZipArchive | None:
        """A workbook's parts, None if it is no zip archive. Raises SourceError beyond the limits."""
        if not content.head.startswith(b"PK"):
            return None
        produced = min(self._limits.produced, 1 << 30)
        return ZipArchive(content.blob.seekable(), self._limits.model_copy(update={"produced": produced}))

    def resolve(self, path: Path, blob: Blob, rest: Path, depth: int = 0) -> tuple[Content, Path]:
        """The content that `rest` names within a file; what is left names a sheet.

        Raises SourceError for an archive that can't be listed or a member that is gone.
        """
        content = self.peel(blob, depth)
        if content.format.kind != "archive":
            return content, rest
        opened = self._open(path, content)
        if not rest:
            if opened.error is not None:
                raise opened.error
            return Content(blob, Format("empty")), ()
        if rest[0] not in opened.members:
            raise opened.error or SourceError("the member is gone from the archive")
        return self.resolve(
            (*path, rest[0]), opened.blob(opened.members[rest[0]]), rest[1:], content.depth + 1
        )

    def close(self) -> None:
        for opened in self._archives.values():
            opened.archive.close()
        self._archives.clear()
        self.parser.close()


def _head(blob: Blob) -> bytes:
    """The first bytes, as many as can be had. Raises SourceError if there are none for a fault."""
    source = blob.open()
    data = b""
    try:
        while len(data) < HEAD and (more := source.read(HEAD - len(data))):
            data += more
    except SourceError:
        if not data:
            raise
    finally:
        source.close()
    return data
