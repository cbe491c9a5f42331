"""Dates of birth, told from all other dates by a word of birth beside them, and ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "dates"
BIRTH: Final = "user.demographic.date_of_birth"
_WINDOW: Final = 70
_NEAR: Final = 40
#: Confidence of a whole date, of a day and month, of a year alone, beside a word of birth.
_WHOLE, _PARTIAL, _YEAR = 0.95, 0.75, 0.8
_BREAK: Final = re.compile(r"[.\n](?=\s|$)|\n")
_COLON: Final = re.compile(r"[\s:.)*=-]*")


@dataclass(frozen=True)
class Dates(RuleComponent):
    """Finds dates of birth (`user.demographic.date_of_birth`) and ages (`user.demographic.age`).

    All languages are tried, whatever `language`: people quote dates as they are used to.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("dates"))

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        yield from self._births(text)
        yield from self._ages(text)

    def _births(self, text: Folded) -> Iterator[Span]:
        for match in self._patterns["date"].finditer(text.low):
            confidence = self._birth(text.low, match) if self._possible(match) else 0.0
            if confidence:
                yield span(text, match.span(), BIRTH, DETECTOR, confidence)

    def date(self, text: Folded, start: int) -> tuple[int, int] | None:
        """Where a whole date stands right at a place; None if none does."""
        match = self._patterns["date"].match(text.low, start)
        whole = match and not match["partial"] and not match["alone"] and self._possible(match)
        return match.span() if match and whole else None

    def _possible(self, match: re.Match[str]) -> bool:
        """True if day, month and year exist."""
        part = match.groupdict()
        year = next((part[k] for k in ("year_first", "last", "named", "american", "alone") if part[k]), "")
        first, last = self.rules.data["years"]
        if len(year) == 4 and not first <= int(year) <= last:
            return False
        if part["first"]:
            low, high = sorted((int(part["first"]), int(part["second"])))
            return 1 <= low <= 12 and high <= 31
        days = ("day", "day_after", "day_third", "partial_day", "partial_after")
        day = next((part[key] for key in days if part[key]), "1")
        return 1 <= int(day) <= 31 and 1 <= int(part["month_second"] or 1) <= 12

    def _birth(self, low: str, match: re.Match[str]) -> float:
        """How sure it is that somebody was born then; 0 for another date."""
        if not match["partial"] and not match["alone"] and self._patterns["after"].match(low, match.end()):
            return _WHOLE
        lead = low[max(0, match.start() - _WINDOW) : match.start()]
        word = self._patterns["before"].search(lead)
        if word is None:
            short = self._patterns["b_dot"].search(lead)
            return _YEAR if short and not match["partial"] else 0.0
        if not self._close(lead, word):
            return 0.0
        if match["partial"]:
            return _PARTIAL if self._patterns["birthday"].search(word.group()) else 0.0
        if match["alone"]:
            near = len(word["gap"]) <= _NEAR and self._patterns["in_year"].search(word["gap"])
            return _YEAR if near else 0.0
        return _WHOLE

    def _close(self, lead: str, word: re.Match[str]) -> bool:
        """True if word and date are of one sentence and nothing else happens between them."""
        gap = word["gap"].removeprefix(".")
        if _BREAK.search(gap) and not _COLON.fullmatch(gap):
            return False
        return not (
            self._patterns["other"].search(gap) or self._patterns["thing"].search(lead[: word.start()])
        )

    def _ages(self, text: Folded) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text):
                place = match.span("span_two") if match.groupdict().get("span_two") else bounds(match)
                if self._plausible(match):
                    yield span(text, place, rule.category, DETECTOR, rule.confidence)

    def _plausible(self, match: re.Match[str]) -> bool:
        part = match.groupdict()
        number = part.get("n") or part.get("m")
        return not number or int(number) <= self.rules.data["oldest"]


def rule_of_births(rules: TextRules) -> TextRule:
    """The examples of dates of birth as a rule, for the check of examples."""
    examples = rules.data["births"]
    return TextRule(
        "birth",
        BIRTH,
        rules.pattern("date"),
        False,
        _WHOLE,
        None,
        None,
        match=tuple(examples["match"]),
        reject=tuple(examples["reject"]),
    )
