"""Where the reading of a log goes on: only if all that was read before still stands in its files.

A part that was read is proven by a digest of all its bytes, with the format that they are read in. So a log
that was truncated, edited or rewritten is known, whatever its size and time say. An object in a bucket is
replaced and never appended to: there its version stands for its content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final

from pii_scan.core.cursor import Cursor, Part
from pii_scan.core.errors import SourceError
from pii_scan.core.keyed import Key

from .encoding import decode
from .log_formats import year_of
from .log_sets import Member, digest
from .readers.log import form_of, records

_CHUNK: Final = 1 << 20
_AROUND: Final = 8 << 10  # bytes before and after the place where reading goes on


@dataclass(frozen=True, slots=True)
class Walked:
    """The digest of a member's bytes up to a place, and some bytes around it."""

    digest: str
    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Continuing:
    """Looks into the members of one log; each is walked once for each place."""

    members: Sequence[Member]
    key: Key
    _known: dict[tuple[Part, int], Walked] = field(default_factory=dict, repr=False)

    def cursor(self, basis: str) -> Cursor:
        """The sealed cursor of reading all that is there now; `basis` is what it is read by."""
        parts = tuple(replace(m.part, whole=self._proof(m, m.part.size)) for m in self.members)
        return Cursor(parts, basis).sealed(self.key)

    def starts(self, seen: Cursor, basis: str) -> dict[Part, int | None] | None:
        """How far each part was read before (None: to its end); None if that does not stand any more."""
        if not seen.parts or Cursor((), basis).sealed(self.key).basis != seen.basis:
            return None
        left, found = list(self.members), dict[Part, int | None]()
        for old in sorted(seen.parts, key=lambda part: -part.size):
            same_file_first = sorted(left, key=lambda m: m.part.inode != old.inode)
            member = next((m for m in same_file_first if self._stands(m, old)), None)
            if member is None:
                return None
            left.remove(member)
            found[member.part] = old.size if self._walked(member, old.size).after else None
        return {member.part: found.get(member.part, 0) for member in self.members}

    def _stands(self, member: Member, old: Part) -> bool:
        """True if the member begins with all that was read of a part, and goes on with a new record."""
        head = digest(member.content.head[: old.length])
        if not old.whole or self.key.digest(head, 16).hex() != old.head:
            return False
        proof = self._proof(member, old.size)
        if not proof or self.key.digest(proof, 16).hex() != old.whole:
            return False
        walked = self._walked(member, old.size)
        return not walked.after or (walked.before.endswith(b"\n") and _begins(member, walked))

    def _proof(self, member: Member, size: int) -> str:
        return self._walked(member, size).digest

    def _walked(self, member: Member, size: int) -> Walked:
        known = self._known.get((member.part, size))
        if known is None:
            known = self._known[member.part, size] = _walk(member, size)
        return known


def _walk(member: Member, size: int) -> Walked:
    """Reads a member up to a place, or to its end if `size` is 0; no digest if it is shorter or fails."""
    if member.fixed:
        return Walked(digest(member.state.encode()))
    content = member.content
    form = (form_of(content).name, str(content.format.encoding), str(year_of(content.blob.modified)))
    state, before, left = blake2b("\n".join(form).encode(), digest_size=16), b"", size
    try:
        source = content.blob.open()
        try:
            while data := source.read(min(_CHUNK, left) if size else _CHUNK):
                state.update(data)
                before = (before + data)[-_AROUND:]
                left -= len(data)
                if size and not left:
                    break
            after = source.read(_AROUND) if size else b""
        finally:
            source.close()
    except SourceError:
        return Walked("")
    return Walked("" if size and left else state.hexdigest(), before, after)


def _begins(member: Member, walked: Walked) -> bool:
    """True if what follows a place is a record of its own, and no further line of the one before."""
    form = form_of(member.content)
    if form.begins is None:
        return True
    old, new = walked.before.split(b"\n")[:-1], walked.after.split(b"\n")
    encoding = member.content.format.encoding
    texts = [(n, decode(line, encoding).rstrip("\r")) for n, line in enumerate([*old, *new]) if line.strip()]
    first = next((n for n, _ in texts if n >= len(old)), None)
    return first is None or first in {n for n, _ in records(texts, form)}
