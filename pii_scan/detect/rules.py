"""Patterns as data: a rule is a record of `data/patterns/*.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ..data import load

#: How much a match says by itself. `strong`: a hit. `consistent`: a hit where the whole column agrees,
#: or with context. `weak`, `context`: only with a context word or a column name. `card`: see `verdict`.
Strength = Literal["strong", "consistent", "weak", "context", "card"]

#: What may not stand directly before and after a match, by the rule's `edges`.
EDGES: Final[Mapping[str, tuple[str, str]]] = {
    "none": ("", ""),
    "word": (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"),
    "phone": (r"(?<![A-Za-z0-9+])(?<![0-9][.,_-])", r"(?![A-Za-z0-9])"),
    "digit": (r"(?<![0-9.])", r"(?![0-9])"),
    "number": (r"(?<![A-Za-z0-9])(?<![0-9][.,_-])", r"(?![A-Za-z0-9])(?![.,_-][0-9])"),
    "dialled": (
        r"(?<![A-Za-z0-9])(?<![0-9][.,_-])",
        r"(?![A-WYZa-wyz0-9]|[Xx](?![0-9]))(?![.,_-][0-9])",
    ),
    "token": (r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"),
    "pair": (r"(?<![0-9.,])(?<![,;] )", r"(?![0-9]|[.][0-9]|[,;] ?[+-]?[0-9])"),
    "hex": (r"(?<![0-9A-Za-z:-])", r"(?![0-9A-Za-z-]|:[0-9A-Fa-f])"),
    "ip": (r"(?<![A-Za-z0-9:.])", r"(?![A-Za-z0-9]|[.:][0-9A-Fa-f]*[.:])(?!\.[0-9])"),
    "email": (r"(?<![A-Za-z0-9._%+'-])", r"(?![A-Za-z0-9_-]|@|:[A-Za-z]|\.[A-Za-z0-9])"),
}
SHIPPED: Final = "shipped"
FILES: Final = (
    "contact.yaml",
    "device.yaml",
    "financial.yaml",
    "government.yaml",
    "europe.yaml",
    "americas.yaml",
    "asia_pacific.yaml",
    "secrets.yaml",
    "phones.yaml",
)
#: Numbers of companies: they keep a match from being taken for something else, and are nobody's.
NEUTRAL: Final = "companies.yaml"
_NOBODYS: Final = "system.operations"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern; `dear` checks see at most so many distinct values of a column.

    `alone` is the validator of matches that count without a word or a name, instead of `validator`;
    `likely`: the check takes many numbers that are none; `digits` is how many digits the validator asks of a
    match, where the regex alone allows fewer;
    `country` (ISO 3166) is that of the authority behind the number, `origin` where the rule comes from. A
    match of a rule that is not `personal` counts for nothing.
    """

    id: str
    category: str
    regex: str
    exact: re.Pattern[str]
    strength: Strength = "strong"
    validator: str = ""
    alone: str = ""
    likely: bool = False
    dear: bool = False
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    personal: bool = True
    match: tuple[str, ...] = field(default=(), repr=False)
    reject: tuple[str, ...] = field(default=(), repr=False)
    digits: int = 0
    edges: str = "word"
    ignored: str = field(default="", repr=False)
    country: str = ""
    origin: str = SHIPPED

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def words(self) -> tuple[str, ...]:
        """The context words as they may be written: letters outside ASCII in both cases."""
        words = [word.strip() for word in self.context]
        return tuple(dict.fromkeys(form for w in words for form in (w, *_raised(w))))

    def check(self, told: bool) -> str:
        """The validator of a match, `told` if a word, a name or the rule itself says what it is."""
        return self.validator if told else self.alone or self.validator

    @property
    def free(self) -> bool:
        """True if a match may count without a context word or a name."""
        return self.strength in ("strong", "consistent", "card")

    @property
    def needy(self) -> bool:
        """True if a word beside a match can make it count."""
        return self.strength not in ("strong", "card") and bool(self.context)


def _raised(word: str) -> tuple[str, ...]:
    return () if word.isascii() else (word.upper(), word.capitalize())


def rule_of(record: Mapping[str, Any]) -> Rule:
    """A record as a rule; its exact form adds the edges, so that `regex` alone finds a superset."""
    before, after = EDGES[record.get("edges", "word")]
    return Rule(
        id=record["id"],
        category=record["category"],
        regex=record["regex"],
        exact=re.compile(f"{before}(?:{record['regex']}){after}", re.ASCII),
        strength=record.get("strength", "strong"),
        validator=record.get("validator", ""),
        alone=record.get("alone", ""),
        likely=record.get("likely", False),
        dear=record.get("dear", False),
        context=tuple(word.lower() for word in record.get("context", ())),
        unless=tuple(word.lower() for word in record.get("unless", ())),
        personal=record.get("personal", True),
        match=tuple(record["match"]),
        reject=tuple(record["reject"]),
        digits=record.get("digits", 0),
        edges=record.get("edges", "word"),
        country=record.get("country") or "",
        origin=record.get("origin", SHIPPED),
    )


def shipped() -> tuple[Rule, ...]:
    """All rules of the shipped files, in the order of the files."""
    return tuple(rule_of(record) for name in FILES for record in load.read("patterns", name)["patterns"])


def neutral() -> tuple[Rule, ...]:
    """The rules of numbers that are nobody's personal data."""
    records = load.read("patterns", NEUTRAL)["patterns"]
    return tuple(rule_of({"category": _NOBODYS, "personal": False, **record}) for record in records)
