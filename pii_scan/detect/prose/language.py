"""The language of each text: guessed from its letters, and from the column that it stands in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Final

from . import letters

#: Languages that we read, and those that they could be taken for.
READ: Final = ("en", "fr", "es", "de", "it", "nl", "pt")
OTHERS: Final = (
    *("ar", "cs", "da", "el", "fi", "he", "hi", "hu", "id", "ja", "ko", "no", "pl", "ro", "ru", "sv", "th"),
    *("tr", "uk", "vi", "zh"),
)
#: Characters of a text that are looked at.
_LOOKED: Final = 240
#: Beginnings whose language is remembered.
_REMEMBERED: Final = 5_000
#: Letters from which a text speaks for itself, and the probability from which it does.
_LONG: Final = 60
_SURE: Final = 0.95
#: Words from which a shorter text is a sentence, which speaks for itself with this probability.
_SENTENCE: Final = 7
_CERTAIN: Final = 0.99
#: Words from which a short text is more than a name.
_MANY: Final = 5
#: The share of a column's votes that makes its language.
_MOSTLY: Final = 0.3
#: A word that no name begins with: short texts without one are names and labels, in no language.
_SAID: Final = re.compile(
    r"\b(?!(?:van|von|der|den|del|della|dos|das|and|und|ter|ten|bin|ibn|los|las)\b)[^\W\d_A-ZÀ-ÞĀ-Ž][^\W\d_]{2,}"
)


class Languages:
    """Guesses; the letters are loaded at the first text."""

    @cached_property
    def _classify(self) -> Callable[[str], tuple[str, float]]:
        """The likeliest language of a beginning; batches of a column share many texts."""
        return lru_cache(_REMEMBERED)(letters.shipped().classify)

    def guess(self, texts: Sequence[str]) -> list[str]:
        """The ISO 639-1 code of each text's language; `texts` are of one column.

        A short or doubtful text is of the language that most of the column is of; a column of names and
        labels is taken for English, so that no model is loaded for what its names look like.
        """
        told = [self._classify(text[:_LOOKED].lower()) for text in texts]
        votes: defaultdict[str, float] = defaultdict(float)
        for text, (code, chance) in zip(texts, told, strict=True):
            if _speaks(text):
                votes[code] += chance * min(len(text), _LOOKED)
        total = sum(votes.values())
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        common = [code for code, vote in ranked if vote >= _MOSTLY * total] or [READ[0]]
        return [
            self._one(text, code, chance, common) for text, (code, chance) in zip(texts, told, strict=True)
        ]

    @staticmethod
    def _one(text: str, code: str, chance: float, common: Sequence[str]) -> str:
        if code in common:
            return code
        sentence = len(text.split()) >= _SENTENCE and chance >= _CERTAIN
        return code if sentence or (len(text) >= _LONG and chance >= _SURE) else common[0]


def _speaks(text: str) -> bool:
    """True for a text long enough to be of a language, or with a word that is no name's."""
    return len(text) >= _LONG or len(text.split()) >= _MANY or bool(_SAID.search(text))
