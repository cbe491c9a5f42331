"""What kind of statement a clause is: the first rule that fits, turned by negation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...core.declaration import ClaimKind
from . import mentions
from .lexicon import Lexicon, Rule

CONDITION = re.compile(
    r"^(?:si|s'il|lorsque?|quand|en cas|à la fin|après|if|at the end|upon|after|when|where|should|unless)"
    r"\b[^,]*,\s",
    re.IGNORECASE,
)
#: A negation says something of the rule's words if it begins at most this many characters after them.
_NEAR = 40
_TURNED = ("collect", "allow_share", "purpose", "retain")
_LISTED: dict[str, ClaimKind] = {
    "collect": "collect", "right": "right", "allow_share": "allow_share", "purpose": "purpose",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """Where a clause stands: the kind of its section, that of the sentence before a list, its label."""

    section: str = ""
    intro: str = ""
    label: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The kind, the rule that gave it, and how sure that is."""

    kind: ClaimKind
    rule: str
    weight: float
    data: tuple[str, ...] = ()
    condition: str = ""
    only_at: bool = False
    closed: bool = False
    at: int = 0


def classify(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """The reading of a clause; None if it states nothing that can be checked."""
    for rule in lexicon.rules:
        hit = None if rule.own else _fits(rule, words, context, lexicon)
        if hit is not None:
            return _turned(_reading(rule, hit), words, hit, lexicon)
    return _listed(words, context, lexicon)


def own(words: str, lexicon: Lexicon) -> list[Reading]:
    """Readings that stand beside the clause's own, such as a certificate named in passing."""
    hits = ((rule, rule.found(words)) for rule in lexicon.rules if rule.own)
    return [_reading(rule, hit) for rule, hit in hits if hit is not None]


def negated(words: str, lexicon: Lexicon) -> bool:
    """True if the clause denies what it speaks of; a condition before it does not count."""
    rest = words[len(m[0]) :] if (m := CONDITION.match(words)) else words
    if not lexicon.one["negation"].search(rest):
        return False
    return not lexicon.one["not_negation"].search(rest)


def _fits(rule: Rule, words: str, context: Context, lexicon: Lexicon) -> re.Match[str] | None:
    if rule.section and rule.section not in (context.section, context.intro):
        return None
    if rule.section and context.intro not in ("", rule.section):
        return None
    if rule.item and not context.item:
        return None
    if rule.needs == "place" and not mentions.found(words, lexicon.groups["places"]):
        return None
    if rule.needs == "only_at" and not _keeper(words, lexicon):
        return None
    return rule.found(words)


def _keeper(words: str, lexicon: Lexicon) -> bool:
    functions = mentions.found(words, lexicon.groups["functions"])
    return bool(set(functions) - {"hosting"} or mentions.named(words))


def _reading(rule: Rule, hit: re.Match[str]) -> Reading:
    only_at = rule.needs == "only_at"
    return Reading(
        rule.kind, rule.id, rule.weight, rule.data, rule.condition, only_at, rule.closed, hit.start()
    )


def _turned(reading: Reading, words: str, hit: re.Match[str], lexicon: Lexicon) -> Reading:
    if reading.kind not in _TURNED or reading.closed or reading.rule in ("minimisation", "child_found"):
        return reading
    if not negated(words[: hit.end() + _NEAR], lexicon):
        return reading
    return Reading("prohibit", f"not.{reading.rule}", reading.weight, reading.data, reading.condition)


def _listed(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """An item that no rule knows takes the kind of the sentence or heading above its list."""
    kind = context.intro or context.section
    if not context.item or kind not in _LISTED:
        return None
    if kind == "collect" and not mentions.categories(words, lexicon):
        return None
    if kind != "collect" and not context.intro:
        return None
    if negated(words, lexicon):
        return Reading("prohibit", f"not.list_{kind}", 0.55)
    return Reading(_LISTED[kind], f"list_{kind}", 0.6)
