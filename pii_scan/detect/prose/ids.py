"""Identifiers of people told by the words before them, in whatever form they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "ids"
_JOINTS: Final = re.compile("[^a-z0-9]")
_DIGIT: Final = re.compile("[0-9]")


@dataclass(frozen=True)
class Ids(RuleComponent):
    """Finds identifiers of customers, patients, employees and the like, and numbers of documents.

    All languages are tried, whatever `language`: papers are called as where they come from.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("ids"))

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text):
                counted = self._patterns["counted"].match(text.low, match.end("span"))
                if self._identifies(rule, match["span"]) and not counted:
                    yield span(text, bounds(match), rule.category, DETECTOR, rule.confidence)

    def _identifies(self, rule: TextRule, value: str) -> bool:
        """True for a value that has the digits and the length of an identifier and is nothing else."""
        value = value.lower()
        signs = _JOINTS.sub("", value)
        low, high = self.rules.data["length"]
        digits = len(_DIGIT.findall(signs))
        other = any(self._patterns[key].match(value) for key in ("thing", "year"))
        if other or not low <= len(signs) <= high:
            return False
        if rule.id in self.rules.data["lettered"] and digits == len(signs):
            return False
        least: int = self.rules.data["least"].get(rule.id, self.rules.data["digits"])
        if digits < len(signs):
            least = self.rules.data["mixed"].get(rule.id, least)
        return digits >= least
