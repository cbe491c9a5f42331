"""Fills a statement: what data, for whom, why, when, how long, where, and how sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...core.category import ROOT
from . import mentions
from .classify import Context, Reading
from .clauses import CONDITION
from .lexicon import Lexicon, common
from .statement import Statement

_LEAST, _MOST = 0.05, 0.95
#: A purpose that begins within so many characters opens the clause; what follows is still its object.
_OPENING = 5
_CHILDREN = "user.childrens"
#: An item of a list of recipients names what each does, seldom the data for it.
_WORKERS = frozenset({"list_allow_share", "below_allow_share", "list_share"})
#: An item of a list of purposes names what is done, not the data for it.
_ALL_DATA = frozenset({"list_purpose", "below_purpose", "loose_purpose", "named_allow_share"})
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
    data = _data(clause, words, reading, context, lexicon)
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


def _data(clause: str, words: str, reading: Reading, context: Context, lexicon: Lexicon) -> tuple[str, ...]:
    """The categories: the rule's, the clause's, those of the label, or all personal data."""
    if reading.closed:
        return ()
    topic = _topic(words, reading, context, lexicon)
    if reading.data:
        return reading.data if topic == ROOT or reading.data != (ROOT,) else (topic,)
    if reading.kind in ("right", "notify") or reading.rule in _ALL_DATA:
        return (topic,)
    if topic == _CHILDREN:
        return tuple(dict.fromkeys((topic, *mentions.categories(clause, lexicon))))
    if reading.rule in _WORKERS:
        clause = _without(clause, lexicon.groups["functions"])
    main = _main(clause, lexicon)
    cut = lexicon.one["purpose_cut"].search(main)
    named = mentions.categories(main[: cut.start()] if cut else main, lexicon)
    if reading.kind == "purpose" or (reading.kind == "allow_share" and cut and cut.start() > _OPENING):
        return named or (topic,)
    named = named or mentions.categories(main, lexicon)
    if reading.kind == "collect" and not lexicon.one["everything"].search(main):
        named = named or mentions.categories(clause, lexicon)
    if reading.kind == "secure" or lexicon.one["everything"].search(main):
        return named or (topic,)
    return named or mentions.categories(context.label, lexicon) or (topic,)


def _topic(words: str, reading: Reading, context: Context, lexicon: Lexicon) -> str:
    """The data that a section is about, for a sentence of it that names none."""
    if reading.kind in ("notify", "purpose", "secure", "locate") or reading.rule in (
        "contact_point",
        "complaint",
    ):
        return ROOT
    if "minors" in context.topics and lexicon.groups["headings"]["minors"].search(words):
        return _CHILDREN
    return "user.device.cookie" if context.topics[:1] == ("cookies",) else ROOT


def _without(words: str, group: Mapping[str, re.Pattern[str]]) -> str:
    """The words with those of a group blanked."""
    for form in group.values():
        words = form.sub(lambda m: " " * len(m[0]), words)
    return words


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
    others = mentions.proper_names(clause, lexicon, around.us)
    first = mentions.leading_name(clause, lexicon) if reading.rule in (*_WORKERS, "row_allow_share") else ""
    return known, (first, *others) if first and not known else others


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
