"""The exact look at one value: matches, their checks, the words around them, and who wins an overlap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Literal

from . import checksums
from .phones import Phones
from .rules import Rule

Kind = Literal["hit", "candidate", "failed"]
#: Signs that may stand around a value without making it text: quotes, brackets, a sign.
ORNAMENT: Final = 2
#: Telephone numbers whose answers are remembered: of those that come again each batch has the same looked at.
_REMEMBERED: Final = 2_000
_WORD: Final = re.compile(r"[0-9A-Za-z]")
_RANK: Final[Mapping[Kind, int]] = {"hit": 0, "candidate": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule matched: a hit, a candidate for the verdict, or a form whose check failed."""

    rule: Rule
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Matcher:
    """The rules with their validators and context words."""

    rules: tuple[Rule, ...]
    phones: Phones
    window: int = 40
    extra: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)

    @cached_property
    def checks(self) -> dict[str, Callable[[str], bool]]:
        phones = self.phones
        own = {
            "phone_international": phones.international,
            "phone_national": phones.national,
            "phone_written": phones.written,
        }
        told = {name: lru_cache(_REMEMBERED)(check) for name, check in own.items()}
        return checksums.validators() | told | dict(self.extra)

    @cached_property
    def context(self) -> dict[str, re.Pattern[str]]:
        return {rule.id: words(rule.context) for rule in self.rules if rule.context}

    @cached_property
    def unless(self) -> dict[str, re.Pattern[str]]:
        return {rule.id: words(rule.unless) for rule in self.rules if rule.unless}

    def look(self, text: str, rules: Iterable[Rule], hinted: frozenset[str] = frozenset()) -> list[Match]:
        """The matches of `rules` in `text`; `hinted` rules count without context, for the name says so."""
        found = [m for rule in rules for m in self._of_rule(rule, text, rule.id in hinted)]
        return resolve(found, hinted) if len(found) > 1 else found

    def _of_rule(self, rule: Rule, text: str, hinted: bool) -> Iterator[Match]:
        for match in rule.exact.finditer(text):
            kind = self._kind(rule, text, match, hinted)
            if kind:
                yield Match(rule, match.start(), match.end(), kind)

    def _kind(self, rule: Rule, text: str, match: re.Match[str], hinted: bool) -> Kind | None:
        told = rule.strength == "strong" or hinted or self._near(self.context, rule, text, match)
        if not told and not self._alone(rule, text, match):
            return None
        if self._before(rule, text, match):
            return None
        check = rule.check(told)
        if check and not self.checks[check](match.group()):
            return "failed" if rule.strength == "card" and checksums.card_like(match.group()) else None
        if rule.strength == "card" and not told and {" ", "-"} & set(match.group()):
            return "hit"
        return "hit" if told else "candidate"

    @staticmethod
    def _alone(rule: Rule, text: str, match: re.Match[str]) -> bool:
        """True if a match may count without context: a `consistent` one only as the whole value."""
        if rule.strength == "consistent":
            around = text[: match.start()] + text[match.end() :]
            long = match.end() - match.start() >= len(text.strip()) - ORNAMENT
            return long and _WORD.search(around) is None
        return rule.free

    def _near(
        self, table: Mapping[str, re.Pattern[str]], rule: Rule, text: str, match: re.Match[str]
    ) -> bool:
        pattern = table.get(rule.id)
        if pattern is None or len(text) == match.end() - match.start():
            return False
        start, end = match.span()
        around = f"{text[max(0, start - self.window) : start]} \n {text[end : end + self.window]}"
        return pattern.search(around.lower()) is not None

    def _before(self, rule: Rule, text: str, match: re.Match[str]) -> bool:
        """True if a word right before says that it is something else (a version, a browser)."""
        pattern = self.unless.get(rule.id)
        if pattern is None or match.start() == 0:
            return False
        lead = text[max(0, match.start() - 12) : match.start()].lower()
        return pattern.search(lead) is not None


def words(entries: Sequence[str]) -> re.Pattern[str]:
    """Any of the words as a whole; long ones may go on (plurals, compounds)."""
    parts = (re.escape(w.strip()) + (r"(?![^\W\d_])" if len(w) <= 4 else "") for w in entries)
    return re.compile(r"(?<![^\W\d_])(?:" + "|".join(parts) + ")")


def resolve(found: Sequence[Match], hinted: frozenset[str] = frozenset()) -> list[Match]:
    """Of overlapping matches the surest, then the longest, then the first of the rules stays.

    A number within the same number together with its label is no match of its own.
    """
    labelled = [match for match in found if match.kind == "hit" and match.rule.strength == "strong"]
    order = sorted(
        ((place, match) for place, match in enumerate(found) if not any(_within(match, o) for o in labelled)),
        key=lambda p: (
            _RANK[p[1].kind],
            p[1].rule.id not in hinted,
            p[1].rule.strength != "strong",
            p[1].start - p[1].end,
            p[0],
        ),
    )
    kept: list[Match] = []
    for _, match in order:
        if not any(match.start < other.end and other.start < match.end for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def _within(match: Match, other: Match) -> bool:
    """True if the other, of the same category, covers the match and more."""
    return (
        other.rule.category == match.rule.category
        and other.start <= match.start
        and match.end <= other.end
        and other.end - other.start > match.end - match.start
    )
