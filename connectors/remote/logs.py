"""Logs in a bucket: the objects of one folder that are one log. Objects are replaced, never renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pii_scan.core.cursor import Part
from pii_scan.core.errors import SourceError

from ..content import Blob, Content, Contents
from ..log_names import log_of
from ..log_sets import HEAD, Member, digest, size_of
from .bytes import modified_of, stamp_of

_LEARNED: Final = 4


@dataclass(frozen=True, slots=True)
class RemoteLog:
    """The parts of a log; each is known by its name and version."""

    listed: Callable[[], Sequence[Mapping[str, Any]]]
    blob: Callable[[str, Any], Blob]
    contents: Contents
    wants: Callable[[str], bool]
    log: str

    def members(self) -> tuple[Member, ...]:
        """Raises SourceError if the folder can't be listed."""
        found = (self._member(info) for info in self._infos())
        return tuple(member for member in found if member is not None)

    def _infos(self) -> Iterator[Mapping[str, Any]]:
        name = log_of(self.log)
        for info in self.listed():
            own = info["name"].rpartition("/")[2]
            if info.get("type") == "file" and (own == self.log or log_of(own) == name) and self.wants(own):
                yield info

    def _member(self, info: Mapping[str, Any]) -> Member | None:
        """The object as a part; None if it is empty or no log."""
        content = self.contents.peel(self.blob(info["name"], modified_of(info)))
        if content.format.kind != "log":
            return None
        stamp, head = stamp_of(info), content.head[:HEAD]
        part = Part(stamp.device, stamp.inode, len(head), digest(head), size_of(content))
        return Member(part, info["name"].rpartition("/")[2], content, str(stamp), fixed=True)

    def first_contents(self) -> Iterator[Content]:
        """Some of the log's parts, to learn its templates from: the first ones by name."""
        for member in self.members()[:_LEARNED]:
            yield member.content

    def open(self, part: Part, /) -> Content:
        """Raises SourceError if the object was deleted or replaced."""
        for info in self._infos():
            if stamp_of(info).inode == part.inode:
                return self.contents.peel(self.blob(info["name"], modified_of(info)))
        raise SourceError("a part of this log was removed or replaced while it was scanned", "scan again")
