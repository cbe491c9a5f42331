"""Patterns over prose as data: a rule is a record of a file of `data/texts`.

The regexes see the text without accents, in lower case unless a rule is `cased`. `%part%` stands for
an entry of the file's `parts`, or for any word of one of its `lists`. The group `span` is what is
found, the whole match where there is none. `not_before` may not be found right before the match, and
`not_after` may not match right after the span.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from ...data import load
from .folding import Folded, folded
from .gate import Gate, any_of, gate
from .phrases import listed
from .span import Span

#: Characters before a match in which `not_before` is sought.
WINDOW: Final = 40
_PART: Final = re.compile(r"%([a-z_]+)%")


@dataclass(frozen=True, slots=True)
class TextRule:
    """One pattern with its examples; with `languages` it is for texts known to be in one of them alone."""

    id: str
    category: str
    exact: re.Pattern[str]
    cased: bool
    confidence: float
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    languages: tuple[str, ...] = ()
    match: tuple[str, ...] = field(default=(), repr=False)
    reject: tuple[str, ...] = field(default=(), repr=False)

    def speaks(self, language: str) -> bool:
        """True if the rule is for texts in that language."""
        return not self.languages or language[:2].lower() in self.languages

    def find(self, text: Folded, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """The matches between two places that nothing beside them forbids."""
        seen = text.base if self.cased else text.low
        for match in self.exact.finditer(seen, start, end):
            before = text.low[max(0, match.start() - WINDOW) : match.start()]
            if self.not_before and self.not_before.search(before):
                continue
            if not (self.not_after and self.not_after.match(text.low, bounds(match)[1])):
                yield match

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """Every regex of the rule."""
        return tuple(p for p in (self.exact, self.not_before, self.not_after) if p)


@dataclass(frozen=True)
class TextRules:
    """The rules of one file, what they are written with, and the gate before them."""

    rules: tuple[TextRule, ...]
    parts: Mapping[str, str]
    gates: tuple[Gate, ...]
    data: Mapping[str, Any] = field(repr=False)

    def opens(self, text: Folded) -> bool:
        """True for a text that may hold a match."""
        return any(entry.opens(text) for entry in self.gates)

    def mask(self, texts: pl.Series) -> pl.Series:
        """The same for each text of a series."""
        return any_of(self.gates, texts)

    def pattern(self, key: str) -> re.Pattern[str]:
        """One of the file's `patterns`, which the detector uses by name."""
        return _compiled(self.data["patterns"][key], self.parts)

    @property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """Every regex of the file by a name."""
        found = {f"{rule.id} {n}": p for rule in self.rules for n, p in enumerate(rule.patterns)}
        return found | {key: self.pattern(key) for key in self.data.get("patterns", {})}


def text_rules(name: str) -> TextRules:
    """The rules of a shipped file such as `addresses`."""
    data = load.read("texts", f"{name}.yaml")
    parts = {key: _any(listed(words)) for key, words in data.get("lists", {}).items()}
    parts |= {key: str(part) for key, part in data.get("parts", {}).items()}
    return TextRules(
        rules=tuple(_rule(record, parts) for record in data.get("rules", ())),
        parts=parts,
        gates=tuple(_gate(record, data) for record in data["gates"]),
        data=data,
    )


def _gate(record: Mapping[str, Any], data: Mapping[str, Any]) -> Gate:
    """A gate of words, and of the longest word of each entry of the named lists."""
    entries = (entry for key in listed(record.get("lists", "")) for entry in listed(data["lists"][key]))
    longest = (max(re.findall(r"[^\W_]+", folded(entry)), key=len) for entry in entries)
    words = (*listed(record.get("words", "")), *longest)
    return gate(words, listed(record.get("parts", "")), record.get("digit", False), record.get("shape", ""))


def _any(entries: Iterable[str]) -> str:
    """Any of the entries, the longest first; a blank is one or two blanks or a hyphen."""
    words = sorted({folded(entry) for entry in entries}, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", "[ -]{1,2}") for w in words) + ")"


def _expanded(regex: str, parts: Mapping[str, str]) -> str:
    while _PART.search(regex):
        regex = _PART.sub(lambda m: parts[m[1]], regex)
    return regex


def _compiled(regex: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_expanded(regex, parts), re.ASCII)


def _rule(record: Mapping[str, Any], parts: Mapping[str, str]) -> TextRule:
    sides = {k: _compiled(record[k], parts) if k in record else None for k in ("not_before", "not_after")}
    return TextRule(
        id=record["id"],
        category=record["category"],
        exact=_compiled(record["regex"], parts),
        cased=record.get("cased", False),
        confidence=record["confidence"],
        languages=tuple(record.get("languages", ())),
        match=tuple(record["match"]),
        reject=tuple(record["reject"]),
        **sides,
    )


def bounds(match: re.Match[str], group: str = "span") -> tuple[int, int]:
    """Start and end of a group of the match, of the match where it has no such group."""
    return match.span(group) if group in match.re.groupindex else match.span()


def span(text: Folded, place: tuple[int, int], category: str, detector: str, confidence: float) -> Span:
    """A span at a place of the folded text."""
    start, end = place
    return Span(text.place(start), text.place(end - 1) + 1, category, detector, confidence)
