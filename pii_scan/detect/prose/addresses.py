"""Postal addresses in prose: street with its number, and what stands right behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRules, bounds, span, text_rules

DETECTOR: Final = "addresses"


@dataclass(frozen=True)
class Addresses(RuleComponent):
    """Finds `user.contact.address` in the forms of ten countries.

    All forms are tried, whatever `language`: addresses are written as where they are.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("addresses"))

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text):
                yield span(text, bounds(match), rule.category, DETECTOR, rule.confidence)
