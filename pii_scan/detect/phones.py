"""Phone numbers by libphonenumber's metadata, loaded at the first number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .numberplans import abroad, assigned, grouped, plan

_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]|[0-3]?[0-9][-/. ][0-3]?[0-9][-/. ](?:19|20)[0-9]{2}"
)
_DECIMAL: Final = re.compile(r"[0-9]+[.][0-9]+")
_NO_DIGIT: Final = re.compile(r"[^0-9]")
_EXTENSION: Final = re.compile(r" ?(?:x|ext\.?|#) ?[0-9]+$", re.IGNORECASE)
#: Brackets as numbers have them: one pair, around digits at or near the beginning.
_BRACKETS: Final = re.compile(r"[^()]*(?:\([^()]+\)[^()]*)?")


@dataclass(frozen=True, slots=True)
class Phones:
    """`regions` are tried in order for numbers without a country code."""

    regions: tuple[str, ...]
    #: The regions of the latest numbers first: a column's numbers are of few, and any will do.
    _recent: list[str] = field(default_factory=list, compare=False, repr=False)

    def international(self, text: str) -> bool:
        digits = _NO_DIGIT.sub("", _EXTENSION.sub("", text)).removeprefix("00")
        return len(set(digits)) > 2 and _abroad(digits)

    def national(self, text: str) -> bool:
        text = _EXTENSION.sub("", text)
        digits = _NO_DIGIT.sub("", text)
        return _likely(text, digits) and any(self._of(text, digits, r) for r in self._likely_first())

    def written(self, text: str) -> bool:
        """As `national`, of a number whose prefix and groups of digits are those of its region.

        Of fifteen regions some takes nearly any eight to ten digits; few write them `1234-5678`.
        """
        text = _EXTENSION.sub("", text)
        digits = _NO_DIGIT.sub("", text)
        if not _likely(text, digits) or not _BRACKETS.fullmatch(text):
            return False
        return any(self._of(text, digits, region, strict=True) for region in self._likely_first())

    def _likely_first(self) -> tuple[str, ...]:
        """The regions, each once, the latest number's first."""
        return tuple(dict.fromkeys((*self._recent, *self.regions)))

    def _of(self, text: str, digits: str, region: str, *, strict: bool = False) -> bool:
        there = plan(region)
        if there is None:
            return False
        away = there.leaves(digits)
        if away:
            return _abroad(away) and not strict
        number = there.significant(digits)
        if not assigned(there.code, number.digits):
            return False
        if strict and not grouped(text, digits, number, there.code):
            return False
        self._recent[:] = [region]
        return True


def _likely(text: str, digits: str) -> bool:
    if not 8 <= len(digits) <= 12 or len(set(digits)) <= 2:
        return False
    return not _DATE.match(text) and not _DECIMAL.fullmatch(text)


def _abroad(digits: str) -> bool:
    number = abroad(digits)
    return number is not None and assigned(*number)
