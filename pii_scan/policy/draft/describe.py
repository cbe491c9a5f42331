"""Fills a statement: what data, for whom, why, when, how long, where, and how sure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...core.category import ROOT
from . import mentions
from .classify import CONDITION, Context, Reading
from .lexicon import Lexicon, common
from .statement import Statement

_LEAST, _MOST = 0.05, 0.95
#: A purpose that begins within so many characters opens the clause; what follows is still its object.
_OPENING = 5
_AUDIENCE = ("allow_share", "locate", "prohibit", "collect")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for the whole text: the names that the company has for itself."""

    us: frozenset[str] = frozenset()


def described(
    words: str,
    start: int,
    end: int,
    at: int,
    reading: Reading,
    context: Context,
    lexicon: Lexicon,
    around: Surroundings,
) -> Statement:
    """The statement of a clause: `words[start:end]` of a sentence that begins at `at`."""
    clause = words[start:end]
    data = _data(clause, reading, context, lexicon)
    known, others = _recipients(clause, reading, lexicon, around)
    roles = mentions.found(clause, lexicon.groups["roles"])
    functions = mentions.found(clause, lexicon.groups["functions"])
    speaks_of_others = reading.kind in ("allow_share", "locate")
    return Statement(
        kind=reading.kind,
        rule=reading.rule,
        quote=clause,
        start=at + start,
        data=data,
        ids=(*known, *others),
        functions=functions if speaks_of_others and not known else (),
        roles=roles if reading.kind == "allow_share" and not known else (),
        only_at=reading.only_at,
        purposes=_purposes(clause, reading, context, lexicon),
        condition=reading.condition or next(iter(mentions.found(words, lexicon.groups["conditions"])), ""),
        period=mentions.period(clause, lexicon) if reading.kind == "retain" else "",
        places=mentions.found(clause, lexicon.groups["places"]),
        vague=tuple(m[0] for m in lexicon.one["vague"].finditer(clause)),
        confidence=_confidence(clause, reading, data, lexicon),
    )


def _data(clause: str, reading: Reading, context: Context, lexicon: Lexicon) -> tuple[str, ...]:
    """The categories: the rule's, the clause's, those of the label, or all personal data."""
    if reading.closed:
        return ()
    if reading.data:
        return reading.data
    if reading.kind in ("right", "notify"):
        return (ROOT,)
    main = _main(clause, lexicon)
    cut = lexicon.one["purpose_cut"].search(main)
    named = mentions.categories(main[: cut.start()] if cut else main, lexicon)
    if reading.kind == "purpose" or (reading.kind == "allow_share" and cut and cut.start() > _OPENING):
        return named or (ROOT,)
    named = named or mentions.categories(main, lexicon)
    if reading.kind == "secure" or lexicon.one["everything"].search(main):
        return named or (ROOT,)
    return named or mentions.categories(context.label, lexicon) or (ROOT,)


def _main(clause: str, lexicon: Lexicon) -> str:
    """The clause without the condition before it, and without a life of the account as its period."""
    opening = CONDITION.match(clause)
    main = clause[opening.end() :] if opening else clause
    return lexicon.groups["conditions"]["account_lifetime"].sub(" ", main)


def _recipients(
    clause: str, reading: Reading, lexicon: Lexicon, around: Surroundings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the known recipients, and other names as they stand."""
    if reading.kind not in _AUDIENCE:
        return (), ()
    known = tuple(p.id for p in mentions.named(clause))
    if reading.kind not in ("allow_share",):
        return known, ()
    return known, mentions.proper_names(clause, lexicon, around.us)


def _purposes(clause: str, reading: Reading, context: Context, lexicon: Lexicon) -> tuple[str, ...]:
    """The uses named in the clause; the general one only if no other is."""
    if reading.kind not in ("purpose", "collect", "allow_share", "prohibit"):
        return ()
    cut = lexicon.one["purpose_cut"].search(clause)
    words = clause[cut.start() :] if cut else clause if reading.kind in ("purpose", "prohibit") else ""
    uses = mentions.found(words, lexicon.groups["purposes"]) or (
        mentions.found(context.label, lexicon.groups["purposes"]) if reading.kind == "purpose" else ()
    )
    return tuple(use for use in uses if use != "essential.service" or len(uses) == 1)


def _confidence(clause: str, reading: Reading, data: tuple[str, ...], lexicon: Lexicon) -> float:
    doubt = common()["doubt"]
    less = 0.0
    less += doubt["modal"] if lexicon.one["modal"].search(clause) else 0
    less += doubt["vague"] if lexicon.one["vague"].search(clause) else 0
    less += doubt["no_category"] if data == (ROOT,) and reading.kind in ("collect", "locate", "retain") else 0
    less += doubt["example"] if re.search(lexicon.one["examples"], clause) else 0
    return round(min(_MOST, max(_LEAST, reading.weight - less)), 2)
