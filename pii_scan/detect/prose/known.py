"""How sure a name that a model found is, by the words in it that are known as names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ...data import load
from ..gazetteer import FAMILY, GIVEN, WORD, Gazetteer, plain, shipped, words

#: Kinds of text that a name may stand in: sentences, labels without a sentence, what machines write.
KINDS: Final = ("prose", "label", "machine")


@dataclass(frozen=True)
class Known:
    """The share of right names by what is known of their words: `texts/known.yaml`, measured on development sets."""

    book: Gazetteer | None = field(default=None, repr=False)

    @cached_property
    def _book(self) -> Gazetteer:
        return self.book or shipped()

    @cached_property
    def _shares(self) -> Mapping[str, Mapping[str, float]]:
        found: Mapping[str, Any] = load.read("texts", "known.yaml")
        return {kind: {tier: float(share) for tier, share in found[kind].items()} for kind in KINDS}

    def confidence(self, name: str, kind: str) -> float:
        """From 0 to 1; `kind` is that of the text around the name."""
        return self._shares[kind][self.tier(name)]

    def tier(self, name: str) -> str:
        """`pair`: a given and a family name; `name`: one of them; `word`: only such as are words, too; `unknown`."""
        flags = [self._book.entries.get(word, 0) for word in words(plain(name))]
        named = [flag for flag in flags if flag & (GIVEN | FAMILY)]
        if len(named) > 1 and any(flag & GIVEN for flag in named) and not all(flag & WORD for flag in named):
            return "pair"
        if any(not flag & WORD for flag in named):
            return "name"
        return "word" if named else "unknown"
