"""The language of each text: guessed from its letters, and from the column that it stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

#: Languages that we read, and those that they could be taken for.
READ: Final = ("en", "fr", "es", "de", "it", "nl", "pt")
_OTHERS: Final = (
    *("ar", "cs", "da", "el", "fi", "he", "hi", "hu", "id", "ja", "ko", "no", "pl", "ro", "ru", "sv", "th"),
    *("tr", "uk", "vi", "zh"),
)
#: Characters of a text that are looked at.
_LOOKED: Final = 240
#: Letters from which a text speaks for itself, and the probability from which it does.
_LONG: Final = 60
_SURE: Final = 0.95
#: The share of a column's votes that makes its language.
_MOSTLY: Final = 0.3


class Languages:
    """Guesses; the model of letters is loaded at the first text."""

    @cached_property
    def _identifier(self) -> Any:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages([*READ, *_OTHERS])
        return identifier

    def guess(self, texts: Sequence[str]) -> list[str]:
        """The ISO 639-1 code of each text's language; `texts` are of one column.

        A short or doubtful text is of the language that most of the column is of.
        """
        told = [self._identifier.classify(text[:_LOOKED].lower()) for text in texts]
        votes: defaultdict[str, float] = defaultdict(float)
        for text, (code, chance) in zip(texts, told, strict=True):
            votes[code] += float(chance) * min(len(text), _LOOKED)
        total = sum(votes.values())
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        common = [code for code, vote in ranked if vote >= _MOSTLY * total]
        return [
            self._one(text, code, float(chance), common)
            for text, (code, chance) in zip(texts, told, strict=True)
        ]

    @staticmethod
    def _one(text: str, code: str, chance: float, common: Sequence[str]) -> str:
        if code in common or not common:
            return code
        return code if len(text) >= _LONG and chance >= _SURE else common[0]
