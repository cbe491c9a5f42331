"""Postal addresses in prose: street with its number, and what stands right behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from .folding import Folded, fold
from .span import Span, merged
from .textrules import TextRules, bounds, span, text_rules

DETECTOR: Final = "addresses"


@dataclass(frozen=True)
class Addresses:
    """Finds `user.contact.address` in the forms of ten countries."""

    rules: TextRules = field(default_factory=lambda: text_rules("addresses"))

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold one; `texts` are strings."""
        return self.rules.mask(texts)

    def find(self, text: str, language: str) -> list[Span]:
        """All forms are tried, whatever `language`: addresses are written as where they are."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        if not self.rules.opens(text):
            return []
        found = ((rule, m) for rule in self.rules.rules for m in rule.find(text))
        return merged(span(text, bounds(m), rule.category, DETECTOR, rule.confidence) for rule, m in found)
