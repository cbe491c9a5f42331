"""Where files lie: on disk or in a bucket. What the file connectors ask of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from pii_scan.core.cursor import Part
from pii_scan.core.setting import Setting

from .content import Blob, Content, Contents
from .log_sets import Member
from .opening import Stamp
from .walk import Found

Path = tuple[str, ...]


class LogParts(Protocol):
    """The files that are one log, each a part of it."""

    def members(self) -> Sequence[Member]: ...

    def first_contents(self) -> Iterator[Content]: ...

    def open(self, part: Part, /) -> Content: ...


class Place(Protocol):
    """A tree of files; every method raises SourceError in our own words."""

    def walk(self) -> Iterator[Found]:
        """Every object, sorted by path, also those that are not read."""

    def gone(self, path: str) -> bool:
        """True if there is nothing at a path that was listed."""

    def locate(self, parts: Path) -> tuple[str, Path]:
        """The file's path and what is left of a dataset's path: members and sheets."""

    def blob(self, path: str, modified: datetime | None = None) -> Blob: ...

    def stamp(self, path: str) -> Stamp:
        """What tells that the file was changed or replaced."""

    def log(
        self, path: Path, names: frozenset[str], wants: Callable[[Path], bool], contents: Contents
    ) -> LogParts:
        """The log of a dataset's path; `names` are its files when it was listed."""

    def settings(self, store: str) -> Iterator[Setting]:
        """What the place says of how the store with this URN is guarded."""

    def close(self) -> None: ...
