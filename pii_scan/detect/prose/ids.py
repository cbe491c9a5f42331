"""Identifiers of people told by the words before them, in whatever form they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from .folding import Folded, fold
from .span import Span, merged
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "ids"
_JOINTS: Final = re.compile("[^a-z0-9]")
_DIGIT: Final = re.compile("[0-9]")


@dataclass(frozen=True)
class Ids:
    """Finds identifiers of customers, patients, employees and the like, and numbers of documents."""

    rules: TextRules = field(default_factory=lambda: text_rules("ids"))

    @cached_property
    def _thing(self) -> re.Pattern[str]:
        return self.rules.pattern("thing")

    @cached_property
    def _year(self) -> re.Pattern[str]:
        return self.rules.pattern("year")

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        return self.rules.pattern("counted")

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold one; `texts` are strings."""
        return self.rules.mask(texts)

    def find(self, text: str, language: str) -> list[Span]:
        """All languages are tried, whatever `language`: papers are called as where they come from."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        if not self.rules.opens(text):
            return []
        return merged(
            span(text, bounds(match), rule.category, DETECTOR, rule.confidence)
            for rule in self.rules.rules
            for match in rule.find(text)
            if self._identifies(rule, match["span"]) and not self._counted.match(text.low, match.end("span"))
        )

    def _identifies(self, rule: TextRule, value: str) -> bool:
        """True for a value that has the digits and the length of an identifier and is nothing else."""
        signs = _JOINTS.sub("", value)
        low, high = self.rules.data["length"]
        digits = len(_DIGIT.findall(signs))
        if not low <= len(signs) <= high or self._thing.match(value) or self._year.match(value):
            return False
        if rule.id in self.rules.data["lettered"] and digits == len(signs):
            return False
        least: int = self.rules.data["least"].get(rule.id, self.rules.data["digits"])
        return digits >= least
