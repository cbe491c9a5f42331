"""Identifiers of people told by the words before them, in whatever form they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "ids"
_JOINTS: Final = re.compile("[^a-z0-9]")
_DIGIT: Final = re.compile("[0-9]")
_LETTER: Final = re.compile("[a-z]")
_DIGITS: Final = re.compile("[0-9]{2,64}|[0-9](?=[^0-9]{1,3}[0-9])")
#: Characters before digits in which a label stands, and behind them in which the value goes on.
_BEFORE, _BEHIND = 120, 60
#: Digits that a value has at least whose field tells it, and one with letters; and those of a plate.
_LEAST, _PLATE = (4, 3), (4, 2)


@dataclass(frozen=True)
class Ids(RuleComponent):
    """Finds identifiers of customers, patients, employees and the like, and numbers of documents.

    All languages are tried, whatever `language`: papers are called as where they come from.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("ids"))

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        regions = _regions(text.low)
        rules = [rule for rule in self.rules.rules if rule.speaks(language)]
        for rule, region in product(rules, regions):
            for match in rule.find(text, *region):
                counted = self._patterns["counted"].match(text.low, match.end("span"))
                if self._identifies(rule, match["span"]) and not counted:
                    yield span(text, bounds(match), rule.category, DETECTOR, rule.confidence)
                    yield from self._others(text, match, rule)

    def _others(self, text: Folded, match: re.Match[str], rule: TextRule) -> Iterator[Span]:
        """The values of the same form that an identifier is listed with: `AC-10092 and AC-10417`."""
        form, (_, end) = _form(match["span"]), bounds(match)
        while joined := self._patterns["joined"].match(text.low, end):
            place = joined.end(), joined.end() + len(form)
            if _form(text.low[slice(*place)]) != form or text.low[place[1] : place[1] + 1].isalnum():
                return
            yield span(text, place, rule.category, DETECTOR, rule.confidence)
            end = place[1]

    def _identifies(self, rule: TextRule, value: str) -> bool:
        """True for a value that has the digits and the length of an identifier and is nothing else."""
        if rule.id in self.rules.data["formed"]:
            return True
        if rule.id in self.rules.data["lettered"] and value.isdigit():
            return False
        least: int = self.rules.data["least"].get(rule.id, self.rules.data["digits"])
        return self.identifies(value, least, self.rules.data["mixed"].get(rule.id, least))

    def identifies(self, value: str, least: int, mixed: int) -> bool:
        """True for a value of so many digits at least, `mixed` if it has letters, that is nothing else."""
        value = value.lower()
        signs = _JOINTS.sub("", value)
        low, high = self.rules.data["length"]
        digits = len(_DIGIT.findall(signs))
        other = any(self._patterns[key].match(value) for key in ("thing", "year"))
        return not other and low <= len(signs) <= high and digits >= (mixed if digits < len(signs) else least)

    def value(self, text: Folded, start: int, plate: bool = False) -> tuple[int, int] | None:
        """Where an identifier, or a plate, stands right at a place, in groups as on documents."""
        match = self._patterns["plate_at" if plate else "value_at"].match(text.low, start)
        least = _PLATE if plate else _LEAST
        return match.span("span") if match and self.identifies(match["span"], *least) else None


def _regions(low: str) -> list[tuple[int, int]]:
    """Where identifiers may be, with the words that tell them: around digits."""
    found: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(low):
        start, end = max(0, match.start() - _BEFORE), match.end() + _BEHIND
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _form(value: str) -> str:
    """A value with `0` for digits and `a` for letters."""
    return _LETTER.sub("a", _DIGIT.sub("0", value.lower()))
