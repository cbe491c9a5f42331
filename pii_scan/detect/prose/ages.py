"""Ages right behind a name: `Lena, 34`, `Otis (9)`, `Milan is 26`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from .span import Span

DETECTOR: Final = "ages"
CATEGORY: Final = "user.demographic.age"
#: Names that are less sure tell nothing of what stands behind them.
_LEAST: Final = 0.45
_MOST: Final = 0.7
_OLDEST: Final = 115
_UNIT: Final = (
    r"(?: ?(?:years?|yrs?|y/?o|months?|mths?|weeks?|wks?|ans?|mois|semaines?|jahre|años|anni|jaar|anos)"
    r"(?: old)?\b)"
)
#: What ends the age: a sign, the end, a word that goes on about the person, or the sex.
_END: Final = (
    r"(?=[,.;)\n]|\s?$| (?:[-/–]|and|et|years|yo|who|was|is|has|from|of|living|male|female|now|this|next|so"
    r"|in|today|[MFH]\b)|[MF]\b)"
)
_AGE: Final = rf"(?P<age>(?P<n>[1-9][0-9]{{0,2}}){_UNIT}?){_END}(?!\.[0-9])"
_BEHIND: Final = re.compile(
    rf"(?:, ?|,? \(| (?:aged |age |âgée? de )|(?:'s|’s)? (?:is |was |turns |turned |will be |a |aura |avait )"
    rf"(?:now |only |just |already |nearly |almost |about |bientôt |déjà )?)(?:age |aged )?{_AGE}",
    re.IGNORECASE,
)
#: A name, a comma and a number alone are as good as a street and its house: the text about them has to talk.
#: `25 Anos` behind a name is what an album is called.
_TITLED: Final = re.compile(r"[A-Z][a-z]")
_WORD: Final = re.compile(r"\b[a-zà-ÿ]{2,}\b")
_TALK: Final = 2
#: Behind a blank or a verb of having a number needs its unit or the sex.
_UNITED: Final = re.compile(
    rf" (?:(?:a|aura|avait|is|was) )?(?P<age>(?P<n>[1-9][0-9]{{0,2}})(?:{_UNIT}| ?(?=[MF]\b)))", re.IGNORECASE
)
_HAS: Final = re.compile(r" (?:a|aura|avait) ", re.IGNORECASE)


def ages(text: str, names: Iterable[Span]) -> Iterator[Span]:
    """The ages behind the names of a text, as sure as the names, and never more than `_MOST`."""
    for name in names:
        if name.confidence < _LEAST or not name.category.startswith("user.name"):
            continue
        match = _BEHIND.match(text, name.end) or _UNITED.match(text, name.end)
        if match is None or int(match["n"]) > _OLDEST or _counts(text[name.start : name.end], match):
            continue
        if _TITLED.search(match["age"]):
            continue
        bare = match["age"] == match["n"]
        if bare and (_HAS.match(text, name.end) or (match.group().startswith(", ") and not _talks(text))):
            continue
        start, end = match.span("age")
        yield Span(start, end, CATEGORY, DETECTOR, min(name.confidence, _MOST))


def _talks(text: str) -> bool:
    return len(list(islice(_WORD.finditer(text), _TALK))) == _TALK


def _counts(name: str, match: re.Match[str]) -> bool:
    """True for a digit alone in brackets behind a full name, which is a count: `Lars Holm (3)`."""
    return len(match["age"]) == 1 and "(" in match.group() and " " in name
