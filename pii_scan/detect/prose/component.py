"""What the components have in common that find by the rules of one file of `data/texts`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from .folding import Folded, fold
from .span import Span, merged
from .textrules import TextRules


@dataclass(frozen=True)
class RuleComponent(ABC):
    """Its rules, the gate before them, and the spans without overlaps."""

    rules: TextRules

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold one; `texts` are strings."""
        return self.rules.mask(texts)

    def find(self, text: str, language: str) -> list[Span]:
        """The spans of a text by place; `language` (ISO 639-1) is the text's own."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        return merged(self._found(text, language)) if self.rules.opens(text) else []

    @abstractmethod
    def _found(self, text: Folded, language: str) -> Iterable[Span]:
        """All spans of a text that the gate lets through."""

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        """The file's `patterns` by name."""
        return {key: self.rules.pattern(key) for key in self.rules.data.get("patterns", {})}
