"""Walks a file, a folder or a glob: sorted, without following links, bounded in depth and count."""

from __future__ import annotations

import errno
import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pii_scan.core.errors import SourceError

from .file_config import FileConfig
from .opening import failure

MORE_FILES: Final = "(more files)"
_DEPTH: Final = 100  # folders within each other
_LINK: Final = "a link; its target is scanned where it lies"
_LINK_OUT: Final = "a link that leads out of this source: scan its target as a source of its own"
_LINK_NOWHERE: Final = "a link that leads nowhere"
_KINDS: Final = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One object of the file tree; `skip` says why it is not read."""

    parts: tuple[str, ...]
    path: str
    skip: str = ""
    planned: bool = False
    modified: datetime | None = None


def more_than(files: int) -> str:
    """Why the rest of a place was not listed."""
    return f"more than {files} files: the rest was not listed"


def root_of(text: str) -> str:
    """The folder that relative paths start at: the folder itself, a file's folder, a glob's fixed part."""
    if os.path.lexists(text):
        return text if Path(text).is_dir() else str(Path(text).parent)
    fixed: list[str] = []
    for part in Path(text).parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    return str(Path(*fixed)) if fixed else "."


def walk(config: FileConfig) -> Iterator[Found]:
    """Every object below the configured path, sorted by path.

    Raises SourceError if the path does not exist or the top folder can't be read.
    """
    root = root_of(config.path)
    for count, found in enumerate(_starts(config, root), 1):
        if count > config.limits.files:
            yield Found((MORE_FILES,), "", more_than(config.limits.files))
            return
        yield found


def _starts(config: FileConfig, root: str) -> Iterator[Found]:
    if os.path.lexists(config.path):
        target = os.path.realpath(config.path)
        tree = _Tree(config, root, (target,))
        if Path(config.path).is_dir():
            yield from tree.top()
        elif not os.path.lexists(target) or Path(target).is_symlink():
            raise SourceError("the path is a link that leads nowhere", "check what it points at")
        else:
            # A link named by the user himself is what he wants read.
            yield from tree.visit(target, (Path(config.path).name,))
        return
    matched = _matched(config.path)
    if not matched:
        raise SourceError(
            "the path does not exist", "check it; relative paths start at the configuration's folder"
        )
    tree = _Tree(config, root, (os.path.realpath(path) for path in matched if not Path(path).is_symlink()))
    for path in matched:
        parts = Path(os.path.relpath(path, root)).parts
        yield from tree.visit(path, parts)


def _matched(pattern: str) -> list[str]:
    if not glob.has_magic(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True, include_hidden=True))  # noqa: PTH207 - may be absolute


class _Tree:
    """One walk; remembers the folders and files it has been in."""

    def __init__(self, config: FileConfig, root: str, tops: Iterable[str]) -> None:
        """`tops` are the real paths of the files and folders that the walk starts at."""
        self._config, self._root, self._tops = config, root, frozenset(tops)
        self._seen: set[tuple[int, int]] = set()
        self._paths: set[str] = set()
        self._device: int | None = None

    def top(self) -> Iterator[Found]:
        try:
            with os.scandir(self._root):
                status = Path(self._root).stat()
        except OSError as error:
            raise failure(error) from None
        self._device = status.st_dev
        self._seen.add((status.st_dev, status.st_ino))
        yield from self._folder(self._root, ())

    def visit(self, path: str, parts: tuple[str, ...]) -> Iterator[Found]:
        """What lies at `path`; each path is listed once, however many globs match it."""
        if path in self._paths:
            return
        self._paths.add(path)
        try:
            status = os.lstat(path)
        except OSError as error:
            yield Found(parts, path, failure(error).reason)
            return
        if self._config.refuses(parts):
            yield Found(parts, path, "excluded by the configuration", planned=True)
        elif stat.S_ISDIR(status.st_mode):
            yield from self._enter(path, parts, status)
        elif stat.S_ISLNK(status.st_mode):
            yield self._link(path, parts)
        else:
            yield _file(path, parts, status)

    def _link(self, path: str, parts: tuple[str, ...]) -> Found:
        """Nothing is missed if the target lies within this walk, or if there is none."""
        try:
            os.stat(path)  # noqa: PTH116 - names may be no UTF-8
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                return Found(parts, path, _LINK_NOWHERE, planned=True)
            return Found(parts, path, _LINK_OUT)
        target = os.path.realpath(path)
        while target not in self._tops:
            above = os.path.dirname(target)  # noqa: PTH120 - names may be no UTF-8
            if above == target:
                return Found(parts, path, _LINK_OUT)
            target = above
        return Found(parts, path, _LINK, planned=True)

    def _enter(self, path: str, parts: tuple[str, ...], status: os.stat_result) -> Iterator[Found]:
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            return
        self._seen.add(identity)
        if self._device is not None and status.st_dev != self._device:
            yield Found(parts, path, "another file system is mounted here: scan it as a source of its own")
        elif len(parts) > _DEPTH:
            yield Found(parts, path, f"more than {_DEPTH} folders within each other")
        else:
            yield from self._folder(path, parts)

    def _folder(self, path: str, parts: tuple[str, ...]) -> Iterator[Found]:
        try:
            names = sorted(os.listdir(path))  # noqa: PTH208 - names may be no UTF-8
        except OSError as error:
            yield Found(parts, path, f"the folder can't be listed: {failure(error).reason}")
            return
        for name in names:
            yield from self.visit(os.path.join(path, name), (*parts, name))  # noqa: PTH118 - names may be no UTF-8


def _file(path: str, parts: tuple[str, ...], status: os.stat_result) -> Found:
    modified = datetime.fromtimestamp(max(status.st_mtime, 0), UTC)
    for test, words in _KINDS:
        if test(status.st_mode):
            return Found(parts, path, f"{words}, not a regular file")
    return Found(parts, path, modified=modified)
