"""Relations to third persons: `my wife`, `sa mère`, `emergency contact`, and the name right behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from .folding import Folded, fold
from .given import given_names
from .span import Span, merged
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "relations"
NAME: Final = "user.name"
#: Confidence of a known given name beside a relation, and of another word with a capital letter.
_KNOWN, _UNKNOWN = 0.9, 0.6


@dataclass(frozen=True)
class Relations:
    """Finds `user.relationship`: data about somebody else than who the text is from or about.

    A name right behind is a span of its own (`user.name`), so that `her husband Paul` gives two.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("relations"))
    given: frozenset[str] = field(default_factory=given_names, repr=False)

    @cached_property
    def _name(self) -> re.Pattern[str]:
        return self.rules.pattern("name")

    @cached_property
    def _no_name(self) -> re.Pattern[str]:
        return self.rules.pattern("no_name")

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold one; `texts` are strings."""
        return self.rules.mask(texts)

    def find(self, text: str, language: str) -> list[Span]:
        """All languages are tried, whatever `language`: the words of each are no words of the others."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        if not self.rules.opens(text):
            return []
        return merged(
            s for rule in self.rules.rules for m in rule.find(text) for s in self._spans(text, rule, m)
        )

    def _spans(self, text: Folded, rule: TextRule, match: re.Match[str]) -> Iterator[Span]:
        place = bounds(match)
        yield span(text, place, rule.category, DETECTOR, rule.confidence)
        name = self._name.match(text.base, place[1])
        if name and not self._no_name.match(name["name"]):
            known = re.split("[ -]", name["name"].lower())[0] in self.given
            yield span(text, name.span("name"), NAME, DETECTOR, _KNOWN if known else _UNKNOWN)
