"""Identifiers that a person's own rows have beside the one that was given.

An id is followed if its column's values are those of one row each, it is one of too many to try them all,
and the column's name gives it to the row's owner. Addresses and numbers are not: a household has one
number. They are told, so that they can be asked with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..core.model import Field
from . import terms
from .answer import Hint, Path
from .holding import Held
from .identifier import Identifier, address
from .matching import Matcher
from .ownership import Ownership
from .reading import Row
from .scope import Known, Scope

#: Ids of one person that are followed, and rounds of looking with those that the last one found.
MOST: Final = 20
ROUNDS: Final = 3
_HINTED: Final = ("user.contact.email", "user.contact.phone_number")


@dataclass(frozen=True, slots=True)
class Learner:
    """Reads a person's own rows."""

    scope: Scope
    matcher: Matcher
    ownership: Ownership

    def learned(self, held: Sequence[Held]) -> list[Identifier]:
        """Ids, and other spellings of the address, which are the same mailbox but have other digests."""
        return list(
            dict.fromkeys(
                one
                for each in held
                for row in each.own
                for path, text in row.cells.items()
                for one in self._of(each.known, path, text)
            )
        )

    def _of(self, known: Known, path: Path, text: str) -> Iterator[Identifier]:
        match = self.matcher.match(text)
        if match and match.whole and match.kind == "email" and "@" in text:
            found = address(text)
            if found.written and any(one.text == found.text for one in self.matcher.given):
                yield found
        elif match is None and self._is_key(known, path):
            source = f"of their row in {known.shown.name} ({'/'.join(self.scope.masker.path(path))})"
            one = Identifier("id", text, source=source)
            if terms.of(one) is not None:
                yield one

    def _is_key(self, known: Known, path: Path) -> bool:
        urn = Field(known.shown.urn, self.scope.masker.path(path)).urn
        return bool(path) and urn in self.scope.keys and self.ownership.of(path[-1]) == "own"

    def hints(self, held: Sequence[Held]) -> tuple[Hint, ...]:
        """Fields of the person's own rows with an address or a number that was not asked with."""
        found: dict[Hint, None] = {}
        for each in held:
            for row in each.own:
                for path in self._others(each, row):
                    masked = self.scope.masker.path(path)
                    category = next(c for c in self.scope.categories(each.known, path) if c in _HINTED)
                    found[Hint(each.known.shown.urn, masked, category)] = None
        return tuple(found)

    def _others(self, held: Held, row: Row) -> Iterator[Path]:
        for path, text in row.cells.items():
            told = any(c in _HINTED for c in self.scope.categories(held.known, path))
            theirs = self.ownership.of(path[-1] if path else "") == "own"
            if told and text and theirs and self.matcher.match(text) is None:
                yield path
