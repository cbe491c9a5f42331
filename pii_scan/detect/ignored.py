"""Values that never count: the user's test cards, the support's own address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from ..core.category import Taxonomy
from .rules import Rule

#: What may not follow for a match to be the ignored value and not the beginning of a longer one.
_END: Final = r"(?![A-Za-z0-9]|[.@_-][A-Za-z0-9])"
_SEPARATORS: Final = r"[ ./()-]{0,2}"
_NUMBER: Final = re.compile(r"\+?[0-9](?:[ ./()-]{0,2}[0-9])+")


@dataclass(frozen=True, slots=True)
class Ignored:
    """Values of a category, with those below it; numbers whatever stands between their digits."""

    category: str
    values: tuple[str, ...] = field(default=(), repr=False)
    regexes: tuple[str, ...] = field(default=(), repr=False)

    @property
    def patterns(self) -> tuple[str, ...]:
        return (*(_literal(value) for value in self.values), *(f"(?:{regex})" for regex in self.regexes))


def _literal(value: str) -> str:
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _SEPARATORS.join(re.escape(c) for c in text if c.isdigit() or c == "+")
    return f"(?i:{re.escape(text)})"


def passing_over(rule: Rule, ignored: Iterable[Ignored], taxonomy: Taxonomy) -> Rule:
    """The rule with an exact form that does not match the ignored values of its category.

    `regex`, the superset, stays as it is: what it finds more, the exact form refuses, which therefore
    looks at every text that holds a value to pass over.
    """
    mine = [p for item in ignored if taxonomy.subsumes(item.category, rule.category) for p in item.patterns]
    if not mine:
        return rule
    exact = re.compile(f"(?!(?:{'|'.join(mine)}){_END}){rule.exact.pattern}", rule.exact.flags)
    return replace(rule, exact=exact, ignored="|".join(mine))
