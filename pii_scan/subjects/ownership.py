"""Whose a row is, from the name of the column by which it hangs on somebody; the words are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..data import load
from .answer import Relation

_BREAKS: Final = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Ownership:
    """The words of `data/ownership.yaml`."""

    mentioned: frozenset[str]
    shared: frozenset[str]

    @classmethod
    def shipped(cls) -> Ownership:
        words = load.read("ownership.yaml")
        return cls(frozenset(words["mentioned"]), frozenset(words["shared"]))

    def names(self, column: str) -> bool:
        """True for a column that names whose the row is, not who did something to it."""
        return self.of(column) != "mentioned"

    def of(self, column: str) -> Relation:
        """The relation of a row to what it points at by this column."""
        words = {word.casefold() for word in _BREAKS.split(column) if word}
        if words & self.mentioned:
            return "mentioned"
        return "shared" if words & self.shared else "own"
