"""Words written together without a mark: `custname`, `rechnungsplz`, `USEREMAIL`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .tokens import Tokens

SHORTEST: Final = 6
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Compounds:
    """Splits a word into words of the dictionary, or leaves it whole.

    `whole` are words that stay as they are: those known by themselves, and those that only look joined.
    """

    parts: frozenset[str]
    whole: frozenset[str]

    def split(self, word: str) -> Tokens:
        """The fewest parts that make up all of the word; the word alone if there are none."""
        if len(word) < SHORTEST or word in self.whole:
            return (word,)
        best: list[Tokens | None] = [()] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(end - 2, -1, -1):
                before = best[start]
                if before is None or len(before) >= MOST or word[start:end] not in self.parts:
                    continue
                known = best[end]
                if known is None or len(before) + 1 < len(known):
                    best[end] = (*before, word[start:end])
        return best[-1] or (word,)
