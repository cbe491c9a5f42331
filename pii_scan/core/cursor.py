"""How far logs were read: for each file its identity and an offset, never a value.

A cursor is stored sealed: digests of first bytes are keyed once more, so that nobody without the
key can try which lines a log began with.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .keyed import Key

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Part:
    """A file as it was seen: device, inode, digest of its first `length` bytes, size.

    `lines` is where its last whole line ends; what follows may still be being written. Both are 0 for a
    compressed file: such are written once.
    """

    device: int
    inode: int
    length: int
    head: str = field(repr=False)
    size: int = 0
    lines: int = 0

    def __str__(self) -> str:
        return f"{self.device}:{self.inode}:{self.length}:{self.head}:{self.size}:{self.lines}"

    @classmethod
    def parse(cls, text: str) -> Part:
        """Raises ValueError for a text that no part was written as."""
        device, inode, length, head, size, lines = text.split(":")
        return cls(int(device), int(inode), int(length), head, int(size), int(lines))

    def sealed(self, key: Key) -> Part:
        return replace(self, head=key.digest(self.head, 16).hex())


@dataclass(frozen=True, slots=True)
class Cursor:
    """The parts of a log as far as they were read."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return ";".join((_VERSION, *map(str, self.parts)))

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor that `str` wrote; an empty one, so that all is read, for anything else."""
        version, *parts = text.split(";")
        try:
            return cls(tuple(map(Part.parse, parts))) if version == _VERSION else cls()
        except ValueError:
            return cls()

    def sealed(self, key: Key) -> Cursor:
        return Cursor(tuple(part.sealed(key) for part in self.parts))
