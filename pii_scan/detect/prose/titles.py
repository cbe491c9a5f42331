"""Names of people told by titles, salutations, closings and introductions: evidence beside a model's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from .folding import Folded, fold
from .given import known_names
from .span import Span, merged
from .textrules import TextRules, bounds, span, text_rules

DETECTOR: Final = "titles"
#: Rules whose name must be a known one, for without capitals nothing else tells it from a word.
_KNOWN: Final = frozenset(("greeting_lower", "lower", "label"))


@dataclass(frozen=True)
class Titles:
    """Finds `user.name` in seven languages; the title is not part of the span."""

    rules: TextRules = field(default_factory=lambda: text_rules("titles"))
    known: frozenset[str] = field(default_factory=known_names, repr=False)

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold one; `texts` are strings."""
        return self.rules.mask(texts)

    def find(self, text: str, language: str) -> list[Span]:
        """Most rules are tried whatever `language`: a French letter goes to a Herr Weiß, too."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        if not self.rules.opens(text):
            return []
        return merged(
            span(text, bounds(match), rule.category, DETECTOR, rule.confidence)
            for rule in self.rules.rules
            if rule.speaks(language)
            for match in rule.find(text)
            if rule.id not in _KNOWN or self._known(match["span"])
        )

    def _known(self, name: str) -> bool:
        return not self.known.isdisjoint(name.lower().replace("-", " ").split())
