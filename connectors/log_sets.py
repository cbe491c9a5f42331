"""Rotated logs: the files that make up one log, each byte of which is read once however they are renamed.

What a log holds is settled once, when its shards are made. A part is known by device, inode and a digest of
its first bytes. It is read up to the size that it had then: from the file with its inode, or, if that
was truncated or compressed since, from the file that begins with the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from pii_scan.core.cursor import Part
from pii_scan.core.errors import SourceError

from .content import Blob, Content, Contents
from .log_names import log_of
from .opening import ByteSource, DiskFile, RandomFile, Stamp, failure, read_head

HEAD: Final = 1 << 10  # bytes by which a part is known
_LEARNED: Final = 4
_TRIES: Final = 20  # listings until two agree
_GONE: Final = "a part of this log was removed while it was scanned"
Name = tuple[str, int, int]  # file name, device, inode


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a log under its present name, with its content.

    `state` changes whenever the file does, also by a new name. A `fixed` one is never appended to: another
    state is another file.
    """

    part: Part
    name: str
    content: Content = field(repr=False)
    state: str = ""
    fixed: bool = False


@dataclass(slots=True)
class LogSet:
    """The files of one folder that are one log; `wants` says which names may belong to it."""

    folder: str
    log: str
    contents: Contents
    wants: Callable[[str], bool]

    def members(self) -> tuple[Member, ...]:
        """The log's parts now, sorted by name; a copy that is just being made is left out.

        Raises SourceError if the folder can't be listed.
        """
        for _ in range(_TRIES):
            names = self._settled()
            found = [m for name in names if self.wants(name[0]) and (m := self._member(name)) is not None]
            if self._listed() == names:
                break
        return tuple(sorted(_without_copies(found), key=lambda member: member.name))

    def _settled(self) -> list[Name]:
        """File names, in a moment when none was being renamed."""
        before = self._listed()
        for _ in range(_TRIES):
            now = self._listed()
            if now == before:
                break
            before = now
        return before

    def _listed(self) -> list[Name]:
        found = []
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if log_of(entry.name) == self.log and entry.is_file(follow_symlinks=False):
                        found += _identity(entry)
        except OSError as error:
            raise failure(error) from None
        return sorted(found)

    def _member(self, name: Name) -> Member | None:
        """The file as a part; None if it is empty, gone or no log."""
        for _ in range(_TRIES):
            pinned = self._pinned(name)
            if pinned is None or pinned[0].format.kind != "log":
                return None
            content, stamp = pinned
            head = content.head[:HEAD]
            part = Part(name[1], name[2], len(head), digest(head), size_of(content))
            if _stands(content, part):
                state = f"{stamp.modified}:{stamp.changed}"
                return Member(part, name[0], self._unpinned(content, part), state)
        return None

    def _unpinned(self, content: Content, part: Part) -> Content:
        """The content without an open file: it is found again whenever it is opened."""

        def at(start: int) -> RandomFile:
            found = self.open(part).blob
            if found.at is None:
                raise SourceError(_GONE, "scan again")
            return found.at(start)

        blob = content.blob
        again = Blob(
            blob.name, lambda: self.open(part).blob.open(), "", blob.modified, at if blob.at else None
        )
        return replace(content, blob=again)

    def first_contents(self) -> Iterator[Content]:
        """Some of the log's parts, to learn its templates from: the first ones by name."""
        for member in self.members()[:_LEARNED]:
            yield member.content

    def open(self, part: Part) -> Content:
        """The part's content, under whatever name it lies by now. Raises SourceError if it is gone."""
        found = self._by_inode(part) or self._by_head(part)
        if found is None:
            raise SourceError(_GONE, "scan again")
        return self._bounded(found, part)

    def _by_inode(self, part: Part) -> Content | None:
        for name in self._listed():
            if name[1:] == (part.device, part.inode):
                pinned = self._pinned(name)
                if pinned is not None and begins(pinned[0], part):
                    return pinned[0]
        return None

    def _by_head(self, part: Part) -> Content | None:
        """A copy of the part: what `copytruncate` made, or its compressed form."""
        for _ in range(_TRIES):
            for name in self._settled():
                pinned = self._pinned(name)
                if pinned is not None and begins(pinned[0], part) and _holds(pinned[0], part):
                    return pinned[0]
        return None

    def _pinned(self, name: Name) -> tuple[Content, Stamp] | None:
        """The content of a file that stays open, so that no renaming touches it; None if it is gone."""
        path = os.path.join(self.folder, name[0])  # noqa: PTH118 - names may be no UTF-8
        try:
            file = DiskFile(path)
            pin = _Pin(file)
            if (file.stamp.device, file.stamp.inode) != name[1:]:
                return None
            modified = datetime.fromtimestamp(max(file.stamp.modified / 1e9, 0), UTC)
            blob = Blob(
                name[0], lambda: DiskFile(pin.fd), path, modified, lambda start: DiskFile(pin.fd, start)
            )
            return self.contents.peel(blob), file.stamp
        except SourceError:
            return None

    def _bounded(self, content: Content, part: Part) -> Content:
        """The content as long as the part was; one that is truncated while it is read goes on in its copy."""
        blob = content.blob
        if blob.at is None:
            opener, size = blob.open, part.size or None
            return replace(content, blob=replace(blob, open=lambda: _Cut(opener(), 0, size)))
        opened = blob.at

        def at(start: int) -> RandomFile:
            with opened(0) as file:
                assert isinstance(file, DiskFile)  # this set's files lie on disk
                return _PartFile(file.fd, start, part, self._go_on)

        return replace(content, blob=Blob(blob.name, lambda: at(0), "", blob.modified, at))

    def _go_on(self, part: Part, offset: int) -> ByteSource:
        """The part from an offset on, out of its copy."""
        copy = self._by_head(part)
        if copy is None:
            raise SourceError("it was truncated while it was read, and no copy of it was found", "scan again")
        return _Cut(copy.blob.open(), offset, part.size)


def _identity(entry: os.DirEntry[str]) -> list[Name]:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return []  # renamed since it was listed; the next listing shows it
    return [(entry.name, status.st_dev, status.st_ino)]


class _Pin:
    """Holds a file open for as long as somebody may read it."""

    def __init__(self, file: DiskFile) -> None:
        self._file, self.fd = file, file.fd

    def __del__(self) -> None:
        self._file.close()


class _PartFile(DiskFile):
    """A part of a log on disk; notices when the file under it is truncated."""

    def __init__(self, fd: int, start: int, part: Part, go_on: Callable[[Part, int], ByteSource]) -> None:
        super().__init__(fd, start)
        self.size = part.size
        self._part, self._go_on = part, go_on
        self._offset = start
        self._copy: ByteSource | None = None

    def read(self, size: int, /) -> bytes:
        """Raises SourceError if the file was truncated and no copy of it is found."""
        if self._copy is not None:
            return self._copy.read(size)
        data = super().read(size)
        # The head is looked at after the data was read: if it still stands, so did the data.
        short = not data and self._offset < self.size
        if short or not _same(os.pread(self.fd, self._part.length, 0), self._part):
            self._copy = self._go_on(self._part, self._offset)
            return self._copy.read(size)
        self._offset += len(data)
        return data

    def close(self) -> None:
        super().close()
        if self._copy is not None:
            self._copy.close()
            self._copy = None


class _Cut:
    """A source from one offset to another."""

    def __init__(self, source: ByteSource, start: int, stop: int | None) -> None:
        self._source, self._before, self._stop = source, start, stop
        self._left = None if stop is None else stop - start

    def read(self, size: int, /) -> bytes:
        while self._before and (data := self._source.read(min(self._before, 1 << 20))):
            self._before -= len(data)
        if self._left is None:
            return self._source.read(size)
        data = self._source.read(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._source.close()


def digest(head: bytes) -> str:
    return blake2b(head, digest_size=16).hexdigest()


def begins(content: Content, part: Part) -> bool:
    """True if the content begins with the bytes that the part began with."""
    return _same(content.head[: part.length], part)


def _same(head: bytes, part: Part) -> bool:
    return len(head) == part.length and digest(head) == part.head


def _stands(content: Content, part: Part) -> bool:
    """True if the file was not truncated while it was looked at."""
    if content.blob.at is None:
        return True
    with content.blob.at(0) as file:
        return _same(read_head(file, part.length), part)


def _holds(content: Content, part: Part) -> bool:
    """True if a file on disk is as long as the part was; of a stream only its end tells."""
    if content.blob.at is None:
        return True
    try:
        with content.blob.at(0) as file:
            return file.size >= part.size
    except SourceError:
        return False


def _without_copies(members: Sequence[Member]) -> Iterator[Member]:
    """The members but those that begin as another does: its copy under way, or its compressed form.

    The longest file on disk stays; of several streams the first.
    """
    kept: list[Member] = []
    for member in sorted(members, key=lambda m: (-m.part.size, m.name)):
        copies = (m for m in kept if begins(m.content, member.part) and _is_copy(m, member))
        if next(copies, None) is None:
            kept.append(member)
    yield from kept


def _is_copy(whole: Member, other: Member) -> bool:
    """True if `other` holds nothing that `whole` does not: bytes are compared to the end of the shorter."""
    if not whole.part.size:
        return False  # two streams: both are read
    try:
        first, second = whole.content.blob.open(), other.content.blob.open()
    except SourceError:
        return False
    try:
        left = whole.part.size
        while left and (data := read_head(second, 1 << 16)):
            if read_head(first, len(data)) != data:
                return False
            left -= len(data)
        return not second.read(1) if not left else True
    except SourceError:
        return True  # a compressed copy that is not finished yet
    finally:
        first.close()
        second.close()


def size_of(content: Content) -> int:
    """The size of a file on disk; 0 for a stream."""
    if content.blob.at is None:
        return 0
    with content.blob.at(0) as file:
        return file.size
