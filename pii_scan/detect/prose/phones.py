"""Phone numbers told by the words beside them, for numbers that no numbering plan knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..phones import Phones as Plans
from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "phones"
_WINDOW: Final = 80
#: Characters before a number in which another's name may stand.
_BEFORE: Final = 25
_NO_DIGIT: Final = re.compile("[^0-9]")
_EXTENSION: Final = re.compile("[a-z,]")
#: Forms of numbers of other kinds.
_OTHERS: Final = ("time", "date", "years", "address", "decimal", "round")


@dataclass(frozen=True)
class Phones(RuleComponent):
    """Finds `user.contact.phone_number`: told by words, or dialled as where the text's language is spoken.

    For numbers that words tell no numbering plan is asked, and all languages are tried, whatever `language`:
    a number is often quoted in another.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("phones"))

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        told, dialled = self.rules.rules
        yield from self._spans(text, told)
        if dialled.speaks(language):
            for match in dialled.find(text):
                if self._written(match["span"], language) and self._unlike(text.low, match.start("span")):
                    yield span(text, bounds(match), dialled.category, DETECTOR, dialled.confidence)

    def _written(self, number: str, language: str) -> bool:
        """True for a number as it is dialled and written where the language is spoken."""
        regions = self.rules.data["regions"][language[:2].lower()]
        return self._possible(number) and Plans(tuple(regions)).written(number.strip())

    def _unlike(self, low: str, start: int) -> bool:
        """True if no word right before the number says that it is another one's."""
        return not self._patterns["other"].search(low[max(0, start - _BEFORE) : start])

    def _spans(self, text: Folded, rule: TextRule) -> Iterator[Span]:
        """The told numbers, and those that a told one is joined with (`555-0101 or 555-0102`)."""
        last = 0
        for match in rule.find(text):
            start, end = bounds(match)
            if not self._possible(match["span"]):
                continue
            joined = bool(last) and self._patterns["chain"].match(text.low[last:start])
            if joined or self._told(text.low, start, end):
                last = end
                yield span(text, (start, end), rule.category, DETECTOR, rule.confidence)

    def _possible(self, number: str) -> bool:
        """True if the digits may be a phone number's, and are no date, time, address or sum."""
        main = _EXTENSION.split(number, maxsplit=1)[0].strip()
        digits = _NO_DIGIT.sub("", main)
        low, high = self.rules.data["digits"]
        if not low <= len(digits) <= high or len(set(digits)) < 2:
            return False
        return not any(self._patterns[key].match(main) for key in _OTHERS)

    def _told(self, low: str, start: int, end: int) -> bool:
        """True if a word of phones leads to the number, or stands right behind it."""
        lead = low[max(0, start - _WINDOW) : start]
        if self._patterns["letter_before"].search(lead) or self._led(lead, low[start:end]):
            return True
        behind = self._patterns["after"].match(low, end) or self._patterns["after_call"].match(low, end)
        return bool(behind) and self._unlike(low, start)

    def _led(self, lead: str, number: str) -> bool:
        """True if a word of phones stands before the number, and a verb's number is its object."""
        sure = not self._patterns["weak"].match(number)
        if any(sure or self._leads(gap) for gap in self._gaps(lead, "label")):
            return True
        return any(self._leads(gap) or (sure and len(gap.split()) <= 1) for gap in self._gaps(lead, "call"))

    def _leads(self, gap: str) -> bool:
        """True if the gap ends in what leads to a number, or holds but whom the word is about."""
        return bool(self._patterns["towards"].search(gap) or self._patterns["objects"].match(gap))

    def _gaps(self, lead: str, kind: str) -> Iterator[str]:
        """What stands between each word of that kind and the number, where it may stand there."""
        for word in self._patterns[kind].finditer(lead):
            gap = lead[word.end() :]
            if self._patterns[f"{kind}_gap"].match(gap) and self._free(gap.removeprefix(".")):
                yield gap

    def _free(self, gap: str) -> bool:
        """True if the sentence goes on and speaks of nothing else with a number."""
        return not (self._patterns["stop"].search(gap) or self._patterns["other"].search(gap))
