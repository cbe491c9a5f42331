"""Relations to third persons: `my wife`, `sa mère`, `emergency contact`, and the name right behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .given import given_names
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "relations"
NAME: Final = "user.name"
#: Confidence of a known given name beside a relation, and of another word with a capital letter.
_KNOWN, _UNKNOWN = 0.9, 0.6


@dataclass(frozen=True)
class Relations(RuleComponent):
    """Finds `user.relationship`: data about somebody else than who the text is from or about.

    A name right behind is a span of its own (`user.name`), so that `her husband Paul` gives two.

    All languages are tried, whatever `language`: the words of each are no words of the others.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("relations"))
    given: frozenset[str] = field(default_factory=given_names, repr=False)

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text):
                yield from self._spans(text, rule, match)

    def _spans(self, text: Folded, rule: TextRule, match: re.Match[str]) -> Iterator[Span]:
        place = bounds(match)
        yield span(text, place, rule.category, DETECTOR, rule.confidence)
        name = self._patterns["name"].match(text.base, place[1])
        if name and not self._patterns["no_name"].match(name["name"]):
            known = re.split("[ -]", name["name"].lower())[0] in self.given
            yield span(text, name.span("name"), NAME, DETECTOR, _KNOWN if known else _UNKNOWN)
