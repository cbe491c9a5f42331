"""How far logs were read: for each file its identity and an offset, never a value.

A cursor is stored sealed: digests of first bytes are keyed once more, so that nobody without the
key can try which lines a log began with.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .keyed import Key

_VERSION = "2"


@dataclass(frozen=True, slots=True)
class Part:
    """A file as it was seen: device, inode, digest of its first `length` bytes, size.

    `whole` is what proves all that was read of it, empty where that is not known. The size is 0 for a
    compressed file: such are written once.
    """

    device: int
    inode: int
    length: int
    head: str = field(repr=False)
    size: int = 0
    whole: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.device}:{self.inode}:{self.length}:{self.head}:{self.size}:{self.whole}"

    @classmethod
    def parse(cls, text: str) -> Part:
        """Raises ValueError for a text that no part was written as."""
        device, inode, length, head, size, whole = text.split(":")
        return cls(int(device), int(inode), int(length), head, int(size), whole)

    def sealed(self, key: Key) -> Part:
        whole = key.digest(self.whole, 16).hex() if self.whole else ""
        return replace(self, head=key.digest(self.head, 16).hex(), whole=whole)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The parts of a log as far as they were read; `basis` stands for what they were read by."""

    parts: tuple[Part, ...] = ()
    basis: str = field(default="", repr=False)

    def __str__(self) -> str:
        return ";".join((_VERSION, self.basis, *map(str, self.parts)))

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor that `str` wrote; an empty one, so that all is read, for anything else."""
        version, _, rest = text.partition(";")
        basis, *parts = rest.split(";")
        try:
            return cls(tuple(map(Part.parse, parts)), basis) if version == _VERSION else cls()
        except ValueError:
            return cls()

    def sealed(self, key: Key) -> Cursor:
        basis = key.digest(self.basis, 16).hex() if self.basis else ""
        return Cursor(tuple(part.sealed(key) for part in self.parts), basis)
