"""Passwords, codes of access, keys and tokens in prose: a word before them tells, and how they look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ...core.redact import entropy
from .component import RuleComponent
from .folding import Folded
from .span import Span
from .textrules import TextRule, TextRules, bounds, span, text_rules

DETECTOR: Final = "secrets"
#: What follows a value in the sentence rather than belongs to it.
_TAIL: Final = ".,;:)]}|"
_DIGIT: Final = re.compile("[0-9]")
_INNER: Final = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_SIGN: Final = re.compile(r"[^A-Za-z0-9.,'-]")
_WORDS: Final = re.compile(r"[A-Za-z]{2,30}(?:[-'/_.][A-Za-z]{2,30}){0,6}$")
_JOINTS: Final = re.compile("[-_./=~+]")
_PART: Final = re.compile("[A-Za-z]?[a-z]{2,30}$")
_LETTER: Final = re.compile("[A-Za-z]")


@dataclass(frozen=True)
class Secrets(RuleComponent):
    """Finds `user.authorization.password` and `.credentials`; the span is the value without its word.

    All languages are tried, whatever `language`: many write `password` in theirs.
    """

    rules: TextRules = field(default_factory=lambda: text_rules("secrets"))

    @cached_property
    def _shapes(self) -> dict[str, Callable[[str, re.Match[str], Folded], bool]]:
        """How values look, by the names that the file gives its rules."""
        return {
            "word": self._word,
            "strong": lambda value, match, text: _strong(value),
            "code": lambda value, match, text: self._code(value),
            "key": lambda value, match, text: self._key(value) and not _wordy(value),
            "drawn": lambda value, match, text: self._key(value),
            "block": lambda value, match, text: True,
        }

    def _found(self, text: Folded, language: str) -> Iterator[Span]:
        for rule in self.rules.rules:
            for match in rule.find(text):
                yield from self._spans(text, rule, match)

    def _spans(self, text: Folded, rule: TextRule, match: re.Match[str]) -> Iterator[Span]:
        start, end = bounds(match)
        quoted = bool(match.groupdict().get("quote"))
        value = text.base[start:end] if quoted else text.base[start:end].rstrip(_TAIL)
        shape = self._shapes[self.rules.data["shapes"][rule.id]]
        if value and not self._nothing(value) and shape(value, match, text):
            yield span(text, (start, start + len(value)), rule.category, DETECTOR, rule.confidence)

    def _nothing(self, value: str) -> bool:
        """True for a mask, a placeholder, a date, or a word that says something of the secret."""
        low = value.lower()
        return len(set(low)) < 2 or any(self._patterns[key].match(low) for key in ("none", "mask", "date"))

    def _word(self, value: str, match: re.Match[str], text: Folded) -> bool:
        """True for what looks like a password, or is one because of quotes, or of a colon and an end."""
        if _strong(value) or match["quote"]:
            return True
        end = match.start("span") + len(value)
        return bool(match["told"]) and len(value) >= 5 and bool(self._patterns["end"].match(text.low, end))

    def _code(self, value: str) -> bool:
        low, high = self.rules.data["code_length"]
        digits = len(_DIGIT.findall(value))
        letters = len(_LETTER.findall(value))
        least: int = max(self.rules.data["code_digits"], letters)
        return digits >= least and bool(low <= len(value) <= high)

    def _key(self, value: str) -> bool:
        """True for letters and digits that no one would write, or letters that are drawn by a machine."""
        if len(value) < self.rules.data["key_length"] or len(set(value)) < 5:
            return False
        if _DIGIT.search(value):
            return bool(_LETTER.search(value))
        return bool(_INNER.search(value)) and entropy(value) >= self.rules.data["entropy"]


def _wordy(value: str) -> bool:
    """True for a value half of which are words, such as the name of a file or a service."""
    parts = _JOINTS.split(value)
    return 2 * sum(bool(_PART.match(part)) for part in parts) >= len(parts)


def _strong(value: str) -> bool:
    """True for a value that is no word: with a digit and a letter, a sign, or a capital inside it."""
    if _WORDS.match(value):
        return bool(_INNER.search(value)) and not value.isupper()
    return bool(_DIGIT.search(value)) or bool(_SIGN.search(value) and _LETTER.search(value))
