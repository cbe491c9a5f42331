"""Names of people told by titles, salutations, closings and introductions: evidence beside a model's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .given import known_names
from .span import Span
from .textrules import TextRules, bounds, span, text_rules

DETECTOR: Final = "titles"
#: Rules whose name must be a known one, for without capitals nothing else tells it from a word.
_KNOWN: Final = frozenset(("greeting_lower", "lower", "label"))


@dataclass(frozen=True)
class Titles(RuleComponent):
    """Finds `user.name` in seven languages; the title is not part of the span.

    Most rules are tried whatever `language`: a French letter goes to a Herr Weiß, too.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("titles"))
    known: frozenset[str] = field(default_factory=known_names, repr=False)

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text) if rule.speaks(language) else ():
                if rule.id not in _KNOWN or self._known(match["span"]):
                    yield span(text, bounds(match), rule.category, DETECTOR, rule.confidence)

    def _known(self, name: str) -> bool:
        return not self.known.isdisjoint(name.lower().replace("-", " ").split())
