"""Runs the examples of the rules of `data/texts`: each `match` must hit, each `reject` must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from ..rulecheck import Failure
from .span import Span


class Finder(Protocol):
    """A component: spans in one text."""

    def find(self, text: str, language: str) -> list[Span]: ...


class Example(Protocol):
    """Texts in which a category is found, and texts in which it isn't."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def match(self) -> tuple[str, ...]: ...
    @property
    def reject(self) -> tuple[str, ...]: ...


def check_examples(finder: Finder, rules: Iterable[Example]) -> list[Failure]:
    """The examples of the rules that the component gets wrong."""
    return [failure for rule in rules for failure in _failures(finder, rule)]


def _failures(finder: Finder, rule: Example) -> Iterator[Failure]:
    language = rule.languages[0] if rule.languages else ""
    for kind, texts in (("match", rule.match), ("reject", rule.reject)):
        for number, text in enumerate(texts, 1):
            hit = any(span.category == rule.category for span in finder.find(text, language))
            if hit != (kind == "match"):
                yield Failure(rule.id, kind, number)
